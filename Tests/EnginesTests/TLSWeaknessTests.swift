import COpenSSL
import Records
import Testing
import Wire

@testable import Engines

/// One wrong message, and what it tells: a server that is weak, one that is right, and one that says nothing.
@Suite struct TLSWeaknessTests {
  enum Nature: CaseIterable, Sendable { case weak, right, silent }

  private static func expect(_ answer: Observation.Answer?, _ nature: Nature) {
    switch nature {
    case .weak: #expect(answer == .yes)
    case .right: #expect(answer == .no)
    case .silent:
      if case .notDetermined = answer { return }
      Issue.record("\(String(describing: answer)) was said of a silent server")
    }
  }

  @Test("Heartbleed is what comes back, and only its length is kept", arguments: Nature.allCases)
  func heartbleed(nature: Nature) throws {
    let hello = TLSMock.Hello(extensions: [(0xff01, [0]), (15, [1])])
    let server = try TLSMock.classic(hello) { _, peer in
      var bytes: [UInt8] = []
      while bytes.count < 8 {
        let more = peer.receive(milliseconds: 1500)
        if more.isEmpty { return }
        bytes += more
      }
      let secret = [UInt8](repeating: 0x53, count: 16_384)
      switch nature {
      case .weak: peer.send(TLSMock.record(24, 0x0303, [2, 0x40, 0] + secret + [UInt8](repeating: 0, count: 16)))
      case .right: peer.send(TLSMock.record(24, 0x0303, [2, 0, 4, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 16)))
      case .silent: break
      }
      peer.waitForEnd(milliseconds: 3000)
    }
    defer { server.stop() }
    let answer = TLSInjection(enumeration: try TLSEnumerationTests.enumerate(server), ticket: []).heartbleed()
    Self.expect(answer?.answer, nature)
    if nature == .weak { #expect(answer?.evidence == "16403 bytes came back for a request of none") }
  }

  @Test("Heartbleed is not asked of a server that has no heartbeats") func noHeartbeat() throws {
    let server = try TLSMock.classic()
    defer { server.stop() }
    let enumeration = try TLSEnumerationTests.enumerate(server)
    let before = server.connections
    #expect(TLSInjection(enumeration: enumeration, ticket: []).heartbleed()?.answer == .no)
    #expect(server.connections == before)
  }

  @Test("an early change of ciphers is refused, or is taken", arguments: Nature.allCases)
  func earlyCipherChange(nature: Nature) throws {
    let server = try TLSMock.classic { _, peer in
      guard peer.receive(milliseconds: 1500).first == 20 else { return }
      switch nature {
      case .weak: peer.send(TLSMock.alert(20))
      case .right: peer.send(TLSMock.alert(10))
      case .silent: peer.waitForEnd(milliseconds: 3000)
      }
    }
    defer { server.stop() }
    let enumeration = try TLSEnumerationTests.enumerate(server)
    Self.expect(TLSInjection(enumeration: enumeration, ticket: []).earlyCipherChange()?.answer, nature)
  }

  @Test("Ticketbleed is a session id that grew", arguments: Nature.allCases) func ticketbleed(nature: Nature) throws {
    let server = try TLSMock.server { asked, peer in
      guard asked.legacyVersion == 0x0303, !asked.extensions.versions.contains(0x0304),
        asked.cipherSuites.contains(0x009c)
      else { return peer.send(TLSMock.alert(70)) }
      var hello = TLSMock.Hello(suite: 0x009c, extensions: [(0xff01, [0]), (35, [])])
      if asked.sessionID.count == 16 {
        if nature == .silent { return peer.waitForEnd(milliseconds: 4000) }
        hello.sessionID = asked.sessionID + (nature == .weak ? [UInt8](repeating: 0x53, count: 16) : [])
      }
      peer.send(TLSMock.flight(hello))
    }
    defer { server.stop() }
    let injection = TLSInjection(
      enumeration: try TLSEnumerationTests.enumerate(server), ticket: [UInt8](repeating: 1, count: 160))
    let answer = injection.ticketbleed()
    Self.expect(answer?.answer, nature)
    if nature == .weak { #expect(answer?.evidence == "16 bytes too many came back") }
  }

  @Test("ROBOT is a steady difference between paddings; an unsteady one is noise", arguments: Nature.allCases)
  func robot(nature: Nature) throws {
    let identity = try Identity("site.test", key: .rsa(2048), names: ["site.test"])
    let leaf = identity.der
    let server = try TLSMock.classic(TLSMock.Hello(suite: 0x009c), certificate: leaf) { _, peer in
      var bytes: [UInt8] = []
      while bytes.count < 267 {
        let more = peer.receive(milliseconds: 1500)
        if more.isEmpty { return }
        bytes += more
      }
      let block = identity.decrypt(Array(bytes[11..<267]))
      let isRight = block.starts(with: [0, 2])
      switch nature {
      case .weak: peer.send(TLSMock.alert(isRight ? 20 : 51))
      case .right: peer.send(TLSMock.alert(20))
      case .silent: peer.send(TLSMock.alert(UInt8([20, 40, 50, 51, 10][peer.number % 5])))
      }
    }
    defer { server.stop() }
    let enumeration = try TLSEnumerationTests.enumerate(server)
    #expect(enumeration.certificates.first == leaf)
    Self.expect(TLSRobot(enumeration: enumeration, certificate: leaf).answer()?.answer, nature)
  }

  @Test("OpenSSL has none of the weaknesses, and what it resumes is seen") func openSSL() throws {
    var settings = TLSServer.Settings()
    settings.suites = "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA"
    settings.response = "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n"
    let server = try TLSServer(try Identity("site.test", key: .rsa(2048), names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, probe: .intrusive, settings: try EnginesTests.settings())
    for check in ["heartbleed", "ccs_injection", "robot", "ticketbleed", "drown", "freak", "poodle"] {
      #expect(asked.answer("tls.weakness." + check) == .no, "\(check): \(asked.result.reason)")
    }
    #expect(
      asked.fact("resumption") == "TLS 1.3 ticket: no ticket came, ticket: yes, session id: a full handshake was made")
    #expect(asked.answer("tls.early_data.accepted") == .no)
    #expect(asked.answer("tls.renegotiation.client_initiated") == .no)
    #expect(asked.fact("grade deductions")?.contains("Strict-Transport") == false)
    #expect(asked.fact("grade") == "T")
    #expect(asked.fact("grade trust") == "self-signed certificate")
    #expect(asked.context.openConnections == 0)
  }
}

extension TLSWeaknessTests {
  @Test("a client's second handshake is seen where it is made") func renegotiation() throws {
    var settings = TLSServer.Settings()
    settings.renegotiates = true
    settings.response = "HTTP/1.1 200 OK\r\n\r\n"
    let server = try TLSServer(try Identity("site.test", names: ["site.test"]), settings)
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, probe: .intrusive, settings: try EnginesTests.settings())
    #expect(asked.answer("tls.renegotiation.client_initiated") == .yes, "\(asked.result.reason)")
    #expect(asked.answer("tls.renegotiation.insecure") == .no)
  }

  @Test("a weakness that alone makes an F makes one of a server that was not wholly seen") func anonymous() throws {
    let server = try TLSMock.classic(TLSMock.Hello(suite: 0x0018))
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings())
    #expect(asked.answer("tls.suite.anonymous") == .yes && asked.answer("tls.suite.rc4") == .yes)
    #expect(asked.fact("grade") == "F")
    #expect(asked.fact("grade deductions") == "at most F: suites without authentication are accepted")
  }
}

extension Identity {
  /// Without looking at the padding.
  func decrypt(_ bytes: [UInt8]) -> [UInt8] {
    guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return [] }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var result = [UInt8](repeating: 0, count: 256)
    var size = result.count
    guard unsafe EVP_PKEY_decrypt_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1,
      unsafe EVP_PKEY_decrypt(context, &result, &size, bytes, bytes.count) == 1
    else { return [] }
    return result
  }
}
