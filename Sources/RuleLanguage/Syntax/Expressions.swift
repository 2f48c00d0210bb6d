package import Wire

/// The addresses of a rule header or of an address variable, as written; `RuleVariables` resolves it.
package indirect enum AddressExpression: Hashable, Sendable {
  case any
  case prefix(IPPrefix)
  case range(ClosedRange<IPAddress>)
  /// Without the dollar sign.
  case variable(String)
  case list([AddressExpression])
  case not(AddressExpression)
}

package indirect enum PortExpression: Hashable, Sendable {
  case any
  case range(ClosedRange<UInt16>)
  /// Without the dollar sign.
  case variable(String)
  case list([PortExpression])
  case not(PortExpression)
}

/// The addresses an expression comes to: ascending, disjoint ranges; IPv4 before IPv6.
package struct AddressSet: Hashable, Sendable {
  package var ranges: [ClosedRange<IPAddress>]
  package var isAny: Bool
}

/// The ports an expression comes to: ascending, disjoint ranges.
package struct PortSet: Hashable, Sendable {
  package var ranges: [ClosedRange<UInt16>]
  package var isAny: Bool
}
