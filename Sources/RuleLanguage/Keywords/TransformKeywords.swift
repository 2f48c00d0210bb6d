/// Keywords that change a sticky buffer's bytes before the matches see them.
enum TransformKeywords {
  static let all: [Keyword] = [
    plain("dotprefix", "Puts a dot before the buffer, to match domains and their subdomains."),
    plain("domain", "The registered domain of a host name."),
    plain("tld", "The public suffix of a host name."),
    plain("strip_whitespace", "Without white space."),
    plain("compress_whitespace", "Runs of white space become one space."),
    plain("to_lowercase", "In lower case."),
    plain("to_uppercase", "In upper case."),
    plain("to_md5", "The MD5 digest, raw."),
    plain("to_sha1", "The SHA-1 digest, raw."),
    plain("to_sha256", "The SHA-256 digest, raw."),
    plain("url_decode", "With %xx and + decoded."),
    plain("header_lowercase", "Header names in lower case."),
    plain("strip_pseudo_headers", "Without HTTP/2 pseudo headers."),
    Keyword("xor", .transform, .needed, "XOR with a key in hex: `xor:\"0d0ac8ff\"`.", .custom(xor)),
    Keyword("pcrexform", .transform, .needed, "What group 1 captures: `pcrexform:\"a(b+)\"`.", .custom(expression)),
    Keyword("from_base64", .transform, .optional, "Decoded: `bytes 4, offset 1, mode strict`.", .custom(base64)),
    Keyword("gunzip", .transform, .optional, "Unpacked; `max-size 1024`.", .custom(base64)),
    Keyword("zlib_deflate", .transform, .optional, "Unpacked; `max-size 1024`.", .custom(base64)),
  ]

  private static func plain(_ name: String, _ summary: String) -> Keyword {
    Keyword(name, .transform, .none, summary, .transform)
  }

  @Sendable static func xor(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let text = try a.quotedText().text
    guard text.count >= 2, text.count % 2 == 0, text.count <= 512, text.allSatisfy({ ASCII.hexValue($0) != nil })
    else { throw a.bad("needs a key of 1 to 256 bytes in hex", at: text) }
    var key: [UInt8] = []
    for index in stride(from: text.startIndex, to: text.endIndex, by: 2) {
      key.append((ASCII.hexValue(text[index]) ?? 0) << 4 | (ASCII.hexValue(text[index + 1]) ?? 0))
    }
    try b.transform(BufferTransform(keyword: a.name, argument: key), a)
  }

  @Sendable static func expression(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let text = try a.quotedText().text
    guard !text.isEmpty else { throw a.bad("has an empty expression", at: text) }
    guard text.isText else { throw a.bad("holds bytes that are no UTF-8", at: text, hint: "write them as \\xff") }
    try b.transform(BufferTransform(keyword: a.name, argument: Array(text)), a)
  }

  @Sendable static func base64(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    for part in a.value.pieces(ASCII.comma) where !part.isEmpty {
      let (word, rest) = part.wordAndRest()
      switch word.string {
      case "bytes" where a.name == "from_base64", "offset" where a.name == "from_base64":
        let _: UInt32 = try a.number(rest)
      case "max-size" where a.name != "from_base64": let _: UInt32 = try a.number(rest)
      case "mode" where a.name == "from_base64" && ["rfc4648", "rfc2045", "strict"].contains(rest.string): break
      default: throw a.bad("does not know \(part.quoted)", at: part)
      }
    }
    try b.transform(BufferTransform(keyword: a.name, argument: Array(a.value)), a)
  }
}
