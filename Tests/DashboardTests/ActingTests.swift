import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("What is done to cases, notices, sites and the watch")
struct ActingTests {
  private func press(_ text: String, _ model: inout Model) -> [Effect] {
    var parser = InputParser()
    return parser.receive(text.utf8).flatMap { model.update(.key($0)) }
  }

  static let targets: [ActSubject] = [
    .rows([17]), .rows([17, 18]), .rows([18]), .incident("2026-0007"), .notice(2), .site("tax.example.gov"), .task(1),
    .intake(9), .report(2), .message(5), .suppression("s1"), .proposal("p1"), .drill("d1"),
    .contact(organisation: "finance", address: "mailto:x"), .duty, .guardPeriod("expo"),
    .guardCheck(period: "expo", check: "contacts"),
  ]

  /// Where the officer is, what is typed, and what the hub is asked.
  static let table: [(Model.Place, String, String)] = [
    (.row(17), ".n\r", "/v1/incidents {\"rows\":[17]}"),
    (
      .row(17), ":case web shell at the tax office\r",
      "/v1/incidents {\"rows\":[17],\"title\":\"web shell at the tax office\"}"
    ),
    (.row(17), ":join 2026-0007\r", "/v1/queue/acts {\"act\":\"escalate\",\"ids\":[17],\"incident\":\"2026-0007\"}"),
    (
      .row(17), ".jsit was answered\r",
      "/v1/queue/acts {\"act\":\"judge\",\"ids\":[17],\"outcome\":\"succeeded\",\"reason\":\"it was answered\"}"
    ),
    (.row(18), ":claim the school called\r", "/v1/findings/18/claim {\"reason\":\"the school called\"}"),
    (.row(18), ":retest\r", "/v1/findings/18/retest {\"reason\":\"\"}"),
    (
      .incident("2026-0007"), ".oanswers 404\r",
      "/v1/incidents/2026-0007/acts {\"act\":\"contain\",\"text\":\"answers 404\"}"
    ),
    (
      .incident("2026-0007"), ":level II altered for a day\r",
      "/v1/incidents/2026-0007/decisions {\"act\":\"level\",\"level\":\"II\",\"text\":\"altered for a day\"}"
    ),
    (
      .incident("2026-0007"), ":close all is well\ry",
      "/v1/incidents/2026-0007/decisions {\"act\":\"close\",\"text\":\"all is well\"}"
    ),
    (
      .incident("2026-0007"), ":known 10m the bureau called\r",
      "/v1/incidents/2026-0007/acts {\"act\":\"awareness\",\"at\":\"2026-11-22T11:54:31.000000Z\",\"text\":\"the bureau called\"}"
    ),
    (
      .incident("2026-0007"), ":fact hoursAltered 2 scans\r",
      "/v1/incidents/2026-0007/acts {\"act\":\"fact\",\"measure\":\"hoursAltered\",\"text\":\"scans\",\"value\":2}"
    ),
    (.notice(2), ".sy", "/v1/notices/2/send {\"reason\":\"\"}"),
    (.notice(2), ":approve\ry", "/v1/notices/2/approve {\"reason\":\"\"}"),
    (.notice(2), ":lift it was a test\ry", "/v1/notices/2/lift {\"reason\":\"it was a test\"}"),
    (.site("a.example"), ".s", "/v1/scans/start {\"engines\":[],\"sites\":[\"a.example\"]}"),
    (.screen("duty"), ":take\r\ry", "/v1/duty/shifts/take {}"),
    (
      .screen("overview"), ":handover day-2\rall quiet\ry",
      "/v1/duty/shifts/handover {\"remark\":\"all quiet\",\"to\":\"day-2\"}"
    ),
    (.screen("duty"), ":remark called the bureau\r", "/v1/duty/log {\"text\":\"called the bureau\"}"),
    (
      .screen("overview"), ":intake\rlfire brigade\rthe tax office's page is red\r\rtax.example.gov\r2h\r",
      "/v1/intake {\"files\":[],\"isDrill\":false,\"sender\":\"fire brigade\","
        + "\"senderDeadline\":\"2026-11-22T14:04:31.000000Z\",\"site\":\"tax.example.gov\",\"source\":\"letter\","
        + "\"text\":\"\",\"title\":\"the tax office's page is red\"}"
    ),
    (
      .screen("duty"), ":intake\rhthe public\rred page\rit is red\r\r\r",
      "/v1/intake {\"files\":[],\"isDrill\":false,\"sender\":\"the public\",\"source\":\"phone\","
        + "\"text\":\"it is red\",\"title\":\"red page\"}"
    ),
    (.screen("guard"), "\t\t:tick\r", "/v1/duty/guards/expo {\"check\":\"scope\",\"isTicked\":true}"),
    (.screen("guard"), ".ey", "/v1/scans/guards/end {\"id\":\"expo\"}"),
  ]

  @Test("each asks the hub for exactly that, once it is confirmed where it matters", arguments: table.indices)
  func asked(_ index: Int) {
    let (place, keys, request) = Self.table[index]
    var model = Night.model(120, 40)
    _ = model.go(place)
    Night.answer(&model)
    let effects = press(keys, &model)
    guard case .ask(let deed)? = effects.first, effects.count == 1 else {
      Issue.record(
        "\(keys) asks \(effects), \(String(describing: model.prompt?.problem)) \(String(describing: model.notice))")
      return
    }
    #expect(Self.sorted(deed.request) == Self.sorted(request))
    #expect(model.prompt == nil)
  }

  /// The order of members says nothing.
  private static func sorted(_ request: String) -> [Character] { request.sorted() }

  @Test("letters and names of one target's acts are each of one act", arguments: targets)
  func distinct(_ target: ActSubject) {
    var model = Night.model(120, 40)
    _ = model.go(target == .rows([18]) ? .row(18) : .screen("overview"))
    Night.answer(&model)
    let actions = Action.all(on: target, model)
    #expect(!actions.isEmpty)
    #expect(Set(actions.map(\.letter)).count == actions.count, "\(actions.map { "\($0.letter) \($0.name)" })")
    #expect(Set(actions.map(\.name)).count == actions.count)
    for action in actions {
      #expect(!Model.views.contains(action.name), "\(action.name) is a command that views")
      for field in action.fields {
        guard case .choice(let choices) = field.form else { continue }
        #expect(Set(choices.map(\.letter)).count == choices.count)
      }
    }
  }

  /// Of files, of people and their keys, of what is set up once: `vigil` itself does these.
  private static let elsewhere: Set<String> = [
    "/v1/sites/import", "/v1/situation/look", "/v1/scans/note", "/v1/scans/guards", "/v1/backup", "/v1/restore",
    "/v1/people", "/v1/people/remove", "/v1/people/tokens", "/v1/people/tokens/revoke", "/v1/duty/rosters",
    "/v1/duty/rosters/remove",
  ]

  @Test("every change that the API makes can be asked for here, but for those that are named")
  func whole() throws {
    var model = Night.model(120, 40)
    _ = model.go(.row(18))
    Night.answer(&model)
    var asked: Set<String> = ["/v1/queue/acts"]
    for target in Self.targets {
      for action in Action.all(on: target, model) {
        let texts = action.fields.map { field -> String in
          switch field.form {
          case .choice(let choices): choices.first?.value ?? ""
          case .span: "1d"
          case .text, .needed, .number: "1"
          }
        }
        let deed = try #require(action.deed(.init(texts: texts, now: Night.now)), "\(action.name)")
        let path = deed.request.prefix { $0 != " " }.split(separator: "/")
        let endpoint = API.table.first { entry in
          let parts = entry.path.split(separator: "/")
          return entry.method == .post && parts.count == path.count
            && zip(parts, path).allSatisfy { $0 == $1 || $0 == "{id}" }
        }
        asked.insert(try #require(endpoint, "\(deed.request)").path)
      }
    }
    let posts = Set(API.table.filter { $0.method == .post }.map(\.path))
    #expect(posts.subtracting(asked) == Self.elsewhere)
  }

  @Test("a role that may not is told so, and its menu has only what it may")
  func roles() throws {
    var model = Night.model(120, 40)
    _ = model.go(.notice(2))
    Night.answer(&model)
    _ = model.update(.answered(.me, Night.whoAmI(.analyst)))
    #expect(press(":approve\r", &model) == [])
    #expect(model.notice?.text.en == "approve wants the role lead, and yours is analyst")
    _ = press(".", &model)
    guard case .menu(let actions, _)? = model.prompt?.purpose else {
      Issue.record("no menu")
      return
    }
    #expect(Set(actions.map(\.name)) == ["send", "receipt", "edit"])
    _ = press("\u{1b}", &model)
    _ = model.update(.key(.escape))
    var viewer = Night.model(120, 40)
    _ = viewer.update(.answered(.me, Night.whoAmI(.viewer)))
    #expect(press("a", &viewer) == [] && viewer.notice?.text.en == "your role only reads")
    #expect(!Golden.rows(View.draw(viewer, Night.look())).contains("a ack"))
  }

  @Test("what is asked once more is done by y alone")
  func confirmed() {
    for (key, effects) in [("y", 1), ("n", 0), ("x", 0)] {
      var model = Night.model(120, 40)
      #expect(press("xxe", &model) == [])
      #expect(press(key, &model).count == effects, "\(key)")
      #expect(model.prompt == nil)
    }
    var model = Night.model(120, 40)
    #expect(
      press("xxa", &model) == [.act(ActRequest(ids: [17, 18], act: .acknowledge))], "two rows may be undone as one")
  }

  @Test("any act on many rows is asked once more", arguments: ["a", "cf", "z\r", "@\r", "mseen\r"])
  func many(_ keys: String) throws {
    var model = Night.model(120, 40)
    try Night.list(1...11, &model)
    #expect(press("**" + keys, &model) == [])
    guard case .act(let request)? = press("y", &model).first else {
      Issue.record("\(keys) asks nothing")
      return
    }
    #expect(request.ids == Array(1...11))
  }

  @Test("of rows that were open the last few are held, and the one that is open always")
  func rowsHeld() {
    var model = Night.model(80, 24)
    for id in Int64(100)..<130 {
      _ = model.go(.row(id))
      var detail = Samples.alertDetail
      detail.item.row.id = id
      _ = model.update(.clock(model.now.advanced(seconds: 1)))
      _ = model.update(.answered(.row(id), detail))
      #expect(model.row?.item.id == id)
    }
    #expect(model.answers.values.count { $0.value is QueueDetail } == 8)
    _ = model.update(.key(.character("[")))
    #expect(model.row?.item.id == 128)
  }

  @Test("menus, questions and what may stand there, as they look", arguments: [(40, 12), (80, 24)])
  func prompts(_ size: (Int, Int)) throws {
    for (name, place, keys) in [
      ("menu", Model.Place.incident("2026-0007"), "."), ("choice", .incident("2026-0007"), ".v"),
      ("confirm", .notice(2), ".s"), ("field", .row(17), ".d"), ("completion", .screen("overview"), "/s\t\t"),
      ("problem", .screen("overview"), "/severty:high\r"),
    ] {
      for language in Language.allCases {
        var model = Night.model(size.0, size.1)
        model.language = language
        _ = model.go(place)
        Night.answer(&model)
        _ = press(keys, &model)
        try Golden.compare(
          View.draw(model, Night.look(language)), "prompt-\(name)-\(size.0)x\(size.1)-\(language.rawValue)")
      }
    }
  }

  @Test("an act on several rows is taken back as one")
  func bulk() {
    var model = Night.model(120, 40)
    #expect(press("U", &model) == [] && model.notice?.text.en == "there is no act on several rows to take back")
    var report = ActReport(done: Array(Night.queue.prefix(2)), refused: [])
    report.bulk = 7
    _ = model.update(.acted(ActRequest(ids: [17, 18], act: .acknowledge), report))
    #expect(model.notice?.text == BilingualText(en: "ack: 2 rows; U takes it back", zh: "确认：2 行；U 可撤销"))
    _ = model.update(.clock(Night.now.advanced(seconds: 200)))
    #expect(press("U", &model) == [])
    guard case .confirm(_, let title)? = model.prompt?.purpose else {
      Issue.record("it is not asked once more")
      return
    }
    #expect(title == BilingualText(en: "undo: ack, 2 rows, 3m ago", zh: "撤销：确认 2 行，3m前"))
    #expect(press("y", &model) == [.act(ActRequest(bulk: 7, act: .undo))])
  }

  @Test("a case that was opened is shown; a notice that was drafted too; what sites refused is said")
  func opened() throws {
    var model = Night.model(120, 40)
    _ = model.go(.row(17))
    Night.answer(&model)
    guard case .ask(let deed)? = press(".n\r", &model).first else {
      Issue.record("nothing was asked")
      return
    }
    #expect(model.update(.done(deed, Night.caseDetail)) == [.refresh])
    #expect(model.place == .incident("2026-0007"))
    #expect(model.notice?.text.en == "done: new case from row 17")
    #expect(Golden.rows(View.draw(model, Night.look())).contains("web shell at the tax office"))
    let refused = ScanReport(sites: [], all: false, jobs: 0, refused: ["a.example: no permission"])
    _ = model.update(.done(deed, refused))
    #expect(model.notice?.text.en == "a.example: no permission" && model.notice?.isProblem == true)
  }

  @Test("what came of a trial, of a line of a checklist and of what came to us is said in a sentence")
  func said() throws {
    var model = Night.model(120, 40)
    _ = model.go(.row(17))
    Night.answer(&model)
    guard case .ask(let deed)? = press(":try\r", &model).first else {
      Issue.record("nothing was asked")
      return
    }
    var trial = SuppressionTrial(since: Night.ago(30 * 86_400))
    (trial.rows, trial.alerts) = (3, 1912)
    _ = model.update(.done(deed, trial))
    #expect(model.notice?.text.en == "would have hidden 3 rows, 1912 alerts; 0 mattered")
    #expect(model.notice?.isProblem == false)
    trial.alarms = [SuppressionTrial.Alarm(row: 17, title: BilingualText("x"), site: nil, why: .succeeded)]
    trial.alarmCount = 2
    _ = model.update(.done(deed, trial))
    #expect(model.notice?.text.zh == "近 30 天将隐藏 3 行、1912 条告警；其中 2 行重要（第 17 行等）")
    #expect(model.notice?.isProblem == true)
    trial.leftOut = "only the first 5000 rows were looked at"
    _ = model.update(.done(deed, trial))
    #expect(model.notice?.text.en.hasSuffix("2 mattered (row 17, …); only the first 5000 rows were looked at") == true)
    var intake = Intake(
      id: 9, source: .phone, sender: "li", title: "x", received: Night.now, due: Night.now.advanced(seconds: 7200),
      enteredBy: "night-1")
    intake.finding = 41
    _ = model.update(.done(deed, intake))
    #expect(model.notice?.text.en == "intake 9: to be answered within 2h; row 41 says the same")
  }

  @Test("a line that is ticked is shown so at once")
  func ticked() throws {
    var model = Night.model(120, 40, screen: "guard")
    guard case .ask(let deed)? = press("\t\t:tick\r", &model).first else {
      Issue.record("nothing was asked")
      return
    }
    var list = Night.checklist
    list.checks[0].tickedBy = "night-1"
    list.checks[0].tickedAt = Night.now
    _ = model.update(.done(deed, list))
    let panel = try #require(model.definition?.panel("checklist"))
    #expect(model.entries(panel).map { $0.value(.who) } == [.text("night-1"), .text("li"), .text("night-1")])
    #expect(model.notice?.text.en == "done: tick scope of guard period expo")
  }

  @Test("a field that will not do is asked for again with the reason; a choice by its letter")
  func fields() {
    var model = Night.model(120, 40)
    _ = model.go(.incident("2026-0007"))
    Night.answer(&model)
    _ = press(".o\r", &model)
    #expect(model.prompt?.problem?.en == "it wants a text")
    _ = press("\u{15}\u{7f}", &model)
    #expect(model.prompt == nil)
    _ = press(":level IX\r", &model)
    #expect(model.prompt?.problem?.en == "one of I, II, III, IV")
    model.prompt = nil
    _ = press(":fact hoursAltered many\r", &model)
    #expect(model.prompt?.problem?.en == "\"many\" is no number")
  }

  @Test("a list that is held does not change; let go, it is as the hub last said")
  func held() throws {
    var model = Night.model(120, 40)
    let question = try #require(model.wants.map(\.question).first { $0.description.hasPrefix("/v1/queue ") })
    _ = press("t", &model)
    _ = model.update(.answered(question, Page<QueueItem>(items: [])))
    #expect(model.listings["overview/queue"]?.entries.count == 5)
    #expect(Golden.rows(View.draw(model, Night.look())).contains("frozen"))
    _ = press("t", &model)
    #expect(model.listings["overview/queue"]?.entries.isEmpty == true)
  }

  @Test("a menu has room at every size, and says every letter", arguments: [(40, 12), (80, 24), (120, 40), (20, 5)])
  func menu(_ size: (Int, Int)) throws {
    var model = Night.model(size.0, size.1)
    _ = model.go(.incident("2026-0007"))
    Night.answer(&model)
    _ = press(".", &model)
    for language in Language.allCases {
      let grid = View.draw(model, Night.look(language))
      #expect(grid.size == model.size)
      if size.0 > 40 || size.1 > 12 {
        let text = (0..<grid.size.rows).map { grid.text($0) }.joined(separator: " ")
        for action in Action.all(on: .incident("2026-0007"), model) where size.0 >= 80 {
          #expect(text.contains("\(action.letter) \(language == .en ? action.name : action.title.zh)"))
        }
      }
    }
  }
}
