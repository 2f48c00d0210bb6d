internal import Wire

/// What a server answered to a hello, read from its bytes as they come. It reads only what is in clear: the hello, and
/// below TLS 1.3 the certificates and the key exchange.
package struct ServerFlight {
  enum Oddity: Hashable {
    case plainHTTP
    case garbage
  }

  private(set) var hello: TLSServerHello?
  private(set) var isSSL2 = false
  /// The alert's description; 0 for an alert that cannot be read.
  private(set) var alert: UInt8?
  private(set) var oddity: Oddity?
  /// DER, as sent.
  package private(set) var certificates: [[UInt8]] = []
  private(set) var keyExchange: TLSServerKeyExchange?
  private(set) var hasStaple = false
  private(set) var asksCertificate = false
  /// Names of the suites that an SSLv2 server lists.
  private(set) var ssl2Suites: [String] = []
  private(set) var isComplete = false

  private var buffer: [UInt8] = []
  private var handshake: [UInt8] = []
  /// The largest flight that is read: certificates of a sane chain, several times over.
  static let limit = 256 << 10
  private var total = 0

  /// Whether nothing more can come of it.
  package var isOver: Bool { alert != nil || oddity != nil || isComplete || total > ServerFlight.limit }
  /// Whether something was understood, or that it cannot be.
  var hasAnswer: Bool { hello != nil || isSSL2 || alert != nil || oddity != nil }
  var dhBits: Int? { keyExchange?.dh?.primeBits }

  package init() {}

  package mutating func receive(_ bytes: [UInt8]) {
    total += bytes.count
    buffer += bytes
    while !isOver, let record = nextRecord() {
      switch record.content {
      case TLSNumber.Content.alert: alert = unsafe TLSAlert(record.body.span.bytes)?.description ?? 0
      case TLSNumber.Content.handshake:
        handshake += record.body
        while !isOver, let message = nextMessage() { read(message.type, message.body) }
      case TLSNumber.Content.changeCipherSpec, TLSNumber.Content.applicationData: isComplete = true
      default: oddity = .garbage
      }
    }
  }

  private mutating func nextRecord() -> (content: UInt8, body: [UInt8])? {
    guard let header = unsafe TLSRecordHeader(buffer.span.bytes) else { return nil }
    if hello == nil, handshake.isEmpty, !header.isContentKnown || !header.isVersionKnown {
      classify()
      return nil
    }
    guard header.bodyLength <= TLSRecordHeader.lengthLimit else {
      oddity = .garbage
      return nil
    }
    return ServerFlight.take(TLSRecordHeader.length, header.bodyLength, from: &buffer).map { (header.content, $0) }
  }

  /// What it is that does not start like a record; nothing yet where more bytes are needed to tell.
  private mutating func classify() {
    if unsafe SSLv2ServerHello.starts(buffer.span.bytes) {
      guard buffer.count >= SSLv2ServerHello.fixedLength else { return }
      readSSL2()
      return
    }
    oddity = buffer.starts(with: Array("HTTP/".utf8)) ? .plainHTTP : .garbage
  }

  /// The lengths say whether it is one; the suites come when the record is whole.
  private mutating func readSSL2() {
    guard unsafe SSLv2ServerHello(buffer.span.bytes) != nil else {
      oddity = .garbage
      return
    }
    isSSL2 = true
    let length = 2 + (Int(buffer[0] & 0x7f) << 8 | Int(buffer[1]))
    guard buffer.count >= length else { return }
    ssl2Suites = unsafe SSLv2ServerHello.specs(buffer.span.bytes)
    isComplete = true
  }

  private mutating func nextMessage() -> (type: UInt8, body: [UInt8])? {
    guard let header = unsafe TLSHandshakeHeader(handshake.span.bytes) else { return nil }
    guard header.bodyLength <= ServerFlight.limit else {
      oddity = .garbage
      return nil
    }
    return ServerFlight.take(TLSHandshakeHeader.length, header.bodyLength, from: &handshake).map { (header.type, $0) }
  }

  /// The `count` bytes after the first `skipped`, both removed; nil while they are not all there.
  private static func take(_ skipped: Int, _ count: Int, from bytes: inout [UInt8]) -> [UInt8]? {
    guard bytes.count >= skipped + count else { return nil }
    defer { bytes.removeFirst(skipped + count) }
    return Array(bytes[skipped..<skipped + count])
  }

  private mutating func read(_ type: UInt8, _ body: [UInt8]) {
    switch type {
    case TLSNumber.Handshake.serverHello:
      hello = unsafe TLSServerHello(body.span.bytes)
      if hello == nil || hello?.extensions.faults.contains(.cut) == true {
        hello = nil
        oddity = .garbage
      }
      if hello?.version == .tls13 { isComplete = true }
    case TLSNumber.Handshake.certificate:
      certificates = unsafe TLSCertificateList(body.span.bytes)?.certificates ?? []
    case TLSNumber.Handshake.serverKeyExchange:
      guard let hello else { return }
      keyExchange = unsafe TLSServerKeyExchange(body.span.bytes, suite: hello.suite, version: hello.version)
    case TLSNumber.Handshake.certificateStatus: hasStaple = true
    case TLSNumber.Handshake.certificateRequest: asksCertificate = true
    case TLSNumber.Handshake.serverHelloDone: isComplete = true
    default: break
    }
  }
}
