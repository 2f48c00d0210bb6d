package import Wire

/// What stands behind the base of the page's links, and who asks.
package enum OwnerLink {
  /// `/n/TOKEN`: 16 to 128 signs of base64url. Nil for everything else, which is then told as an unknown link.
  package static func token(path: String) -> String? {
    guard path.hasPrefix("/n/") else { return nil }
    let token = path.dropFirst(3)
    guard (16...128).contains(token.utf8.count), token.utf8.allSatisfy(isSign) else { return nil }
    return String(token)
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Who asks: the peer, or where the peer is one of our proxies the last address of `X-Forwarded-For` that is none.
  package static func client(peer: IPAddress, forwarded: [String], proxies: [IPPrefix]) -> IPAddress {
    func isProxy(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }
    guard isProxy(peer) else { return peer }
    let named = forwarded.flatMap { $0.split(separator: ",") }.suffix(32).reversed()
    for text in named {
      guard let address = IPAddress(String(text.filter { $0 != " " && $0 != "\t" })) else { return peer }
      if !isProxy(address) { return address }
    }
    return peer
  }

  /// The reader's language: as `?lang=` says, else the first of `Accept-Language` (RFC 9110 section 12.5.4) that is ours.
  package static func language(query: String?, accept: String?) -> String? {
    if let query, ["en", "zh"].contains(query) { return query }
    var best: (language: String, weight: Double)?
    for part in (accept ?? "").prefix(1000).lowercased().split(separator: ",").prefix(32) {
      let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
      guard let first = words.first,
        let found = ["en", "zh"].first(where: { first == $0 || first.hasPrefix($0 + "-") })
      else { continue }
      let weight = words.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      if weight > best?.weight ?? 0 { best = (found, weight) }
    }
    return best?.language
  }
}
