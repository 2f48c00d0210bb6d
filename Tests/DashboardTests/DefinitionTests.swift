import ControlAPI
import Documents
import Glibc
import Records
import Testing

@testable import Dashboard

@Suite("Definitions of screens")
struct DefinitionTests {
  private func problems(_ text: String) -> [String] {
    DefinitionReader.read(text: text, file: "x.yaml").problems.map(\.description)
  }
  private static let head = "dashboard: 1\nid: duty\ntitle: {en: Duty, zh: 值守}\n"

  @Test("the installed screens are right, one for each digit")
  func installed() {
    #expect(TestScreens.installed.compactMap(\.number).sorted() == Array(0...5))
    let query = TestScreens.overview.panel("queue")?.parts.first?.query
    #expect(query?.filled(["organisation": "tax*"]) == "state:new,acknowledged,escalated organisation:tax*")
  }

  @Test("each mistake is told with its place, and with what to do")
  func mistakes() {
    let text = """
      dashboard: 2
      id: duty watch
      titel: x
      title: {en: Duty, fr: x}
      refresh: 0s
      variables: {window: 24h, "a b": x}
      layouts:
        - {minimumColumns: 120, rows: [[queue, queu]], weights: [1, 2]}
        - {stack: [queue, number, tree, bars, chart, feed, other, gauge, clocks, owed, log, watch, map], weights: [1]}
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
        tree: {kind: tree, query: "x"}
        bars: {kind: barz, source: queue}
        chart: {kind: histogram, source: tasks, window: 5s, columns: [due]}
        feed: {kind: feed, colour: red}
        other: {kind: table, source: findings, query: "site:$place"}
        gauge: {kind: gauge, source: posture, of: 0}
        clocks: {kind: clocks, source: [notices, sites], query: "open:true"}
        owed: {kind: clocks, source: [notices, tasks], query: {notices: "open:maybe", task: ""}}
        log: {kind: table, source: incidentLog}
        watch: {kind: state, source: queue, by: site}
        map: {kind: sites, source: sources, scope: $window}
      """
    #expect(
      problems(text).map(Self.shortened) == [
        "x.yaml:1:12: 2 is outside 1 to 1",
        "x.yaml:2:5: an id is of letters, digits and hyphens (for example data-protection)",
        "x.yaml:3:1: unknown key \"titel\" (known here: dashboard, id, layouts, panels, refresh, title, variables)",
        "x.yaml:4:19: unknown key \"fr\" (known here: en, zh)",
        "x.yaml:5:10: refresh is outside 1s to 1h",
        "x.yaml:6:26: \"a b\" is no name of a variable (letters, digits and _)",
        "x.yaml:8:42: no panel is called \"queu\" (did you mean \"queue\"?)",
        "x.yaml:8:59: 2 weights for 1 rows (give one weight a row)",
        "x.yaml:9:109: weights are of rows, not of a stack (remove weights)",
        "x.yaml:10:5: a layout has either rows or a stack (add rows: [[...]] or stack: [...])",
        "x.yaml:15:12: in the query, at character 1: no field is called severty (did you mean severity?)",
        "x.yaml:16:25: queue has no column \"sitee\" here (did you mean \"site\"?)",
        "x.yaml:17:11: cannot sort by \"severty\" (did you mean \"severity\"?)",
        "x.yaml:18:12: rows are grouped by rule and site, not by source (write [rule, site], or show the source groups)",
        "x.yaml:19:34: a panel of the kind number cannot show feed (it shows queue, findings, ...)",
        "x.yaml:20:29: a panel of the kind tree shows all of its source (remove query)",
        "x.yaml:21:16: \"barz\" is not allowed here (did you mean \"bars\"?)",
        "x.yaml:22:51: \"5s\" is no time from 1h to 400d (for example 24h)",
        "x.yaml:22:65: tasks has no column \"due\" here (it has none that can stand here)",
        "x.yaml:23:22: unknown key \"colour\"",
        "x.yaml:24:49: $place is no variable (known here: a b, window)",
        "x.yaml:25:10: the key \"value\" is missing (one of score, sites)",
        "x.yaml:25:45: 0 is nothing that could be full (a number over 0, or a column)",
        "x.yaml:26:44: a panel of the kind clocks cannot show sites (it shows queue, findings, ...)",
        "x.yaml:27:67: in the query, at character 6: open cannot be \"maybe\" (true or false)",
        "x.yaml:27:81: \"task\" is no source of this panel (did you mean \"tasks\"?)",
        "x.yaml:28:8: the key \"follow\" is missing (name the panel that lists incidents)",
        "x.yaml:29:32: a panel of the kind state cannot show queue (it shows sensors, scanners, duty, shifts, canary)",
        "x.yaml:29:39: a panel of the kind state has no by (remove by)",
        "x.yaml:30:30: no source is called \"sources\" (the sources are queue, findings, ...)",
      ])
  }

  /// A long list by its first two.
  private static func shortened(_ problem: String) -> String {
    let words = problem.split(separator: ", ")
    return words.count > 6 && !problem.contains("known here")
      ? words.prefix(2).joined(separator: ", ") + ", ...)" : problem
  }

  @Test("a panel that no layout names is told")
  func unused() {
    let text = Self.head + "layouts: [{stack: [a]}]\npanels:\n  a: {kind: sites}\n  b: {kind: tree}\n"
    #expect(problems(text) == ["x.yaml:7:3: no layout names the panel \"b\" (name it or remove it)"])
  }

  @Test("limits of a definition are told")
  func limits() {
    let names = (0..<41).map { "p\($0)" }
    let panels = names.map { "  \($0): {kind: sites}" }.joined(separator: "\n")
    let layouts = (0..<17).map { _ in "  - {stack: [\(names.joined(separator: ", "))]}" }.joined(separator: "\n")
    #expect(
      problems(Self.head + "layouts:\n\(layouts)\npanels:\n\(panels)\n") == [
        "x.yaml:5:3: 17 layouts are more than 16",
        "x.yaml:23:3: 41 panels are more than 40 (make a second screen)",
      ])
    let row = [String](repeating: "a", count: 61).joined(separator: ", ")
    #expect(
      problems(Self.head + "layouts: [{rows: [[\(row)]]}]\npanels: {a: {kind: sites}}\n") == [
        "x.yaml:4:19: 61 names are more than 60"
      ])
  }

  @Test("a file is kept out by its mistake, a second with the same id too, and the others are read")
  func folder() throws {
    let folder = try Folder()
    try folder.write("a.yaml", Self.head + "layouts: [{stack: [a]}]\npanels: {a: {kind: sites}}\n")
    try folder.write("b.yaml", Self.head + "layouts: [{stack: [a]}]\npanels: {a: {kind: tree}}\n")
    try folder.write("c.yaml", "dashboard: 1\n")
    let read = DefinitionFolder(path: folder.path).read()
    #expect(read.definitions.map(\.file) == ["\(folder.path)/a.yaml"])
    #expect(read.wrong == ["\(folder.path)/b.yaml", "\(folder.path)/c.yaml"])
    #expect(read.problem == "\(folder.path)/b.yaml: the id \"duty\" is that of \(folder.path)/a.yaml already")
    #expect(Dashboard.check(Dashboard.definitions(in: folder.path)).count == 5)
    let before = DefinitionFolder(path: folder.path).stamp
    try folder.write("c.yaml", "dashboard: 2\n# longer\n")
    #expect(DefinitionFolder(path: folder.path).stamp != before)
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

  @Test("a pipe among the definitions is named, and nothing waits for it", .timeLimit(.minutes(1)))
  func pipe() throws {
    let folder = try Folder()
    let pipe = "\(folder.path)/pipe.yaml"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    #expect(
      DefinitionFolder(path: folder.path).read().problem
        == "\(pipe): this is no regular file (a pipe or a device would stop the screen)")
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
          b: {kind: gauge, source: posture, value: score}
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
}

/// A folder under the system's own, gone with the test.
private final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/vigil-dashboards-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let start = buffer.baseAddress, let path = unsafe mkdtemp(start) else { return nil }
      return unsafe String(cString: path)
    }
    path = try #require(made)
  }

  deinit {
    for file in DefinitionFolder(path: path).files { _ = unsafe unlink(file) }
    _ = unsafe rmdir(path)
  }

  func write(_ name: String, _ text: String) throws {
    let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    Terminal.write(Array(text.utf8), to: descriptor)
    _ = close(descriptor)
  }
}
