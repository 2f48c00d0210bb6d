/// A cipher suite's number (IANA "TLS Cipher Suites"); unknown ones are kept.
struct CipherSuite: RawRepresentable, Hashable, Sendable {
  var rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  var name: String {
    CipherSuite.names[rawValue].map { "TLS_" + $0 } ?? "0x" + String(rawValue, radix: 16)
  }

  private var body: String { CipherSuite.names[rawValue] ?? "" }
  var isTLS13: Bool { rawValue >> 8 == 0x13 || rawValue == 0xc6 || rawValue == 0xc7 }
  /// Has no meaning below TLS 1.2 (RFC 5246 section 1.2, RFC 5288, RFC 5289).
  var needsTLS12: Bool {
    body.hasSuffix("SHA256") || body.hasSuffix("SHA384") || body.contains("_CCM") || body.contains("POLY1305")
  }
  var isNull: Bool { body.contains("_NULL_") }
  var isAnonymous: Bool { body.contains("_anon_") }
  var isExport: Bool { body.contains("EXPORT") }
  var isRC4: Bool { body.contains("RC4") }
  var isDES: Bool { body.contains("_DES_") || body.contains("DES40") || body.contains("RC2_") }
  var is3DES: Bool { body.contains("3DES") }
  var isFiniteFieldEphemeral: Bool { body.hasPrefix("DHE_") || body.hasPrefix("DH_anon") }
  var isForwardSecret: Bool { isTLS13 || body.hasPrefix("ECDHE_") || body.hasPrefix("DHE_") || isAnonymous }

  /// Every suite with a certificate or without any (no PSK, SRP, Kerberos): strong ones first, since some servers
  /// cut long lists.
  static let all: [CipherSuite] = names.keys.sorted().map { CipherSuite(rawValue: $0) }
  static let tls13: [CipherSuite] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc6, 0xc7].map {
    CipherSuite(rawValue: $0)
  }

  static func offered(in version: ProtocolVersion) -> [CipherSuite] {
    if version == .tls13 { return tls13 }
    let old = all.filter { !$0.isTLS13 && (version == .tls12 || !$0.needsTLS12) }
    let strong = old.filter { $0.isForwardSecret && !$0.isWeak }
    return strong + old.filter { !strong.contains($0) }
  }

  var isWeak: Bool { isNull || isAnonymous || isExport || isRC4 || isDES || is3DES }

  private static let names: [UInt16: String] = {
    var table: [UInt16: String] = [
      0x1301: "AES_128_GCM_SHA256", 0x1302: "AES_256_GCM_SHA384", 0x1303: "CHACHA20_POLY1305_SHA256",
      0x1304: "AES_128_CCM_SHA256", 0x1305: "AES_128_CCM_8_SHA256", 0xc6: "SM4_GCM_SM3", 0xc7: "SM4_CCM_SM3",
      0x3b: "RSA_WITH_NULL_SHA256", 0x3c: "RSA_WITH_AES_128_CBC_SHA256", 0x3d: "RSA_WITH_AES_256_CBC_SHA256",
      0x3e: "DH_DSS_WITH_AES_128_CBC_SHA256", 0x3f: "DH_RSA_WITH_AES_128_CBC_SHA256",
      0x40: "DHE_DSS_WITH_AES_128_CBC_SHA256", 0x67: "DHE_RSA_WITH_AES_128_CBC_SHA256",
      0x68: "DH_DSS_WITH_AES_256_CBC_SHA256", 0x69: "DH_RSA_WITH_AES_256_CBC_SHA256",
      0x6a: "DHE_DSS_WITH_AES_256_CBC_SHA256", 0x6b: "DHE_RSA_WITH_AES_256_CBC_SHA256",
      0x6c: "DH_anon_WITH_AES_128_CBC_SHA256", 0x6d: "DH_anon_WITH_AES_256_CBC_SHA256",
      0xcca8: "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca9: "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      0xccaa: "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ]
    func put(_ first: UInt16, _ names: [String]) {
      for (offset, name) in names.enumerated() { table[first + UInt16(offset)] = name }
    }
    put(
      0x01,
      [
        "RSA_WITH_NULL_MD5", "RSA_WITH_NULL_SHA", "RSA_EXPORT_WITH_RC4_40_MD5", "RSA_WITH_RC4_128_MD5",
        "RSA_WITH_RC4_128_SHA", "RSA_EXPORT_WITH_RC2_CBC_40_MD5", "RSA_WITH_IDEA_CBC_SHA",
        "RSA_EXPORT_WITH_DES40_CBC_SHA", "RSA_WITH_DES_CBC_SHA", "RSA_WITH_3DES_EDE_CBC_SHA",
      ])
    let triples = ["EXPORT_WITH_DES40_CBC_SHA", "WITH_DES_CBC_SHA", "WITH_3DES_EDE_CBC_SHA"]
    for (index, exchange) in ["DH_DSS", "DH_RSA", "DHE_DSS", "DHE_RSA"].enumerated() {
      put(0x0b + UInt16(3 * index), triples.map { exchange + "_" + $0 })
    }
    put(0x17, ["DH_anon_EXPORT_WITH_RC4_40_MD5", "DH_anon_WITH_RC4_128_MD5"] + triples.map { "DH_anon_" + $0 })
    let six = ["RSA", "DH_DSS", "DH_RSA", "DHE_DSS", "DHE_RSA", "DH_anon"]
    let blocks: [(UInt16, String)] = [
      (0x2f, "AES_128_CBC_SHA"), (0x35, "AES_256_CBC_SHA"), (0x41, "CAMELLIA_128_CBC_SHA"),
      (0x84, "CAMELLIA_256_CBC_SHA"), (0x96, "SEED_CBC_SHA"), (0xba, "CAMELLIA_128_CBC_SHA256"),
      (0xc0, "CAMELLIA_256_CBC_SHA256"),
    ]
    for (first, cipher) in blocks { put(first, six.map { "\($0)_WITH_\(cipher)" }) }
    for (index, exchange) in ["RSA", "DHE_RSA", "DH_RSA", "DHE_DSS", "DH_DSS", "DH_anon"].enumerated() {
      put(0x9c + UInt16(2 * index), ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384"].map { "\(exchange)_WITH_\($0)" })
    }
    let curves = ["ECDH_ECDSA", "ECDHE_ECDSA", "ECDH_RSA", "ECDHE_RSA", "ECDH_anon"]
    let old = ["NULL_SHA", "RC4_128_SHA", "3DES_EDE_CBC_SHA", "AES_128_CBC_SHA", "AES_256_CBC_SHA"]
    for (index, exchange) in curves.enumerated() {
      put(0xc001 + UInt16(5 * index), old.map { "\(exchange)_WITH_\($0)" })
    }
    for (index, exchange) in ["ECDHE_ECDSA", "ECDH_ECDSA", "ECDHE_RSA", "ECDH_RSA"].enumerated() {
      let at = UInt16(2 * index)
      put(0xc023 + at, ["AES_128_CBC_SHA256", "AES_256_CBC_SHA384"].map { "\(exchange)_WITH_\($0)" })
      put(0xc02b + at, ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384"].map { "\(exchange)_WITH_\($0)" })
    }
    let pairs: [(UInt16, String, String)] = [
      (0xc03c, "RSA", "ARIA_CBC"), (0xc044, "DHE_RSA", "ARIA_CBC"), (0xc048, "ECDHE_ECDSA", "ARIA_CBC"),
      (0xc04c, "ECDHE_RSA", "ARIA_CBC"), (0xc050, "RSA", "ARIA_GCM"), (0xc052, "DHE_RSA", "ARIA_GCM"),
      (0xc05c, "ECDHE_ECDSA", "ARIA_GCM"), (0xc060, "ECDHE_RSA", "ARIA_GCM"), (0xc072, "ECDHE_ECDSA", "CAMELLIA_CBC"),
      (0xc076, "ECDHE_RSA", "CAMELLIA_CBC"), (0xc07a, "RSA", "CAMELLIA_GCM"), (0xc07c, "DHE_RSA", "CAMELLIA_GCM"),
      (0xc086, "ECDHE_ECDSA", "CAMELLIA_GCM"), (0xc08a, "ECDHE_RSA", "CAMELLIA_GCM"),
    ]
    for (first, exchange, cipher) in pairs {
      let parts = cipher.split(separator: "_")
      put(
        first,
        ["128", "256"].map { "\(exchange)_WITH_\(parts[0])_\($0)_\(parts[1])_\($0 == "128" ? "SHA256" : "SHA384")" })
    }
    put(
      0xc09c, ["RSA_WITH_AES_128_CCM", "RSA_WITH_AES_256_CCM", "DHE_RSA_WITH_AES_128_CCM", "DHE_RSA_WITH_AES_256_CCM"])
    put(
      0xc0a0,
      ["RSA_WITH_AES_128_CCM_8", "RSA_WITH_AES_256_CCM_8", "DHE_RSA_WITH_AES_128_CCM_8", "DHE_RSA_WITH_AES_256_CCM_8"])
    put(
      0xc0ac,
      [
        "ECDHE_ECDSA_WITH_AES_128_CCM", "ECDHE_ECDSA_WITH_AES_256_CCM", "ECDHE_ECDSA_WITH_AES_128_CCM_8",
        "ECDHE_ECDSA_WITH_AES_256_CCM_8",
      ])
    return table
  }()
}

/// A version as it stands on the wire; unknown ones are kept.
struct ProtocolVersion: RawRepresentable, Hashable, Sendable {
  var rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  static let ssl2 = Self(rawValue: 0x0002)
  static let ssl3 = Self(rawValue: 0x0300)
  static let tls10 = Self(rawValue: 0x0301)
  static let tls11 = Self(rawValue: 0x0302)
  static let tls12 = Self(rawValue: 0x0303)
  static let tls13 = Self(rawValue: 0x0304)

  var name: String {
    switch self {
    case .ssl2: "SSLv2"
    case .ssl3: "SSLv3"
    case .tls10: "TLS 1.0"
    case .tls11: "TLS 1.1"
    case .tls12: "TLS 1.2"
    case .tls13: "TLS 1.3"
    default: "0x" + String(rawValue, radix: 16)
    }
  }
}
