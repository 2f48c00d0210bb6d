import Documents
import Testing

@Suite struct XMLDocumentTests {
  private func parse(_ text: String, _ limits: DocumentLimits = .init()) throws(DocumentError) -> XMLElement {
    try XMLDocument.parse(Array(text.utf8), file: "x.xml", limits: limits)
  }
  private func refusal(_ text: String, _ limits: DocumentLimits = .init()) -> String {
    do throws(DocumentError) {
      _ = try parse(text, limits)
      return "taken"
    } catch { return error.description }
  }

  @Test("elements keep their attributes, order and text, CDATA and references resolved") func tree() throws {
    let root = try parse(
      "<?xml version='1.0'?><!DOCTYPE a><a x='1' y='&lt;'>t<b/>u<![CDATA[<v>]]><b z='2'>&#x4e2d;</b></a>")
    #expect(root.name == "a" && root["x"] == "1" && root["y"] == "<" && root["z"] == nil)
    #expect(root.text == "tu<v>" && root.all("b").count == 2 && root.all("b")[1].text == "中")
    #expect(root.first("c") == nil)
  }

  @Test("what is broken is told with its place") func broken() {
    #expect(refusal("<a>\n<b></a>") == "x.xml:2:6: mismatched tag")
    #expect(refusal("") == "x.xml:1:1: no element found")
    #expect(refusal("<a/><b/>").hasPrefix("x.xml:1:5: junk"))
    #expect(refusal("<a x='1' x='2'/>").contains("duplicate attribute"))
  }

  @Test("any beginning is refused") func truncation() {
    let text = "<?xml version='1.0'?><a x='1'><b>t</b><!-- c --></a>"
    for length in 0..<text.utf8.count { #expect(refusal(String(text.prefix(length))) != "taken", "\(length)") }
  }

  @Test("entities, depth, size and number are limited") func limits() {
    let laughs = "<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>"
    #expect(
      refusal(laughs) == "x.xml:1:28: the document declares an entity, which is not read"
        || refusal(laughs).hasSuffix("declares an entity, which is not read"))
    #expect(refusal("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>").hasSuffix("which is not read"))
    var limits = DocumentLimits()
    (limits.depth, limits.values, limits.bytes) = (3, 5, 60)
    #expect(refusal("<a><a><a/></a></a>", limits) == "taken")
    #expect(refusal("<a><a><a><a/></a></a></a>", limits).hasSuffix("nested deeper than 3, the limit"))
    #expect(refusal("<a><b/><b/><b/><b/><b/></a>", limits).hasSuffix("more than 5 values, the limit"))
    #expect(refusal("<a>\(String(repeating: " ", count: 90))</a>", limits).contains("more than 0 MiB"))
  }
}
