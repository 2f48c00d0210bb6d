import Testing

@testable import Records

@Suite("Records as lines of JSON")
struct RecordJSONTests {
  @Test("a line holds nothing that a terminal obeys, and is the same record")
  func harmless() throws {
    let text = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}gpj\u{200b}\u{2028}\u{ad}\u{e0041} 中文 é 😀 \"\\"
    let line = try RecordJSON.line([text])
    #expect(
      line == #"["a\u001b[2J\u009b31m\u007f\u202egpj\u200b\u2028\u00ad\udb40\udc41 中文 é 😀 \"\\"]"#, "\(line)")
    #expect(try RecordJSON.decode([String].self, from: line) == [text])
  }

  @Test("a text that was kept before it had two languages is read as the same in both")
  func bilingual() throws {
    #expect(try RecordJSON.decode(BilingualText.self, from: #""is late""#) == BilingualText("is late"))
    let both = BilingualText(en: "late", zh: "迟报")
    #expect(try RecordJSON.decode(BilingualText.self, from: RecordJSON.text(both)) == both)
    #expect(throws: (any Error).self) { try RecordJSON.decode(BilingualText.self, from: #"{"en":"late"}"#) }
  }
}
