import Testing
import Wire

@Suite struct HTTPLineTests {
  private func request(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    let line = unsafe HTTPRequestLine(bytes.span.bytes)
    return [line.method, line.target, line.version].map { String(decoding: bytes[$0], as: UTF8.self) }
  }
  @Test(
    "a request line comes apart",
    arguments: [
      ("GET / HTTP/1.1", ["GET", "/", "HTTP/1.1"]), ("GET /a b HTTP/1.0\r\n", ["GET", "/a b", "HTTP/1.0"]),
      ("GET /x", ["GET", "/x", ""]), ("  GET\t/ HTTP/1.1", ["GET", "/", "HTTP/1.1"]), ("", ["", "", ""]),
    ])
  func requestLine(text: String, parts: [String]) { #expect(request(text) == parts) }

  @Test(
    "a status is three digits",
    arguments: [
      ("HTTP/1.1 200 OK", 200 as UInt16?), ("HTTP/1.1 99999", nil), ("HTTP/1.0 2x0 a", nil), ("HTTP/1.1", nil),
    ])
  func status(text: String, number: UInt16?) {
    let bytes = Array(text.utf8)
    let line = unsafe HTTPStatusLine(bytes.span.bytes)
    #expect(line.number == number)
  }
}
