/// What a suite's name says of it; a suite without a name is of no kind. Names are read once a process.
extension TLSCipherSuite {
  private struct Kinds: OptionSet {
    let rawValue: UInt32
    static let needsTLS12 = Kinds(rawValue: 1 << 0)
    static let null = Kinds(rawValue: 1 << 1)
    static let anonymous = Kinds(rawValue: 1 << 2)
    static let export = Kinds(rawValue: 1 << 3)
    static let rc4 = Kinds(rawValue: 1 << 4)
    static let des = Kinds(rawValue: 1 << 5)
    static let des3 = Kinds(rawValue: 1 << 6)
    static let finiteFieldEphemeral = Kinds(rawValue: 1 << 7)
    static let ellipticEphemeral = Kinds(rawValue: 1 << 8)
    static let forwardSecret = Kinds(rawValue: 1 << 9)
    static let sharedSecret = Kinds(rawValue: 1 << 10)
    static let rsaKeyExchange = Kinds(rawValue: 1 << 11)
    static let ecdsa = Kinds(rawValue: 1 << 12)
    static let cbc = Kinds(rawValue: 1 << 13)
    static let aead = Kinds(rawValue: 1 << 14)
    static let smallBlock = Kinds(rawValue: 1 << 15)
  }

  private static let kinds: [UInt16: (kinds: Kinds, strength: Int?)] = table.mapValues {
    (kinds(of: $0), strength(of: $0))
  }

  private static func kinds(of name: String) -> Kinds {
    func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
    func begins(_ parts: String...) -> Bool { parts.contains { name.hasPrefix($0) } }
    var kinds: Kinds = []
    func add(_ kind: Kinds, _ isMember: Bool) { if isMember { kinds.insert(kind) } }
    add(.needsTLS12, name.hasSuffix("SHA256") || name.hasSuffix("SHA384") || has("_CCM", "POLY1305"))
    add(.null, has("_NULL_"))
    add(.anonymous, has("_anon_"))
    add(.export, has("EXPORT"))
    add(.rc4, has("RC4"))
    add(.des, has("_DES_", "DES40", "RC2_"))
    add(.des3, has("3DES"))
    add(.finiteFieldEphemeral, begins("TLS_DHE_", "TLS_DH_anon"))
    add(.ellipticEphemeral, begins("TLS_ECDHE_", "TLS_ECDH_anon"))
    add(.forwardSecret, begins("TLS_ECDHE_", "TLS_DHE_") || has("_anon_"))
    add(.sharedSecret, has("_PSK_", "_SRP_", "_KRB5_"))
    add(.rsaKeyExchange, begins("TLS_RSA_") && !has("_PSK_"))
    add(.ecdsa, begins("TLS_ECDHE_ECDSA_", "TLS_ECDH_ECDSA_"))
    add(.cbc, has("_CBC_"))
    add(.aead, has("_GCM_", "_CCM", "POLY1305"))
    add(.smallBlock, has("_CBC_") && has("3DES", "_DES_", "DES40", "RC2_", "_IDEA_") || has("_28147_"))
    return kinds
  }

  private static func strength(of name: String) -> Int? {
    let marks: [(String, Int)] = [
      ("_NULL_", 0), ("EXPORT", 40), ("_40_", 40), ("_3DES_", 112), ("_DES_", 56), ("_256_", 256), ("CHACHA20", 256),
      ("28147", 256), ("KUZNYECHIK", 256), ("MAGMA", 256), ("_128_", 128), ("SEED", 128), ("IDEA", 128),
      ("SM4", 128),
    ]
    return marks.first { name.contains($0.0) }?.1
  }

  private func isOf(_ kind: Kinds) -> Bool { Self.kinds[rawValue]?.kinds.isDisjoint(with: kind) == false }

  public var isTLS13: Bool { rawValue >> 8 == 0x13 || rawValue == 0xc6 || rawValue == 0xc7 }
  /// Has no meaning below TLS 1.2 (RFC 5246 section 1.2, RFC 5288, RFC 5289).
  public var needsTLS12: Bool { isOf(.needsTLS12) }
  public var isNull: Bool { isOf(.null) }
  public var isAnonymous: Bool { isOf(.anonymous) }
  public var isExport: Bool { isOf(.export) }
  public var isRC4: Bool { isOf(.rc4) }
  /// Single DES and RC2.
  public var isDES: Bool { isOf(.des) }
  public var is3DES: Bool { isOf(.des3) }
  public var isFiniteFieldEphemeral: Bool { isOf(.finiteFieldEphemeral) }
  public var isForwardSecret: Bool { isTLS13 || isOf(.forwardSecret) }
  public var isWeak: Bool { isOf([.null, .anonymous, .export, .rc4, .des, .des3]) }
  /// Needs a secret shared beforehand: a key, a password or a Kerberos ticket.
  public var needsSharedSecret: Bool { isOf(.sharedSecret) }
  public var isEllipticEphemeral: Bool { isOf(.ellipticEphemeral) }
  /// The client chooses the secret and encrypts it with the certificate's key.
  public var isRSAKeyExchange: Bool { isOf(.rsaKeyExchange) }
  public var isECDSA: Bool { isOf(.ecdsa) }
  public var isCBC: Bool { isOf(.cbc) }
  /// Encrypts and authenticates in one.
  public var isAEAD: Bool { isTLS13 || isOf(.aead) }
  /// Blocks of 64 bits.
  public var hasSmallBlock: Bool { isOf(.smallBlock) }
  /// Bits of the symmetric key as they count against guessing; nil where the name does not tell.
  public var strength: Int? { Self.kinds[rawValue]?.strength }
}
