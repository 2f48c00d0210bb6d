import Records
import Testing
import Wire

@testable import Engines

/// Servers that send too much, never end, or speak what is not here: bounded, and said so.
@Suite(.serialized) struct CertificateHostileTests {
  /// A TLS 1.2 server hello with nothing behind it.
  private static let hello: [UInt8] = {
    let body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0]
    return record(22, [2, 0, 0, UInt8(body.count)] + body)
  }()

  private static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 3, 3, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
  }

  private func look(_ serve: @escaping @Sendable (Peer) -> Void) throws -> Asked {
    let server = try LoopbackServer(serve)
    defer { server.stop() }
    return ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings())
  }

  private func expectOpen(_ asked: Asked, _ reason: String) {
    #expect(asked.result.status == .failed)
    #expect(asked.result.reason == reason)
    #expect(asked.denied == [])
    #expect(asked.result.answers.count == CertificateEngine().checks.count)
    #expect(asked.context.counted.connections <= 7)
    #expect(asked.context.openConnections == 0)
  }

  @Test("a certificate of 10 MB is refused by its size") func large() throws {
    let asked = try look { peer in
      _ = peer.receive()
      // Certificate, 10 MiB; the list in it, three less; one certificate, three less again.
      peer.send(Self.hello + Self.record(22, [11, 0xa0, 0, 0, 0x9f, 0xff, 0xfd, 0x9f, 0xff, 0xfa]))
      for _ in 0..<640 { peer.send(Self.record(22, [UInt8](repeating: 0x30, count: 16_384))) }
      peer.waitForEnd(milliseconds: 2000)
    }
    expectOpen(asked, "the server's certificates have more than 256 KiB, the limit")
    #expect(asked.context.counted.bytesReceived < 4 << 20)
  }

  @Test("a handshake without end is cut") func endless() throws {
    let asked = try look { peer in
      _ = peer.receive()
      peer.send(Self.hello)
      let request = [UInt8](repeating: 0, count: 16_384)
      for _ in 0..<200 { peer.send(Self.record(22, request)) }
      peer.waitForEnd(milliseconds: 2000)
    }
    expectOpen(asked, "the handshake has more than 512 KiB, the limit")
    #expect(asked.context.counted.bytesReceived < 4 << 20)
  }

  @Test("of a chain of 100 the first 20 are looked at, and that is said") func long() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let middle = try Identity("Middle", isAuthority: true, issuer: root)
    let leaf = try Identity("site.test", names: ["site.test"], issuer: middle)
    let server = try TLSServer(leaf, chain: [Identity](repeating: middle, count: 99))
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.fact("certificates sent") == "100")
    let why = "100 certificates were sent, of which the first 20 are looked at"
    #expect(asked.answer("certificate.chain_order") == .notDetermined(reason: why))
    #expect(asked.answer("certificate.duplicate") == .yes)
    #expect(asked.answer("certificate.untrusted") == .no)
  }

  @Test("where the only group is one that OpenSSL lacks, that is the reason") func group() throws {
    let asked = try look { peer in
      let bytes = peer.receive()
      let hello = unsafe TLSClientHello(Array(bytes.dropFirst(9)).span.bytes)
      guard let hello, hello.extensions.groups.contains(0x11ec), hello.extensions.versions.contains(0x0304) else {
        return peer.send(Self.record(21, [2, 40]))
      }
      let body =
        [3, 3] + TLSServerHello.retryRandom + [UInt8(hello.sessionID.count)] + hello.sessionID + [0x13, 1, 0]
        + [0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0x11, 0xec]
      peer.send(Self.record(22, [2, 0, 0, UInt8(body.count)] + body))
      peer.waitForEnd(milliseconds: 2000)
    }
    expectOpen(asked, "group not supported here: X25519MLKEM768")
  }

  @Test("where the handshake fails here, the chain in clear is judged, and what came with it is open") func clear()
    throws
  {
    let root = try Identity("Test Root", isAuthority: true)
    let feature = ("tlsfeature", "status_request")
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root, extensions: [feature])
    let der = leaf.der
    let list = [UInt8(0), UInt8(der.count >> 8), UInt8(der.count & 255)] + der
    let message =
      [11, 0, UInt8((list.count + 3) >> 8), UInt8((list.count + 3) & 255)]
      + [0, UInt8(list.count >> 8), UInt8(list.count & 255)] + list
    let server = try LoopbackServer { peer in
      _ = peer.receive()
      peer.send(Self.hello + Self.record(22, message + [14, 0, 0, 0]))
      peer.waitForEnd(milliseconds: 2000)
    }
    defer { server.stop() }
    let asked = ask(CertificateEngine(), port: server.port, probe: .observe, settings: try settings(trust: root))
    #expect(asked.answer("certificate.untrusted") == .no)
    #expect(asked.answer("certificate.expired") == .no)
    for id in ["certificate.staple_missing", "certificate.staple_invalid", "certificate.revoked"] {
      #expect(asked.isOpen(id), "\(id)")
    }
    #expect(asked.fact("negotiated") == nil)
  }

  @Test("no truncation of a chain, a staple or a list of timestamps is taken for a whole one") func truncated() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let leaf = try Identity("site.test", names: ["site.test"], issuer: root, extensions: [Staples.embedded(2)])
    let issuer = try #require(OpenSSLCertificate(root.der))
    let parsed = try #require(OpenSSLCertificate(leaf.der))
    let staple = try Staples.response(about: leaf, issuer: root)
    let now = MonotonicClock.wallClock()
    #expect(OCSPAnswer.read(staple, leaf: parsed, issuer: issuer, at: now).fault == nil)
    for length in 0..<staple.count {
      let answer = OCSPAnswer.read(Array(staple.prefix(length)), leaf: parsed, issuer: issuer, at: now)
      #expect(answer.fault == "it cannot be read" && answer.status == nil)
    }
    for length in 0..<leaf.der.count { #expect(ServedChain([Array(leaf.der.prefix(length))]) == nil) }
    let revoked = try Staples.list(of: root, revoking: [leaf])
    for length in 0..<revoked.count {
      let status = RevocationList.status(Array(revoked.prefix(length)), of: parsed, issuer: issuer, at: now)
      #expect(status == .open("the revocation list cannot be read"))
    }
  }
}
