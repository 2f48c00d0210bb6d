/// What a server answered to a hello, read from its bytes as they come. It reads only what is in clear: the hello, and
/// below TLS 1.3 the certificates and the key exchange.
package struct ServerFlight {
  struct Hello: Hashable {
    var version: ProtocolVersion
    var suite: CipherSuite
    var compression: UInt8
    var isRetry: Bool
    var group: UInt16?
    /// RFC 5746: the server answered to the renegotiation signal.
    var isRenegotiationSecure: Bool
  }
  enum Oddity: Hashable {
    case plainHTTP
    case garbage
  }

  private(set) var hello: Hello?
  private(set) var isSSL2 = false
  private(set) var alert: UInt8?
  private(set) var oddity: Oddity?
  /// DER, as sent.
  package private(set) var certificates: [[UInt8]] = []
  private(set) var dhBits: Int?
  private(set) var isComplete = false

  private var buffer: [UInt8] = []
  private var handshake: [UInt8] = []
  /// The largest flight that is read: certificates of a sane chain, several times over.
  static let limit = 256 << 10
  private var total = 0

  /// Whether nothing more can come of it.
  var isOver: Bool { alert != nil || oddity != nil || isSSL2 || isComplete || total > ServerFlight.limit }

  package init() {}

  package mutating func receive(_ bytes: [UInt8]) {
    total += bytes.count
    buffer += bytes
    while !isOver, let record = nextRecord() {
      switch record.type {
      case 21: alert = record.body.count >= 2 ? record.body[1] : 0
      case 22:
        handshake += record.body
        while !isOver, let message = nextMessage() { read(message.type, message.body) }
      case 20, 23: isComplete = true
      default: oddity = .garbage
      }
    }
  }

  private mutating func nextRecord() -> (type: UInt8, body: [UInt8])? {
    if buffer.count >= 5, hello == nil, handshake.isEmpty { classify() }
    guard oddity == nil, !isSSL2, buffer.count >= 5 else { return nil }
    let length = Int(buffer[3]) << 8 | Int(buffer[4])
    guard length <= 18_432 else {
      oddity = .garbage
      return nil
    }
    guard buffer.count >= 5 + length else { return nil }
    defer { buffer.removeFirst(5 + length) }
    return (buffer[0], Array(buffer[5..<5 + length]))
  }

  private mutating func classify() {
    let isRecord = (20...23).contains(buffer[0]) && buffer[1] == 3 && buffer[2] <= 4
    guard !isRecord else { return }
    // SERVER-HELLO of SSLv2: two bytes of length, type 4, ..., version 0x0002 at 5.
    if buffer[0] & 0x80 != 0, buffer[2] == 4 {
      guard buffer.count >= 7 else { return }
      if buffer[5] == 0, buffer[6] == 2 { isSSL2 = true } else { oddity = .garbage }
      return
    }
    oddity = buffer.starts(with: Array("HTTP/".utf8)) ? .plainHTTP : .garbage
  }

  private mutating func nextMessage() -> (type: UInt8, body: [UInt8])? {
    guard handshake.count >= 4 else { return nil }
    let length = Int(handshake[1]) << 16 | Int(handshake[2]) << 8 | Int(handshake[3])
    guard length <= ServerFlight.limit else {
      oddity = .garbage
      return nil
    }
    guard handshake.count >= 4 + length else { return nil }
    defer { handshake.removeFirst(4 + length) }
    return (handshake[0], Array(handshake[4..<4 + length]))
  }

  private mutating func read(_ type: UInt8, _ body: [UInt8]) {
    switch type {
    case 2:
      hello = ServerFlight.hello(body)
      if hello == nil { oddity = .garbage }
      if hello?.version == .tls13 { isComplete = true }
    case 11: certificates = ServerFlight.certificates(body)
    case 12: keyExchange(body)
    case 14: isComplete = true
    default: break
    }
  }

  private mutating func keyExchange(_ body: [UInt8]) {
    guard hello?.suite.isFiniteFieldEphemeral == true, body.count > 2 else { return }
    let length = Int(body[0]) << 8 | Int(body[1])
    guard length > 0, body.count >= 2 + length else { return }
    let prime = body[2..<2 + length].drop { $0 == 0 }
    dhBits = prime.isEmpty ? 0 : prime.count * 8 - (prime.first?.leadingZeroBitCount ?? 0)
  }

  private static let retryRandom: [UInt8] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
    0x16,
    0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
  ]

  private static func hello(_ body: [UInt8]) -> Hello? {
    guard body.count >= 38 else { return nil }
    let session = Int(body[34])
    guard session <= 32, body.count >= 38 + session else { return nil }
    func u16(_ at: Int) -> UInt16 { UInt16(body[at]) << 8 | UInt16(body[at + 1]) }
    var hello = Hello(
      version: .init(rawValue: u16(0)), suite: .init(rawValue: u16(35 + session)), compression: body[37 + session],
      isRetry: Array(body[2..<34]) == retryRandom, group: nil, isRenegotiationSecure: false)
    var at = 40 + session
    while at + 4 <= body.count {
      let (type, length) = (u16(at), Int(u16(at + 2)))
      guard at + 4 + length <= body.count else { return nil }
      if type == 43, length == 2 { hello.version = .init(rawValue: u16(at + 4)) }
      if type == 51, length >= 2 { hello.group = u16(at + 4) }
      if type == 0xff01 { hello.isRenegotiationSecure = true }
      at += 4 + length
    }
    return hello
  }

  private static func certificates(_ body: [UInt8]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var at = 3
    while at + 3 <= body.count, result.count < 20 {
      let length = Int(body[at]) << 16 | Int(body[at + 1]) << 8 | Int(body[at + 2])
      guard length > 0, at + 3 + length <= body.count else { break }
      result.append(Array(body[at + 3..<at + 3 + length]))
      at += 3 + length
    }
    return result
  }
}
