import Testing
import Wire

@testable import Records

@Suite("JSON writer")
struct JSONWriterTests {
  func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    body(&writer)
    writer.endObject()
    return writer.text
  }

  @Test("commas stand between members and elements and nowhere else")
  func commas() {
    let text = written {
      $0.field("a", 1)
      $0.beginObject("b")
      $0.endObject()
      $0.beginArray("c")
      $0.element(1)
      $0.element("x")
      $0.endArray()
      $0.field("d", true)
    }
    #expect(text == #"{"a":1,"b":{},"c":[1,"x"],"d":true}"#)
  }

  @Test("every byte that JSON refuses is escaped, and text that is UTF-8 stays as it is")
  func escapes() {
    let text = written { $0.field("s", Array("q\" b\\ n\n t\t \u{1}\u{7f} 武汉".utf8)) }
    #expect(text == #"{"s":"q\" b\\ n\n t\t \u0001\u007f 武汉"}"#)
  }

  @Test(
    "bytes that are not UTF-8 become \\xHH, and ASCII beside them survives",
    arguments: [
      ([0x61, 0xff, 0x62], #"a\\xffb"#), ([0xc0, 0x80], #"\\xc0\\x80"#), ([0xed, 0xa0, 0x80], #"\\xed\\xa0\\x80"#),
      ([0xf4, 0x90, 0x80, 0x80], #"\\xf4\\x90\\x80\\x80"#), ([0xe6, 0xad], #"\\xe6\\xad"#),
    ] as [([UInt8], String)])
  func invalidText(bytes: [UInt8], expected: String) {
    #expect(written { $0.field("s", bytes) } == "{\"s\":\"\(expected)\"}")
  }

  @Test(
    "integers keep every digit up to the ends of their types",
    arguments: [0, 9, 10, 99, 100, -1, Int64.max, Int64.min, 1_000_000_000_000_000_000])
  func integers(value: Int64) {
    #expect(written { $0.field("n", value) } == "{\"n\":\(value)}")
  }

  @Test("the largest unsigned integer has twenty digits")
  func largest() { #expect(written { $0.field("n", UInt64.max) } == "{\"n\":18446744073709551615}") }

  @Test(
    "times are civil dates in UTC, before 1970 and on leap days too",
    arguments: [
      (0, 0, "1970-01-01T00:00:00.000000+0000"), (1_468_449_727, 199_672_999, "2016-07-13T22:42:07.199672+0000"),
      (951_782_400, 0, "2000-02-29T00:00:00.000000+0000"), (-1, 5_000, "1969-12-31T23:59:59.000005+0000"),
      (4_102_444_799, 999_999_999, "2099-12-31T23:59:59.999999+0000"),
    ] as [(Int64, Int64, String)])
  func times(seconds: Int64, nanoseconds: Int64, expected: String) {
    let time = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    #expect(written { $0.field("t", time) } == "{\"t\":\"\(expected)\"}")
  }

  @Test("addresses are written as EVE has them: IPv6 in full")
  func addresses() throws {
    let v6 = try #require(IPAddress("2001:db8::1"))
    let v4 = try #require(IPAddress("192.0.2.255"))
    #expect(
      written {
        $0.field("a", v6)
        $0.field("b", v4)
      } == #"{"a":"2001:0db8:0000:0000:0000:0000:0000:0001","b":"192.0.2.255"}"#)
  }

  @Test(
    "base64 pads as RFC 4648 section 10 shows",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")])
  func base64(plain: String, expected: String) {
    let bytes = Array(plain.utf8)
    let text = written { unsafe $0.field("p", base64: bytes.span.bytes) }
    #expect(text == "{\"p\":\"\(expected)\"}")
  }

  @Test("the buffer grows past its first size and keeps what was written")
  func growth() {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
    var writer = JSONWriter(capacity: 1)
    writer.beginObject()
    writer.field("s", long)
    writer.endObject()
    #expect(writer.count == 300_000 + 8)
  }

  @Test("Base64 pads as RFC 4648 section 10 shows")
  func base64() {
    let answers = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (text, expected) in answers { #expect(Base64Text.of(Array(text.utf8)) == expected) }
  }
}
