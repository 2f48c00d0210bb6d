import Testing
import Wire

@Suite struct TLSHelloTests {
  @Test("a written hello reads back, and every truncation is refused")
  func roundTrip() throws {
    var writer = TLSClientHelloWriter(random: [UInt8](repeating: 9, count: 32), cipherSuites: [0x1301, 0x0005])
    writer.serverName = "a.example"
    writer.versions = [0x0304]
    writer.groups = [0x11ec, 29]
    writer.keyShares = []
    let body = Array(writer.handshake().dropFirst(4))
    let read = unsafe TLSClientHello(body.span.bytes)
    let hello = try #require(read)
    #expect(hello.cipherSuites == [0x1301, 5])
    #expect(hello.extensions.serverName == Array("a.example".utf8))
    #expect(hello.extensions.groups == [0x11ec, 29])
    #expect(hello.extensions.keyShareGroups.isEmpty)
    #expect(hello.extensions.types.contains(51))
    #expect(hello.highestVersion == .tls13)
    for length in 0..<body.count {
      let cut = Array(body.prefix(length))
      let read = unsafe TLSClientHello(cut.span.bytes)
      // Without its extensions' length a hello is one of SSL 3.0.
      #expect(read == nil || read?.extensions.types.isEmpty == true)
    }
  }
  @Test("numbers have their registry names, unknown ones stay")
  func names() {
    #expect(TLSCipherSuite(rawValue: 0x1301).description == "TLS_AES_128_GCM_SHA256")
    #expect(TLSCipherSuite(rawValue: 0x0003).description == "TLS_RSA_EXPORT_WITH_RC4_40_MD5")
    #expect(TLSCipherSuite(rawValue: 0xeeee).description == "0xeeee")
    #expect(TLSGroup(rawValue: 0x11ec).description == "X25519MLKEM768")
    #expect(TLSNumber.isGREASE(0xfafa) && !TLSNumber.isGREASE(0x1a2a))
    #expect(TLSVersion(rawValue: 0x7f12).description == "TLS 1.3 draft-18")
  }
}
