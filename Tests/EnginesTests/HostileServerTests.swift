import Glibc
import Records
import Testing
import Wire

@testable import Engines

private func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

/// Servers that do not do as they should: none may look safe, none may hold a job beyond its deadline.
@Suite struct HostileServerTests {
  struct Hostile: CustomTestStringConvertible, Sendable {
    var name: String
    var reason: String
    var serve: @Sendable (Peer) -> Void
    var testDescription: String { name }
  }

  static let cases = [
    Hostile(name: "plain HTTP", reason: "the server talks plain HTTP on this port") { peer in
      _ = peer.receive()
      peer.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    },
    Hostile(name: "garbage", reason: "the server talks something that is not TLS on this port") { peer in
      _ = peer.receive()
      peer.send([UInt8](repeating: 0x41, count: 65_536))
    },
    Hostile(name: "silence after accept", reason: "timed out") { $0.waitForEnd() },
    Hostile(name: "FIN at accept", reason: "the server closed the connection") { _ in },
    Hostile(name: "reset after the hello", reason: "the server reset the connection") { peer in
      _ = peer.receive()
      peer.reset()
    },
    Hostile(name: "a byte a second", reason: "timed out") { peer in
      for _ in 0..<4 {
        peer.send([0x16])
        peer.waitForEnd(milliseconds: 1000)
      }
    },
    Hostile(name: "half a hello", reason: "the server closed the connection") { peer in
      _ = peer.receive()
      peer.send([22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3])
    },
  ]

  @Test("a server that does not speak TLS is never called safe", arguments: cases) func tls(hostile: Hostile) throws {
    let server = try LoopbackServer(hostile.serve)
    defer { server.stop() }
    let begin = MonotonicClock.nanoseconds()
    let asked = ask(TLSEngine(), port: server.port, deadline: 9000, settings: try settings())
    #expect(asked.denied == [])
    #expect(asked.result.status == .failed)
    #expect(asked.result.reason == hostile.reason)
    #expect(asked.result.answers.count == TLSEngine().checks.count)
    #expect(MonotonicClock.nanoseconds() - begin < 10_500_000_000)
  }

  @Test(
    "a server that does not speak HTTP is never called safe", arguments: cases.dropFirst())
  func http(hostile: Hostile) throws {
    let server = try LoopbackServer(hostile.serve)
    defer { server.stop() }
    let asked = ask(HTTPEngine(), port: server.port, scheme: "http", deadline: 6000, settings: try settings())
    #expect(asked.denied == [])
    #expect(asked.result.status == .failed)
  }

  @Test("a port that is closed says so") func closed() throws {
    let server = try LoopbackServer { _ in }
    let port = server.port
    server.stop()
    usleep(200_000)
    let asked = ask(TLSEngine(), port: port, deadline: 4000, settings: try settings())
    #expect(asked.result.reason == "connection refused")
    #expect(asked.denied == [])
    let http = ask(HTTPEngine(), port: port, scheme: "http", deadline: 4000, settings: try settings())
    #expect(http.answer("http.unavailable") == .yes)
    #expect(http.denied == [])
  }

  /// A server of raw bytes: picks the first of `suites` that was offered, in `version`, with `compression`.
  static func mock(version: UInt16, suites: [UInt16], compression: UInt8 = 0, secure: Bool = true, resetEvery: Int = 0)
    throws -> LoopbackServer
  {
    try LoopbackServer { peer in
      if resetEvery > 0, peer.number % resetEvery == 0 {
        peer.reset()
        return
      }
      let hello = peer.receive()
      guard hello.count > 46, hello[0] == 22 else { return }
      let offered = UInt16(hello[9]) << 8 | UInt16(hello[10])
      let at = 44 + Int(hello[43])
      let count = Int(hello[at]) << 8 | Int(hello[at + 1])
      let codes = stride(from: at + 2, to: at + 2 + count, by: 2).map { UInt16(hello[$0]) << 8 | UInt16(hello[$0 + 1]) }
      guard offered == version, let pick = suites.first(where: codes.contains), !hello.contains13 else {
        peer.send([21, 3, 1, 0, 2, 2, offered == version ? 40 : 70])
        return
      }
      let extensions: [UInt8] = secure ? [0, 5, 0xff, 1, 0, 1, 0] : []
      let body =
        word(version) + [UInt8](repeating: 7, count: 32) + [0] + word(pick) + [compression]
        + extensions
      let message = [2, 0, 0, UInt8(body.count)] + body
      peer.send(
        [22] + word(version) + [0, UInt8(message.count)] + message + [22] + word(version) + [
          0, 4, 14, 0, 0, 0,
        ])
      peer.waitForEnd(milliseconds: 1000)
    }
  }

  @Test("suites that no library speaks any more are found") func oldSuites() throws {
    let server = try Self.mock(
      version: 0x0301, suites: [0x0005, 0x000a, 0x0009, 0x0003, 0x0018], compression: 1, secure: false)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    for check in [
      "tls.suite.rc4", "tls.suite.3des", "tls.suite.des", "tls.suite.export", "tls.suite.anonymous",
      "tls.version.tls1_0", "tls.compression", "tls.renegotiation.insecure", "tls.version.no_modern",
    ] {
      #expect(asked.answer(check) == .yes, "\(check)")
    }
    for check in ["tls.suite.null", "tls.version.ssl3", "tls.version.tls1_1"] {
      #expect(asked.answer(check) == .no, "\(check)")
    }
  }

  @Test("a server that resets every third connection is judged all the same, or not at all") func resets() throws {
    let server = try Self.mock(version: 0x0303, suites: [0xc02f, 0x0005], resetEvery: 3)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.answer("tls.suite.rc4") == .yes)
    #expect(asked.answer("tls.version.tls1_0") == .no)
    #expect(asked.answer("tls.suite.null") == .no)
  }

  @Test("a server that limits the rate by resets is not called safe") func rateLimited() throws {
    let server = try LoopbackServer { peer in
      guard peer.number <= 3 else { return peer.reset() }
      let hello = peer.receive()
      if hello.contains13 || hello[10] != 3 { return peer.send([21, 3, 1, 0, 2, 2, 70]) }
      let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0]
      let message = [2, 0, 0, UInt8(body.count)] + body
      peer.send([22, 3, 3, 0, UInt8(message.count)] + message + [22, 3, 3, 0, 4, 14, 0, 0, 0])
      peer.waitForEnd(milliseconds: 1000)
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    for check in ["tls.version.tls1_0", "tls.version.ssl3", "tls.suite.rc4", "tls.suite.null"] {
      #expect(asked.isOpen(check), "\(check)")
    }
    #expect(asked.result.status == .partial)
  }

  @Test("a stop ends a stalled job within two seconds") func stop() throws {
    let server = try LoopbackServer { $0.waitForEnd() }
    defer { server.stop() }
    var settings = try settings()
    settings.limits.exchangeMilliseconds = 20_000
    let target = Target(scheme: "https", host: "site.test", address: IPAddress("127.0.0.1"), port: server.port)
    let job = ScanJob(id: "t", engine: "tls", target: target, probeClass: .probe, authorisation: "test")
    let context = ScanContext(job: job, settings: settings, gate: AddressGate(), budget: ScanBudget(connections: 10))
    onThread {
      usleep(300_000)
      context.stop()
    }
    let begin = MonotonicClock.nanoseconds()
    let result = TLSEngine().run(job, context)
    #expect(result.status == .stopped)
    #expect(MonotonicClock.nanoseconds() - begin < 1_500_000_000)
  }

  @Test("every truncation of a flight and every single byte changed is read without a trap") func truncations() throws {
    let body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0, 0, 5, 0xff, 1, 0, 1, 0]
    let certificate: [UInt8] = [0, 0, 6, 0, 0, 3, 1, 2, 3]
    func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 0, 0, UInt8(body.count)] + body }
    let messages = message(2, body) + message(11, certificate) + message(14, [])
    let flight = [22, 3, 3, 0, UInt8(messages.count)] + messages
    var whole = ServerFlight()
    whole.receive(flight)
    #expect(whole.hello?.suite.rawValue == 0xc02f)
    #expect(whole.certificates == [[1, 2, 3]])
    #expect(whole.isComplete)
    var dripped = ServerFlight()
    for byte in flight { dripped.receive([byte]) }
    #expect(dripped.hello == whole.hello && dripped.certificates == whole.certificates && dripped.isComplete)
    for length in 0..<flight.count {
      var part = ServerFlight()
      part.receive(Array(flight.prefix(length)))
      #expect(!part.isComplete)
    }
    for index in flight.indices {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
        var changed = flight
        changed[index] = value
        var read = ServerFlight()
        read.receive(changed)
      }
    }
  }
}

extension [UInt8] {
  /// Whether a client hello asks for TLS 1.3 (supported_versions with 0x0304).
  var contains13: Bool { indices.dropLast(6).contains { Array(self[$0..<$0 + 7]) == [0, 43, 0, 3, 2, 3, 4] } }
}
