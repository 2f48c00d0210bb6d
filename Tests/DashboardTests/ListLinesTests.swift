import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

/// What commands print of the hub's lists: on a terminal and in a pipe.
@Suite("Lists that commands print")
struct ListLinesTests {
  static let lists = ListLines.List.allCases

  @Test("every list has a source, and every usual column is one of it with something in it", arguments: lists)
  func everyListHasASource(_ list: ListLines.List) throws {
    let items = Printed.items(list)
    let source = ListLines.source(list)
    for column in ListLines.usual(list) {
      #expect(source.columns.contains(column), "\(list) has no \(column)")
    }
    #expect(!items.isEmpty, "no fixture of \(list)")
    #expect(ListLines(list, Printed.ink(nil), now: Night.now).lines(items).count == items.count)
  }

  @Test("each list on narrow and wide terminals, in both languages, as a person sees it", arguments: lists)
  func asAPersonSeesIt(_ list: ListLines.List) throws {
    var text: [String] = []
    for (columns, language) in [(60, Language.en), (100, .en), (100, .zh), (160, .en)] {
      let lines = Printed.lines(list, columns, language)
      #expect(lines.allSatisfy { HarmlessText.columns($0, ambiguousIsWide: language == .zh) <= columns })
      text += ["-- \(columns) columns, \(language.rawValue)"] + lines
    }
    try Golden.compare(text: text, "list-\(list.rawValue)")
  }

  @Test("colour changes no text: taken away, the lines are those without", arguments: lists, Language.allCases)
  func colourChangesNoText(_ list: ListLines.List, _ language: Language) {
    let colored = ListLines(list, Printed.ink(100, language, color: .always), now: Night.now).lines(Printed.items(list))
    #expect(colored.contains { $0.contains("\u{1b}[") })
    #expect(colored.map(Printed.withoutColour) == Printed.lines(list, 100, language))
  }

  @Test("no width, however small, makes a line too wide, and the first column stays", arguments: lists)
  func anyWidthFits(_ list: ListLines.List) {
    for width in [1, 2, 3, 5, 8, 13, 20, 40, 59, 60, 61, 79, 200, 500] {
      for language in Language.allCases {
        for line in Printed.lines(list, width, language) {
          #expect(HarmlessText.columns(line, ambiguousIsWide: language == .zh) <= width, "\(list) at \(width)")
        }
      }
    }
  }

  @Test("in a pipe: no head, a line an entry, values between tabs that are the same tomorrow and obey no terminal")
  func inAPipe() {
    let lines = ListLines(.queue, Printed.ink(nil), now: Night.now).lines(Night.queue)
    #expect(
      lines[0]
        == [
          "17", "C", "new", "succeeded", "2026-11-22T12:02:30Z", "tax.example.gov",
          "web shell answered a command", "12", "2026-11-22T12:03:51Z", "-",
        ].joined(separator: "\t"))
    #expect(lines[1].hasPrefix("18\tH\tacknowledged\t-\t-\tschool.example.cn\t"))
    #expect(lines[2].contains("\t1912\t"), "numbers are not grouped for programs")
    let tomorrow = ListLines(.queue, Printed.ink(nil), now: Night.now.advanced(seconds: 86_400))
    #expect(tomorrow.lines(Night.queue) == lines)
    let chinese = ListLines(.queue, Printed.ink(nil, .zh), now: Night.now).lines(Night.queue)
    #expect(chinese[0].contains("\tnew\tsucceeded\t") && chinese[0].contains("\t网站后门执行了命令\t"))
    let hostile = Night.row(9, .low, BilingualText("a\u{1b}[31m\tb\n\u{202e}c"), site: "x\u{7}.cn")
    let line = ListLines(.queue, Printed.ink(nil), now: Night.now).lines([hostile])
    #expect(line.count == 1 && line[0].contains("\ta^[[31m^Ib^J<U+202E>c\t") && line[0].contains("\tx^G.cn\t"))
  }

  @Test("hostile text in a cell neither moves the cursor nor widens the line, in colour or without")
  func hostileCells() {
    let marks = String(repeating: "\u{301}", count: 50)
    let hostile = Night.row(
      9, .critical, BilingualText("\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{202e}\u{200b}" + marks),
      site: "\u{1b}c\u{9b}31m.example.cn")
    for color in [Dashboard.Options.ColorChoice.never, .always] {
      let lines = ListLines(.queue, Printed.ink(90, color: color), now: Night.now).lines([hostile])
      for line in lines.map(Printed.withoutColour) {
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) })
        #expect(HarmlessText.columns(line, ambiguousIsWide: false) <= 90)
      }
    }
  }

  @Test(
    "characters are written as they are where the locale takes them or nobody set one, else each column is a mark",
    arguments: [
      (["LANG": "zh_CN.UTF-8"], "网站后门"), ([:], "网站后门"), (["LC_ALL": "C"], "网站后门"), (["LANG": "zh_CN.GB18030"], "????"),
    ])
  func locales(_ variables: [String: String], _ shown: String) {
    var wish = Ink.Wish()
    wish.language = .zh
    let ink = Ink(wish, columns: 120, offset: 0) { variables[$0] }
    let line = ListLines(.queue, ink, now: Night.now).lines([Night.queue[0]])[1]
    #expect(line.contains(shown) && line.contains("网") == (shown != "????"), "\(line)")
  }

  @Test(
    "--color beats NO_COLOR beats CLICOLOR_FORCE beats the terminal, and dumb is plain; the theme is the dashboard's")
  func colours() {
    func line(
      _ color: Dashboard.Options.ColorChoice, _ columns: Int?, _ variables: [String: String], theme: String = "dark"
    ) -> String {
      var wish = Ink.Wish()
      (wish.color, wish.theme) = (color, theme)
      return Ink(wish, columns: columns, offset: 0) { variables[$0] }.letter(.critical)
    }
    let term = ["TERM": "xterm-256color"]
    #expect(line(.auto, 80, term).hasPrefix("\u{1b}[0;1;38;5;"))
    #expect(line(.auto, nil, term) == "C" && line(.auto, 80, ["TERM": "dumb"]) == "C")
    #expect(line(.auto, 80, term.merging(["NO_COLOR": "1", "CLICOLOR_FORCE": "1"]) { $1 }) == "C")
    #expect(line(.auto, nil, term.merging(["CLICOLOR_FORCE": "1"]) { $1 }).contains("\u{1b}["))
    #expect(line(.always, nil, term.merging(["NO_COLOR": "1"]) { $1 }).contains("\u{1b}["))
    #expect(line(.never, 80, term.merging(["CLICOLOR_FORCE": "1"]) { $1 }) == "C")
    #expect(Set(Dashboard.themeNames.map { line(.auto, 80, term, theme: $0) }).count >= 4)
  }

  @Test("a person chooses columns by the names of definitions and queries; a wrong one is told with those there are")
  func columnsAreChosen() throws {
    let chosen = try ListLines(.queue, Printed.ink(nil), columns: "id, outcome,organisation,id", now: Night.now)
    #expect(chosen.lines([Night.queue[0]]) == ["17\tsucceeded\tfinance"])
    let wrong = #expect(throws: OperatorMistake.self) {
      try ListLines(.queue, Printed.ink(nil), columns: "id,colour", now: Night.now)
    }
    #expect(
      wrong?.description
        == "--columns: this list has no column \"colour\"; it has id, severity, state, result, due, site, organisation, rule, check, wing, subject, count, first, last, who, comments, incident, life"
    )
    #expect(throws: OperatorMistake.self) { try ListLines(.log, Printed.ink(nil), columns: ",", now: Night.now) }
  }

  @Test("a list that the hub gives whole is filtered by the same language, by the columns' names")
  func wholeListsAreFiltered() throws {
    let lines = ListLines(.shifts, Printed.ink(nil), now: Night.now)
    let all = Night.shifts
    let who = all[0].shift.person
    #expect(try lines.kept(all, "").map(\.id) == all.map(\.id))
    #expect(try lines.kept(all, "who:\(who)").map(\.id) == all.filter { $0.shift.person == who }.map(\.id))
    #expect(try lines.kept(all, "not who:\(who)").map(\.id) == all.filter { $0.shift.person != who }.map(\.id))
    #expect(throws: FilterError.self) { try lines.kept(all, "whom:\(who)") }
  }

  @Test("a query given and words behind the command hold both")
  func queriesAreJoined() {
    #expect(ListLines.query(nil, []) == "")
    #expect(ListLines.query("severity>=high", []) == "severity>=high")
    #expect(ListLines.query(nil, ["state:new", "site:tax*"]) == "state:new site:tax*")
    #expect(ListLines.query("state:new or state:shelved", ["site:tax*"]) == "(state:new or state:shelved) (site:tax*)")
  }
}

/// What the lists are printed from, and how.
enum Printed {
  static func items(_ list: ListLines.List) -> [any Sendable] {
    func page<Item: Codable & Sendable>(_ path: String, _ type: Item.Type) -> [any Sendable] {
      (answer(path) as? Page<Item>)?.items ?? []
    }
    return switch list {
    case .queue: Night.queue
    case .groups: page("/queue/groups", QueueGroupItem.self)
    case .findings: Night.findings
    case .inventory: Night.inventory
    case .incidents: Night.cases
    case .notices: Night.notices
    case .tasks: Night.tasks
    case .intake: Night.intake
    case .outbox: Night.outbox
    case .lanes: Night.lanes
    case .proposals: Night.proposals
    case .shifts: Night.shifts
    case .log: page("/duty/log", DutyLine.self)
    case .reports: page("/duty/reports", DutyReportItem.self)
    case .canary: (answer("/duty/canary") as? CanaryReport)?.stages ?? []
    case .roster: (answer("/duty/rosters") as? Page<RosterPreview>)?.items.flatMap(\.turns) ?? []
    }
  }

  private static func answer(_ path: String) -> (any Sendable)? {
    path.hasPrefix("/duty")
      ? Night.dutyAnswer(path) : Night.answer(Question(API.queueGroups, GroupRequest(by: .rule, filter: "", limit: 20)))
  }

  static func ink(
    _ columns: Int?, _ language: Language = .en, color: Dashboard.Options.ColorChoice = .never
  ) -> Ink {
    var wish = Ink.Wish()
    wish.color = color
    wish.language = language == .zh ? .zh : .en
    let variables = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]
    return Ink(wish, columns: columns, offset: 0) { variables[$0] }
  }

  static func lines(_ list: ListLines.List, _ columns: Int, _ language: Language = .en) -> [String] {
    ListLines(list, ink(columns, language), now: Night.now).lines(items(list))
  }

  static func withoutColour(_ line: String) -> String {
    var (result, rest) = ("", Substring(line))
    while let start = rest.firstIndex(of: "\u{1b}") {
      result += rest[..<start]
      guard let end = rest[start...].firstIndex(of: "m") else { break }
      rest = rest[rest.index(after: end)...]
    }
    // A colour reaches over the blanks behind its text.
    result += rest
    while result.last == " " { result.removeLast() }
    return result
  }
}

extension Golden {
  /// Lines as a command prints them.
  static func compare(text lines: [String], _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
    try compare(whole: lines.map { $0 + "\n" }.joined(), name, location)
  }
}
