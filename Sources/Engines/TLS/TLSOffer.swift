internal import Glibc
internal import Wire

/// What the enumeration's hellos offer: each asks for one version with a list of suites and nothing to fall back on.
struct TLSOffer {
  var version: TLSVersion
  var suites: [TLSCipherSuite]
  var serverName: String?
  /// Nil: all of the version.
  var groups: [UInt16]?
  var signatures: [UInt16] = TLSOffer.signatures
  var extras: Extras = []
  /// Below TLS 1.3; a ticket to be resumed with.
  var sessionID: [UInt8] = []
  var ticket: [UInt8] = []

  struct Extras: OptionSet {
    let rawValue: UInt8
    /// What a browser sends besides, so that the answers come free: ALPN, extended master secret, ticket, staple,
    /// encrypt-then-MAC, heartbeat.
    static let browser = Extras(rawValue: 1)
    /// RFC 7507: "this is not the highest version I know".
    static let fallback = Extras(rawValue: 2)
    /// A client of the future: a higher legacy version, and suites, groups and extensions that nobody knows.
    static let future = Extras(rawValue: 4)
    /// A share of X25519 in TLS 1.3, for servers that take no empty list.
    static let keyShare = Extras(rawValue: 8)
  }

  static let protocols = ["h2", "http/1.1"]

  /// The whole record. Below TLS 1.3 it offers compression and secure renegotiation, so that their answers come free.
  var record: [UInt8] {
    if version == .ssl2 { return SSLv2ClientHelloWriter(challenge: TLSOffer.noise(16)).record() }
    let is13 = version == .tls13
    var signals = is13 ? [] : [TLSCipherSuite.renegotiationSCSV]
    if extras.contains(.fallback) { signals.append(.fallbackSCSV) }
    let grease = extras.contains(.future) ? [TLSCipherSuite(rawValue: 0x1a1a)] : []
    var hello = TLSClientHelloWriter(
      random: TLSOffer.noise(32), cipherSuites: (grease + suites + signals).map(\.rawValue))
    hello.legacyVersion = is13 ? .tls12 : version
    hello.recordVersion = version == .ssl3 ? .ssl3 : .tls10
    hello.sessionID = is13 ? TLSOffer.noise(32) : sessionID
    hello.compressions = is13 || version == .ssl3 ? [0] : [1, 0]
    hello.omitsExtensions = version == .ssl3
    hello.serverName = serverName.flatMap { $0.utf8.count < 256 ? $0 : nil }
    hello.groups = groups ?? TLSOffer.groups(in: version)
    hello.pointFormats = is13 ? [] : [0]
    hello.signatureSchemes = is13 || version == .tls12 ? signatures : []
    hello.versions = is13 ? [version.rawValue] : []
    hello.pskModes = []
    hello.keyShares = is13 ? [] : nil
    if is13, extras.contains(.keyShare) { hello.keyShares = [(TLSGroup.x25519.rawValue, TLSOffer.noise(32))] }
    hello.wantsExtendedMasterSecret = false
    hello.avoidsMiddleLength = true
    if extras.contains(.browser) { addBrowser(&hello) }
    if !ticket.isEmpty { hello.furtherExtensions.append((TLSNumber.Extension.sessionTicket, ticket)) }
    if extras.contains(.future) { addFuture(&hello) }
    return hello.record()
  }

  private func addBrowser(_ hello: inout TLSClientHelloWriter) {
    hello.applicationProtocols = TLSOffer.protocols
    hello.wantsExtendedMasterSecret = version != .tls13
    hello.wantsSessionTicket = version != .tls13 && ticket.isEmpty
    hello.wantsStaple = true
    guard version != .tls13 else { return }
    // RFC 6520: 1, "I may be asked".
    hello.furtherExtensions = [(TLSNumber.Extension.encryptThenMAC, []), (TLSNumber.Extension.heartbeat, [1])]
  }

  /// RFC 8701 values; TLS 1.4 in the old field, as a client of a later time might put it there.
  private func addFuture(_ hello: inout TLSClientHelloWriter) {
    hello.legacyVersion = TLSVersion(rawValue: 0x0305)
    hello.groups = [0x2a2a] + hello.groups
    hello.furtherExtensions = [(0x3a3a, []), (0xfe42, [1, 2, 3])]
  }

  static func noise(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // As few calls to the kernel as it takes; the standard library's generator makes one for every eight bytes.
    let isFilled = unsafe bytes.withUnsafeMutableBytes { buffer in
      stride(from: 0, to: count, by: 256).allSatisfy { start in
        let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start..<min(start + 256, count)])
        return unsafe getentropy(piece.baseAddress, piece.count) == 0
      }
    }
    precondition(isFilled, "the kernel gives random bytes, 256 at a time")
    return bytes
  }
}

/// The lists, each with the strong first, since some servers cut long ones.
extension TLSOffer {
  /// No ffdhe below TLS 1.3, behind which RFC 7919 lets a server hide its own DH; but every curve there ever was.
  static let curves: [UInt16] =
    [0x001d, 0x0017, 0x001e, 0x0018, 0x0019, 28, 27, 26, 22] + [14, 13, 12, 11, 10, 9, 8, 21, 20, 7, 6]
    + [41, 19, 18, 17, 16, 15, 5, 4, 3, 2, 1]
  static let groups13: [UInt16] =
    [0x11ec, 0x11eb, 0x11ed, 0x001d, 0x0017, 0x001e, 0x0018, 0x0019, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104]
    + [31, 32, 33, 0x0200, 0x0201, 0x0202, 0x6399, 41]
  static func groups(in version: TLSVersion) -> [UInt16] { version == .tls13 ? groups13 : curves }

  static let signatures: [UInt16] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101, 0x0708, 0x0904, 0x0905, 0x0906,
  ]
  /// By SHA-1 and MD5 alone.
  static let weakSignatures: [UInt16] = [0x0203, 0x0201, 0x0202, 0x0101]

  /// Every suite with a certificate or without any.
  static func suites(in version: TLSVersion) -> [TLSCipherSuite] {
    switch version {
    case .tls13: modern
    case .tls12: classic
    default: old
    }
  }
  /// So few that the hello stays under 256 bytes, for servers that take no long one.
  static let plain = [
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
    0x0033, 0x0039, 0x000a, 0x0005, 0x0004,
  ].map(TLSCipherSuite.init(rawValue:))
  private static let modern = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc6, 0xc7].map(TLSCipherSuite.init(rawValue:))
  private static let classic: [TLSCipherSuite] = {
    let all = TLSCipherSuite.named.filter { !$0.isTLS13 && !$0.needsSharedSecret && $0.rawValue != 0 }
    return all.filter(isStrong) + all.filter { !isStrong($0) }
  }()
  private static let old = classic.filter { !$0.needsTLS12 }
  private static func isStrong(_ suite: TLSCipherSuite) -> Bool { suite.isForwardSecret && !suite.isWeak }
}
