import ControlAPI
import Records
import Testing

@testable import Dashboard

@Suite("Texts as columns")
struct TextTests {
  @Test(
    "the width of each kind of character",
    arguments: [
      ("a", 1, 1), ("中", 2, 2), ("ｱ", 1, 1), ("Ａ", 2, 2), ("é", 1, 2), ("ñ", 1, 1), ("─", 1, 2), ("█", 1, 2),
      ("\u{28ff}", 1, 1), ("한", 2, 2), ("😀", 2, 2), ("e\u{301}", 1, 1), ("…", 1, 2), ("①", 1, 2), ("、", 2, 2),
      ("\u{1b}", 2, 2), ("\u{202e}", 8, 8), ("\u{20000}", 2, 2), ("ก\u{e33}", 2, 2), ("", 0, 0),
    ])
  func width(_ text: String, _ narrow: Int, _ wide: Int) {
    #expect(HarmlessText.columns(text, ambiguousIsWide: false) == narrow)
    #expect(HarmlessText.columns(text, ambiguousIsWide: true) == wide)
  }

  @Test("the tables rise, do not overlap, and agree with the marks that Swift knows")
  func tables() {
    for table in [WidthTables.zero, WidthTables.wide, WidthTables.ambiguous] {
      #expect(table.count % 2 == 0)
      #expect(
        table.indices.dropLast().allSatisfy { index in
          index % 2 == 0 ? table[index] <= table[index + 1] : table[index] < table[index + 1]
        })
    }
    for value in UInt32(0xa0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let category = scalar.properties.generalCategory
      if category == .nonspacingMark || category == .enclosingMark { #expect(ScalarWidth(scalar) == .zero, "\(value)") }
      if category == .uppercaseLetter { #expect(ScalarWidth(scalar) != .zero, "\(value)") }
    }
  }

  static let hostile = [
    "\u{1b}[2J\u{1b}]0;owned\u{7}", "\u{9b}31m", "a\u{202e}gpj.exe", "\u{200b}\u{200d}\u{feff}", "\r\nX-Injected: 1",
    "\u{1b}]52;c;aGk=\u{7}", "z\u{300}\u{301}\u{302}\u{303}\u{304}", "\u{301}alone", "\u{2028}\u{2029}", "\u{e000}",
    "\u{1b}P+q\u{1b}\\", "中\u{fe0f}文", "\u{e0041}", "🇨🇳👨\u{200d}👩", "\u{0}\u{8}\u{7f}", "\u{61c}\u{2066}x\u{2069}",
  ]

  @Test("no text of others puts a control or directional character on the screen", arguments: hostile)
  func harmless(_ text: String) {
    var item = Night.queue[0]
    item.row.title = BilingualText(text)
    item.row.site = text
    item.row.triage.assignee = text
    var model = Night.model(
      80, 24,
      overview: Night.overview(sensors: [Night.sensor(text, .blind, reason: text)], warnings: [BilingualText(text)]))
    for want in model.wants where want.question.description.hasPrefix("/v1/queue ") {
      _ = model.update(.answered(want.question, Page(items: [item])))
    }
    _ = model.update(.streamed([Night.alert(text, seen: 1, url: text, row: item)]))
    for language in Language.allCases {
      let grid = View.draw(model, Night.look(language, .full))
      check(grid)
      checkBytes(FrameWriter.bytes(from: nil, to: grid))
    }
    for (_, place) in DetailTests.places {
      var detail = model
      _ = detail.go(place)
      Night.answer(&detail, spoilt: text)
      check(View.draw(detail, Night.look()))
    }
    model.definitionProblem = text
    _ = model.update(.failed(BilingualText(text)))
    _ = model.update(.lost(BilingualText(text), again: 2))
    check(View.draw(model, Night.look()))
  }

  private func check(_ grid: Grid) {
    for y in 0..<grid.size.rows {
      #expect(grid.row(y).reduce(0) { $0 + Int($1.width) } == grid.size.columns)
      for scalar in grid.row(y).map(\.text).joined().unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
          Issue.record("U+\(String(scalar.value, radix: 16)) is on the screen")
        default: break
        }
      }
    }
  }

  /// Every escape is one of ours: cursor, style, synchronised update, cursor off, clear.
  private func checkBytes(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let ours = /\u{1b}\[(\?2026[hl]|\?25l|2J|[0-9]+;[0-9]+H|[0-9;]+m)/
    let rest = text.replacing(ours, with: "")
    #expect(!rest.unicodeScalars.contains { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) })
  }

  @Test("a long line breaks at spaces and keeps its indent")
  func wrapping() {
    let rows = Line("alpha beta gammadelta", indent: 2).wrapped(10, Night.look())
    #expect(rows.map { $0.map(\.piece.text).joined() } == ["alpha beta", "  gammadel", "  ta"])
  }
}
