/// Protocol versions; drafts and GREASE are kept.
@frozen public struct TLSVersion: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let ssl2 = TLSVersion(rawValue: 0x0002)
  public static let ssl3 = TLSVersion(rawValue: 0x0300)
  public static let tls10 = TLSVersion(rawValue: 0x0301)
  public static let tls11 = TLSVersion(rawValue: 0x0302)
  public static let tls12 = TLSVersion(rawValue: 0x0303)
  public static let tls13 = TLSVersion(rawValue: 0x0304)

  /// TLS 1.3 drafts 16 and on: 0x7f and the draft's number.
  public var isDraft: Bool { rawValue >> 8 == 0x7f || rawValue >> 8 == 0xfb }
  public var isKnown: Bool { rawValue == 2 || (0x0300...0x0304).contains(rawValue) || isDraft }
  public var description: String {
    switch rawValue {
    case 0x0002: "SSLv2"
    case 0x0300: "SSLv3"
    case 0x0301: "TLSv1"
    case 0x0302: "TLS 1.1"
    case 0x0303: "TLS 1.2"
    case 0x0304: "TLS 1.3"
    default: rawValue >> 8 == 0x7f ? "TLS 1.3 draft-\(rawValue & 255)" : "0x" + String(rawValue, radix: 16)
    }
  }
  /// The name that people write; `description` has Suricata's, which differs for TLS 1.0.
  public var title: String { self == .tls10 ? "TLS 1.0" : description }
}

/// Key exchange groups (IANA "TLS Supported Groups").
@frozen public struct TLSGroup: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let secp256r1 = TLSGroup(rawValue: 23)
  public static let secp384r1 = TLSGroup(rawValue: 24)
  public static let secp521r1 = TLSGroup(rawValue: 25)
  public static let x25519 = TLSGroup(rawValue: 29)
  public static let x448 = TLSGroup(rawValue: 30)
  public static let ffdhe2048 = TLSGroup(rawValue: 256)
  public static let x25519MLKEM768 = TLSGroup(rawValue: 0x11ec)

  public static let names: [UInt16: String] = [
    1: "sect163k1", 2: "sect163r1", 3: "sect163r2", 4: "sect193r1", 5: "sect193r2", 6: "sect233k1", 7: "sect233r1",
    8: "sect239k1", 9: "sect283k1", 10: "sect283r1", 11: "sect409k1", 12: "sect409r1", 13: "sect571k1",
    14: "sect571r1", 15: "secp160k1", 16: "secp160r1", 17: "secp160r2", 18: "secp192k1", 19: "secp192r1",
    20: "secp224k1", 21: "secp224r1", 22: "secp256k1", 23: "secp256r1", 24: "secp384r1", 25: "secp521r1",
    26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "x25519", 30: "x448",
    31: "brainpoolP256r1tls13", 32: "brainpoolP384r1tls13", 33: "brainpoolP512r1tls13", 34: "GC256A", 35: "GC256B",
    36: "GC256C", 37: "GC256D", 38: "GC512A", 39: "GC512B", 40: "GC512C", 41: "curveSM2", 256: "ffdhe2048",
    257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192", 512: "MLKEM512", 513: "MLKEM768",
    514: "MLKEM1024", 0x11eb: "SecP256r1MLKEM768", 0x11ec: "X25519MLKEM768", 0x11ed: "SecP384r1MLKEM1024",
    0x6399: "X25519Kyber768Draft00", 0x639a: "SecP256r1Kyber768Draft00",
  ]
  public var description: String { Self.names[rawValue] ?? "0x" + String(rawValue, radix: 16) }
  public var isFiniteField: Bool { (256...511).contains(rawValue) }
}

/// Signature schemes (IANA "TLS SignatureScheme").
@frozen public struct TLSSignatureScheme: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let names: [UInt16: String] = [
    0x0101: "rsa_pkcs1_md5", 0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1",
    0x0301: "rsa_pkcs1_sha224", 0x0303: "ecdsa_sha224", 0x0401: "rsa_pkcs1_sha256", 0x0402: "dsa_sha256",
    0x0403: "ecdsa_secp256r1_sha256", 0x0501: "rsa_pkcs1_sha384", 0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512", 0x0603: "ecdsa_secp521r1_sha512", 0x0708: "sm2sig_sm3", 0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512",
    0x081a: "ecdsa_brainpoolP256r1tls13_sha256", 0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
  ]
  public var description: String { Self.names[rawValue] ?? "0x" + String(rawValue, radix: 16) }
  /// What a modern client offers, the rare and post-quantum ones included.
  public static let offered: [UInt16] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0402, 0x0203, 0x0201, 0x0202, 0x0904, 0x0905, 0x0906,
  ]
}

/// Numbers of RFC 8446 and the registries that both wings read.
public enum TLSNumber {
  /// RFC 8701: values that mean nothing, sent to keep servers tolerant.
  @inlinable public static func isGREASE(_ value: UInt16) -> Bool {
    value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff
  }
  public enum Content {
    public static let changeCipherSpec: UInt8 = 20
    public static let alert: UInt8 = 21
    public static let handshake: UInt8 = 22
    public static let applicationData: UInt8 = 23
    public static let heartbeat: UInt8 = 24
  }
  public enum Handshake {
    public static let clientHello: UInt8 = 1
    public static let serverHello: UInt8 = 2
    public static let newSessionTicket: UInt8 = 4
    public static let certificate: UInt8 = 11
    public static let serverKeyExchange: UInt8 = 12
    public static let certificateRequest: UInt8 = 13
    public static let serverHelloDone: UInt8 = 14
    public static let certificateVerify: UInt8 = 15
    public static let clientKeyExchange: UInt8 = 16
    public static let finished: UInt8 = 20
    public static let certificateStatus: UInt8 = 22
  }
  public enum Extension {
    public static let serverName: UInt16 = 0
    public static let statusRequest: UInt16 = 5
    public static let supportedGroups: UInt16 = 10
    public static let ecPointFormats: UInt16 = 11
    public static let signatureAlgorithms: UInt16 = 13
    public static let heartbeat: UInt16 = 15
    public static let alpn: UInt16 = 16
    public static let padding: UInt16 = 21
    public static let encryptThenMAC: UInt16 = 22
    public static let extendedMasterSecret: UInt16 = 23
    public static let sessionTicket: UInt16 = 35
    public static let preSharedKey: UInt16 = 41
    public static let earlyData: UInt16 = 42
    public static let supportedVersions: UInt16 = 43
    public static let cookie: UInt16 = 44
    public static let pskModes: UInt16 = 45
    public static let keyShare: UInt16 = 51
    public static let renegotiationInfo: UInt16 = 0xff01
  }
}
