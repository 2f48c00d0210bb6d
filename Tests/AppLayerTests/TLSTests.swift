import Testing
import Wire

@testable import AppLayer

@Suite struct TLSTests {
  static let hello: TLSClientHelloWriter = {
    var writer = TLSClientHelloWriter(random: Array(0..<32), cipherSuites: [0x0a0a, 0x1301, 0xc02f])
    writer.serverName = "example.org"
    writer.applicationProtocols = ["h2", "http/1.1"]
    writer.versions = [0x0a0a, 0x0304, 0x0303]
    writer.groups = [0x1a1a, 29, 23]
    writer.signatureSchemes = [0x0403, 0x0804]
    writer.keyShares = []
    return writer
  }()

  @Test("a client hello gives its name, protocols and fingerprints")
  func hello() throws {
    let session = AppSession.tcp(port: 443)
    session.feed(Self.hello.record(), .toServer)
    let transaction = try #require(session.transactions.first as? TLSTransaction)
    #expect(session.proto == .tls)
    #expect(transaction.text(.tlsSNI) == "example.org")
    #expect(transaction.text(.tlsALPN, .toServer, 1) == "http/1.1")
    // From the descriptions: GREASE left out, order kept.
    #expect(transaction.text(.ja3String) == "771,4865-49199,0-10-11-13-16-23-43-45-51,29-23,0")
    #expect(transaction.text(.ja3Hash)?.count == 32)
    #expect(transaction.text(.ja4Hash)?.hasPrefix("t13d0209h2_") == true)
    #expect(transaction.version == .tls13)
  }

  @Test("a hello over records and segments is the same hello")
  func fragmented() throws {
    let message = Self.hello.handshake()
    var records: [UInt8] = []
    for start in stride(from: 0, to: message.count, by: 11) {
      let part = message[start..<min(start + 11, message.count)]
      records += [22, 3, 1, 0, UInt8(part.count)] + part
    }
    let session = AppSession.tcp(port: 443)
    for byte in records { session.feed([byte], .toServer) }
    #expect(session.transactions.first?.text(.tlsSNI) == "example.org")
    #expect(TransactionVerifier.differences([.client(Self.hello.record())], port: 443) == [])
  }

  @Test("encrypted on both sides, nothing is read any more")
  func encrypted() {
    let session = AppSession.tcp(port: 443)
    let server: [UInt8] = [2, 0, 0, 38, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0]
    session.feed(Self.hello.record(), .toServer)
    session.feed([22, 3, 3, 0, UInt8(server.count)] + server, .toClient)
    #expect((session.transactions.first as? TLSTransaction)?.version == .tls12)
    session.feed([20, 3, 3, 0, 1, 1], .toServer)
    #expect(!session.isFinished)
    session.feed([20, 3, 3, 0, 1, 1], .toClient)
    #expect(session.isFinished)
    #expect(session.transactions.first?.isComplete == true)
  }

  @Test("a hello cut anywhere neither traps nor lies")
  func truncated() {
    let record = Self.hello.record()
    for length in 0..<record.count {
      let session = AppSession.tcp(port: 443)
      session.feed(record.prefix(length), .toServer)
      session.endBoth()
      #expect(session.transactions.first?.text(.tlsSNI) == nil)
    }
  }

  @Test("JA3 is that of the published example")
  func ja3() {
    let text = "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0"
    #expect(hexText(FileDigests.md5(Array(text.utf8))) == Array("ada70206e40642a3e4461f35503241d5".utf8))
    var writer = TLSClientHelloWriter(
      random: [], cipherSuites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4])
    writer.legacyVersion = .tls10
    writer.serverName = "a"
    writer.groups = [23, 24, 25]
    writer.signatureSchemes = []
    writer.wantsExtendedMasterSecret = false
    let session = AppSession.tcp(port: 443)
    session.feed(writer.record(), .toServer)
    #expect(session.transactions.first?.text(.ja3String) == text)
    #expect(session.transactions.first?.text(.ja3Hash) == "ada70206e40642a3e4461f35503241d5")
  }

  @Test("JA4 is that of the published example")
  func ja4() {
    var writer = TLSClientHelloWriter(
      random: [],
      cipherSuites: [
        0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
        0x002f, 0x0035,
      ])
    writer.serverName = "a"
    writer.applicationProtocols = ["h2", "http/1.1"]
    writer.versions = [0x0304, 0x0303]
    writer.groups = [29]
    writer.signatureSchemes = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
    writer.keyShares = []
    writer.wantsSessionTicket = true
    writer.wantsStaple = true
    writer.furtherExtensions = [0x5a5a, 0x0012, 0x0015, 0x001b, 0x4469, 0xff01].map { ($0, [0]) }
    let session = AppSession.tcp(port: 443)
    session.feed(writer.record(), .toServer)
    #expect(session.transactions.first?.text(.ja4Hash) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
  }
}
