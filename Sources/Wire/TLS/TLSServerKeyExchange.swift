/// A server key exchange below TLS 1.3 (RFC 5246 section 7.4.3, RFC 8422 section 5.4): the group, and in TLS 1.2 the
/// scheme of its signature. Which kind it is, the message does not say: the suite of the hello does.
public struct TLSServerKeyExchange: Sendable, Hashable {
  /// The named curve of an ECDHE suite; nil for explicit curves, which nobody should use.
  public private(set) var group: UInt16?
  public private(set) var dh: TLSServerDHParameters?
  /// Nil below TLS 1.2, for anonymous suites and where it is cut.
  public private(set) var signatureScheme: UInt16?

  /// From the message's body; nil where the parameters are cut or the suite sends none.
  public init?(_ body: RawSpan, suite: TLSCipherSuite, version: TLSVersion) {
    var reader = SpanReader(body)
    if suite.isFiniteFieldEphemeral {
      guard let parameters = TLSServerDHParameters(body), reader.skip(parameters.length) else { return nil }
      dh = parameters
    } else if suite.isEllipticEphemeral {
      guard let kind = reader.u8(), let number = reader.u16() else { return nil }
      // 3: a named curve; 1 and 2 are explicit ones, whose length is not looked for.
      guard kind == 3 else { return }
      guard reader.takeCounted(1) != nil else { return nil }
      group = number
    } else {
      return nil
    }
    if version == .tls12, !suite.isAnonymous { signatureScheme = reader.u16() }
  }
}
