import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

/// Screens compared with files under `Golden`. A missing file is written, and the test fails that once;
/// `VIGIL_RECORD_GOLDEN=1` writes them all anew.
@Suite("Golden screens")
struct GoldenTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var screen: String
    var columns: Int
    var rows: Int
    var language: Language
    var testDescription: String { "\(screen)-\(columns)x\(rows)-\(language.rawValue)" }
  }
  static let cases = (Definition.numbered + ["guard"]).flatMap { screen in
    [(40, 12), (80, 24), (120, 40), (200, 60)].flatMap { size in
      Language.allCases.map { Case(screen: screen, columns: size.0, rows: size.1, language: $0) }
    }
  }

  @Test("each screen at every size, in both languages, with and without colour", arguments: cases)
  func screens(_ golden: Case) throws {
    let model = Night.model(golden.columns, golden.rows, screen: golden.screen)
    try Golden.compare(
      View.draw(model, Night.look(golden.language)), colored: View.draw(model, Night.look(golden.language, .full)),
      golden.testDescription)
  }

  @Test("a blind sensor and lost packets are said in words")
  func blind() throws {
    let sensors = [
      Night.sensor("gate", .blind, reason: "no right to capture on eth0: run setcap cap_net_raw+ep"),
      Night.sensor("core", drops: [DropCount(cause: "kernel ring", count: 1203)]),
    ]
    let overview = Night.overview(
      sensors: sensors,
      warnings: [
        BilingualText(
          en: "sensor gate is blind: no right to capture on eth0", zh: "探针 gate 失明：no right to capture on eth0"),
        BilingualText("x"),
      ])
    try Golden.compare(View.draw(Night.model(80, 24, overview: overview), Night.look()), "blind-80x24-en")
    try Golden.compare(View.draw(Night.model(40, 12, overview: overview), Night.look()), "blind-40x12-en")
  }

  @Test("without the hub the screen says so, and shows old figures as old")
  func lost() throws {
    var model = Night.model(80, 24)
    _ = model.update(
      .lost(BilingualText("/run/vigil/api.sock: no hub answers there; start one with: vigil up"), again: 80))
    _ = model.update(.clock(Night.now.advanced(seconds: 75)))
    #expect(Golden.rows(View.draw(model, Night.look())).contains("vigil up"), "what to do is not cut off")
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
