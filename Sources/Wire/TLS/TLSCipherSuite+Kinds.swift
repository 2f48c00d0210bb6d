/// What a suite's name says of it; a suite without a name is of no kind.
extension TLSCipherSuite {
  private var name: String { Self.table[rawValue] ?? "" }

  public var isTLS13: Bool { rawValue >> 8 == 0x13 || rawValue == 0xc6 || rawValue == 0xc7 }
  /// Has no meaning below TLS 1.2 (RFC 5246 section 1.2, RFC 5288, RFC 5289).
  public var needsTLS12: Bool {
    name.hasSuffix("SHA256") || name.hasSuffix("SHA384") || name.contains("_CCM") || name.contains("POLY1305")
  }
  public var isNull: Bool { name.contains("_NULL_") }
  public var isAnonymous: Bool { name.contains("_anon_") }
  public var isExport: Bool { name.contains("EXPORT") }
  public var isRC4: Bool { name.contains("RC4") }
  /// Single DES and RC2.
  public var isDES: Bool { name.contains("_DES_") || name.contains("DES40") || name.contains("RC2_") }
  public var is3DES: Bool { name.contains("3DES") }
  public var isFiniteFieldEphemeral: Bool { name.hasPrefix("TLS_DHE_") || name.hasPrefix("TLS_DH_anon") }
  public var isForwardSecret: Bool {
    isTLS13 || name.hasPrefix("TLS_ECDHE_") || name.hasPrefix("TLS_DHE_") || isAnonymous
  }
  public var isWeak: Bool { isNull || isAnonymous || isExport || isRC4 || isDES || is3DES }
  /// Needs a secret shared beforehand: a key, a password or a Kerberos ticket.
  public var needsSharedSecret: Bool {
    name.contains("_PSK_") || name.contains("_SRP_") || name.contains("_KRB5_")
  }

  public var isEllipticEphemeral: Bool { name.hasPrefix("TLS_ECDHE_") || name.hasPrefix("TLS_ECDH_anon") }
  /// The client chooses the secret and encrypts it with the certificate's key.
  public var isRSAKeyExchange: Bool { name.hasPrefix("TLS_RSA_") && !name.contains("_PSK_") }
  public var isECDSA: Bool { name.hasPrefix("TLS_ECDHE_ECDSA_") || name.hasPrefix("TLS_ECDH_ECDSA_") }
  public var isCBC: Bool { name.contains("_CBC_") }
  /// Encrypts and authenticates in one.
  public var isAEAD: Bool {
    isTLS13 || name.contains("_GCM_") || name.contains("_CCM") || name.contains("POLY1305")
  }
  /// Blocks of 64 bits.
  public var hasSmallBlock: Bool { isCBC && (is3DES || isDES || name.contains("_IDEA_")) || name.contains("_28147_") }
  /// Bits of the symmetric key as they count against guessing; nil where the name does not tell.
  public var strength: Int? {
    if name.isEmpty { return nil }
    let marks: [(String, Int)] = [
      ("_NULL_", 0), ("EXPORT", 40), ("_40_", 40), ("_3DES_", 112), ("_DES_", 56), ("_256_", 256), ("CHACHA20", 256),
      ("28147", 256), ("KUZNYECHIK", 256), ("MAGMA", 256), ("_128_", 128), ("SEED", 128), ("IDEA", 128),
      ("SM4", 128),
    ]
    return marks.first { name.contains($0.0) }?.1
  }
}
