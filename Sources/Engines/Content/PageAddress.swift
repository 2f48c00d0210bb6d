internal import Records

/// A page's address in one spelling, so that no page is asked twice under two names (RFC 3986 sections 5 and 6).
struct PageAddress: Hashable {
  var scheme: String
  var host: String
  var port: UInt16
  /// From `/`, without dot segments.
  var path: String
  /// Empty, or from `?`.
  var query: String

  /// What stands in an address bar; longer ones are not followed.
  private static let lengthLimit = 1024

  init(_ target: Target) {
    (scheme, host, port) = (target.scheme, target.host.lowercased(), target.port)
    let halves = PageAddress.halves(Substring(target.path))
    (path, query) = (PageAddress.normal(halves.0), halves.1)
  }

  /// `reference` as it stands on this page; nil for what is no page: other schemes, user names, control characters.
  func resolve(_ reference: String) -> PageAddress? {
    guard reference.utf8.count <= PageAddress.lengthLimit else { return nil }
    let bare = Substring(reference.trimmingSpace).prefix { $0 != "#" }
    guard bare.unicodeScalars.allSatisfy({ $0.value > 0x1f && $0.value != 0x7f && $0 != "\\" }) else { return nil }
    var next = self
    if bare.isEmpty { return next }
    if bare.hasPrefix("//") { return next.take(authority: bare.dropFirst(2)) ? next : nil }
    let head = bare.prefix { $0 != "/" && $0 != "?" && $0 != ":" }
    if bare.dropFirst(head.count).hasPrefix(":") {
      let scheme = head.lowercased()
      guard scheme == "http" || scheme == "https", bare.dropFirst(head.count).hasPrefix("://") else { return nil }
      next.scheme = scheme
      return next.take(authority: bare.dropFirst(head.count + 3)) ? next : nil
    }
    let (way, query) = PageAddress.halves(bare)
    next.query = query
    if way.hasPrefix("/") {
      next.path = PageAddress.normal(way)
    } else if !way.isEmpty {
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
      next.path = PageAddress.normal(folder + way)
    }
    return next
  }

  private mutating func take(authority text: Substring) -> Bool {
    let authority = text.prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.contains("@") else { return false }
    var name = authority.lowercased()
    port = scheme == "https" ? 443 : 80
    if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
      let digits = name[name.index(after: colon)...]
      guard let number = digits.isEmpty ? port : UInt16(digits) else { return false }
      (name, port) = (String(name[..<colon]), number)
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
    if name.hasSuffix(".") { name.removeLast() }
    guard !name.isEmpty else { return false }
    host = name
    let (way, query) = PageAddress.halves(text.dropFirst(authority.count))
    (path, self.query) = (PageAddress.normal(way), query)
    return true
  }

  private static func halves(_ text: Substring) -> (Substring, String) {
    let way = text.prefix { $0 != "?" }
    let query = text.dropFirst(way.count)
    return (way, query.count > 1 ? escaped(query) : "")
  }

  private static func normal(_ way: some StringProtocol) -> String {
    var parts: [Substring] = []
    let text = Substring(way)
    for part in text.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let isFolder = text.hasSuffix("/") || text.hasSuffix("/.") || text.hasSuffix("/..")
    return escaped(Substring("/" + parts.joined(separator: "/") + (isFolder && !parts.isEmpty ? "/" : "")))
  }

  /// What may not stand in a request line is escaped; escapes that stand there already are left.
  private static func escaped(_ text: Substring) -> String {
    var result = ""
    for byte in text.utf8 {
      if byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  var whole: String { path + query }

  func target(like other: Target) -> Target {
    var target = other
    (target.scheme, target.port, target.path) = (scheme, port, whole)
    return target
  }

  /// A page for this engine's eyes: no picture, archive or document by its name, no way out of a session.
  var isPage: Bool {
    guard query.utf8.count <= 200 else { return false }
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if ["logout", "signout", "logoff"].contains(where: { path.lowercased().contains($0) }) { return false }
    guard let dot = name.lastIndex(of: ".") else { return true }
    return PageAddress.pageEndings.contains(String(name[name.index(after: dot)...]))
  }
  private static let pageEndings: Set<String> = [
    "html", "htm", "shtml", "shtm", "xhtml", "php", "asp", "aspx", "jsp", "jspx", "do", "action", "cgi", "cfm",
  ]
  /// Section pages come before articles: they stay, articles come and go.
  var depth: Int {
    path.split(separator: "/").count * 2 + (path.contains { $0.isNumber } ? 1 : 0) + (query.isEmpty ? 0 : 1)
  }
}
