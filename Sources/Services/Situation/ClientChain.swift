package import Wire

/// Who stands behind a declared proxy: the right-most hop that is no declared proxy (RFC 7239, 8.1; RFC 9110 keeps the
/// order of a list). What stands left of it was written by somebody we do not know.
package enum ClientChain {
  /// Hops looked at. A chain of proxies has a few; the rest is the client's own writing.
  static let mostHops = 32

  /// Nil where the peer is no declared proxy, where the chain does not say, and where the two headers disagree: then
  /// one of them is the client's own, and which one cannot be told.
  package static func client(
    of peer: IPAddress, forwardedFor: String?, forwarded: String?, proxies: [IPPrefix]
  ) -> IPAddress? {
    guard proxies.contains(where: { $0.contains(peer) }) else { return nil }
    let older = forwardedFor.map { hop(elements($0).map(address), proxies) }
    let newer = forwarded.map { hop(elements($0).map(forwardedAddress), proxies) }
    switch (older, newer) {
    case (let older?, let newer?): return older == newer ? older : nil
    case (let one?, nil), (nil, let one?): return one
    case (nil, nil): return nil
    }
  }

  private static func hop(_ hops: [IPAddress?], _ proxies: [IPPrefix]) -> IPAddress? {
    var last: IPAddress?
    for hop in hops.suffix(mostHops).reversed() {
      // `unknown`, a hidden name, or rubbish: what stands left of it is hearsay.
      guard let hop else { return nil }
      last = hop
      if !proxies.contains(where: { $0.contains(hop) }) { return hop }
    }
    return last
  }

  /// The parts of a list; a comma in quotes is no separator.
  private static func elements(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ",", !isQuoted {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    return parts + [text[start...]]
  }

  /// `for=192.0.2.43;proto=http`, `For="[2001:db8::1]:4711"`.
  private static func forwardedAddress(_ element: Substring) -> IPAddress? {
    for pair in element.split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, trimmed(parts[0]).lowercased() == "for" else { continue }
      return address(trimmed(parts[1]).filter { $0 != "\"" }[...])
    }
    return nil
  }

  /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
  private static func address(_ text: Substring) -> IPAddress? {
    let text = trimmed(text)
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
    }
    if let plain = IPAddress(String(text)) { return plain }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 && UInt16(parts[1]) != nil ? IPAddress(String(parts[0])) : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
