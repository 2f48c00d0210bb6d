internal import Records

/// A Location header, resolved as far as it stays on the host.
enum RedirectTarget {
  static func resolve(_ location: String, from here: Target) -> Target? {
    var next = here
    guard location.utf8.count <= 2048, location.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f }) else {
      return nil
    }
    let bare = String(location.prefix { $0 != "#" })
    if bare.hasPrefix("//") { return absolute(here.scheme, bare.dropFirst(2), here) }
    if bare.hasPrefix("/") {
      next.path = bare
      return next
    }
    if let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") {
      return absolute(bare[..<colon].lowercased(), bare[bare.index(colon, offsetBy: 3)...], here)
    }
    if bare.prefix(while: { $0 != "/" && $0 != "?" }).contains(":") { return nil }
    let folder = here.path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    next.path = folder.joined(separator: "/") + "/" + bare
    return next
  }

  private static func absolute(_ scheme: String, _ rest: Substring, _ here: Target) -> Target? {
    guard scheme == "http" || scheme == "https" else { return nil }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let tail = rest.dropFirst(authority.count)
    guard !authority.contains("@") else { return nil }
    var host = String(authority).lowercased()
    var port: UInt16 = scheme == "https" ? 443 : 80
    if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
      guard let number = UInt16(host[host.index(after: colon)...]) else { return nil }
      (host, port) = (String(host[..<colon]), number)
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard host == here.host.lowercased() else { return nil }
    let path = tail.hasPrefix("/") ? String(tail) : "/" + tail
    return Target(
      scheme: scheme, host: here.host, address: here.address, port: port, serverName: here.serverName, path: path)
  }

  /// The host that a Location leads to, for showing; nil where it names none.
  static func host(of location: String) -> String? {
    let bare = location.prefix { $0 != "#" && $0 != "?" }
    guard let slashes = bare.firstRange(of: "//"), bare[..<slashes.lowerBound].allSatisfy({ $0 != "/" }) else {
      return nil
    }
    let authority = bare[slashes.upperBound...].prefix { $0 != "/" && $0 != "\\" }
    let name = authority.split(separator: "@").last ?? ""
    let shown = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }
    return shown.isEmpty ? nil : String(shown.prefix(120)).lowercased()
  }
}
