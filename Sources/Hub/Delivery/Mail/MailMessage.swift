internal import Foundation
internal import Records
internal import Wire

/// A dispatch as a mail (RFC 5322, MIME), the same bytes for every try.
///
/// Every value in a header is made of bytes that cannot end it: mailboxes are `Mailbox`, the subject is encoded words or
/// plain signs, ids were checked.
struct MailMessage: Sendable {
  let from: Mailbox
  let to: Mailbox
  /// Who writes, for the reader: the city.
  let sender: String

  /// RFC 2046: lines end with CR LF.
  func bytes(_ dispatch: Dispatch) -> [UInt8] {
    let body = MailMessage.body(dispatch)
    let isMostlyASCII = body.utf8.filter { $0 < 0x80 }.count * 3 >= body.utf8.count * 2
    let head = [
      "From: \(EncodedWord.phrase(sender)) <\(from.text)>",
      "To: <\(to.text)>",
      "Subject: \(EncodedWord.text(dispatch.subject))",
      "Date: \(MailDate.text(dispatch.created))",
      "Message-ID: \(messageID(dispatch))",
      "X-Vigil-Id: \(dispatch.id)",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Language: \(dispatch.language == "zh" ? "zh" : "en")",
      "Content-Transfer-Encoding: \(isMostlyASCII ? "quoted-printable" : "base64")",
    ]
    let encoded = isMostlyASCII ? QuotedPrintable.encoded(body) : MailMessage.base64(body + "\n")
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + encoded + "\r\n").utf8)
  }

  /// `@` and `:` may not stand in the left part (RFC 5322 section 3.6.4); no two ids become one.
  func messageID(_ dispatch: Dispatch) -> String {
    let left = dispatch.id.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "@"): "=40"
      case UInt8(ascii: ":"): "=3A"
      default: String(UnicodeScalar(byte))
      }
    }
    return "<\(left.joined())@\(from.domain)>"
  }

  static func body(_ dispatch: Dispatch) -> String {
    DispatchText(dispatch).lines.joined(separator: "\n")
  }

  /// In lines of 76 signs (RFC 2045 section 6.8).
  private static func base64(_ text: String) -> String {
    Data(text.replacing("\n", with: "\r\n").utf8)
      .base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
  }
}

/// RFC 5322 section 3.3, in UTC.
enum MailDate {
  static func text(_ time: Timestamp) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(time.seconds)))
  }
}

/// Words of a header outside ASCII (RFC 2047, the B form).
enum EncodedWord {
  /// A word has 75 signs at most: 45 bytes are 60 of base64, and 12 stand around them.
  private static let chunk = 45

  /// Of a subject: as it is where it is plain and short, else encoded words, a line each.
  static func text(_ text: String) -> String {
    let clean = cleaned(text)
    let isPlain = clean.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } && clean.utf8.count <= 60 && !clean.contains("=?")
    return isPlain ? clean : words(clean)
  }

  /// Of a name: quoted where it is plain.
  static func phrase(_ text: String) -> String {
    let clean = cleaned(text)
    let isPlain = clean.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } && clean.utf8.count <= 60
    return isPlain ? "\"" + clean.filter { $0 != "\"" && $0 != "\\" } + "\"" : words(clean)
  }

  /// Control characters and what ends a line anywhere become spaces.
  private static func cleaned(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) || $0.value == 0x2028 || $0.value == 0x2029 ? " " : $0
        }))
  }

  private static func words(_ text: String) -> String {
    var parts: [String] = []
    var part: [UInt8] = []
    for character in text.unicodeScalars {
      let bytes = Array(String(character).utf8)
      if part.count + bytes.count > chunk {
        parts.append(word(part))
        part = []
      }
      part += bytes
    }
    if !part.isEmpty { parts.append(word(part)) }
    return parts.joined(separator: "\r\n ")
  }

  private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Data(bytes).base64EncodedString())?=" }
}

/// RFC 2045 section 6.7.
enum QuotedPrintable {
  private static let longest = 76

  static func encoded(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(Array($0.utf8)) }
      .joined(separator: "\r\n")
  }

  private static func line(_ bytes: [UInt8]) -> String {
    var result = ""
    var length = 0
    for (index, byte) in bytes.enumerated() {
      let isLast = index == bytes.count - 1
      let isPlain = (byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "=")) || (byte == 0x20 && !isLast)
      let sign = isPlain ? String(UnicodeScalar(byte)) : "=" + SHA256.hex([byte]).uppercased()
      if length + sign.utf8.count > longest - 1 {
        result += "=\r\n"
        length = 0
      }
      result += sign
      length += sign.utf8.count
    }
    return result
  }
}
