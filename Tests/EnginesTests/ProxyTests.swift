import Records
import Testing
import Wire

@testable import Engines

/// A proxy's address as text, and what is said to it, without sockets.
@Suite struct ProxyTests {
  private static let target = IPAddress(v4: 0xc000_0207)

  private func proxy(_ text: String) throws -> Proxy { try Proxy(parsing: text) }

  @Test(
    "an address is read with its defaults",
    arguments: [
      ("http://proxy.test:3128", "http://proxy.test:3128"), ("HTTP://Proxy.Test", "http://proxy.test:8080"),
      ("socks5://10.0.0.1/", "socks5://10.0.0.1:1080"), ("socks5://[2001:db8::1]:9050", "socks5://[2001:db8::1]:9050"),
      ("socks5://user:pass@proxy.test", "socks5://proxy.test:1080"),
      ("http://a%40b:p%3Aq%25@h:1", "http://h:1"),
    ])
  func parsed(text: String, shown: String) throws { #expect(try proxy(text).description == shown) }

  @Test("user and password are decoded, and no text made of them holds them") func secret() throws {
    let proxy = try proxy("socks5://a%40b:p%3Aq@h")
    let credentials = try #require(proxy.credentials)
    #expect(credentials.user == "a@b" && credentials.password == "p:q")
    var dumped = ""
    dump(proxy, to: &dumped)
    for text in [
      "\(proxy)", "\(credentials)", String(reflecting: credentials), dumped, "\(Optional(credentials) as Any)",
    ] {
      #expect(!text.contains("p:q") && !text.contains("a@b"), "\(text)")
    }
  }

  @Test(
    "what is no proxy is refused in a sentence that repeats nothing of it",
    arguments: [
      ("proxy.test:3128", "a proxy begins with http:// or socks5://"),
      ("socks4://secret@h", "a proxy begins with http:// or socks5://"),
      ("https://secret@h", "a proxy begins with http:// or socks5://"),
      ("http://u:secret@h/path", "a proxy has no path"), ("http://u:secret@", "the proxy's host is missing"),
      ("http://u:secret@h:0", "the proxy's port is not one of 1 to 65535"),
      ("http://u:secret@h:70000", "the proxy's port is not one of 1 to 65535"),
      ("socks5://2001:db8::1", "an IPv6 address of a proxy stands in brackets"),
      ("socks5://[secret]:1", "the proxy's address in brackets is no IPv6 address"),
      ("socks5://:secret@h", "the proxy's user name has 1 to 255 bytes, its password at most 255"),
      ("socks5://u:secret%4@h", "the proxy's user name or password has a % that is no code"),
      ("http://u%3Asecret:x@h", "the user name of an HTTP proxy has no colon"),
      ("http://u:se cret@h", "a proxy's address is at most 2048 ASCII characters without spaces"),
    ])
  func refused(text: String, sentence: String) {
    let error = #expect(throws: Proxy.Malformed.self) { try proxy(text) }
    #expect(error?.description == sentence)
  }

  // MARK: the handshake

  struct Talk: CustomTestStringConvertible, Sendable {
    var name: String
    var proxy: String
    var answer: [UInt8]
    var end: ProxyHandshake.End
    var testDescription: String { name }

    var early: [UInt8]? { if case .open(let early) = end { early } else { nil } }

    static func socks(
      _ name: String, through proxy: String = "socks5://h", _ answer: [UInt8], _ end: ProxyHandshake.End
    ) -> Talk {
      Talk(name: name, proxy: proxy, answer: answer, end: end)
    }
    static func connect(
      _ name: String, through proxy: String = "http://h", _ answer: String, _ end: ProxyHandshake.End
    ) -> Talk {
      Talk(name: name, proxy: proxy, answer: Array(answer.utf8), end: end)
    }
  }

  static let named = "socks5://u:p@h"
  static let talks: [Talk] = [
    .connect("CONNECT", "HTTP/1.1 200 OK\r\n\r\n", .open(early: [])),
    .connect("CONNECT, bare line feeds, no words", "HTTP/1.0 200\n\n", .open(early: [])),
    .connect("a length that 2xx may have", "HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n", .open(early: [])),
    .connect("the server speaks first", "HTTP/1.1 200 OK\r\n\r\n220 mail", .open(early: Array("220 mail".utf8))),
    .connect("an interim answer", "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\n\r\n", .open(early: [])),
    .connect("407", "HTTP/1.1 407 x\r\n\r\n", .failed("the proxy wants a user name and a password")),
    .connect(
      "407 again", through: "http://u:p@h", "HTTP/1.1 407 x\r\n\r\n",
      .failed("the proxy refused the user name or password")),
    .connect("403", "HTTP/1.1 403 no\r\n\r\n<html>", .failed("the proxy answered 403")),
    .connect("502", "HTTP/1.1 502 no\r\n\r\n", .failed("the proxy answered 502")),
    .connect("SSH", "SSH-2.0-x\r\n", .failed("the proxy talks something that is not HTTP")),
    .connect("no status", "HTTP/1.1 abc\r\n\r\n", .failed("the proxy talks something that is not HTTP")),
    .connect(
      "a status of four digits", "HTTP/1.1 2000 x\r\n\r\n", .failed("the proxy talks something that is not HTTP")),
    .socks(
      "TLS to a plain proxy", through: "http://h", [21, 3, 1, 0, 2, 2, 70],
      .failed("the proxy talks something that is not HTTP")
    ),
    .socks("SOCKS5", [5, 0, 5, 0, 0, 1, 1, 2, 3, 4, 0, 80], .open(early: [])),
    .socks("a bound name", [5, 0, 5, 0, 0, 3, 2, 65, 66, 0, 80, 9, 8], .open(early: [9, 8])),
    .socks(
      "a bound IPv6 address", [5, 0, 5, 0, 0, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], .open(early: [])
    ),
    .socks("with a password", through: named, [5, 2, 1, 0, 5, 0, 0, 1, 1, 2, 3, 4, 0, 80], .open(early: [])),
    .socks("a password that was not needed", through: named, [5, 0, 5, 0, 0, 1, 1, 2, 3, 4, 0, 80], .open(early: [])),
    .socks("a wrong password", through: named, [5, 2, 1, 1], .failed("the proxy refused the user name or password")),
    .socks("a password wanted", [5, 0xff], .failed("the proxy wants a user name and a password")),
    .socks("neither way", through: named, [5, 0xff], .failed("the proxy takes neither a password nor nobody")),
    .socks("GSSAPI", [5, 1], .failed("the proxy chose a way to sign in that was not offered")),
    .socks("a password not offered", [5, 2], .failed("the proxy chose a way to sign in that was not offered")),
    .socks("SOCKS4", [0, 90], .failed("the proxy talks something that is not SOCKS5")),
    .socks(
      "HTTP to SOCKS5", Array("HTTP/1.1 400".utf8),
      .failed("the proxy talks something that is not SOCKS5")),
    .socks("general failure", [5, 0, 5, 1], .failed("the proxy answered: general failure")),
    .socks("forbidden", [5, 0, 5, 2], .failed("the proxy's rules do not allow this connection")),
    .socks("network unreachable", [5, 0, 5, 3], .targetUnreachable),
    .socks("host unreachable", [5, 0, 5, 4], .targetUnreachable),
    .socks("refused", [5, 0, 5, 5], .targetRefused),
    .socks("an odd code", [5, 0, 5, 99], .failed("the proxy answered with code 99")),
    .socks(
      "an odd kind of address", [5, 0, 5, 0, 0, 7, 1], .failed("the proxy answered with an address of no known kind")),
  ]

  @Test("each answer has its end, whole and byte by byte", arguments: talks)
  func ends(_ talk: Talk) throws {
    var whole = ProxyHandshake(try proxy(talk.proxy), to: Self.target, port: 443)
    #expect(whole.receive(talk.answer).end == talk.end)
    var dripped = ProxyHandshake(try proxy(talk.proxy), to: Self.target, port: 443)
    var end: ProxyHandshake.End?
    var fed = 0
    for byte in talk.answer where end == nil {
      end = dripped.receive([byte]).end
      fed += 1
    }
    // What comes behind the end is the tunnel's: byte by byte it has not been read.
    if let early = talk.early {
      #expect(end == .open(early: []) && Array(talk.answer[fed...]) == early)
    } else {
      #expect(end == talk.end)
    }
  }

  @Test("an answer that is cut off is no end", arguments: talks)
  func truncated(_ talk: Talk) throws {
    for length in 0..<talk.answer.count {
      var part = ProxyHandshake(try proxy(talk.proxy), to: Self.target, port: 443)
      switch part.receive(Array(talk.answer.prefix(length))).end {
      case .none: continue
      case .some(.open): #expect(talk.early != nil)
      case .some(let end): #expect(end == talk.end, "\(length) bytes")
      }
    }
  }

  @Test("what is asked is an address, with the port and the credentials, in either language") func asked() throws {
    var connect = ProxyHandshake(try proxy("http://user:p@h"), to: Self.target, port: 443)
    #expect(
      String(decoding: connect.greeting, as: UTF8.self)
        == "CONNECT 192.0.2.7:443 HTTP/1.1\r\nHost: 192.0.2.7:443\r\nProxy-Authorization: Basic dXNlcjpw\r\n\r\n")
    #expect(connect.receive(Array("HTTP/1.1 200 x\r\n\r\n".utf8)).send == [])
    let six = try #require(IPAddress("2001:db8::7"))
    let wide = ProxyHandshake(try proxy("http://h"), to: six, port: 8443)
    #expect(String(decoding: wide.greeting, as: UTF8.self).hasPrefix("CONNECT [2001:db8::7]:8443 HTTP/1.1\r\n"))
    var socks = ProxyHandshake(try proxy("socks5://u:pw@h"), to: Self.target, port: 443)
    #expect(socks.greeting == [5, 2, 0, 2])
    #expect(socks.receive([5, 2]).send == [1, 1, 0x75, 2, 0x70, 0x77])
    #expect(socks.receive([1, 0]).send == [5, 1, 0, 1, 192, 0, 2, 7, 1, 0xbb])
    var wideSocks = ProxyHandshake(try proxy("socks5://h"), to: six, port: 443)
    #expect(wideSocks.receive([5, 0]).send == [5, 1, 0, 4] + six.bytes + [1, 0xbb])
  }

  @Test("a head without end and interim answers without end are cut at the limit") func bounded() throws {
    var endless = ProxyHandshake(try proxy("http://h"), to: Self.target, port: 443)
    var end = endless.receive(Array("HTTP/1.1 200 OK\r\n".utf8)).end
    var fed = 0
    while end == nil, fed < 1 << 20 {
      end = endless.receive(Array("X: \(String(repeating: "x", count: 1000))\r\n".utf8)).end
      fed += 1005
    }
    #expect(end == .failed("the proxy's answer has more than 16 KiB of head, the limit"))
    #expect(fed < ProxyHandshake.headLimit + 2048)
    var interim = ProxyHandshake(try proxy("http://h"), to: Self.target, port: 443)
    end = nil
    for _ in 0..<2000 where end == nil { end = interim.receive(Array("HTTP/1.1 100 x\r\n\r\n".utf8)).end }
    #expect(end == .failed("the proxy never comes to an answer"))
  }
}
