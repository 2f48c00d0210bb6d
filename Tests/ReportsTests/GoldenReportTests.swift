import Documents
import Foundation
import Records
import Testing

@testable import Reports

/// Every form of the October report beside its file; `VIGIL_RECORD_GOLDEN=1` writes them anew.
@Suite struct GoldenReportTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  struct Case: CustomTestStringConvertible {
    let kind: ReportContents.Kind
    let form: ReportForm
    let language: TextLanguage
    var testDescription: String { "\(kind.rawValue) \(form.rawValue) \(language.rawValue)" }
    /// JSON holds both languages.
    var name: String { "\(kind.rawValue).\(form == .json ? "" : language.rawValue + ".")\(form.fileExtension)" }
    static let all = ReportContents.Kind.allCases.flatMap { kind in
      ReportForm.allCases.flatMap { form in
        TextLanguage.allCases.map { Case(kind: kind, form: form, language: $0) }
      }
    }
  }

  @Test("a report is what its file says", arguments: Case.all)
  func golden(_ one: Case) throws {
    let text = try OctoberCity.contents(one.kind).text(one.form, one.language)
    let file = Self.folder.appending(path: one.name)
    let isRecording = ProcessInfo.processInfo.environment["VIGIL_RECORD_GOLDEN"] != nil
    guard !isRecording, let wanted = try? String(contentsOf: file, encoding: .utf8) else {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      if !isRecording { Issue.record("wrote \(one.name): look at it, and run again") }
      return
    }
    // The first line that differs, not two whole pages.
    let (lines, old) = (text.split(separator: "\n"), wanted.split(separator: "\n"))
    let place = zip(lines, old).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let isSame = text == wanted
    let first = place.map { "line \($0 + 1): \(lines[$0].prefix(200))\nwas: \(old[$0].prefix(200))" }
    #expect(isSame, "\(one.name) differs, \(first ?? "in its length")")
  }

  @Test(
    "the HTML is one well-formed file: no script, no resource from outside, its language and its policy said",
    arguments: ReportContents.Kind.allCases, TextLanguage.allCases)
  func page(_ kind: ReportContents.Kind, _ language: TextLanguage) throws {
    let text = try OctoberCity.contents(kind).text(.html, language)
    let root = try XMLDocument.parse(Array(text.utf8), file: "report.html")
    #expect(root.name == "html" && root["lang"] == (language == .zh ? "zh-CN" : "en"))
    let all = Page.elements(root)
    #expect(Page.active(all).isEmpty)
    let policy = all.first(where: { $0["http-equiv"] == "Content-Security-Policy" })?["content"] ?? ""
    let style = try #require(all.first { $0.name == "style" }?.text)
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.contains("'sha256-\(Base64Text.of(SHA256.digest(Array(style.utf8))))'"))
    #expect(!style.contains("url(") && !style.contains("@import"))
    // Headings go down by one, drawings are named, tables have a caption and heads.
    #expect(all.count { $0.name == "h1" } == 1)
    for drawing in all where drawing.name == "svg" {
      #expect(drawing.first("title")?.text.isEmpty == false && drawing.first("desc")?.text.isEmpty == false)
    }
    for table in all where table.name == "table" {
      #expect(table.first("caption")?.text.isEmpty == false)
      let heads = table.first("thead")?.first("tr")?.all("th").count ?? 0
      for row in table.first("tbody")?.all("tr") ?? [] { #expect(row.all("td").count == heads && heads > 0) }
    }
    let ids = all.compactMap { $0["id"] }
    #expect(Set(ids).count == ids.count, "an id stands twice")
  }

  @Test("no word of English ours stands in a Chinese report", arguments: ReportContents.Kind.allCases)
  func chinese(_ kind: ReportContents.Kind) throws {
    let (english, chinese) = (
      ReportPage(OctoberCity.contents(kind), .en), ReportPage(OctoberCity.contents(kind), .zh)
    )
    #expect(english.sections.map(\.id) == chinese.sections.map(\.id))
    for (a, b) in zip(english.sections, chinese.sections) { #expect(a.title != b.title, "\(a.id)") }
    for (a, b) in zip(english.facts, chinese.facts) { #expect(a.label != b.label) }
    for (a, b) in zip(english.footer, chinese.footer) { #expect(a != b) }
    for (a, b) in zip(Page.heads(english), Page.heads(chinese)) { #expect(a != b) }
  }
}

/// A page as a reader sees it.
enum Page {
  static func elements(_ root: XMLElement) -> [XMLElement] { [root] + root.children.flatMap { elements($0) } }

  /// What could run, load or send: elements and attributes that a report has none of, and links that are no pages.
  static func active(_ all: [XMLElement]) -> [String] {
    let names: Set<String> = [
      "script", "iframe", "object", "embed", "img", "link", "base", "form", "input", "button", "audio", "video",
      "source", "foreignObject", "use", "image", "animate", "set",
    ]
    return all.flatMap { element in
      (names.contains(element.name) ? [element.name] : [])
        + element.attributes.filter { name, value in
          if name == "href" { return !["#", "https://", "http://"].contains { value.hasPrefix($0) } }
          return name.lowercased().hasPrefix("on") || name == "src" || name == "style" || name.contains("xlink")
        }.map { "\(element.name) \($0.key)=\($0.value)" }
    }
  }

  static func heads(_ page: ReportPage) -> [String] {
    func heads(_ block: ReportPage.Block) -> [String] {
      switch block {
      case .table(let table): [table.caption] + table.head.map(\.text)
      case .card(_, let blocks): blocks.flatMap(heads)
      case .facts(let facts): facts.map(\.name)
      case .chart(let chart): [chart.title, chart.description]
      case .paragraph, .list: []
      }
    }
    return page.sections.flatMap { $0.blocks.flatMap(heads) }
  }
}
