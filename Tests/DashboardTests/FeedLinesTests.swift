import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

/// `vigil tail`, and the dashboard without a terminal.
@Suite("Lines of the stream")
struct FeedLinesTests {
  private static let finding = StreamItem(
    kind: .row, change: .made, cursor: "2", time: Night.now,
    row: Night.row(
      18, .high, BilingualText(en: "certificate expires in 6 days", zh: "证书将在 6 天后过期"), site: "school.example.cn",
      wing: .scanner, check: "tls.certificate.expiring"))

  @Test("an alert and a finding in a pipe: whole, with rule, ends and state")
  func inAPipe() {
    let lines = FeedLines(Printed.ink(nil))
    let alert = lines.line(Night.alert("web shell", seen: 40), columns: nil)
    #expect(alert?.severity == .critical)
    #expect(
      alert?.text
        == "2026-11-22T12:03:51.000000Z C [1:2000001] web shell 198.51.100.9:40022 -> 192.0.2.7:80 tax.example.gov",
      "\(alert?.text ?? "")")
    #expect(
      lines.line(Self.finding, columns: nil)?.text
        == "2026-11-22T12:03:31.000000Z H [tls.certificate.expiring] certificate expires in 6 days school.example.cn open"
    )
    #expect(FeedLines(Printed.ink(nil, .zh)).line(Self.finding, columns: nil)?.text.contains("证书将在 6 天后过期") == true)
  }

  @Test("what only counts is no line")
  func whatCountsIsNoLine() {
    var item = Self.finding
    item.change = .counted
    #expect(FeedLines(Printed.ink(80)).line(item, columns: 80) == nil)
    #expect(FeedLines(Printed.ink(80)).line(StreamItem(kind: .beat, cursor: "3", time: Night.now), columns: 80) == nil)
  }

  @Test("on a terminal the columns stand at the same places, and a resized one is fitted", arguments: Language.allCases)
  func onATerminal(_ language: Language) throws {
    let lines = FeedLines(Printed.ink(80, language))
    let items = [Night.alert("web shell \u{1b}[2J", seen: 40), Self.finding, Night.alert("短", seen: 3)]
    var text: [String] = []
    for width in [1, 12, 40, 59, 60, 80, 119, 120, 200] {
      for item in items {
        let line = try #require(lines.line(item, columns: width)?.text)
        #expect(HarmlessText.columns(line, ambiguousIsWide: language == .zh) <= width)
        if [40, 80, 120].contains(width) { text.append(line) }
      }
    }
    try Golden.compare(text: text, "tail-\(language.rawValue)")
  }
}
