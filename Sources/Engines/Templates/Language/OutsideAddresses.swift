/// Addresses in a request that name a host: whoever reads them may call it.
enum OutsideAddresses {
  /// Schemes that the languages of servers fetch. Names of markup, and where a crawler says whose it is, are no
  /// addresses to call.
  private static let pattern = try? TemplatePattern(
    #"(?i)(xmlns(?::\w+)?\s*=\s*["']|[(;]\s?[+ ])?\b(https?|ftps?|ldaps?|rmi|iiop|dns|gopher|dict|smb|tftp|ws|wss|nfs|ssh2?)"#
      + #":[/\\]{2}([^/\\\s"'<>?#&;|)]*)"#)

  /// RFC 2606 and RFC 6761 keep these from ever being anybody's.
  private static let nobodys = [".invalid", ".test", ".example"]
  private static let itself: Set<String> = ["localhost", "127.0.0.1", "[::1]", "::1"]
  /// The names of the target in a text that is not filled in yet.
  private static let ownNames: Set<String> = ["{{hostname}}", "{{host}}", "{{fqdn}}"]

  /// The first host that is neither the target, nor the site itself, nor nobody's; nil where there is none.
  static func first(in text: String, own: Set<String> = []) -> String? {
    guard let pattern else { return "a host" }
    let matching = TemplateMatching()
    for bytes in ConductRules.forms(of: text) {
      var place = 0
      while place <= bytes.count {
        let found: [Range<Int>?]?
        do throws(EvaluationFailure) { found = try matching.first(pattern, in: bytes, from: place) } catch {
          return "a host"
        }
        guard let groups = found, groups.count > 3, let whole = groups[0], let host = groups[3] else { break }
        let scheme = groups[2].map { String(decoding: bytes[$0], as: UTF8.self).lowercased() } ?? ""
        let name = String(decoding: bytes[host], as: UTF8.self).lowercased()
        if groups[1] == nil, !isHarmless(name, scheme, own) { return name.isEmpty ? "a host" : name }
        place = max(whole.upperBound, place + 1)
      }
    }
    return nil
  }

  /// Whether a Host field, or a host in an address, reaches nobody else.
  static func isOwn(_ authority: String, _ own: Set<String>) -> Bool {
    let authority = authority.lowercased()
    let host = withoutPort(authority)
    return own.contains(authority) || own.contains(host) || ownNames.contains(host)
      || nobodys.contains { host.hasSuffix($0) }
  }

  private static func isHarmless(_ authority: String, _ scheme: String, _ own: Set<String>) -> Bool {
    guard !["gopher", "dict", "smb"].contains(scheme), !authority.contains("@") else { return false }
    return isOwn(authority, own) || itself.contains(withoutPort(authority))
  }

  private static func withoutPort(_ authority: String) -> String {
    guard let colon = authority.lastIndex(of: ":"), authority[authority.index(after: colon)...].allSatisfy(\.isNumber),
      authority.hasPrefix("[") ? authority[..<colon].hasSuffix("]") : !authority[..<colon].contains(":")
    else { return authority.hasSuffix(":{{port}}") ? String(authority.dropLast(9)) : authority }
    return String(authority[..<colon])
  }
}
