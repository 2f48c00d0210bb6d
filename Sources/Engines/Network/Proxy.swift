internal import Records
package import Wire

/// The proxy that connections go through, by the operator's word: therefore allowed even where no target may be.
///
/// What is asked of it is an address, never a name: names are resolved here first, so that refused targets stay refused.
package struct Proxy: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// CONNECT (RFC 9110 section 9.3.6).
    case http
    /// RFC 1928, with user name and password by RFC 1929.
    case socks5

    var defaultPort: UInt16 { self == .http ? 8080 : 1080 }
  }

  /// No text made of it holds the secret, whatever prints it.
  package struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
  {
    let user: String
    let password: String
    package var description: String { "[masked]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
  }

  package var kind: Kind
  package var host: String
  package var port: UInt16
  /// Of the proxy itself; nil before it is resolved.
  package var address: IPAddress?
  package var credentials: Credentials?

  package var description: String {
    "\(kind.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// What is wrong with a proxy's address, without the address: it may hold a password.
  package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(description: String) { self.description = description }
  }

  /// `http://host:port` or `socks5://user:password@host:port`; `%40` and its like in user and password are decoded.
  package init(parsing text: String) throws(Malformed) {
    guard text.utf8.count <= 2048, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f }) else {
      throw Malformed(description: "a proxy's address is at most 2048 ASCII characters without spaces")
    }
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()) else {
      throw Malformed(description: "a proxy begins with http:// or socks5://")
    }
    var rest = parts[1]
    if rest.hasSuffix("/") { rest.removeLast() }
    guard !rest.contains("/") else { throw Malformed(description: "a proxy has no path") }
    self.kind = kind
    if let at = rest.lastIndex(of: "@") {
      credentials = try Proxy.credentials(rest[..<at], kind)
      rest = rest[rest.index(after: at)...]
    }
    (host, port) = try Proxy.endpoint(rest, kind)
    address = IPAddress(host)
  }

  private static func endpoint(_ text: Substring, _ kind: Kind) throws(Malformed) -> (String, UInt16) {
    var (name, digits): (Substring, Substring?) = (text, nil)
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      name = text[text.index(after: text.startIndex)..<end]
      let behind = text[text.index(after: end)...]
      guard IPAddress(name)?.isV6 == true, behind.isEmpty || behind.hasPrefix(":") else {
        throw Malformed(description: "the proxy's address in brackets is no IPv6 address")
      }
      digits = behind.isEmpty ? nil : behind.dropFirst()
    } else if let colon = text.lastIndex(of: ":") {
      (name, digits) = (text[..<colon], text[text.index(after: colon)...])
      guard !name.contains(":") else { throw Malformed(description: "an IPv6 address of a proxy stands in brackets") }
    }
    guard !name.isEmpty, name.utf8.count <= 253 else { throw Malformed(description: "the proxy's host is missing") }
    guard let digits else { return (name.lowercased(), kind.defaultPort) }
    guard let port = UInt16(digits), port > 0, digits.allSatisfy(\.isNumber) else {
      throw Malformed(description: "the proxy's port is not one of 1 to 65535")
    }
    return (name.lowercased(), port)
  }

  /// RFC 1929 has a byte for each length; Basic (RFC 7617) ends the user name at the first colon.
  private static func credentials(_ text: Substring, _ kind: Kind) throws(Malformed) -> Credentials {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let user = PercentText.raw(halves[0]),
      let password = PercentText.raw(halves.count > 1 ? halves[1] : "")
    else {
      throw Malformed(description: "the proxy's user name or password has a % that is no code")
    }
    guard (1...255).contains(user.utf8.count), password.utf8.count <= 255 else {
      throw Malformed(description: "the proxy's user name has 1 to 255 bytes, its password at most 255")
    }
    guard kind == .socks5 || !user.contains(":") else {
      throw Malformed(description: "the user name of an HTTP proxy has no colon")
    }
    return Credentials(user: user, password: password)
  }
}
