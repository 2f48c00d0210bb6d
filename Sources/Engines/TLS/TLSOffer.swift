internal import Wire

/// What the enumeration's hellos offer: each asks for one version with a list of suites and nothing to fall back on.
struct TLSOffer {
  var version: TLSVersion
  var suites: [TLSCipherSuite]
  var serverName: String?

  /// Hybrids and modern curves first; no ffdhe below TLS 1.3, behind which RFC 7919 lets a server hide its own DH.
  private static let curves: [UInt16] = [0x001d, 0x0017, 0x001e, 0x0018, 0x0019]
  private static let groups13: [UInt16] = [0x11ec, 0x11eb, 0x11ed] + curves + [0x0100, 0x0101, 0x0102, 0x0103, 0x0104]
  private static let signatures: [UInt16] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101, 0x0708,
  ]

  /// The whole record. Below TLS 1.3 it offers compression and secure renegotiation, so that their answers come free.
  var record: [UInt8] {
    if version == .ssl2 { return SSLv2ClientHelloWriter(challenge: TLSOffer.noise(16)).record() }
    let is13 = version == .tls13
    let signal = is13 ? [] : [TLSCipherSuite.renegotiationSCSV]
    var hello = TLSClientHelloWriter(random: TLSOffer.noise(32), cipherSuites: (suites + signal).map(\.rawValue))
    hello.legacyVersion = is13 ? .tls12 : version
    hello.recordVersion = version == .ssl3 ? .ssl3 : .tls10
    hello.sessionID = is13 ? TLSOffer.noise(32) : []
    hello.compressions = is13 || version == .ssl3 ? [0] : [1, 0]
    hello.omitsExtensions = version == .ssl3
    hello.serverName = serverName.flatMap { $0.utf8.count < 256 ? $0 : nil }
    hello.groups = is13 ? TLSOffer.groups13 : TLSOffer.curves
    hello.pointFormats = is13 ? [] : [0]
    hello.signatureSchemes = is13 || version == .tls12 ? TLSOffer.signatures : []
    hello.versions = is13 ? [version.rawValue] : []
    hello.pskModes = []
    hello.keyShares = is13 ? [] : nil
    hello.wantsExtendedMasterSecret = false
    hello.avoidsMiddleLength = true
    return hello.record()
  }

  private static func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }

  /// Every suite with a certificate or without any: strong ones first, since some servers cut long lists.
  static func suites(in version: TLSVersion) -> [TLSCipherSuite] {
    switch version {
    case .tls13: modern
    case .tls12: classic
    default: old
    }
  }
  private static let modern = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc6, 0xc7].map(TLSCipherSuite.init(rawValue:))
  private static let classic: [TLSCipherSuite] = {
    let all = TLSCipherSuite.named.filter { !$0.isTLS13 && !$0.needsSharedSecret && $0.rawValue != 0 }
    return all.filter(isStrong) + all.filter { !isStrong($0) }
  }()
  private static let old = classic.filter { !$0.needsTLS12 }
  private static func isStrong(_ suite: TLSCipherSuite) -> Bool { suite.isForwardSecret && !suite.isWeak }
}
