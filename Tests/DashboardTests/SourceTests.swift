import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("Sources and their columns")
struct SourceTests {
  @Test("every source has its columns, and every column is of a source")
  func registry() {
    #expect(Set(Source.all.map(\.name)).count == Source.all.count)
    #expect(Column.withoutForm == [])
    for source in Source.all {
      #expect(Set(source.usual).isSubset(of: source.columns), "\(source.name)")
      #expect(Set(source.columns).count == source.columns.count, "\(source.name)")
      if source.name != "feed" { #expect(!source.usual.isEmpty, "\(source.name)") }
    }
    let used = Set(Source.all.flatMap(\.columns))
    #expect(Set(Column.allCases).subtracting(used) == [])
  }

  @Test("every kind shows something, and every source is shown by a kind")
  func kinds() {
    for kind in Panel.Kind.allCases { #expect(!kind.sources.isEmpty, "\(kind)") }
    for source in Source.all { #expect(Panel.Kind.allCases.contains { $0.shows(source) }, "\(source.name)") }
  }

  @Test("each source reads the answer to its own question, and no other", arguments: Source.all.map(\.name))
  func answers(_ name: String) throws {
    let source = try #require(Source.named(name))
    guard name != "feed" else { return }
    let question = try #require(source.question(Asked(subject: "2026-0007")))
    let answer = question == .overview ? Night.overview() : Night.answer(question)
    let said = try #require(answer, "nobody answers \(question)")
    let listing = try #require(source.listing(said))
    #expect(source.listing("another answer") == nil)
    if name == "incidentLog" { #expect(source.question(Asked()) == nil) }
    // What stands in a column somewhere; of the overview's parts some are empty that night.
    guard let first = listing.entries.first else { return }
    #expect(Set(listing.entries.map(\.key)).count == listing.entries.count, "\(name): one key twice")
    for column in source.usual {
      let text = first.value(column).cell(Night.now, Night.look()).text
      #expect(!text.isEmpty, "\(name).\(column)")
    }
    let full = source.columns.filter { column in listing.entries.contains { $0.value(column) != .none } }
    #expect(full.count * 2 >= source.columns.count, "\(name): only \(full.map(\.rawValue)) say anything")
  }

  @Test("no column shows the address of a person")
  func addresses() throws {
    let source = try #require(Source.named("contacts"))
    let listing = try #require(source.listing(Page(items: Night.contacts)))
    for column in Column.allCases {
      let text = listing.entries[0].value(column).cell(Night.now, Night.look()).text
      #expect(!text.contains("@"), "\(column)")
    }
  }

  @Test("panels that ask the same share one question, and what is not on screen asks nothing")
  func questions() {
    var model = Night.model(120, 40, screen: "duty")
    let paths = model.wants.map(\.question.description)
    #expect(Set(paths).count == paths.count)
    #expect(paths.filter { $0.hasPrefix("/v1/duty/shifts") }.count == 1, "handover and shifts")
    #expect(paths.filter { $0.hasPrefix("/v1/overview") }.count == 1, "header, sensors and scanners")
    #expect(!paths.contains { $0.hasPrefix("/v1/duty/reports") }, "reports have no room at this size")
    _ = model.update(.key(.character("?")))
    #expect(model.wants.map(\.question) == [.overview, .me])
  }

  @Test("two thousand sites stand on one screen, by organisation, the worst first", arguments: [(120, 40), (200, 60)])
  func twoThousandSites(_ size: (Int, Int)) throws {
    var overview = Night.overview()
    overview.posture.cells = (0..<2000).map { site in
      SiteCell(
        site: "site-\(site)", organisation: "organisation-\(site % 121)", score: site % 50 == 0 ? nil : site % 101,
        worst: site % 9 == 0 ? Severity(rank: site % 5) : nil, openAlerts: 0, openFindings: 0)
    }
    var model = Night.model(size.0, size.1, overview: overview, screen: "situation")
    let pane = try #require(model.shownPanes.first { $0.name == "sites" })
    let panel = try #require(model.definition?.panel("sites"))
    let sites = try #require(model.listing(panel)?.sites)
    let inner = Frame.inner(pane.area, of: model.size)
    let plan = SitesPlan(sites, inner)
    #expect(plan.rows.count <= inner.rows - SitesPlan.summaryRows, "\(plan.rows.count) lines in \(inner)")
    #expect(plan.rows.flatMap { $0.cells.compactMap(\.self) } == Array(0..<2000))
    let organisations = sites.map(\.organisation)
    #expect(Set(organisations).count == zip(organisations, organisations.dropFirst()).count { $0 != $1 } + 1)
    // Walking by lines and by cells reaches every corner, and the map is drawn whole.
    focus("sites", &model)
    for _ in 0..<60 { _ = model.update(.key(.down)) }
    #expect(model.selection(panel).flatMap { plan.find($0) }?.row == plan.rows.count - 1)
    _ = model.update(.key(.end))
    #expect(model.selection(panel) == 1999)
    let text = Golden.rows(View.draw(model, Night.look()))
    let map = text.split(separator: "\n").dropFirst(2).prefix(pane.area.rows)
    #expect(map.allSatisfy { !$0.prefix(pane.area.columns).contains(" +") }, "something had no room")
  }

  private func focus(_ name: String, _ model: inout Model) {
    for _ in 0..<20 where model.focusedPanel?.name != name { _ = model.update(.key(.tab)) }
  }

  @Test("the log follows the case that is selected")
  func follow() throws {
    var model = Night.model(120, 40, screen: "response")
    #expect(model.focusedPanel?.name == "cases")
    focus("cases", &model)
    #expect(model.wants.contains { $0.question.description == "/v1/incidents/2026-0007" })
    _ = model.type("j")
    #expect(model.wants.contains { $0.question.description == "/v1/incidents/2026-0006" })
    #expect(model.listings["response/log"] == nil, "the log of another case is not shown as this one's")
    _ = model.type("k")
    #expect(model.listings["response/log"]?.entries.count == 4)
  }

  @Test("a query in a list's own columns leaves out what does not match, in both languages and by time")
  func localQueries() throws {
    let source = try #require(Source.named("tasks"))
    let columns = source.columns
    func kept(_ query: String) throws -> [String] {
      var listing = Listing(Night.tasks)
      listing.keep(try Filter(query, source.schema), columns: columns, now: Night.now)
      return listing.entries.map(\.key)
    }
    #expect(try kept("kind:silence") == ["1"])
    #expect(try kept("审批") == ["2"])
    #expect(try kept("who:\"\"") == ["1", "2"])
    #expect(try kept("created<10m") == ["1"])
    #expect(try kept("-subject:notice/4") == ["1"])
    #expect(throws: FilterError.self) { try kept("kind>silence") }
  }

  @Test("entries without a value come last, whichever way they are sorted")
  func order() {
    for isDescending in [false, true] {
      var listing = Listing(Night.notices)
      listing.sort([SortWord(column: .due, isDescending: isDescending)])
      #expect(listing.entries.map(\.key) == (isDescending ? ["3", "2", "4"] : ["2", "3", "4"]))
    }
    var listing = Listing(Night.queue)
    listing.sort([SortWord(column: .severity, isDescending: true), SortWord(column: .count, isDescending: true)])
    #expect(listing.entries.map(\.key) == ["17", "19", "18", "21", "22"])
  }

  @Test("a variable set by command changes the queries, and a wrong value is refused")
  func variables() {
    var model = Night.model(120, 40, screen: "situation")
    func press(_ text: String) {
      var parser = InputParser()
      for key in parser.receive(text.utf8) { _ = model.update(.key(key)) }
    }
    press(":set organisation schools\r")
    #expect(model.listings["situation/sites"]?.entries.count == 41)
    #expect(Golden.rows(View.draw(model, Night.look())).contains("organisation=schools"))
    press(":set scope mars\r")
    #expect(model.notice?.text.en == "dimensions: mars is no scope")
    press(":set scope site/tax.example.gov\r")
    #expect(
      model.wants.contains { $0.question.description == "/v1/situation/sites/tax.example.gov hours=24 limit=100" })
    press(":set scope\r")
    #expect(model.variables["scope"] == "city")
    press(":set colour x\r")
    #expect(model.notice?.isProblem == true)
  }
}

@Suite("Words of both languages")
struct WordTests {
  @Test("every label, column and help line has both")
  func both() {
    func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) } }
    for label in Label.allCases {
      #expect(!label.text(.en).isEmpty && isChinese(label.text(.zh)), "\(label)")
      #expect(!isChinese(label.text(.en)), "\(label)")
    }
    // What is written so in Chinese too.
    let letters: Set<Column> = [.p50, .p95, .p99]
    for column in Column.allCases where !letters.contains(column) {
      #expect(isChinese(column.form.label.zh) && !isChinese(column.form.label.en), "\(column)")
    }
    for kind in Panel.Kind.allCases {
      let panel = Panel(name: "x", kind: kind, parts: [])
      for (key, _, zh) in HelpLines.pane(panel) { #expect(isChinese(zh), "\(kind) \(key)") }
    }
    for definition in TestScreens.installed {
      #expect(isChinese(definition.title.zh), "\(definition.id)")
      for panel in definition.panels {
        let zh = panel.title?.zh ?? ""
        #expect(isChinese(zh) || zh == "30 天", "\(definition.id)/\(panel.name)")
      }
    }
  }
}
