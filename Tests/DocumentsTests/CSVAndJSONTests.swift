import Documents
import Testing

@Suite struct CSVAndJSONTests {
  @Test("a table keeps the place of each field") func table() throws {
    let text = "URL,Organisation\r\n\"https://a.cn\",\"City, \"\"A\"\"\"\r\n# note\r\n\r\nhttps://b.cn,x"
    let table = try CSVTable.parse(text, file: "s.csv")
    #expect(table.errors.isEmpty)
    #expect(table.columns.map(\.text) == ["url", "organisation"])
    #expect(table.rows.map { $0["url"]?.text } == ["https://a.cn", "https://b.cn"])
    #expect(table.rows[0]["organisation"]?.text == "City, \"A\"")
    #expect(table.rows[1]["organisation"]?.position == SourcePosition(file: "s.csv", line: 5, column: 14))
    #expect(table.rows[1]["tags"] == nil)
  }

  @Test("a bad row is told and the rest is read") func badRows() throws {
    let table = try CSVTable.parse("url,org\na,b,c\nd,e\n\"f,g\n", file: "s.csv")
    #expect(table.rows.count == 2)
    #expect(
      table.errors.map(\.description) == [
        "s.csv:2:5: the row has 3 fields, the header 2 (put a field that holds a separator in quotes)",
        "s.csv:4:1: the quote that opens here is never closed (add a \")",
      ])
  }

  @Test("semicolons and tabs separate where the header uses them", arguments: [";", "\t"]) func separators(by: String)
    throws
  {
    let table = try CSVTable.parse("url\(by)org\nx\(by)y,z\n", file: "s")
    #expect(table.rows[0]["org"]?.text == "y,z")
  }

  @Test("an empty table and a doubled column are refused") func refused() {
    #expect(throws: DocumentError.self) { try CSVTable.parse("\n\n# x\n", file: "s") }
    #expect(throws: DocumentError.self) { try CSVTable.parse("a,A\n1,2\n", file: "s") }
  }

  @Test("JSON keeps places and decodes escapes") func json() throws {
    let root = try JSONDocument.parse("{\"a\": [1, -2.5e3],\n \"b\": \"\\u00e9\\ud83d\\ude00\\n\"}", file: "j")
    #expect(try root.required("a").list()[1].double() == -2500)
    #expect(try root.required("b").string() == "é😀\n")
    #expect(root["b"]?.position == SourcePosition(file: "j", line: 2, column: 7))
  }

  @Test(
    "broken JSON is refused with a place",
    arguments: [
      "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{a:1}", "01", "+1", "1.", "nul", "\"a", "\"\\x\"",
      "\"\\ud800\"", "[1] 2", "\"a\nb\"", "{\"a\" 1}", "[1 2]",
    ]) func brokenJSON(text: String)
  {
    let error = #expect(throws: DocumentError.self) { try JSONDocument.parse(text, file: "j") }
    #expect(error?.position.line ?? 0 >= 1)
  }

  @Test("every truncation of a document is an error or a value, never a trap") func truncations() throws {
    let json = "{\"a\": [1, true, null, {\"b\": \"\\u00e9\"}], \"c\": -1.5e+3}"
    for length in 0..<json.utf8.count {
      let part = String(decoding: Array(json.utf8.prefix(length)), as: UTF8.self)
      #expect(throws: DocumentError.self) { try JSONDocument.parse(part, file: "j") }
      _ = try? YAMLDocument.parse(part, file: "j")
      _ = try? CSVTable.parse(part, file: "j")
    }
  }
}
