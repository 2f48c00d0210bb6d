internal import Mustache

/// What stands between a value and the page: every `{{name}}` of a template goes through one of these.
struct PageEscape: MustacheContentType {
  enum Form {
    case html, markdown
    /// Plain lines: a value is one line, without control characters.
    case text
  }
  let form: Form

  func escapeText(_ text: String) -> String {
    switch form {
    case .html: MarkupText.html(text)
    case .markdown: MarkupText.markdown(text)
    case .text: HarmlessText.of(text, keepsLines: false)
    }
  }
}

enum MarkupText {
  /// For content and for attributes in double quotes; HTML and XML alike.
  static func html(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in HarmlessText.of(text).utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: ">"): result += "&gt;".utf8
      case UInt8(ascii: "&"): result += "&amp;".utf8
      case UInt8(ascii: "\""): result += "&quot;".utf8
      case UInt8(ascii: "'"): result += "&#39;".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Inside a line or a cell: what could begin markup is escaped, a line break becomes a mark that begins none.
  static func markdown(_ text: String) -> String {
    let text = HarmlessText.of(text).drop { $0 == " " || $0 == "\n" }
    var result: [UInt8] = []
    // At the beginning of an item these begin a list, or underline what stands above.
    if let first = text.utf8.first, "-+=".utf8.contains(first) { result.append(UInt8(ascii: "\\")) }
    let number = text.utf8.prefix { (48...57).contains($0) }.count
    var previous: UInt8 = 0
    for (place, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: ")"):
        result += number > 0 && place == number ? [UInt8(ascii: "\\"), byte] : [byte]
      case UInt8(ascii: "\n"): result += " · ".utf8
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: ">"): result += "&gt;".utf8
      case UInt8(ascii: "&"): result += "&amp;".utf8
      case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "|"), UInt8(ascii: "#"), UInt8(ascii: "~"), UInt8(ascii: "!"),
        UInt8(ascii: "$"):
        result += [UInt8(ascii: "\\"), byte]
      // An address that would become a link by itself.
      case UInt8(ascii: "/") where previous == UInt8(ascii: ":"), UInt8(ascii: "@"):
        result += [UInt8(ascii: "\\"), byte]
      default: result.append(byte)
      }
      previous = byte
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// As code: nothing in it is markup. The fence is longer than any run of backticks inside.
  static func markdownCode(_ text: String, inTable: Bool) -> String {
    let text = HarmlessText.of(text, keepsLines: false)
    guard !text.allSatisfy({ $0 == " " }) else { return "" }
    var (run, longest) = (0, 0)
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let gap = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    // A table's cells are told apart before code is.
    return fence + gap + (inTable ? text.replacing("|", with: "\\|") : text) + gap + fence
  }
}
