internal import Wire

/// One text for all ways to write one host: names by case, last dot and IDN, addresses by family and brackets. The
/// only place that decides it: keys of findings, owners of records and imported reports all ask here.
package enum HostForm {
  /// Longer text is no host; it stays as it is, and costs nothing.
  private static let byteLimit = 1024

  /// A name in lower case and ASCII (IDN by its encoding), without its last dot; an address as RFC 5952 writes it,
  /// without brackets and zone, IPv4 inside `::ffff:0:0/96` as IPv4. What is neither: as it is, in lower case.
  package static func normal(_ text: String) -> String {
    guard text.utf8.count <= byteLimit else { return text }
    if let address = address(text[...]) { return address.description }
    let plain = undotted(text.lowercased()[...])
    guard let name = try? HostName.normal(plain) else { return text.lowercased() }
    return address(name[...])?.description ?? name
  }

  /// The normal form without `www.`: `www.example.org` and `example.org` are one house. `www.cn` is a house itself.
  package static func key(_ text: String) -> String { bare(normal(text)) }

  static func bare(_ normal: String) -> String {
    guard normal.hasPrefix("www.") else { return normal }
    let rest = normal.dropFirst(4)
    return rest.contains(".") ? String(rest) : normal
  }

  private static func address(_ text: Substring) -> IPAddress? {
    var text = undotted(text)
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    if text.contains(":"), let zone = text.firstIndex(of: "%") { text = text[..<zone] }
    return IPAddress(text)?.unmapped
  }

  private static func undotted(_ text: Substring) -> Substring { text.hasSuffix(".") ? text.dropLast() : text }
}
