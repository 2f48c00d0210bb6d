import Testing
import Wire

@Suite struct TLSServerKeyExchangeTests {
  static let dhe: [UInt8] = [0, 3, 0, 0xff, 0xfb, 0, 1, 2, 0, 2, 4, 5, 0x08, 0x04, 0, 2, 1, 1]
  static let ecdhe: [UInt8] = [3, 0, 29, 4, 9, 9, 9, 9, 0x04, 0x03, 0, 2, 1, 1]

  private static func read(_ bytes: [UInt8], _ suite: UInt16, _ version: TLSVersion = .tls12) -> TLSServerKeyExchange? {
    unsafe TLSServerKeyExchange(bytes.span.bytes, suite: TLSCipherSuite(rawValue: suite), version: version)
  }

  @Test("a DHE message has its prime without zeros, and the scheme of its signature") func dheMessage() {
    let read = Self.read(Self.dhe, 0x009e)
    #expect(read?.dh?.prime == [0xff, 0xfb] && read?.dh?.primeBits == 16 && read?.dh?.length == 12)
    #expect(read?.signatureScheme == 0x0804 && read?.group == nil)
  }

  @Test("an ECDHE message has its curve, and a scheme in TLS 1.2 alone") func ecdheMessage() {
    #expect(Self.read(Self.ecdhe, 0xc02f)?.group == 29)
    #expect(Self.read(Self.ecdhe, 0xc02f)?.signatureScheme == 0x0403)
    #expect(Self.read(Self.ecdhe, 0xc013, .tls10)?.signatureScheme == nil)
    // Anonymous: nobody signs.
    #expect(Self.read(Self.ecdhe, 0xc018)?.signatureScheme == nil)
    // Explicit curves have no number; suites without ephemeral keys no message.
    #expect(Self.read([1, 0, 29, 0], 0xc02f)?.group == nil)
    #expect(Self.read(Self.ecdhe, 0x002f) == nil)
  }

  @Test("no cut message is believed", arguments: [(dhe, 0x009e, 12), (ecdhe, 0xc02f, 8)])
  func cut(message: [UInt8], suite: UInt16, parameters: Int) {
    for length in 0..<message.count {
      let read = Self.read(Array(message.prefix(length)), suite)
      #expect((read != nil) == (length >= parameters), "\(length)")
      #expect((read?.signatureScheme != nil) == (length >= parameters + 2), "\(length)")
    }
  }

  @Test(
    "a suite's name tells its strength and kind",
    arguments: [
      ("TLS_RSA_WITH_NULL_SHA", 0), ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", 40), ("TLS_RSA_WITH_DES_CBC_SHA", 56),
      ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", 112), ("TLS_RSA_WITH_RC4_128_SHA", 128), ("TLS_RSA_WITH_SEED_CBC_SHA", 128),
      ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 256), ("TLS_CHACHA20_POLY1305_SHA256", 256),
      ("TLS_AES_128_CCM_8_SHA256", 128),
    ])
  func strength(name: String, bits: Int) throws {
    let suite = try #require(TLSCipherSuite(name: name))
    #expect(suite.strength == bits)
    #expect(suite.hasSmallBlock == (name.contains("DES_")))
    #expect(suite.isAEAD == (name.contains("GCM") || name.contains("CCM") || name.contains("POLY1305")))
    #expect(suite.isRSAKeyExchange == name.hasPrefix("TLS_RSA_"))
  }

  @Test("every suite that is offered has a strength") func everyStrength() {
    let open = TLSCipherSuite.named.filter { $0.strength == nil && !$0.needsSharedSecret }
    #expect(open.map(\.description) == [])
  }

  @Test("an SSLv2 server's suites are named, and a cut list is none") func ssl2() {
    let answer: [UInt8] =
      [0x80, 22, 4, 0, 1, 0, 2, 0, 3, 0, 6, 0, 2, 9, 9, 9, 2, 0, 0x80, 0x99, 0, 1, 5, 5]
    #expect(
      unsafe SSLv2ServerHello.specs(answer.span.bytes) == ["SSL_CK_RC4_128_EXPORT40_WITH_MD5", "0x990001"])
    for length in 0..<22 {
      let part = Array(answer.prefix(length))
      #expect(unsafe SSLv2ServerHello.specs(part.span.bytes) == [], "\(length)")
    }
  }
}
