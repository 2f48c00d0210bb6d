import Testing
import Wire

@testable import Engines

@Suite struct TLSOfferTests {
  static func read(_ version: TLSVersion, suites: [TLSCipherSuite]? = nil) throws -> TLSClientHello {
    let record = TLSOffer(version: version, suites: suites ?? TLSOffer.suites(in: version), serverName: "a.test").record
    let body = Array(record.dropFirst(TLSRecordHeader.length + TLSHandshakeHeader.length))
    let header = unsafe TLSRecordHeader(record.span.bytes)
    #expect(header?.version == min(version.rawValue, TLSVersion.tls10.rawValue) && header?.bodyLength == body.count + 4)
    let hello = unsafe TLSClientHello(body.span.bytes)
    return try #require(hello)
  }

  @Test("a hello asks for its version alone", arguments: [TLSVersion.ssl3, .tls10, .tls11, .tls12, .tls13])
  func versions(version: TLSVersion) throws {
    let hello = try Self.read(version)
    let is13 = version == .tls13
    #expect(hello.highestVersion == version)
    #expect(hello.extensions.versions == (is13 ? [0x0304] : []))
    #expect(hello.legacyVersion == (is13 ? 0x0303 : version.rawValue))
    #expect(hello.sessionID.count == (is13 ? 32 : 0))
    #expect(hello.cipherSuites.contains(0xff) == !is13)
    #expect(hello.compressions == (is13 || version == .ssl3 ? [0] : [1, 0]))
    #expect(hello.extensions.types.filter { $0 != 21 } == Self.types[version])
    #expect(hello.extensions.groups.contains { TLSGroup(rawValue: $0).isFiniteField } == is13)
    #expect(hello.extensions.faults == [])
  }
  static let types: [TLSVersion: [UInt16]] = [
    .ssl3: [], .tls10: [0, 10, 11], .tls11: [0, 10, 11], .tls12: [0, 10, 11, 13], .tls13: [0, 10, 13, 43, 51],
  ]

  @Test("TLS 1.3 is asked with an empty key share, so that the server names its group")
  func keyShare() throws { #expect(try Self.read(.tls13).extensions.keyShareGroups == []) }

  @Test("the list holds each suite once, strong ones first, none of a shared secret")
  func suites() {
    for version in [TLSVersion.ssl3, .tls10, .tls11, .tls12, .tls13] {
      let list = TLSOffer.suites(in: version)
      #expect(Set(list).count == list.count && list.first?.isWeak == false)
      #expect(!list.contains { $0.needsSharedSecret || $0.rawValue == 0 || $0.rawValue == 0xff })
      #expect(version == .tls12 || version == .tls13 || !list.contains { $0.needsTLS12 })
    }
    #expect(TLSOffer.suites(in: .tls13).allSatisfy { $0.isTLS13 })
    #expect(TLSOffer.suites(in: .tls12).prefix(4).allSatisfy { $0.isForwardSecret })
  }

  @Test("SSLv2 is asked in its own form")
  func ssl2() {
    let record = TLSOffer(version: .ssl2, suites: [], serverName: nil).record
    let hello = unsafe SSLv2ClientHello(record.span.bytes)
    #expect(hello?.cipherSpecs.count == 7 && hello?.length == record.count)
  }

  @Test("an answer in SSLv2 is known byte by byte, and one that only looks like it is garbage")
  func answerOfSSL2() {
    let answer: [UInt8] = [0x80, 20, 4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 4, 1, 2, 7, 0, 0xc0, 5, 6, 7, 8]
    var flight = ServerFlight()
    for (index, byte) in answer.enumerated() {
      #expect(flight.isSSL2 == (index >= 13) && flight.oddity == nil)
      flight.receive([byte])
    }
    #expect(flight.isSSL2)
    var other = ServerFlight()
    other.receive([0x80, 90] + answer.dropFirst(2))
    #expect(!other.isSSL2 && other.oddity == .garbage)
  }

  @Test("a DH group is measured in a flight of a DHE suite only", arguments: [(0x0033, 16), (0xc02f, nil)])
  func dhBits(suite: UInt16, bits: Int?) {
    let hello = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, UInt8(suite >> 8), UInt8(suite & 255), 0]
    let exchange: [UInt8] = [0, 2, 0xff, 0xfb, 0, 1, 2, 0, 1, 4]
    let messages = [2, 0, 0, UInt8(hello.count)] + hello + [12, 0, 0, UInt8(exchange.count)] + exchange
    var flight = ServerFlight()
    flight.receive([22, 3, 3, 0, UInt8(messages.count)] + messages)
    #expect(flight.dhBits == bits)
  }

  @Test("a server hello whose extensions run past their end is not believed")
  func cutExtensions() {
    let hello = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0, 0, 5, 0xff, 1, 0, 2, 0]
    var flight = ServerFlight()
    flight.receive([22, 3, 3, 0, UInt8(hello.count + 4), 2, 0, 0, UInt8(hello.count)] + hello)
    #expect(flight.hello == nil && flight.oddity == .garbage)
  }
}
