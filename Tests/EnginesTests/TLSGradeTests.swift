import COpenSSL
import Records
import Testing
import Wire

@testable import Engines

/// Letters, profiles and fingerprints that follow from what was seen.
@Suite struct TLSGradeTests {
  @Test("lists are put in order as JARM has it") func orders() {
    #expect(JARM.ordered([1, 2, 3, 4, 5], .topHalf) == [3, 2, 1])
    #expect(JARM.ordered([1, 2, 3, 4, 5], .bottomHalf) == [4, 5])
    #expect(JARM.ordered([1, 2, 3, 4, 5], .middleOut) == [3, 4, 2, 5, 1])
    #expect(JARM.ordered([1, 2, 3, 4], .topHalf) == [2, 1])
    #expect(JARM.ordered([1, 2, 3, 4], .middleOut) == [3, 2, 4, 1])
    #expect(JARM.ordered([1, 2, 3], .reverse) == [3, 2, 1])
  }

  @Test("ten hellos without an answer are 62 zeros, and each hello can be read") func silence() {
    #expect(JARM.condense([TLSServerHello?](repeating: nil, count: 10)) == String(repeating: "0", count: 62))
    let hello = TLSMock.Hello(suite: 0x1301, extensions: [(16, [0, 3, 2, 0x68, 0x32]), (0xff01, [0])]).message
    let body = Array(hello.dropFirst(4))
    let one = unsafe TLSServerHello(body.span.bytes)
    let mark = JARM.condense([one] + [TLSServerHello?](repeating: nil, count: 9))
    // The 65th suite, TLS 1.2; SHA-256 of "h20010-ff01".
    #expect(mark == "41d" + String(repeating: "0", count: 27) + "046a19b2d64f1ba9d4323f09964e94c9")
    for hello in JARM.hellos {
      let asked = TLSMock.read(JARM.record(hello, "site.test"))
      #expect(asked?.cipherSuites.isEmpty == false && asked?.extensions.faults == [])
      #expect(asked?.extensions.types.contains { TLSNumber.isGREASE($0) } == hello.hasGrease)
    }
  }

  @Test(
    "a header says for how long",
    arguments: [
      ("HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n\r\n", 31_536_000),
      ("HTTP/1.1 200 OK\r\nstrict-transport-security: includeSubDomains; MAX-AGE=\"60\"\r\n\r\n", 60),
      ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", 0),
      ("HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=x\r\n\r\n", 0),
    ])
  func strictTransport(head: String, seconds: Int) {
    #expect(TLSResumption.strictTransport(Array(head.utf8)) == seconds)
  }

  private static func scan(_ change: (inout TLSServer.Settings) -> Void, key: Identity.Key = .rsa(2048)) throws -> Asked
  {
    let root = try Identity("Test Root", isAuthority: true)
    var settings = TLSServer.Settings()
    settings.suites = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"
    settings.response = "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n"
    change(&settings)
    let server = try TLSServer(try Identity("site.test", key: key, names: ["site.test"], issuer: root), settings)
    defer { server.stop() }
    return ask(TLSEngine(), port: server.port, settings: try EnginesTests.settings(trust: root))
  }

  @Test("a good site has A+, and says what its points are") func best() throws {
    let asked = try Self.scan { _ in }
    #expect(asked.fact("grade") == "A+")
    #expect(asked.fact("grade scores") == "protocol 100, key exchange 90, cipher 90")
    #expect(asked.fact("grade leaves out")?.contains("tls.weakness.robot") == true)
    #expect(asked.fact("profile") == "none")
    #expect(asked.fact("deviations from intermediate")?.contains("secp521r1 is accepted") == true)
  }

  @Test("TLS 1.0 caps the grade, with its name") func old() throws {
    let asked = try Self.scan {
      $0.versions = TLS1_VERSION...TLS1_3_VERSION
      $0.suites += ":AES128-SHA"
    }
    #expect(asked.fact("grade") == "B")
    #expect(asked.fact("grade deductions")?.contains("at most B: TLS 1.0 is accepted") == true)
    #expect(asked.fact("deviations from intermediate")?.contains("TLS 1.0 is accepted") == true)
  }

  @Test("without encryption it is F") func null() throws {
    let asked = try Self.scan {
      $0.versions = TLS1_2_VERSION...TLS1_2_VERSION
      $0.suites += ":NULL-SHA256"
    }
    #expect(asked.fact("grade") == "F")
    #expect(asked.fact("grade deductions")?.contains("at most F: suites without encryption") == true)
  }

  @Test("another name is M") func mismatch() throws {
    let root = try Identity("Test Root", isAuthority: true)
    let server = try TLSServer(try Identity("other.test", names: ["other.test"], issuer: root))
    defer { server.stop() }
    let asked = ask(TLSEngine(), port: server.port, settings: try settings(trust: root))
    #expect(asked.fact("grade") == "M" && asked.fact("grade without trust") == "A")
  }
}
