import COpenSSL
import Records
import Testing
import Wire

@testable import Engines

/// Servers whose truth is in the test, found by as few hellos as it takes.
@Suite struct TLSEnumerationTests {
  @Test("a server whose only group is ML-KEM speaks TLS 1.3, with its suite and its group") func onlyMLKEM() throws {
    let server = try TLSMock.server { asked, peer in
      guard asked.extensions.versions.contains(0x0304) else { return peer.send(TLSMock.alert(70)) }
      guard asked.cipherSuites.contains(0x1302), asked.extensions.groups.contains(0x0201) else {
        return peer.send(TLSMock.alert(40))
      }
      peer.send(TLSMock.retry(0x1302, 0x0201, session: asked.sessionID))
      peer.waitForEnd(milliseconds: 1000)
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.fact("versions") == "TLS 1.3")
    #expect(asked.fact("suites of TLS 1.3") == "TLS_AES_256_GCM_SHA384")
    #expect(asked.fact("groups") == "MLKEM768")
    #expect(asked.answer("tls.key_exchange.no_post_quantum") == .no)
    #expect(asked.answer("tls.version.no_tls1_3") == .no)
    #expect(asked.answer("tls.suite.no_forward_secrecy") == .no)
    // OpenSSL 3.0 cannot shake hands with it: what needs that is open, and so is the grade.
    #expect(asked.isOpen("tls.resumption.missing"))
    #expect(asked.fact("grade")?.hasPrefix("not determined") == true)
  }

  @Test("suites and groups of TLS 1.3 are crossed off together") func modern() throws {
    let (suites, groups): ([UInt16], [UInt16]) = ([0x1303, 0x1301], [0x11ec, 29, 24, 256])
    let server = try TLSMock.server { asked, peer in
      guard asked.extensions.versions.contains(0x0304) else { return peer.send(TLSMock.alert(70)) }
      guard let suite = suites.first(where: asked.cipherSuites.contains),
        let group = groups.first(where: asked.extensions.groups.contains)
      else { return peer.send(TLSMock.alert(40)) }
      peer.send(TLSMock.retry(suite, group, session: asked.sessionID))
    }
    defer { server.stop() }
    let found = try Self.enumerate(server)
    #expect(found.suites[.tls13]?.map(\.rawValue) == suites)
    #expect(found.groups == groups)
    #expect(found.groupGap == nil && found.incomplete.isEmpty)
    // Five versions refused, two answers for suites and groups, a refused third, two refusals, two groups, the order.
    #expect(server.connections <= 13)
  }

  @Test("suites and curves below TLS 1.3 are crossed off together, in the server's order") func classic() throws {
    let (suites, curves): ([UInt16], [UInt16]) = ([0xc030, 0xc02f, 0xc014, 0x009c, 0x002f], [24, 29, 23])
    let server = try TLSMock.server { asked, peer in
      let pick = suites.first { code in
        asked.cipherSuites.contains(code)
          && (!TLSCipherSuite(rawValue: code).isEllipticEphemeral
            || curves.contains(where: asked.extensions.groups.contains))
      }
      guard asked.legacyVersion == 0x0303, !asked.extensions.versions.contains(0x0304) else {
        return peer.send(TLSMock.alert(70))
      }
      guard let pick else { return peer.send(TLSMock.alert(40)) }
      let curve = curves.first(where: asked.extensions.groups.contains)
      let isECDHE = TLSCipherSuite(rawValue: pick).isEllipticEphemeral
      peer.send(
        TLSMock.flight(TLSMock.Hello(suite: pick), exchange: isECDHE ? curve.map { TLSMock.ecExchange($0) } : nil))
    }
    defer { server.stop() }
    let found = try Self.enumerate(server)
    #expect(found.suites[.tls12]?.map(\.rawValue) == suites)
    #expect(found.curves == curves)
    #expect(found.curveGap == nil && found.followsClient == false && !found.isOrderPartial)
    #expect(found.signatures == [0x0401])
    #expect(server.connections <= 14)
  }

  static let knownPrimes: [(name: String, bits: Int)] = [
    ("RFC 2409 group 1", 768), ("RFC 2409 group 2", 1024), ("RFC 3526 group 5", 1536), ("RFC 3526 group 14", 2048),
  ]
  private static func prime(_ bits: Int) -> [UInt8] {
    let number =
      switch bits {
      case 768: unsafe BN_get_rfc2409_prime_768(nil)
      case 1024: unsafe BN_get_rfc2409_prime_1024(nil)
      case 1536: unsafe BN_get_rfc3526_prime_1536(nil)
      default: unsafe BN_get_rfc3526_prime_2048(nil)
      }
    defer { unsafe BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: bits / 8)
    _ = unsafe BN_bn2bin(number, &bytes)
    return bytes
  }

  @Test("a DH group is measured and known by its prime", arguments: knownPrimes) func primes(name: String, bits: Int)
    throws
  {
    let prime = Self.prime(bits)
    let server = try TLSMock.server { asked, peer in
      guard asked.legacyVersion == 0x0303, !asked.extensions.versions.contains(0x0304) else {
        return peer.send(TLSMock.alert(70))
      }
      guard asked.cipherSuites.contains(0x009e) else { return peer.send(TLSMock.alert(40)) }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009e), exchange: TLSMock.dhExchange(prime)))
    }
    defer { server.stop() }
    let judgement = TLSJudgement(enumeration: try Self.enumerate(server))
    #expect(judgement.facts.first { $0.name == "DH groups" }?.value == "\(bits) bits (\(name))")
    func answer(_ id: String) -> Observation.Answer? { judgement.answers.first { $0.check == id }?.answer }
    #expect(answer("tls.key_exchange.weak_dh") == (bits < 2048 ? .yes : .no))
    #expect(answer("tls.weakness.logjam") == (bits <= 1024 ? .yes : .no))
  }

  @Test("SSLv2 is found with its suites, and is DROWN") func ssl2() throws {
    let server = try LoopbackServer { peer in
      let asked = peer.receive()
      guard asked.first.map({ $0 & 0x80 != 0 }) == true else { return peer.send(TLSMock.alert(40)) }
      let body: [UInt8] = [4, 0, 1, 0, 2, 0, 3, 0, 6, 0, 2, 9, 9, 9, 0x02, 0, 0x80, 0x07, 0, 0xc0, 5, 5]
      peer.send([0x80, UInt8(body.count)] + body)
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.answer("tls.version.ssl2") == .yes && asked.answer("tls.weakness.drown") == .yes)
    #expect(
      asked.fact("suites of SSLv2") == "SSL_CK_RC4_128_EXPORT40_WITH_MD5 SSL_CK_DES_192_EDE3_CBC_WITH_MD5")
    #expect(asked.answer("tls.version.no_modern") == .yes)
  }

  @Test("a server that resets newer clients is intolerant, and one that does not is not", arguments: [true, false])
  func intolerant(resets: Bool) throws {
    let server = try TLSMock.classic { _, _ in }
    defer { server.stop() }
    let strict = try TLSMock.server { asked, peer in
      if asked.legacyVersion > 0x0303 { return peer.reset() }
      guard asked.legacyVersion == 0x0303, !asked.extensions.versions.contains(0x0304),
        asked.cipherSuites.contains(0xc02f), asked.extensions.groups.contains(23)
      else { return peer.send(TLSMock.alert(asked.legacyVersion == 0x0303 ? 40 : 70)) }
      peer.send(TLSMock.flight(TLSMock.Hello(), exchange: TLSMock.ecExchange(23)))
    }
    defer { strict.stop() }
    let asked = ask(TLSEngine(), port: (resets ? strict : server).port, settings: try settings())
    #expect(asked.answer("tls.version.intolerant") == (resets ? .yes : .no))
    #expect(
      asked.answer("tls.version.no_fallback_scsv") == .notDetermined(reason: "does not apply: one version is accepted"))
  }

  @Test("closing is a refusal where it is steady, and nothing where it is not", arguments: [true, false])
  func closings(isSteady: Bool) throws {
    let server = try TLSMock.server { asked, peer in
      // An unsteady server also closes on every second hello that it would answer.
      if !isSteady, peer.number % 2 == 1 { return peer.reset() }
      guard asked.legacyVersion == 0x0303, !asked.extensions.versions.contains(0x0304),
        asked.cipherSuites.contains(0x009c)
      else { return peer.reset() }
      peer.send(TLSMock.flight(TLSMock.Hello(suite: 0x009c)))
    }
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, deadline: 4500, settings: try settings())
    #expect(asked.fact("versions") == "TLS 1.2")
    #expect((asked.answer("tls.version.tls1_0") == .no) == isSteady)
    #expect((asked.answer("tls.suite.rc4") == .no) == isSteady)
    #expect(isSteady || asked.isOpen("tls.suite.rc4"))
  }

  static func enumerate(_ server: LoopbackServer) throws -> TLSEnumeration {
    let settings = try EnginesTests.settings()
    let address = try #require(IPAddress("127.0.0.1"))
    let target = Target(
      scheme: "https", host: "site.test", address: address, port: server.port, serverName: "site.test")
    let job = ScanJob(id: "t", engine: "tls", target: target, probeClass: .intrusive, authorisation: "test")
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: TLSEngine().budget(for: job, settings.limits))
    var enumeration = TLSEnumeration(TLSProber(job, context, Endpoint(address: address, port: server.port)))
    enumeration.observe()
    enumeration.probe()
    return enumeration
  }
}
