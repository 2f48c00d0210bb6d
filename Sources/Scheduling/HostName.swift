internal import Wire

/// Host names in the form that goes on the wire: lower case, ASCII (RFC 3492 for the rest), no last dot.
package enum HostName {
  package static func normal(_ text: Substring) throws(SiteAddress.Malformed) -> String {
    var name = text.lowercased()
    for dot in ["\u{3002}", "\u{ff0e}", "\u{ff61}"] { name = name.split(separator: dot).joined(separator: ".") }
    if name.hasSuffix(".") { name.removeLast() }
    guard !name.isEmpty else { throw .init("the host is missing") }
    if let address = IPAddress(name) { return address.description }
    var labels: [String] = []
    for label in name.split(separator: ".", omittingEmptySubsequences: false) {
      labels.append(try ascii(label))
    }
    let last = labels.last ?? ""
    guard !last.allSatisfy(\.isNumber), !last.hasPrefix("0x") else {
      throw .init("\"\(name.prefix(60))\" is neither a name nor an address in its usual form")
    }
    let joined = labels.joined(separator: ".")
    guard joined.utf8.count <= 253 else { throw .init("the host has more than 253 characters, the limit") }
    return joined
  }

  private static func ascii(_ label: Substring) throws(SiteAddress.Malformed) -> String {
    guard !label.isEmpty else { throw .init("the host has an empty label (two dots)") }
    var result = String(label)
    if !label.utf8.allSatisfy({ $0 < 0x80 }) {
      guard label.unicodeScalars.allSatisfy({ isNameCharacter($0) }), let encoded = Punycode.encode(result) else {
        throw .init("the host has a character that no name may have")
      }
      result = "xn--" + encoded
    }
    guard result.utf8.count <= 63 else { throw .init("a label of the host has more than 63 characters, the limit") }
    let allowed = result.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
    guard allowed, !result.hasPrefix("-"), !result.hasSuffix("-") else {
      throw .init("\"\(result.prefix(63))\" is no label of a host name")
    }
    return result
  }

  /// Letters, digits, marks: what IDNA 2008 may permit. Full-width and other compatibility forms are refused, since
  /// they would need mapping first.
  private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return true }
    guard !(0xff00...0xffef).contains(scalar.value) else { return false }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }
}

/// RFC 3492 section 6.3.
enum Punycode {
  static func encode(_ label: String) -> String? {
    let scalars = label.unicodeScalars.map { Int($0.value) }
    guard scalars.count <= 63 else { return nil }
    var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
    let basic = output.count
    var (n, delta, bias, handled) = (128, 0, 72, basic)
    if basic > 0 { output.append(UInt8(ascii: "-")) }
    while handled < scalars.count {
      guard let next = scalars.filter({ $0 >= n }).min() else { return nil }
      delta += (next - n) * (handled + 1)
      n = next
      for scalar in scalars {
        if scalar < n { delta += 1 }
        guard scalar == n else { continue }
        append(delta, bias, to: &output)
        bias = adapt(delta, handled + 1, first: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func append(_ delta: Int, _ bias: Int, to output: inout [UInt8]) {
    var (q, k) = (delta, 36)
    while true {
      let t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
      guard q >= t else { break }
      output.append(digit(t + (q - t) % (36 - t)))
      q = (q - t) / (36 - t)
      k += 36
    }
    output.append(digit(q))
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value - 26 + 48) }

  private static func adapt(_ delta: Int, _ count: Int, first: Bool) -> Int {
    var delta = first ? delta / 700 : delta / 2
    delta += delta / count
    var k = 0
    while delta > 455 {
      delta /= 35
      k += 36
    }
    return k + 36 * delta / (delta + 38)
  }
}
