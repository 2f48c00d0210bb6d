import Testing
import Wire

@Suite struct TLSClientHelloWriterTests {
  static func types(_ writer: TLSClientHelloWriter) -> [UInt16]? {
    let body = Array(writer.handshake().dropFirst(4))
    let read = unsafe TLSClientHello(body.span.bytes)
    return read?.extensions.faults == [] ? read?.extensions.types : nil
  }

  @Test("point formats and key exchange modes stay out when they are empty")
  func control() {
    var writer = TLSClientHelloWriter(random: [], cipherSuites: [0x1301])
    writer.versions = [0x0304]
    writer.groups = [29]
    writer.signatureSchemes = []
    writer.wantsExtendedMasterSecret = false
    #expect(Self.types(writer) == [10, 11, 43, 45])
    writer.pointFormats = []
    writer.pskModes = []
    #expect(Self.types(writer) == [10, 43])
  }
  @Test("no hello has a length of 256 to 511 bytes when that is to be avoided")
  func padding() {
    for count in 1..<300 {
      var writer = TLSClientHelloWriter(random: [], cipherSuites: [UInt16](repeating: 5, count: count))
      let plain = writer.handshake().count
      writer.avoidsMiddleLength = true
      let padded = writer.handshake().count
      #expect((256..<512).contains(plain) ? (512...515).contains(padded) : padded == plain, "\(plain)")
      let types = Self.types(writer)
      #expect(types?.contains(TLSNumber.Extension.padding) == (256..<512).contains(plain))
    }
  }
  @Test("a hello of SSL 3.0 has no extensions and no padding")
  func ssl3() {
    var writer = TLSClientHelloWriter(random: [], cipherSuites: [UInt16](repeating: 5, count: 120))
    writer.avoidsMiddleLength = true
    writer.omitsExtensions = true
    #expect(writer.handshake().count == 4 + 35 + 2 + 240 + 2)
    #expect(Self.types(writer) == [])
  }
}

@Suite struct TLSCipherSuiteTests {
  typealias Case = (name: String, kinds: [String])
  static let kinds: [(String, @Sendable (TLSCipherSuite) -> Bool)] = [
    ("null", { $0.isNull }), ("anonymous", { $0.isAnonymous }), ("export", { $0.isExport }), ("rc4", { $0.isRC4 }),
    ("des", { $0.isDES }), ("3des", { $0.is3DES }), ("dhe", { $0.isFiniteFieldEphemeral }),
    ("secret", { $0.isForwardSecret }), ("1.2", { $0.needsTLS12 }), ("1.3", { $0.isTLS13 }), ("weak", { $0.isWeak }),
    ("shared", { $0.needsSharedSecret }),
  ]
  static let cases: [Case] = [
    ("TLS_RSA_WITH_NULL_SHA256", ["null", "1.2", "weak"]),
    ("TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", ["anonymous", "export", "rc4", "dhe", "secret", "weak"]),
    ("TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", ["export", "des", "weak"]),
    ("TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", ["3des", "dhe", "secret", "weak"]),
    ("TLS_DH_RSA_WITH_DES_CBC_SHA", ["des", "weak"]),
    ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ["secret", "1.2"]),
    ("TLS_RSA_WITH_AES_128_CBC_SHA", []),
    ("TLS_SM4_GCM_SM3", ["secret", "1.3"]),
    ("TLS_PSK_WITH_AES_128_CBC_SHA", ["shared"]),
  ]
  @Test("a suite's name says what kind it is", arguments: cases)
  func kind(test: Case) throws {
    let suite = try #require(TLSCipherSuite(name: test.name))
    #expect(Self.kinds.filter { $0.1(suite) }.map(\.0) == test.kinds)
  }
  @Test("every number stands once in the table, and every name leads back to it")
  func table() {
    #expect(TLSCipherSuite.named.count == Set(TLSCipherSuite.named).count)
    #expect(TLSCipherSuite.named.count > 250)
    for suite in TLSCipherSuite.named { #expect(suite.description.hasPrefix("TLS_")) }
    let unknown = TLSCipherSuite(rawValue: 0xeeee)
    #expect(Self.kinds.allSatisfy { !$0.1(unknown) })
  }
  @Test("versions have a name for people beside Suricata's")
  func titles() {
    #expect(TLSVersion.tls10.title == "TLS 1.0" && TLSVersion.tls10.description == "TLSv1")
    #expect(TLSVersion.ssl2.title == "SSLv2" && TLSVersion.tls13.title == "TLS 1.3")
    #expect(TLSVersion(rawValue: 0x1234).title == "0x1234")
  }
}
