import Glibc
import Wire

@testable import Engines

/// Bytes of TLS servers that no library is any more, and a loopback server that answers each hello with them.
enum TLSMock {
  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
  static func record(_ content: UInt8, _ version: UInt16, _ body: [UInt8]) -> [UInt8] {
    [content] + word(version) + word(UInt16(body.count)) + body
  }
  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 255), UInt8(body.count & 255)] + body
  }
  static func alert(_ code: UInt8) -> [UInt8] { record(21, 0x0301, [2, code]) }

  struct Hello {
    var version: UInt16 = 0x0303
    var suite: UInt16 = 0xc02f
    var extensions: [(UInt16, [UInt8])] = [(0xff01, [0])]
    var sessionID: [UInt8] = []
    var random = [UInt8](repeating: 7, count: 32)
    var compression: UInt8 = 0

    var message: [UInt8] {
      let list = extensions.flatMap { TLSMock.word($0.0) + TLSMock.word(UInt16($0.1.count)) + $0.1 }
      let body =
        TLSMock.word(version) + random + [UInt8(sessionID.count)] + sessionID + TLSMock.word(suite) + [compression]
      return TLSMock.message(2, body + (extensions.isEmpty ? [] : TLSMock.word(UInt16(list.count)) + list))
    }
  }

  /// A HelloRetryRequest that names a suite and a group.
  static func retry(_ suite: UInt16, _ group: UInt16, session: [UInt8]) -> [UInt8] {
    let hello = Hello(
      suite: suite, extensions: [(43, [3, 4]), (51, word(group))], sessionID: session,
      random: TLSServerHello.retryRandom)
    return record(22, 0x0303, hello.message)
  }

  static func flight(_ hello: Hello, certificate: [UInt8]? = nil, exchange: [UInt8]? = nil) -> [UInt8] {
    var messages = hello.message
    if let certificate {
      let length = [
        UInt8(certificate.count >> 16), UInt8(certificate.count >> 8 & 255), UInt8(certificate.count & 255),
      ]
      let total = certificate.count + 3
      messages += message(
        11, [UInt8(total >> 16), UInt8(total >> 8 & 255), UInt8(total & 255)] + length + certificate)
    }
    if let exchange { messages += message(12, exchange) }
    messages += message(14, [])
    return record(22, hello.version, messages)
  }

  /// p, g = 2, a value of the prime's length, and a signature by `scheme` in TLS 1.2.
  static func dhExchange(_ prime: [UInt8], scheme: UInt16 = 0x0401) -> [UInt8] {
    word(UInt16(prime.count)) + prime + [0, 1, 2] + word(UInt16(prime.count)) + prime + word(scheme) + [0, 2, 1, 1]
  }
  static func ecExchange(_ group: UInt16, scheme: UInt16 = 0x0401) -> [UInt8] {
    [3] + word(group) + [1, 4] + word(scheme) + [0, 2, 1, 1]
  }

  /// What was asked: the hello, and whether TLS 1.3 is among its versions.
  static func read(_ bytes: [UInt8]) -> TLSClientHello? {
    guard bytes.count > 9, bytes[0] == 22 else { return nil }
    let body = Array(bytes.dropFirst(9))
    return unsafe TLSClientHello(body.span.bytes)
  }

  static func server(
    _ answer: @escaping @Sendable (TLSClientHello, Peer) -> Void
  ) throws -> LoopbackServer {
    try LoopbackServer { peer in
      guard let hello = read(peer.receive()) else { return peer.send(alert(70)) }
      answer(hello, peer)
    }
  }

  /// A TLS 1.2 server that takes one suite; `body` acts after the flight.
  static func classic(
    _ hello: Hello = Hello(), certificate: [UInt8]? = nil,
    then body: @escaping @Sendable (TLSClientHello, Peer) -> Void = { _, peer in peer.waitForEnd(milliseconds: 1500) }
  ) throws -> LoopbackServer {
    try server { asked, peer in
      guard asked.legacyVersion >= 0x0303, !asked.extensions.versions.contains(0x0304) else {
        return peer.send(alert(70))
      }
      guard asked.cipherSuites.contains(hello.suite) else { return peer.send(alert(40)) }
      let isECDHE = TLSCipherSuite(rawValue: hello.suite).isEllipticEphemeral
      guard !isECDHE || asked.extensions.groups.contains(23) else { return peer.send(alert(40)) }
      peer.send(flight(hello, certificate: certificate, exchange: isECDHE ? ecExchange(23) : nil))
      body(asked, peer)
    }
  }
}
