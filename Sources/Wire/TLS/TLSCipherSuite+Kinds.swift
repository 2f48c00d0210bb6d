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
}
