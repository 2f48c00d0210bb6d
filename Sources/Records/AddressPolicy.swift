package import Wire

/// Which addresses may be connected to at all, whoever asks: the networks that no scan target may lie in unless
/// `scan.allow` names them. Asked at import, at the lease and, with the address really connected to, at every
/// connect and every redirect; so a name that rebinds gains nothing.
package struct AddressPolicy: Hashable, Sendable {
  /// `scan.allow`. A metadata address must be named singly (/32, /128).
  package var allowed: [IPPrefix]

  package init(allowed: [IPPrefix] = []) { self.allowed = allowed }

  package enum Refusal: String, Hashable, Sendable, CaseIterable, Codable {
    case unspecified, loopback, privateUse = "private", linkLocal = "link-local", sharedAddressSpace = "CGNAT"
    case multicast, reserved, metadata, tunnel
  }

  /// Nil where the address may be connected to.
  package func refusal(of address: IPAddress) -> Refusal? {
    guard let reason = AddressPolicy.kind(address) else { return nil }
    let forms = [address] + (AddressPolicy.embedded(in: address).map { [$0] } ?? [])
    let exempt = forms.contains { form in
      allowed.contains { $0.contains(form) && (reason != .metadata || $0.length == $0.address.width) }
    }
    return exempt ? nil : reason
  }

  /// What the address is, before any exemption; nil for an ordinary public one.
  static func kind(_ address: IPAddress) -> Refusal? {
    if metadata.contains(address) { return .metadata }
    if let inner = embedded(in: address) { return kind(inner) }
    return (address.isV6 ? networks6 : networks4).first { $0.0.contains(address) }?.1
  }

  /// The IPv4 address inside an IPv4-mapped, IPv4-compatible, NAT64 or 6to4 one.
  static func embedded(in address: IPAddress) -> IPAddress? {
    guard address.isV6 else { return nil }
    let last = UInt32(truncatingIfNeeded: address.low)
    if address.high == 0, address.low >> 32 == 0xffff { return IPAddress(v4: last) }
    if address.high == 0, address.low >> 32 == 0, last > 1 { return IPAddress(v4: last) }
    if address.high == 0, address.low >> 48 == 0xffff, address.low >> 32 & 0xffff == 0 { return IPAddress(v4: last) }
    if address.high == 0x0064_ff9b << 32, address.low >> 32 == 0 { return IPAddress(v4: last) }
    if address.high >> 48 == 0x2002 { return IPAddress(v4: UInt32(truncatingIfNeeded: address.high >> 16)) }
    return nil
  }

  /// Instance metadata services of the clouds in use: they hand out credentials to whoever asks from inside.
  private static let metadata = Set(
    ["169.254.169.254", "169.254.170.2", "169.254.0.23", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"]
      .compactMap { IPAddress($0) })

  private static func table(_ rows: [(String, Refusal)]) -> [(IPPrefix, Refusal)] {
    rows.compactMap { text, reason in IPPrefix(text).map { ($0, reason) } }
  }

  /// IANA special-purpose registries (RFC 6890), as far as they can never be a site of ours.
  private static let networks4 = table([
    ("0.0.0.0/8", .unspecified), ("127.0.0.0/8", .loopback), ("10.0.0.0/8", .privateUse),
    ("172.16.0.0/12", .privateUse), ("192.168.0.0/16", .privateUse), ("169.254.0.0/16", .linkLocal),
    ("100.64.0.0/10", .sharedAddressSpace), ("224.0.0.0/4", .multicast), ("192.0.0.0/24", .reserved),
    ("240.0.0.0/4", .reserved),
  ])
  private static let networks6 = table([
    ("::/128", .unspecified), ("::1/128", .loopback), ("fe80::/10", .linkLocal), ("fec0::/10", .privateUse),
    ("fc00::/7", .privateUse), ("ff00::/8", .multicast), ("2001::/32", .tunnel),
    // Translated to IPv4 by rules of the network's own (RFC 8215), so what lies behind cannot be told.
    ("64:ff9b::/32", .tunnel), ("100::/64", .reserved),
  ])
}
