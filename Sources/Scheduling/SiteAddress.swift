package import Records
internal import Wire

/// The normal form of what operators write for a site: scheme, host in ASCII, port, path.
///
/// `Bücher.example:443` becomes `https://xn--bcher-kva.example/`. User names, queries and fragments are refused, and so
/// are numbers that a resolver would read as an address (`2130706433`, `0x7f.1`, `127.1`).
package struct SiteAddress: Hashable, Sendable, CustomStringConvertible {
  package var scheme: String
  package var host: String
  package var port: UInt16
  package var path: String

  package typealias Malformed = HostName.Malformed

  package init(scheme: String, host: String, port: UInt16, path: String = "/") {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
  }

  package init(parsing text: String) throws(Malformed) {
    guard text.utf8.count <= 2048 else { throw Malformed("the address has more than 2048 bytes, the limit") }
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }) else {
      throw Malformed("the address has a space or a control character in it")
    }
    var rest = text[...]
    scheme = "https"
    if let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") {
      scheme = text[..<colon].lowercased()
      rest = text[text.index(colon, offsetBy: 3)...]
    }
    guard scheme == "https" || scheme == "http" else {
      throw Malformed("the scheme \"\(scheme.prefix(20))\" is not http or https")
    }
    guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
      throw Malformed("a site has no query (?) and no fragment (#)")
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else { throw Malformed("a site has no user name (@)") }
    path = SiteAddress.normalPath(rest.dropFirst(authority.count))
    (host, port) = try SiteAddress.endpoint(authority, scheme)
  }

  private static func endpoint(_ authority: Substring, _ scheme: String) throws(Malformed) -> (String, UInt16) {
    var (name, digits): (Substring, Substring?) = (authority, nil)
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      name = authority[authority.index(after: authority.startIndex)..<end]
      guard IPAddress(name)?.isV6 == true else { throw Malformed("\"\(name.prefix(60))\" is no IPv6 address") }
      let behind = authority[authority.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { throw Malformed("text behind the address in brackets") }
      digits = behind.isEmpty ? nil : behind.dropFirst()
    } else if authority.filter({ $0 == ":" }).count > 1 {
      guard IPAddress(authority) != nil else { throw Malformed("more than one : in the host") }
    } else if let colon = authority.lastIndex(of: ":") {
      (name, digits) = (authority[..<colon], authority[authority.index(after: colon)...])
    }
    let host = try HostName.normal(name)
    guard let digits else { return (host, scheme == "https" ? 443 : 80) }
    guard let port = UInt16(digits), port > 0, digits.allSatisfy(\.isNumber) else {
      throw Malformed("\"\(digits.prefix(20))\" is no port (1 to 65535)")
    }
    return (host, port)
  }

  private static func normalPath(_ path: Substring) -> String {
    var kept: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      if part == ".." { _ = kept.popLast() } else if part != "." { kept.append(part) }
    }
    let joined = "/" + kept.joined(separator: "/")
    let closed = path.hasSuffix("/") && !kept.isEmpty ? joined + "/" : joined
    return closed.utf8.allSatisfy { $0 < 0x80 } ? closed : percentEncoded(closed)
  }

  private static func percentEncoded(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var result = String.UnicodeScalarView()
    for byte in path.utf8 {
      if byte < 0x80 {
        result.append(Unicode.Scalar(byte))
      } else {
        result.append("%")
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      }
    }
    return String(result)
  }

  package var isDefaultPort: Bool { (scheme == "https" && port == 443) || (scheme == "http" && port == 80) }

  package var description: String {
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return "\(scheme)://\(bracketed)\(isDefaultPort ? "" : ":\(port)")\(path)"
  }

  /// The host, with the port unless it is 80 or 443, with the path unless it is `/`.
  package var defaultID: String {
    let bracketed = host.contains(":") ? "[\(host)]" : host
    let standard = port == 80 || port == 443
    return bracketed + (standard ? "" : ":\(port)") + (path == "/" ? "" : path)
  }

  package var target: Target {
    Target(
      scheme: scheme, host: host, address: IPAddress(host), port: port,
      serverName: IPAddress(host) == nil ? host : nil, path: path)
  }
}

extension Site {
  package init(_ address: SiteAddress, id: String? = nil) {
    self.init(
      id: id ?? address.defaultID, url: address.description, scheme: address.scheme, host: address.host,
      port: address.port, path: address.path)
  }

  package var target: Target {
    Target(
      scheme: scheme, host: host, address: addresses.first ?? IPAddress(host), port: port,
      serverName: IPAddress(host) == nil ? host : nil, path: path)
  }
}
