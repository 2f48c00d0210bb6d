import CCompression
import Testing
import Wire

@testable import AppLayer

@Suite struct HTTPTests {
  static let get = "GET /a/index.html?q=1 HTTP/1.1\r\nHost: Example.com:8080\r\nUser-Agent: x\r\nCookie: a=b\r\n\r\n"
  static let ok =
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=x\r\nContent-Length: 5\r\n\r\nhello"

  @Test("a request and its response fill their buffers")
  func plain() throws {
    let session = AppSession.tcp()
    session.feed([.client(Self.get), .server(Self.ok)])
    #expect(session.proto == .http)
    let transaction = try #require(session.http.first)
    #expect(transaction.isComplete)
    #expect(transaction.text(.httpMethod) == "GET")
    #expect(transaction.text(.httpURI) == "/a/index.html?q=1")
    #expect(transaction.text(.httpHost) == "example.com")
    #expect(transaction.text(.httpHostRaw) == "Example.com:8080")
    #expect(transaction.port == 8080)
    #expect(transaction.text(.httpHeader) == "Host: Example.com:8080\r\nUser-Agent: x\r\n")
    #expect(transaction.text(.httpHeaderNames) == "\r\nHost\r\nUser-Agent\r\nCookie\r\n\r\n")
    #expect(transaction.text(.httpCookie) == "a=b")
    #expect(transaction.text(.httpStatusCode, .toClient) == "200")
    #expect(transaction.text(.httpStatusMessage, .toClient) == "OK")
    #expect(transaction.text(.httpResponseLine, .toClient) == "HTTP/1.1 200 OK")
    #expect(transaction.text(.httpResponseBody, .toClient) == "hello")
    #expect(transaction.text(.fileData, .toClient) == "hello")
    #expect(transaction.responseLength == 5)
    #expect(transaction.files.map(\.stateName) == ["CLOSED"])
    #expect(transaction.files.first?.name == Array("/a/index.html".utf8))
    #expect(session.events.isEmpty)
  }

  @Test("however a conversation is cut, its transactions are the same", arguments: Self.conversations.keys.sorted())
  func cuts(name: String) throws {
    let steps = try #require(Self.conversations[name])
    var settings = AppLayerSettings()
    settings.computesSHA256 = true
    #expect(TransactionVerifier.differences(steps, settings) == [])
  }

  static let conversations: [String: [Step]] = [
    "plain": [.client(get), .server(ok)],
    "pipelined": [.client(get + get), .server(ok + ok)],
    "chunked": [
      .client(get),
      .server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n"),
      .client(get),
      .server(ok),
    ],
    "close": [.client(get), .server("HTTP/1.0 200 OK\r\n\r\nuntil the end")],
    "continue": [
      .client("POST /u HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"), .server("HTTP/1.1 100 Continue\r\n\r\n"),
      .client("body"), .server(ok),
    ],
    "multipart": [
      .client(
        "POST /u HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=AaB\r\nContent-Length: 143\r\n\r\n"
          + "--AaB\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n"
          + "--AaB\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\nabc\r\n--AaB--\r\n"),
      .server(ok),
    ],
    "folded": [.client("GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n two\r\nX: three\r\n\r\n"), .server(ok)],
    "head": [.client("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), .server("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")],
    "gzip": [
      .client(get),
      .server(
        Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(gzipped.count)\r\n\r\n".utf8) + gzipped),
    ],
  ]
  /// gzip of "hello gzip" repeated, made by `printf | gzip -n`.
  static let gzipped: [UInt8] = [
    0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0x48, 0xaf, 0xca, 0x2c, 0x00, 0x00,
    0x7c,
    0x35, 0x49, 0x77, 0x0a, 0x00, 0x00, 0x00,
  ]

  @Test("a part with a file name is a file with its content")
  func multipart() throws {
    let session = AppSession.tcp()
    session.feed(Self.conversations["multipart"] ?? [])
    let transaction = try #require(session.http.first)
    let file = try #require(transaction.files.first { $0.direction == .toServer })
    #expect(file.name == Array("a.txt".utf8))
    #expect(file.size == 3)
    #expect(file.stateName == "CLOSED")
    #expect(transaction.text(.fileData, .toServer) == "abc")
  }

  @Test("a coded body is decoded, and counted as it was sent")
  func gzip() throws {
    let session = AppSession.tcp()
    session.feed(Self.conversations["gzip"] ?? [])
    let transaction = try #require(session.http.first)
    #expect(transaction.text(.httpResponseBody, .toClient)?.hasPrefix("hello gzip") == true)
    #expect(transaction.responseLength == UInt64(Self.gzipped.count))
  }

  @Test(
    "the path is normalised, the raw one kept",
    arguments: [
      ("/a/../b/./c", "/b/c"), ("/%61%2fb", "/a/b"), ("/a//b\\c", "/a/b/c"), ("/a?x=%41", "/a?x=A"), ("/%zz", "/%zz"),
      ("http://h.example/p?q", "/p?q"), ("/%u0061", "/a"), ("/../../x", "/x"), ("*", "*"),
    ])
  func uri(raw: String, normal: String) throws {
    let session = AppSession.tcp()
    session.feed([.client("GET \(raw) HTTP/1.1\r\nHost: h.example\r\n\r\n")])
    let transaction = try #require(session.http.first)
    #expect(transaction.text(.httpURI) == normal)
    #expect(transaction.text(.httpURIRaw) == raw)
  }

  @Test(
    "odd requests are told by name",
    arguments: [
      ("GET / HTTP/1.1\r\n\r\n", "http.missing_host_header"),
      ("GET / HTTP/1.1\r\nHost: a\r\nx y\r\n\r\n", "http.request_field_missing_colon"),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "http.duplicate_content_length_field_in_request"
      ),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n\r\n",
        "http.request_chunk_extension"
      ),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "http.invalid_request_chunk_len"),
      ("GET /%2561 HTTP/1.1\r\nHost: a\r\n\r\n", "http.double_encoded_uri"),
      ("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Odd x\r\n\r\n", "http.request_auth_unrecognized"),
      ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "http.host_header_ambiguous"),
      ("GET /x\r\n\r\n", "http.request_line_missing_protocol"),
    ])
  func events(text: String, name: String) {
    let session = AppSession.tcp()
    session.feed([.client(text)])
    #expect(session.eventNames.contains(name), "\(session.eventNames)")
  }

  @Test("a response without a request is a transaction of its own")
  func orphan() throws {
    let session = AppSession.tcp()
    session.feed([.server(Self.ok)])
    #expect(session.eventNames == ["http.unable_to_match_response_to_request"])
    #expect(session.http.first?.text(.httpStatusCode, .toClient) == "200")
  }

  @Test("behind CONNECT the tunnel is probed anew")
  func connect() {
    let session = AppSession.tcp()
    session.feed([
      .client("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), .server("HTTP/1.1 200 OK\r\n\r\n"), .client(Self.get),
    ])
    #expect(session.originalProto == .http)
    #expect(session.http.map(\.eveID) == [0, 0])
    #expect(session.http.last?.text(.httpMethod) == "GET")
  }

  @Test("a body over the limit is kept up to it and counted to its end")
  func limit() throws {
    let session = AppSession.tcp()
    session.feed([.client(Self.get), .server("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")])
    session.feed([UInt8](repeating: 0, count: 200_000), .toClient)
    let transaction = try #require(session.http.first)
    #expect(unsafe transaction.body(.toClient)?.count == 100 * 1024)
    #expect(transaction.files.first?.stateName == "TRUNCATED")
    #expect(transaction.responseLength == 200_000)
  }

  @Test("a compression bomb stays bounded and is told, even without a body limit")
  func bomb() throws {
    // Zeros in zeros: deflate reaches 1:1032, so two layers unfold 60 MB from under 1 KiB.
    let bomb = Self.deflated(Self.deflated([UInt8](repeating: 0, count: 60 << 20)))
    #expect(bomb.count < 2048)
    var settings = AppLayerSettings()
    settings.http.responseBodyLimit = 0
    let session = AppSession.tcp(settings)
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: deflate, deflate\r\nContent-Length: \(bomb.count)\r\n\r\n"
    session.feed([.client(Self.get), .server(Array(head.utf8) + bomb)])
    let transaction = try #require(session.http.first)
    #expect(session.eventNames == ["http.compression_bomb"])
    #expect(transaction.responseDecodedLength < 8 << 20)
  }

  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var out = [UInt8](repeating: 0, count: Int(length))
    guard unsafe compress2(&out, &length, bytes, UInt(bytes.count), 9) == Z_OK else { return [] }
    return Array(out.prefix(Int(length)))
  }

  @Test("a body over its limit is one file, truncated; a gap is told")
  func gap() throws {
    let session = AppSession.tcp()
    session.feed([.client(Self.get), .server("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n0123456789")])
    session.gap(5, .toClient, at: Timestamp(nanoseconds: 0))
    session.feed([.server("abcde"), .client(Self.get), .server(Self.ok)])
    let first = try #require(session.http.first)
    #expect(first.files.first?.hasGap == true)
    #expect(first.isComplete)
    #expect(session.http.count == 2)
    #expect(session.http.last?.isComplete == true)
  }

  @Test("random bytes never trap", arguments: UInt64(1)...40)
  func random(seed: UInt64) {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    for (_, steps) in Self.conversations {
      let session = AppSession.tcp()
      for step in steps {
        var bytes = step.bytes
        for _ in 0..<3 where !bytes.isEmpty {
          bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next())
        }
        let cut = Int(next() % UInt64(bytes.count + 1))
        session.feed(bytes.prefix(cut), step.direction)
        if next() % 4 == 0 { session.gap(Int(next() % 100), step.direction, at: Timestamp(nanoseconds: 0)) }
        session.feed(bytes.dropFirst(cut), step.direction)
      }
      session.endBoth()
      for transaction in session.transactions { #expect(!transaction.summary.isEmpty) }
    }
  }
}
