import Foundation
import Records
import Testing
import Wire

@testable import Reports

@Suite struct NoticeTemplateTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Rules/notices")

  private static func shipped(_ file: String) throws -> String {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  private static func notice(_ kind: NoticeKind = .notice) -> Notice {
    var notice = Notice(
      id: 3, kind: kind, colour: kind == .warning ? .orange : nil, severity: .high, organisation: "tax",
      sites: ["tax", "duty"], findings: [1], title: BilingualText(en: "planted", zh: "planted"),
      advice: "planted advice", author: "li", created: Timestamp(seconds: 1_772_409_600))
    notice.number = "Test-2026-0001"
    notice.answerDue = Timestamp(seconds: 1_772_809_600)
    notice.state = .sent
    return notice
  }

  @Test("every topic in both languages says number, site, severity and link, and nothing of the weakness")
  func messages() throws {
    let templates = try NoticeTemplates(Self.shipped)
    var texts: Set<String> = []
    for topic in NoticeMessage.Topic.allCases {
      for language in TextLanguage.allCases {
        for kind in [NoticeKind.notice, .warning] {
          let message = NoticeMessage(
            topic, Self.notice(kind), city: "Test", organisation: BilingualText(en: "Tax Bureau", zh: "税务局"),
            link: "https://notices.example/n/1", utcOffset: 28_800)
          let (subject, text) = templates.message(message, language)
          #expect(!subject.contains("\n") && subject.contains("Test-2026-0001"))
          #expect(!subject.contains("planted") && !text.contains("planted"))
          #expect(text.contains("tax, duty") && text.contains("https://notices.example/n/1"))
          #expect(text.contains(language == .en ? "high" : "高"))
          #expect(text.contains(language == .en ? "Tax Bureau" : "税务局"))
          texts.insert(subject + text)
        }
      }
    }
    // Each topic says something of its own.
    #expect(texts.count == NoticeMessage.Topic.allCases.count * 4)
  }

  @Test("a hostile text stays text on the page, and one line in a message")
  func hostile() throws {
    let templates = try NoticeTemplates(Self.shipped)
    var notice = Self.notice()
    notice.sites = ["tax\r\nBcc: all@example.org\u{202e}"]
    notice.advice = "<script>alert(1)</script>"
    let message = NoticeMessage(
      .issued, notice, city: "Te\nst", organisation: BilingualText("{{city}}"), link: nil, utcOffset: 0)
    let (subject, text) = templates.message(message, .en)
    #expect(!subject.contains("\n") && !text.contains("\nBcc") && !text.contains("\u{202e}"))
    #expect(text.contains("{{city}}"))
    let weakness = NoticeContents.Weakness(
      row: 1, title: BilingualText("<img src=x onerror=alert(1)>"), check: "a", place: "t\"><b>", severity: .high,
      evidence: "</pre><script>", remedy: nil, firstSeen: notice.created, due: nil)
    let document = templates.document(
      NoticeContents(
        notice: notice, city: "Test", organisation: BilingualText("t"), weaknesses: [weakness], attacks: [],
        utcOffset: 0), .en)
    #expect(!document.html.contains("<script") && !document.html.contains("<img") && !document.html.contains("<b>"))
    #expect(!document.markdown.contains("<script") && !document.markdown.contains("<img"))
  }

  @Test(
    "a template that cannot be used is told with file, line and column",
    arguments: [
      ("a\n {{weaknesses}}", 2, 2, "there is no weaknesses here; there are "),
      ("{{number", 1, 1, "a tag does not end"),
      ("x {{{number}}}", 1, 3, "a value is not put in without its escape: write {{name}}"),
      ("{{&number}}", 1, 1, "a value is not put in without its escape: write {{name}}"),
      ("{{> page.en}}", 1, 1, "a tag may not begin with > here"),
      ("{{% CONTENT_TYPE:TEXT}}", 1, 1, "a tag may not begin with % here"),
    ])
  func faults(_ text: String, _ line: Int, _ column: Int, _ sentence: String) {
    #expect {
      try NoticeTemplates { $0 == "message.zh.mustache" ? text : try Self.shipped($0) }
    } throws: {
      guard let fault = $0 as? NoticeTemplates.Fault else { return false }
      return fault.file == "message.zh.mustache" && fault.line == line && fault.column == column
        && fault.sentence.hasPrefix(sentence)
    }
  }

  @Test("a section that does not end is told with its file")
  func sections() {
    #expect {
      try NoticeTemplates { $0 == "page.en.mustache" ? "a\n{{#weaknesses}}\nb" : try Self.shipped($0) }
    } throws: { ($0 as? NoticeTemplates.Fault)?.file == "page.en.mustache" }
  }
}
