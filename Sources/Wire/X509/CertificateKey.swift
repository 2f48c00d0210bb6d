/// The public key: its kind, size and curve.
public struct CertificateKey: Sendable, Hashable {
  public let algorithm: OID
  /// Of an EC key.
  public let curve: OID?
  /// RSA and DSA: bits of the modulus; elliptic: of the field; 0 when unknown.
  public let bits: Int
  /// RSA's public exponent when it fits.
  public let exponent: UInt64?

  init?(_ bytes: RawSpan, _ range: Range<Int>) {
    var parts = DERReader(bytes, range)
    guard let identifier = parts.next(DERTag.sequence), let key = parts.next(DERTag.bitString), parts.isAtEnd,
      !key.content.isEmpty
    else { return nil }
    var words = DERReader(bytes, identifier.content)
    guard let type = words.next(DERTag.objectIdentifier), let oid = OID(bytes, type.content) else { return nil }
    algorithm = oid
    let keyRange = (key.content.lowerBound + 1)..<key.content.upperBound
    var curve: OID?
    var bits = 0
    var exponent: UInt64?
    switch oid.name {
    case "rsaEncryption", "rsassaPss": (bits, exponent) = CertificateKey.rsa(bytes, keyRange)
    case "ecPublicKey":
      curve = words.next(DERTag.objectIdentifier).flatMap { OID(bytes, $0.content) }
      bits = CertificateKey.fieldBits(curve, points: keyRange.count)
    case "dsa":
      if let parameters = words.next(DERTag.sequence) {
        var numbers = DERReader(bytes, parameters.content)
        bits = numbers.next(DERTag.integer).map { CertificateKey.bitLength(bytes, $0.content) } ?? 0
      }
    case "Ed25519", "X25519": bits = 256
    case "Ed448", "X448": bits = 456
    default: bits = 0
    }
    self.curve = curve
    self.bits = bits
    self.exponent = exponent
  }

  private static func rsa(_ bytes: RawSpan, _ range: Range<Int>) -> (Int, UInt64?) {
    var outer = DERReader(bytes, range)
    guard let sequence = outer.next(DERTag.sequence) else { return (0, nil) }
    var numbers = DERReader(bytes, sequence.content)
    guard let modulus = numbers.next(DERTag.integer), let exponent = numbers.next(DERTag.integer) else {
      return (0, nil)
    }
    var value: UInt64? = 0
    for offset in exponent.content {
      value = value.flatMap { $0 >> 56 == 0 ? $0 << 8 | UInt64(bytes.byte(offset)) : nil }
    }
    return (bitLength(bytes, modulus.content), value)
  }
  private static func bitLength(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
    var at = range.lowerBound
    while at < range.upperBound, bytes.byte(at) == 0 { at += 1 }
    guard at < range.upperBound else { return 0 }
    return (range.upperBound - at) * 8 - bytes.byte(at).leadingZeroBitCount
  }
  private static func fieldBits(_ curve: OID?, points: Int) -> Int {
    switch curve?.name {
    case "prime192v1": 192
    case "secp224r1": 224
    case "prime256v1", "secp256k1", "brainpoolP256r1": 256
    case "secp384r1", "brainpoolP384r1": 384
    case "brainpoolP512r1": 512
    case "secp521r1": 521
    default: points > 1 ? (points - 1) / 2 * 8 : 0
    }
  }
}
