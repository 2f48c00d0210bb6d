import Records
import Testing

@testable import Reports

/// The style sheet as a reader meets it.
@Suite struct StyleTests {
  enum Scheme: String, CaseIterable { case light, dark, print }

  /// Variables by name, of the scheme's own block.
  private static func colours(_ scheme: Scheme) -> [String: [Double]] {
    let marks: [Scheme: String] = [.light: ":root {", .dark: "scheme: dark) {", .print: "@media print {"]
    let start = PageStyle.text.firstRange(of: marks[scheme] ?? "")?.upperBound ?? PageStyle.text.endIndex
    let block = PageStyle.text[start...].prefix { $0 != "}" }
    var result: [String: [Double]] = [:]
    for match in block.matches(of: /--([a-z]+): #([0-9a-f]{6})/) {
      let value = Int(match.2, radix: 16) ?? 0
      result[String(match.1)] = [16, 8, 0].map { Double(value >> $0 & 255) / 255 }
    }
    return result
  }

  /// WCAG 2.2, relative luminance; the power 2.4 by roots, since it is only compared.
  private static func luminance(_ colour: [Double]) -> Double {
    let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : power(($0 + 0.055) / 1.055) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// `x` to the power 2.4 = `x` squared times the fifth root of `x` squared.
  private static func power(_ x: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root * root * root - x * x) / (5 * root * root * root * root) }
    return x * x * root
  }

  @Test("every colour of text can be read on its paper: a contrast of 4.5 at least", arguments: Scheme.allCases)
  func contrast(_ scheme: Scheme) throws {
    let colours = Self.colours(scheme)
    let paper = Self.luminance(try #require(colours["paper"]))
    for name in ["ink", "soft", "accent", "bad", "critical", "high", "medium", "low", "info"] {
      let text = Self.luminance(try #require(colours[name], "\(name)"))
      let ratio = (max(text, paper) + 0.05) / (min(text, paper) + 0.05)
      #expect(ratio >= 4.5, "\(scheme) \(name) \(ratio)")
    }
  }

  @Test(
    "every class that pages and drawings use is in the style sheet, which has nothing that XML or HTML reads otherwise")
  func classes() throws {
    #expect(!PageStyle.text.contains("<") && !PageStyle.text.contains("&"))
    let page = try OctoberCity.contents(.site).text(.html, .en)
    let used = Set(page.matches(of: /class="([^"]*)"/).map { String($0.1) })
    for name in used.flatMap({ $0.split(separator: " ") }) { #expect(PageStyle.text.contains(".\(name)"), "\(name)") }
  }
}
