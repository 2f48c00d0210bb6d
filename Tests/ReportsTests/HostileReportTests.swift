import Documents
import Foundation
import Records
import Testing
import Wire

@testable import Reports

/// What comes from outside stays text, whatever it is.
@Suite struct HostileReportTests {
  static let texts: [String] = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "</style><style>*{}</style>",
    "</svg><script>1</script>", "]]>&amp;&#60;script&#62;<!--", "{{title}}{{{style}}}{{> x}}{{#facts}}",
    "[click](javascript:alert(1))", "![x](http://evil.test/x.png)", "`` ` ``` code", "| a | b |\n|---|---|\n# head",
    "javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x", "JaVaScRiPt:alert(1)",
    "http://evil.test/\"onload=\"x", "https://evil.test/) [x](javascript:1)",
    "\u{202e}gnp.exe", "a\u{0}b\u{1b}[31mred\u{7}\u{9b}", "\u{feff}\u{200b}\u{2066}x\u{2069}",
    "\u{fffe}\u{ffff}\u{e0001}",
    String(repeating: "A", count: 20_000), String(repeating: "\u{202e}\u{301}", count: 5_000), "", "\n\n\n", "   ",
    "=cmd|'/c calc'!A0", "- item\n  - item", "$\\frac{1}{2}$ ~~x~~ **x** __x__ <https://evil.test>",
  ]

  /// Every text of a report that comes from outside, made of this one.
  private static func contents(_ kind: ReportContents.Kind, _ text: String) -> ReportContents {
    var contents = OctoberCity.contents(kind)
    let both = BilingualText(text)
    contents.title = both
    contents.city = text
    contents.id = text
    contents.dimensions[0].title = both
    contents.deductions[0].title = both
    contents.deductions[0].remedy = both
    contents.deductions[0].references = [text, "CWE-" + text, "RFC " + text, "CVE-1-" + text, "https://" + text]
    contents.ranking = contents.ranking.map { .init(name: both, line: $0.line) }
    for index in contents.sites.indices {
      contents.sites[index].url = text
      contents.sites[index].worst = [both]
    }
    for index in contents.findings.indices {
      contents.findings[index].weakness = text
      contents.findings[index].title = both
      contents.findings[index].target = Target(scheme: text, host: text, port: 1, path: text)
      contents.findings[index].path = text
      contents.findings[index].parameter = text
      contents.findings[index].evidence = text
      contents.findings[index].engines = [
        .init(engine: text, answer: .yes, confidence: 3, evidence: text), .init(engine: "e", answer: .notDetermined),
      ]
      contents.findings[index].references = [text]
    }
    for index in contents.attacks.indices {
      contents.attacks[index].title = both
      contents.attacks[index].rule = text
      contents.attacks[index].subject = text
      contents.attacks[index].site = nil
    }
    contents.coverage = [.init(engine: text, tested: 1, reasons: [.init(status: .skipped, reason: text, sites: 1)])]
    contents.gaps = [
      CoverageEntry(site: text, check: text, engine: text, status: .skipped, reason: text, time: contents.made)
    ]
    contents.trail = [TrailLine(time: contents.made, kind: .act, text: both)]
    contents.authorisations = [
      .init(id: text, document: text, grantedBy: text, until: contents.made, upTo: .probe, sites: 1)
    ]
    contents.unknown = [both]
    return contents
  }

  @Test(
    "HTML stays well-formed, its structure is that of a harmless report, and nothing in it acts",
    arguments: ReportContents.Kind.allCases, texts)
  func html(_ kind: ReportContents.Kind, _ text: String) throws {
    let page = try Self.contents(kind, text).text(.html, .en)
    let all = Page.elements(try XMLDocument.parse(Array(page.utf8), file: "report.html"))
    #expect(Page.active(all).isEmpty)
    let plain = try Self.contents(kind, "x").text(.html, .en)
    let links: (XMLElement) -> Bool = { $0.name != "a" && $0.name != "br" && $0.name != "code" }
    let wanted = Page.elements(try XMLDocument.parse(Array(plain.utf8), file: "plain.html")).filter(links).map(\.name)
    #expect(all.filter(links).map(\.name) == wanted)
    for link in all where link.name == "a" {
      let target = link["href"] ?? ""
      #expect(!target.contains("\"") && !target.contains("<") && !target.contains(" "))
    }
    #expect(!page.unicodeScalars.contains { $0 != "\n" && HarmlessText.isHarmful($0) })
  }

  @Test(
    "Markdown keeps its lines: no heading, row, list, code or link of the text's own",
    arguments: ReportContents.Kind.allCases, texts)
  func markdown(_ kind: ReportContents.Kind, _ text: String) throws {
    let page = try Self.contents(kind, text).text(.markdown, .en)
    let plain = try Self.contents(kind, "x").text(.markdown, .en)
    func shape(_ page: String) -> [String] {
      page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix("|") ? "row \(Markdown.cells(line))" : String(line.prefix { "#- ".contains($0) })
      }
    }
    #expect(shape(page) == shape(plain))
    for link in Markdown.links(page) { #expect(link.hasPrefix("https://") || link.hasPrefix("http://"), "\(link)") }
    // Targets of links stand in brackets; no other tag does.
    let rest = Markdown.withoutCode(page).replacing("](<", with: "](")
    #expect(!rest.contains("<"))
    #expect(!page.unicodeScalars.contains { $0 != "\n" && HarmlessText.isHarmful($0) })
  }

  @Test("JSON and SARIF read back to the very text, and hold nothing that harms where they are shown", arguments: texts)
  func json(_ text: String) throws {
    let contents = Self.contents(.site, text)
    let json = try contents.text(.json, .en)
    #expect(try RecordJSON.decode(ReportContents.self, from: json) == contents)
    for page in [json, try contents.text(.sarif, .zh)] {
      #expect(!page.unicodeScalars.contains { $0 != "\n" && HarmlessText.isHarmful($0) })
      var limits = DocumentLimits()
      limits.bytes = 64 << 20
      _ = try JSONDocument.parse(page, file: "report.json", limits: limits)
    }
  }

  @Test("a link is made of http and https alone, in characters that end no attribute")
  func links() {
    for text in ["javascript:alert(1)", " https://x", "//x", "data:,x", "", "ftp://x", "https:/x", "\u{1}https://x"] {
      #expect(SafeLink(text) == nil, "\(text)")
    }
    #expect(SafeLink("HTTPS://x/ü\"<>%zz%20[")?.text == "HTTPS://x/%C3%BC%22%3C%3E%25zz%20%5B")
    #expect(SafeLink("http://[2001:db8::1]:8080/a")?.text == "http://[2001:db8::1]:8080/a")
    #expect(SafeLink("https://x/" + String(repeating: "a", count: 3_000)) == nil)
    for reference in ["CWE-79\"", "CWE-", "CVE-2014-x", "RFC x", "RFC", "javascript:1", "CWE-79 javascript:1"] {
      #expect(ReferenceLink.of(reference) == nil, "\(reference)")
    }
    #expect(ReferenceLink.of("RFC 5280 section 6")?.text == "https://www.rfc-editor.org/rfc/rfc5280")
  }
}

/// As much of GitHub's Markdown as a test needs.
enum Markdown {
  /// Bars of a row that tell cells apart.
  static func cells(_ row: Substring) -> Int {
    var (count, isEscaped) = (0, false)
    for character in row {
      if character == "|", !isEscaped { count += 1 }
      isEscaped = character == "\\" && !isEscaped
    }
    return count
  }

  /// Targets of links outside of code; a bracket behind a backslash begins none.
  static func links(_ page: String) -> [String] {
    withoutCode(page).replacing("\\]", with: "").matches(of: /\]\(<?([^)>]*)/).map { String($0.1) }
  }

  static func withoutCode(_ page: String) -> String {
    var result = ""
    var rest = page[...]
    while let start = rest.firstIndex(of: "`") {
      result += rest[..<start]
      if result.hasSuffix("\\") {
        rest = rest[rest.index(after: start)...]
        continue
      }
      let fence = rest[start...].prefix { $0 == "`" }
      let inside = rest[fence.endIndex...]
      guard let end = closing(fence.count, in: inside) else { return result + inside }
      rest = rest[end...]
    }
    return result + rest
  }

  /// Behind the next run of exactly so many backticks.
  private static func closing(_ count: Int, in text: Substring) -> String.Index? {
    var place = text.startIndex
    while let start = text[place...].firstIndex(of: "`") {
      let run = text[start...].prefix { $0 == "`" }
      if run.count == count { return run.endIndex }
      place = run.endIndex
    }
    return nil
  }
}
