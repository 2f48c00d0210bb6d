/// One text for all ways to write one path, and one template for all paths that differ in a number or an id.
package enum PathForm {
  /// A longer path is cut first: the rest of it tells no two weaknesses apart.
  private static let byteLimit = 4096

  /// Names of path parameters that carry a session, in lower case.
  private static let sessionNames: Set<String> = [
    "jsessionid", "phpsessid", "sessionid", "session_id", "sid", "cfid", "cftoken", "aspsessionid", "sap-sessionid",
  ]

  /// RFC 3986 section 6.2.2: percent codes in upper case and only where they are needed, no dot segments; no query, no
  /// fragment, no empty segments, no sessions (`;jsessionid=`, `/(S(...))/`). A last `/` stays: it may be another page.
  package static func normal(_ path: String) -> String {
    let coded = coded(path.utf8.prefix(byteLimit).prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
    var kept: [Substring] = []
    var isOpen = true
    for raw in coded.split(separator: "/", omittingEmptySubsequences: false) {
      let segment = withoutSession(raw)
      isOpen = segment.isEmpty || segment == "." || segment == ".."
      if segment == ".." { _ = kept.popLast() } else if !isOpen { kept.append(segment) }
    }
    return "/" + kept.joined(separator: "/") + (isOpen && !kept.isEmpty ? "/" : "")
  }

  /// The normal form with `{n}` for numbers, `{n}.html` for numbered pages and `{id}` for long hexadecimal segments.
  package static func template(_ path: String) -> String {
    normal(path).split(separator: "/", omittingEmptySubsequences: false).map(segment).joined(separator: "/")
  }

  private static func segment(_ text: Substring) -> String {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text[digits.endIndex...]
    if !digits.isEmpty, rest.isEmpty || isExtension(rest) { return "{n}" + rest }
    let plain = text.filter { $0 != "-" }
    return plain.count >= 16 && plain.allSatisfy(\.isHexDigit) ? "{id}" : String(text)
  }

  /// `.html`, `.jsp`: what stands behind a page's number.
  private static func isExtension(_ text: Substring) -> Bool {
    text.hasPrefix(".") && (2...6).contains(text.count) && text.dropFirst().allSatisfy { $0.isASCII && $0.isLetter }
  }

  private static func withoutSession(_ segment: Substring) -> Substring {
    // ASP.NET without cookies: (S(lit3py55t21z5v55vlm25s55)).
    if segment.hasPrefix("("), segment.hasSuffix("))"), segment.dropFirst(2).hasPrefix("("),
      "SAFXsafx".contains(segment[segment.index(after: segment.startIndex)])
    {
      return ""
    }
    guard segment.contains(";") else { return segment }
    let parts = segment.split(separator: ";", omittingEmptySubsequences: false)
    let kept = parts.enumerated().filter { place, part in
      place == 0 || !sessionNames.contains(part.prefix { $0 != "=" }.lowercased())
    }
    return kept.count == parts.count ? segment : kept.map(\.element).joined(separator: ";")[...]
  }

  /// Each byte as itself where RFC 3986 lets a path have it, else as `%XX`. A `%` that begins no code stays.
  private static func coded(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var result: [UInt8] = []
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "%"), place + 2 < bytes.count, let high = digit(bytes[place + 1]),
        let low = digit(bytes[place + 2])
      {
        let value = high << 4 | low
        if isUnreserved(value) { result.append(value) } else { append(value, to: &result) }
        place += 3
        continue
      }
      if byte == UInt8(ascii: "%") || isPathByte(byte) { result.append(byte) } else { append(byte, to: &result) }
      place += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let hexDigits = Array("0123456789ABCDEF".utf8)

  private static func append(_ byte: UInt8, to result: inout [UInt8]) {
    result += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "-._~".utf8.contains(byte)
    }
  }

  /// pchar and `/`.
  private static func isPathByte(_ byte: UInt8) -> Bool { isUnreserved(byte) || "/!$&'()*+,;=:@".utf8.contains(byte) }
}
