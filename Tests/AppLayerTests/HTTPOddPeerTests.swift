import Testing
import Wire

@testable import AppLayer

/// Responses that browsers accept although they break the rules: what a browser would show is what must be inspected.
@Suite struct HTTPOddPeerTests {
  static func body(_ head: String, _ body: [UInt8]) -> String? {
    let session = AppSession.tcp()
    session.feed([
      .client("GET /f HTTP/1.1\r\nHost: a\r\n\r\n"), .server(Array("HTTP/1.1 200 OK\r\n\(head)\r\n".utf8) + body),
    ])
    session.endBoth()
    return session.http.first?.text(.fileData, .toClient)
  }
  static let chunks = Array("2\r\nok\r\n0\r\n\r\n".utf8)

  @Test(
    "chunked is found where browsers find it",
    arguments: [
      ("Transfer-Encoding: xchunked\r\n", "ok"), ("Transfer-Encoding\r\n :chunked\r\n", "ok"),
      ("Transfer-Encoding\r\n :\r\n chunked\r\n", "ok"), ("transfer-encoding:CHUNKED\r\n", "ok"),
      ("Transfer-Encoding:: chunked\r\nContent-Length: 12\r\n", "2\r\nok\r\n0\r\n\r\n"),
    ])
  func chunked(head: String, shown: String) { #expect(Self.body(head, Self.chunks) == shown) }

  @Test("a gzip header with a wrong checksum of its own is still gzip")
  func headerChecksum() {
    var bytes = HTTPTests.gzipped
    bytes[3] = 2
    bytes.insert(contentsOf: [0, 0], at: 10)
    #expect(Self.body("Content-Encoding: gzip\r\n", bytes)?.hasPrefix("hello gzip") == true)
  }

  @Test("deflate may come without its wrapper, and what is not coded is shown as it is")
  func wrappers() {
    let wrapped = HTTPTests.deflated(Array("hello".utf8))
    #expect(Self.body("Content-Encoding: deflate\r\n", wrapped) == "hello")
    #expect(Self.body("Content-Encoding: deflate\r\n", Array(wrapped.dropFirst(2).dropLast(4))) == "hello")
    #expect(Self.body("Content-Encoding: gzip\r\n", Array("plain text".utf8)) == "plain text")
  }

  @Test("lines of white space behind a request of HTTP/0.9 are no request")
  func blankLines() {
    let session = AppSession.tcp()
    session.feed([.client("GET /\n \n \n\n")])
    session.endBoth()
    #expect(session.http.count == 1)
  }

  @Test("a body missing as a whole is a truncated file of its size")
  func missing() {
    let session = AppSession.tcp()
    session.feed([
      .client("GET /f HTTP/1.1\r\nHost: a\r\n\r\n"), .server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
    ])
    session.gap(9, .toClient, at: Timestamp(nanoseconds: 0))
    let file = session.http.first?.files.first
    #expect(file?.size == 9)
    #expect(file?.stateName == "TRUNCATED")
    #expect(session.http.first?.isComplete == true)
  }
}
