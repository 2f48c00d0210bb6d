import ControlAPI
import Glibc
import Records
import Testing
import Wire

@testable import Dashboard

/// Screens compared with files under `Golden`. A missing file is written, and the test fails that once;
/// `VIGIL_RECORD_GOLDEN=1` writes them all anew.
@Suite("Golden screens")
struct GoldenTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var columns: Int
    var rows: Int
    var language: Language
    var depth: ColorDepth
    var name: String { "\(columns)x\(rows)-\(language.rawValue)\(depth == .none ? "" : "-color")" }
    var testDescription: String { name }
  }
  static let cases = [(40, 12), (80, 24), (120, 40)].flatMap { size in
    Language.allCases.flatMap { language in
      [ColorDepth.none, .full].map { Case(columns: size.0, rows: size.1, language: language, depth: $0) }
    }
  }

  @Test("the overview at every size, in both languages, with and without colour", arguments: cases)
  func overview(_ golden: Case) throws {
    let model = Night.model(golden.columns, golden.rows)
    try Golden.compare(View.draw(model, Night.look(golden.language, golden.depth)), "overview-\(golden.name)")
  }

  @Test("a row opened: facets, comments, alerts, audit", arguments: [(40, 12), (80, 24), (120, 40)])
  func rowDetail(_ size: (Int, Int)) throws {
    var model = Night.model(size.0, size.1)
    #expect(model.update(.key(.enter)) == [.openRow(17)])
    _ = model.update(.row(Samples.alertDetail))
    try Golden.compare(View.draw(model, Night.look()), "row-\(size.0)x\(size.1)-en")
  }

  @Test("a finding opened: engines, confidence, evidence")
  func findingDetail() throws {
    var model = Night.model(80, 24)
    _ = model.type("j")
    #expect(model.update(.key(.enter)) == [.openRow(18)])
    _ = model.update(.row(Samples.findingDetail))
    try Golden.compare(View.draw(model, Night.look()), "finding-80x24-en")
  }

  @Test("a blind sensor and lost packets are said in words")
  func blind() throws {
    let sensors = [
      Night.sensor("gate", .blind, reason: "no right to capture on eth0: run setcap cap_net_raw+ep"),
      Night.sensor("core", drops: [DropCount(cause: "kernel ring", count: 1203)]),
    ]
    let overview = Night.overview(
      sensors: sensors, warnings: ["sensor gate is blind: no right to capture on eth0", "x"])
    try Golden.compare(View.draw(Night.model(80, 24, overview: overview), Night.look()), "blind-80x24-en")
    try Golden.compare(View.draw(Night.model(40, 12, overview: overview), Night.look()), "blind-40x12-en")
  }

  @Test("without the hub the screen says so, and shows old figures as old")
  func lost() throws {
    var model = Night.model(80, 24)
    _ = model.update(.lost("/run/vigil/api.sock: no hub answers there; start one with: vigil up"))
    _ = model.update(.clock(Night.now.advanced(seconds: 75)))
    try Golden.compare(View.draw(model, Night.look(.en, .full)), "lost-80x24-en-color")
  }

  @Test("the help names every key", arguments: Language.allCases)
  func help(_ language: Language) throws {
    var model = Night.model(120, 40)
    _ = model.type("?")
    try Golden.compare(View.draw(model, Night.look(language)), "help-120x40-\(language.rawValue)")
  }

  @Test("an ASCII terminal gets ASCII")
  func ascii() throws {
    var look = Night.look()
    look.capabilities.glyphs = .ascii
    look.capabilities.isUTF8 = false
    let grid = View.draw(Night.model(80, 24), look)
    let bytes = FrameWriter.bytes(from: nil, to: grid, isUTF8: false)
    #expect(bytes.allSatisfy { $0 < 0x80 })
    try Golden.compare(grid, "overview-80x24-ascii")
  }
}

/// What the details are drawn from.
enum Samples {
  static var alertDetail: QueueDetail {
    var facets = AlertFacets()
    for source in ["198.51.100.9", "198.51.100.9", "203.0.113.4"] { facets.sources.add(source) }
    facets.targets.add("192.0.2.7:80", count: 12)
    facets.urls.add("tax.example.gov/upload/shell.jsp?cmd=id", count: 12)
    let item = Night.queue[0]
    let signature = AlertRecord.Signature(
      sid: 2_000_001, message: "web shell", category: "Web attack", severity: .critical)
    return QueueDetail(
      item: item,
      group: AlertGroup(row: item.row, signature: signature, facets: facets, rate: HourlyRate(hour: 0)), finding: nil,
      comments: [Comment(time: Night.ago(30), author: "night-2", text: "the planted file is still there")],
      alerts: [Night.alert("web shell", seen: 40), Night.alert("web shell", seen: 50)].compactMap(\.alert),
      audit: [
        AuditEntry(
          time: Night.ago(20), actor: Actor(name: "night-2", origin: "unix uid 1000"), act: "comment",
          subject: "queue/17")
      ])
  }

  static var findingDetail: QueueDetail {
    let item = Night.queue[1]
    let finding = Finding(
      row: item.row, weakness: "tls.certificate.expiring",
      target: Target(scheme: "https", host: "school.example.cn", port: 443), engines: ["certificate": 90, "tls": 60],
      evidence: "notAfter=2026-11-28T00:00:00Z\nissuer=Example CA \u{1b}[31mred")
    return QueueDetail(item: item, group: nil, finding: finding, comments: [], alerts: [], audit: [])
  }
}

enum Golden {
  private static let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Golden"

  static func compare(_ grid: Grid, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
    let text = dump(grid)
    let path = "\(folder)/\(name).txt"
    let isRecording = unsafe getenv("VIGIL_RECORD_GOLDEN") != nil
    guard !isRecording, let wanted = read(path) else {
      _ = unsafe mkdir(folder, 0o755)
      write(text, path)
      if !isRecording { Issue.record("wrote \(name).txt: look at it, and run again", sourceLocation: location) }
      return
    }
    #expect(text == wanted, "\(name).txt differs", sourceLocation: location)
  }

  /// The text, then for coloured grids each stretch of a style: row, columns, SGR parameters.
  static func dump(_ grid: Grid) -> String {
    var result = (0..<grid.size.rows).map { grid.text($0) }.joined(separator: "\n") + "\n"
    for y in 0..<grid.size.rows {
      var x = 0
      while x < grid.size.columns {
        let (start, style) = (x, grid[x, y].style)
        while x < grid.size.columns, grid[x, y].style == style { x += 1 }
        if style != .plain { result += "\(y):\(start)-\(x - 1) \(style.parameters)\n" }
      }
    }
    return result
  }

  private static func read(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
    return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  private static func write(_ text: String, _ path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    Terminal.write(Array(text.utf8), to: descriptor)
    _ = close(descriptor)
  }
}
