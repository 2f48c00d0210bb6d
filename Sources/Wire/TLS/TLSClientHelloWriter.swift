/// Builds client hellos byte by byte, so that a probe can offer what no library would: any version, any suites, any
/// groups, an empty key share.
public struct TLSClientHelloWriter: Sendable {
  public var recordVersion = TLSVersion.tls10
  public var legacyVersion = TLSVersion.tls12
  public var random: [UInt8]
  public var sessionID: [UInt8] = []
  public var cipherSuites: [UInt16]
  public var compressions: [UInt8] = [0]
  public var serverName: String?
  public var applicationProtocols: [String] = []
  /// Left out when empty, as below TLS 1.3.
  public var versions: [UInt16] = []
  /// Sent along with versions; left out when empty.
  public var pskModes: [UInt8] = [1]
  public var groups: [UInt16] = []
  /// Sent along with groups; left out when empty, as in TLS 1.3.
  public var pointFormats: [UInt8] = [0]
  public var signatureSchemes: [UInt16] = TLSSignatureScheme.offered
  /// Nil: no key share extension. Empty: an empty list, which makes a TLS 1.3 server name its choice in a
  /// HelloRetryRequest without a signature.
  public var keyShares: [(group: UInt16, key: [UInt8])]?
  public var cookie: [UInt8] = []
  public var wantsStaple = false
  public var wantsSessionTicket = false
  public var wantsExtendedMasterSecret = true
  /// Appended as they are: (type, body).
  public var furtherExtensions: [(type: UInt16, body: [UInt8])] = []
  /// Pads a hello of 256 to 511 bytes to 512, since some load balancers drop those (RFC 7685).
  public var avoidsMiddleLength = false
  /// No extensions at all, as SSL 3.0 has it.
  public var omitsExtensions = false

  public init(random: [UInt8], cipherSuites: [UInt16]) {
    self.random = random
    self.cipherSuites = cipherSuites
  }

  /// The record with the hello in it. A random that is not 32 bytes is cut or filled with zeros.
  public func record() -> [UInt8] {
    let message = handshake()
    return [TLSNumber.Content.handshake] + Self.word(recordVersion.rawValue) + Self.counted(2, message)
  }
  public func handshake() -> [UInt8] { [TLSNumber.Handshake.clientHello] + Self.counted(3, body()) }

  private func body() -> [UInt8] {
    let filled = Array((random + [UInt8](repeating: 0, count: 32)).prefix(32))
    var out = Self.word(legacyVersion.rawValue) + filled + Self.counted(1, Array(sessionID.prefix(32)))
    out += Self.counted(2, cipherSuites.flatMap(Self.word)) + Self.counted(1, compressions)
    guard !omitsExtensions else { return out }
    let list = extensions()
    return out + Self.counted(2, list + padding(TLSHandshakeHeader.length + out.count + 2 + list.count))
  }

  /// An extension that makes up what `length` lacks; its own header counts.
  private func padding(_ length: Int) -> [UInt8] {
    guard avoidsMiddleLength, (256..<512).contains(length) else { return [] }
    let zeros = [UInt8](repeating: 0, count: max(0, 512 - length - 4))
    return Self.word(TLSNumber.Extension.padding) + Self.counted(2, zeros)
  }

  private func extensions() -> [UInt8] {
    typealias Number = TLSNumber.Extension
    var out: [UInt8] = []
    func add(_ type: UInt16, _ body: [UInt8]) { out += Self.word(type) + Self.counted(2, body) }
    if let serverName {
      add(Number.serverName, Self.counted(2, [0] + Self.counted(2, Array(serverName.utf8))))
    }
    if wantsStaple { add(Number.statusRequest, [1, 0, 0, 0, 0]) }
    if !groups.isEmpty {
      add(Number.supportedGroups, Self.counted(2, groups.flatMap(Self.word)))
      if !pointFormats.isEmpty { add(Number.ecPointFormats, Self.counted(1, pointFormats)) }
    }
    if !signatureSchemes.isEmpty {
      add(Number.signatureAlgorithms, Self.counted(2, signatureSchemes.flatMap(Self.word)))
    }
    if !applicationProtocols.isEmpty {
      add(Number.alpn, Self.counted(2, applicationProtocols.flatMap { Self.counted(1, Array($0.utf8)) }))
    }
    if wantsExtendedMasterSecret { add(Number.extendedMasterSecret, []) }
    if wantsSessionTicket { add(Number.sessionTicket, []) }
    if !versions.isEmpty {
      add(Number.supportedVersions, Self.counted(1, versions.flatMap(Self.word)))
      if !pskModes.isEmpty { add(Number.pskModes, Self.counted(1, pskModes)) }
    }
    if !cookie.isEmpty { add(Number.cookie, Self.counted(2, cookie)) }
    if let keyShares {
      add(Number.keyShare, Self.counted(2, keyShares.flatMap { Self.word($0.group) + Self.counted(2, $0.key) }))
    }
    for item in furtherExtensions { add(item.type, item.body) }
    return out
  }

  private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
  private static func counted(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * (width - 1 - $0))) } + bytes
  }
}
