internal import Wire

/// `scheme://host:port` with or without a path: who is spoken to.
struct ServiceAddress: Sendable, Equatable {
  var scheme: String
  /// Without the brackets of an IPv6 address.
  var host: String
  var port: UInt16?
  var hasPath: Bool

  /// Nil where a host is missing, names a user, or holds anything that no host has.
  init?(_ url: String) {
    guard let mark = url.firstRange(of: "://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    scheme = url[..<mark.lowerBound].lowercased()
    let rest = url[mark.upperBound...]
    let authority = rest.prefix { !"/?#".contains($0) }
    hasPath = !["", "/"].contains(rest[authority.endIndex...])
    var name = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      name = authority[authority.index(after: authority.startIndex)..<end]
      let behind = authority[authority.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
      digits = behind.isEmpty ? nil : behind.dropFirst()
      guard IPAddress(String(name)) != nil else { return nil }
    } else if let colon = authority.firstIndex(of: ":") {
      name = authority[..<colon]
      digits = authority[authority.index(after: colon)...]
    }
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || ".-:".contains($0) }) else { return nil }
    host = String(name)
    if let digits {
      guard let number = UInt16(digits), number > 0 else { return nil }
      port = number
    }
  }

  var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    return IPAddress(host) != nil && host.hasPrefix("127.")
  }
}
