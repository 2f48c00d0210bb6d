internal import Wire

/// Host names in the form that goes on the wire: lower case, ASCII (RFC 3492 for the rest), no last dot.
package enum HostName {
  /// Why a text is no host, in a sentence.
  package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
  }

  package static func normal(_ text: Substring) throws(Malformed) -> String {
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

  private static func ascii(_ label: Substring) throws(Malformed) -> String {
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

/// The form that people read.
extension HostName {
  package static func isInternational(_ host: String) -> Bool {
    host.hasPrefix("xn--") || host.contains(".xn--")
  }

  /// Labels that are a valid encoding, in Unicode; the others as they are.
  package static func unicode(_ host: String) -> String {
    host.split(separator: ".", omittingEmptySubsequences: false).map { label in
      guard label.hasPrefix("xn--"), let decoded = Punycode.decode(label.dropFirst(4)),
        Punycode.encode(decoded) == String(label.dropFirst(4)),
        decoded.unicodeScalars.allSatisfy({ isNameCharacter($0) })
      else { return String(label) }
      return decoded
    }.joined(separator: ".")
  }

  /// `政府.cn (xn--mxtq1m.cn)`, or the one form where there is but one.
  package static func bothForms(_ host: String) -> String {
    let name = unicode(host)
    return name == host ? host : "\(name) (\(host))"
  }
}
