import ControlAPI
import Documents
import Records
import Testing

@testable import Dashboard

@Suite("Definitions of screens")
struct DefinitionTests {
  private func problems(_ text: String) -> [String] {
    DefinitionReader.read(text: text, file: "x.yaml").problems.map(\.description)
  }
  private static let head = "dashboard: 1\nid: duty\ntitle: {en: Duty, zh: 值守}\n"

  @Test("the installed overview is right, and is screen 0")
  func installed() {
    #expect(TestScreens.overview.number == 0)
    #expect(TestScreens.overview.panels.map(\.name) == ["sites", "severities", "queue", "feed", "state"])
    #expect(TestScreens.overview.panel("queue")?.query == "state:new,acknowledged,escalated organisation:*")
  }

  @Test("each mistake is told with its place, and with what to do")
  func mistakes() {
    let text = """
      dashboard: 2
      id: duty
      titel: x
      title: {en: Duty, fr: x}
      refresh: 0s
      variables: {window: 24h}
      layouts:
        - {minimumColumns: 120, rows: [[queue, queu]], weights: [1, 2]}
        - {stack: [queue], weights: [1]}
        - {minimumColumns: 0}
      panels:
        queue:
          kind: table
          source: alerts
          query: "severty>=high"
          columns: [severity, sitee]
          sort: [-severty]
          group: [source]
        number: {kind: number, source: feed, levels: [{from: 1, as: purple}]}
        tree: {kind: tree}
        bars: {kind: barz, source: queue}
        chart: {kind: histogram, query: "x"}
        feed: {kind: feed, colour: red}
        other: {kind: table, source: findings, query: "site:$place"}
      """
    #expect(
      problems(text) == [
        "x.yaml:1:12: 2 is outside 1 to 1",
        "x.yaml:3:1: unknown key \"titel\" (known here: dashboard, id, layouts, panels, refresh, title, variables)",
        "x.yaml:4:19: unknown key \"fr\" (known here: en, zh)",
        "x.yaml:5:10: refresh is outside 1s to 1h",
        "x.yaml:8:42: no panel is called \"queu\" (did you mean \"queue\"?)",
        "x.yaml:8:59: 2 weights for 1 rows (give one weight a row)",
        "x.yaml:9:31: weights are of rows, not of a stack (remove weights)",
        "x.yaml:10:5: a layout has either rows or a stack (add rows: [[...]] or stack: [...])",
        "x.yaml:15:12: in the query, at character 1: no field is called severty (did you mean severity?)",
        "x.yaml:16:25: alerts have no column \"sitee\" (did you mean \"site\"?)",
        "x.yaml:17:11: cannot sort by \"severty\" (did you mean \"severity\"?)",
        "x.yaml:18:12: rows are grouped by rule and site, not by source (write [rule, site])",
        "x.yaml:19:3: no layout names the panel \"number\" (name it or remove it)",
        "x.yaml:19:34: a number cannot show feed (it shows alerts, findings, queue, posture, sites, scans)",
        "x.yaml:20:3: no layout names the panel \"tree\" (name it or remove it)",
        "x.yaml:20:16: panels of the kind \"tree\" are not built yet (use table or state)",
        "x.yaml:21:3: no layout names the panel \"bars\" (name it or remove it)",
        "x.yaml:21:16: \"barz\" is not allowed here (did you mean \"bars\"?)",
        "x.yaml:22:3: no layout names the panel \"chart\" (name it or remove it)",
        "x.yaml:22:35: only alerts and findings are asked by a query (remove query)",
        "x.yaml:23:3: no layout names the panel \"feed\" (name it or remove it)",
        "x.yaml:23:22: unknown key \"colour\" (known here: columns, empty, group, kind, levels, query, sort, source, title)",
        "x.yaml:24:3: no layout names the panel \"other\" (name it or remove it)",
        "x.yaml:24:49: the query names $place, which is no variable (add it to variables)",
      ])
  }

  @Test("missing keys and text that is no YAML are told too")
  func missing() {
    #expect(
      problems("dashboard: 1\n") == [
        "x.yaml:1:1: the key \"id\" is missing (add id: ...)",
        "x.yaml:1:1: the key \"title\" is missing (add title: ...)",
        "x.yaml:1:1: the key \"panels\" is missing (add panels: ...)",
        "x.yaml:1:1: the key \"layouts\" is missing (add layouts: ...)",
      ])
    #expect(problems("a: [\n").count == 1)
  }

  @Test("the first layout with room is taken, by columns and rows")
  func layouts() throws {
    let text =
      Self.head + """
        layouts:
          - {minimumColumns: 100, minimumRows: 30, rows: [[a, a, b], [a]], weights: [1, 3]}
          - {stack: [a, b]}
        panels:
          a: {kind: table, source: sites}
          b: {kind: gauge, source: posture}
        """
    let definition = try #require(Night.definition(text))
    let big = try #require(definition.layout(for: Size(columns: 120, rows: 40)))
    let panes = PanePlan.panes(big, definition, in: Area(x: 0, y: 1, columns: 120, rows: 38), focused: nil)
    #expect(
      panes.map(\.area) == [
        Area(x: 0, y: 1, columns: 80, rows: 9), Area(x: 80, y: 1, columns: 40, rows: 9),
        Area(x: 0, y: 10, columns: 120, rows: 29),
      ])
    #expect(definition.layout(for: Size(columns: 120, rows: 20))?.form == .stack(["a", "b"]))
  }

  @Test("every kind of panel draws at every size without leaving its room")
  func kinds() throws {
    let text =
      Self.head + """
        layouts:
          - {rows: [[a, b, c], [d, e, f], [g, h, i]]}
        panels:
          a: {kind: number, source: alerts, query: "overdue:true", levels: [{from: 1, as: warning}]}
          b: {kind: sparkline}
          c: {kind: bars, source: queue}
          d: {kind: histogram}
          e: {kind: table, source: sites}
          f: {kind: table, source: sensors}
          g: {kind: sites}
          h: {kind: gauge, source: scans}
          i: {kind: state, source: scans}
        """
    let definition = try #require(Night.definition(text))
    for columns in stride(from: 20, through: 200, by: 36) {
      for rows in stride(from: 5, through: 40, by: 7) {
        var model = Night.model(columns, rows, definitions: [definition])
        _ = model.update(.key(.tab))
        let grid = View.draw(model, Night.look())
        let widths = (0..<rows).map { y in grid.row(y).reduce(0) { $0 + Int($1.width) } }
        #expect(Set(widths) == [columns])
      }
    }
  }
}
