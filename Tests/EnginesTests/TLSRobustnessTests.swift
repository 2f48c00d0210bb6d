import Records
import Testing
import Wire

@testable import Engines

/// Servers that are slow, silent or short of patience: what they showed is said, what they did not is open, and they
/// are left alone early.
@Suite struct TLSRobustnessTests {
  private static func refuses(_ asked: TLSClientHello) -> Bool {
    asked.legacyVersion != 0x0303 || asked.extensions.versions.contains(0x0304)
  }

  @Test("a server that says nothing is asked two hellos and no more", arguments: [false, true])
  func silent(drips: Bool) throws {
    let server = try LoopbackServer { peer in
      if drips {
        for _ in 0..<4 {
          peer.send([0x16])
          peer.waitForEnd(milliseconds: 500)
        }
      } else {
        peer.waitForEnd(milliseconds: 4000)
      }
    }
    defer { server.stop() }
    var settings = try settings()
    settings.limits.exchangeMilliseconds = 900
    let asked = ask(TLSEngine(), port: server.port, probe: .intrusive, settings: settings)
    #expect(asked.result.reason == "timed out" && asked.denied == [])
    #expect(server.connections <= 2)
  }

  @Test("a server that stops after its hello is enumerated by its hellos") func silentAfterHello() throws {
    let server = try TLSMock.server { asked, peer in
      guard !Self.refuses(asked) else { return peer.send(TLSMock.alert(70)) }
      let suites: [UInt16] = [0xc02f, 0x009c, 0x0005]
      guard let suite = suites.first(where: asked.cipherSuites.contains) else { return peer.send(TLSMock.alert(40)) }
      peer.send(TLSMock.record(22, 0x0303, TLSMock.Hello(suite: suite).message))
      peer.waitForEnd(milliseconds: 5000)
    }
    defer { server.stop() }
    var brief = try settings()
    brief.limits.exchangeMilliseconds = 600
    let asked = ask(TLSEngine(), port: server.port, settings: brief)
    #expect(asked.answer("tls.suite.rc4") == .yes)
    #expect(
      asked.fact("suites of TLS 1.2")
        == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_RC4_128_SHA")
    // Its key exchange was never seen, nor a certificate.
    #expect(asked.isOpen("tls.signature.sha1") && asked.isOpen("tls.resumption.missing"))
    #expect(asked.fact("grade")?.hasPrefix("not determined") == true)
  }

  @Test("a first byte that comes late is waited for") func late() throws {
    let server = try TLSMock.server { asked, peer in
      peer.waitForEnd(milliseconds: 1200)
      guard !Self.refuses(asked) else { return peer.send(TLSMock.alert(70)) }
      guard asked.cipherSuites.contains(0x009c) else { return peer.send(TLSMock.alert(40)) }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009c)))
    }
    defer { server.stop() }
    var settings = try settings()
    settings.limits.exchangeMilliseconds = 8000
    let asked = ask(TLSEngine(), port: server.port, deadline: 4000, settings: settings)
    #expect(asked.fact("versions") == "TLS 1.2")
    #expect(asked.answer("tls.version.no_tls1_3") == .yes)
    // The rest did not come in time: nothing is called safe.
    #expect(asked.isOpen("tls.suite.rc4") && asked.isOpen("tls.version.ssl2"))
    #expect(asked.result.status == .partial)
  }

  @Test("resets after so many connections end the questions") func rateLimit() throws {
    let server = try TLSMock.server { asked, peer in
      guard peer.number <= 6 else { return peer.reset() }
      guard !Self.refuses(asked) else { return peer.send(TLSMock.alert(70)) }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009c)))
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, probe: .intrusive, settings: try settings())
    #expect(asked.fact("versions") == "TLS 1.2")
    for check in ["tls.suite.rc4", "tls.weakness.robot", "tls.weakness.ccs_injection", "tls.version.intolerant"] {
      #expect(asked.isOpen(check), "\(check)")
    }
    #expect(asked.result.status == .partial)
    #expect(server.connections < 20)
  }

  @Test("a wish for a STARTTLS that is none is refused before a packet is sent") func unknownStartTLS() throws {
    let server = try LoopbackServer { _ in }
    defer { server.stop() }
    let asked = ask(
      TLSEngine(), port: server.port, options: ScanOptions(startTLS: "gopher"), settings: try settings())
    #expect(asked.result.status == .failed && asked.result.reason.hasPrefix("no STARTTLS protocol has the name"))
    #expect(server.connections == 0)
  }

  @Test("silence to an old hello leaves that version open, and hides nothing of the others") func silentToOld() throws {
    let server = try TLSMock.server { asked, peer in
      if asked.legacyVersion < 0x0303 { return peer.waitForEnd(milliseconds: 2000) }
      guard !Self.refuses(asked) else { return peer.send(TLSMock.alert(70)) }
      guard asked.cipherSuites.contains(0x009c) else { return peer.send(TLSMock.alert(40)) }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009c)))
    }
    defer { server.stop() }
    var settings = try settings()
    settings.limits.exchangeMilliseconds = 300
    let asked = ask(TLSEngine(), port: server.port, settings: settings)
    #expect(asked.fact("suites of TLS 1.2") == "TLS_RSA_WITH_AES_128_GCM_SHA256")
    for version in ["tls1_1", "tls1_0", "ssl3"] { #expect(asked.isOpen("tls.version." + version), "\(version)") }
    // TLS 1.2's list is whole, yet an old version may hold it.
    #expect(asked.isOpen("tls.suite.rc4"))
    #expect(asked.answer("tls.version.ssl2") == .no && asked.answer("tls.version.no_tls1_3") == .yes)
  }
}
