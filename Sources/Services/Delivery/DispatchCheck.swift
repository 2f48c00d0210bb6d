package import Records

/// What is never sent, whoever made it: mail and chat are read by others.
package enum DispatchCheck {
  /// Chats take 20 kB at most, and a person reads less.
  package static let longestText = 16 * 1024
  package static let longestSubject = 500
  /// An address (254, RFC 5321 section 4.5.3.1.3) and what stands before it.
  package static let longestID = 400
  package static let longestLink = 2048

  /// Why it must not leave; nil where it may.
  package static func refusal(_ dispatch: Dispatch) -> String? {
    if dispatch.isDrill { return "drill" }
    if dispatch.id.isEmpty || dispatch.id.utf8.count > longestID || !dispatch.id.utf8.allSatisfy(isIdByte) {
      return "its id is not 1 to \(longestID) letters, digits, and any of ._-/@:+"
    }
    if dispatch.subject.utf8.count > longestSubject { return "its subject has more than \(longestSubject) bytes" }
    if dispatch.text.utf8.count > longestText { return "its text has more than \(longestText) bytes" }
    if let link = dispatch.link, !isLink(link) { return "its link is no http or https URL" }
    for text in [dispatch.subject, dispatch.text] where hasForeignURL(text, besides: dispatch.link) {
      return "its text holds a URL that is not its link"
    }
    return nil
  }

  private static func isIdByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "+"):
      true
    default: false
    }
  }

  private static func isLink(_ link: String) -> Bool {
    guard link.hasPrefix("https://") || link.hasPrefix("http://"), link.utf8.count <= longestLink else { return false }
    let barred: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\")]
    return link.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !barred.contains($0) }
  }

  /// Whether `://` or `www.` stands anywhere once the link itself was taken out, also as wide forms of the same signs.
  private static func hasForeignURL(_ text: String, besides link: String?) -> Bool {
    let words = String(without(link, text).lowercased().map { wide[$0] ?? $0 })
    return words.contains("://") || words.contains("www.") || words.contains(":\\\\")
  }

  /// A longer address that begins with the link is another one, and stays.
  private static func without(_ link: String?, _ text: String) -> String {
    guard let link, !link.isEmpty else { return text }
    var rest = text[...]
    var result = ""
    while let found = rest.firstRange(of: link) {
      let behind = rest[found.upperBound...]
      let goesOn =
        behind.first.map { $0.isASCII && ($0.isLetter || $0.isNumber || "/?#=&%-_~@:+".contains($0)) } ?? false
      result += rest[..<found.lowerBound] + (goesOn ? link : " ")
      rest = behind
    }
    return result + rest
  }

  private static let wide: [Character: Character] = ["：": ":", "／": "/", "．": ".", "。": ".", "＼": "\\", "ｗ": "w"]
}
