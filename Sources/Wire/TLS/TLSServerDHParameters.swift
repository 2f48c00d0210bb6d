/// The group and public value in a server key exchange of a DHE or DH_anon suite (RFC 5246 section 7.4.3). Which suite
/// it is, the message does not say: the caller knows it from the hello.
public struct TLSServerDHParameters: Sendable, Hashable {
  /// Bits of the prime, leading zeros aside.
  public let primeBits: Int
  /// Without leading zeros.
  public let prime: [UInt8]
  public let generator: [UInt8]
  public let publicValueLength: Int
  /// Bytes of the three numbers in the message.
  public let length: Int

  /// From the message's body; nil when a number is cut or the prime is empty. What follows, the signature, is not read.
  public init?(_ body: RawSpan) {
    var reader = SpanReader(body)
    guard let prime = reader.takeCounted(2), prime.byteCount > 0, let generator = reader.takeCounted(2),
      let value = reader.takeCounted(2)
    else { return nil }
    var zeros = 0
    while zeros < prime.byteCount, prime.byte(zeros) == 0 { zeros += 1 }
    let top = zeros < prime.byteCount ? prime.byte(zeros).leadingZeroBitCount : 0
    primeBits = (prime.byteCount - zeros) * 8 - top
    self.prime = Array(prime.array().dropFirst(zeros))
    self.generator = generator.array()
    publicValueLength = value.byteCount
    length = reader.offset
  }
}
