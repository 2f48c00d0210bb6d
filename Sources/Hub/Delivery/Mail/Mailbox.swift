/// One mailbox in the plain form that every mail server takes: nothing in it can end a header or a command.
struct Mailbox: Sendable, Equatable {
  let text: String
  let domain: String

  /// A dot-atom of RFC 5322 before the sign, a host name behind it, 254 bytes at most (RFC 5321 section 4.5.3.1.3).
  /// Names outside ASCII are written in their `xn--` form.
  init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].count) else { return nil }
    let local = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard local.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Mailbox.isAtom) }) else { return nil }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.allSatisfy(Mailbox.isLabel) else { return nil }
    self.text = text
    domain = String(decoding: Array(parts[1]), as: UTF8.self)
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
      return false
    }
    return label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isAtom(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
