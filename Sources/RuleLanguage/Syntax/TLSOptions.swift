/// `ssl_version:tls1.0,tls1.1`, `tls.version:1.2`: any of the versions, or with negation none of them.
package struct TLSVersionMatch: Hashable, Sendable {
  /// `ssl_version` or `tls.version`.
  package var keyword: String
  /// As in a record header: 0x0002 SSL 2, 0x0300 SSL 3, 0x0301 TLS 1.0 ... 0x0304 TLS 1.3; others as written in hex.
  package var versions: [UInt16]
  package var isNegated: Bool
}

/// `ssl_state:client_hello | server_hello`: any of the states; negated ones must not be.
package struct TLSStateMatch: Hashable, Sendable {
  package struct States: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let clientHello = States(rawValue: 1)
    package static let serverHello = States(rawValue: 2)
    package static let clientKeyExchange = States(rawValue: 4)
    package static let serverKeyExchange = States(rawValue: 8)
    package static let unknown = States(rawValue: 16)
  }
  package var states: States
  package var isNegated: Bool
}

/// `tls_cert_expired`, `tls_cert_valid`, `tls_cert_notbefore:>2016`, `tls_cert_notafter:<2016-05-07 12:00:00`.
package enum TLSValidityMatch: Hashable, Sendable {
  case expired
  case valid
  /// Seconds since 1970, UTC. An equal comparison of a date is a `between` with the date's bounds.
  case notBefore(IntegerComparison)
  case notAfter(IntegerComparison)
}
