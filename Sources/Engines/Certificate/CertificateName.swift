internal import CDomainNames
internal import Glibc
internal import Wire

/// Host names as certificates write them: by libidn2 between their two forms.
enum CertificateName {
  /// The form of the wire: lower case, ASCII labels (RFC 5891), no last dot. The text itself where it is no name.
  static func ascii(_ name: String) -> String {
    var text = name.lowercased()
    if text.hasSuffix(".") { text.removeLast() }
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var out: UnsafeMutablePointer<CChar>?
    let flags = Int32(IDN2_NONTRANSITIONAL.rawValue | IDN2_NFC_INPUT.rawValue)
    guard unsafe idn2_to_ascii_8z(text, &out, flags) == IDN2_OK.rawValue, let made = unsafe out else { return text }
    defer { unsafe idn2_free(made) }
    return unsafe String(cString: made)
  }

  /// The form that people read, beside the other where they differ: `xn--fiq228c.test (中文.test)`.
  static func shown(_ name: String) -> String {
    guard name.contains("xn--"), name.utf8.count < 256 else { return name.shownOnALine }
    var out: UnsafeMutablePointer<CChar>?
    guard unsafe idn2_to_unicode_8z8z(name, &out, 0) == IDN2_OK.rawValue, let made = unsafe out else {
      return name.shownOnALine
    }
    defer { unsafe idn2_free(made) }
    return "\(name.shownOnALine) (\(unsafe String(cString: made).shownOnALine))"
  }

  /// Whether `*.` stands before a suffix under which registries sell names (the ICANN part of the list): such a
  /// certificate would be for strangers too.
  static func isWildcardOverPublicSuffix(_ name: String) -> Bool {
    guard name.hasPrefix("*.") else { return name == "*" }
    return PublicSuffix.isRegistry(String(ascii(name).dropFirst(2)))
  }
}

extension String {
  /// Without what could break a line, at most 160 characters: for text that a server chose.
  var shownOnALine: String {
    let clean = unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
      default: true
      }
    }
    return String(String(String.UnicodeScalarView(clean)).prefix(160))
  }
}
