/// The functions of expressions, by their names in nuclei.
package enum TemplateFunction: String, Sendable, CaseIterable {
  case len
  case contains
  case containsAll = "contains_all"
  case containsAny = "contains_any"
  case startsWith = "starts_with"
  case endsWith = "ends_with"
  case lineStartsWith = "line_starts_with"
  case lineEndsWith = "line_ends_with"
  case equalsAny = "equals_any"
  case regex
  case regexAll = "regex_all"
  case regexAny = "regex_any"
  case toLower = "to_lower"
  case toUpper = "to_upper"
  case trim
  case trimLeft = "trim_left"
  case trimRight = "trim_right"
  case trimPrefix = "trim_prefix"
  case trimSuffix = "trim_suffix"
  case trimSpace = "trim_space"
  case replace
  case replaceRegex = "replace_regex"
  case removeBadChars = "remove_bad_chars"
  case reverse
  case repeated = "repeat"
  case concat
  case join
  case split
  case substr
  case index
  case md5
  case sha1
  case sha256
  case sha512
  case hmac
  case mmh3
  case base64
  case base64Decode = "base64_decode"
  case base64Py = "base64_py"
  case hexEncode = "hex_encode"
  case hexDecode = "hex_decode"
  case urlEncode = "url_encode"
  case urlDecode = "url_decode"
  case htmlEscape = "html_escape"
  case htmlUnescape = "html_unescape"
  case randBase = "rand_base"
  case randChar = "rand_char"
  case randInt = "rand_int"
  case randTextAlpha = "rand_text_alpha"
  case randTextAlphanumeric = "rand_text_alphanumeric"
  case randTextNumeric = "rand_text_numeric"
  case toNumber = "to_number"
  case toString = "to_string"
  case binToDec = "bin_to_dec"
  case decToHex = "dec_to_hex"
  case hexToDec = "hex_to_dec"
  case octToDec = "oct_to_dec"
  case unixTime = "unix_time"
  case dateTime = "date_time"
  case compareVersions = "compare_versions"
  case jsonMinify = "json_minify"
  case printDebug = "print_debug"

  /// nuclei's older spelling has no underscores: `tolower`, `hex_encode` as `hexencode`.
  package init?(name: String) {
    if let known = TemplateFunction(rawValue: name) {
      self = known
      return
    }
    guard let known = TemplateFunction.allCases.first(where: { $0.rawValue.filter { $0 != "_" } == name }) else {
      return nil
    }
    self = known
  }

  /// How many arguments it takes.
  var arguments: ClosedRange<Int> {
    switch self {
    case .contains, .startsWith, .endsWith, .lineStartsWith, .lineEndsWith, .containsAll, .containsAny, .equalsAny,
      .regexAll, .regexAny, .concat:
      takesMany
    case .regex, .trim, .trimLeft, .trimRight, .trimPrefix, .trimSuffix, .repeated, .removeBadChars: 2...2
    case .replace, .replaceRegex, .hmac: 3...3
    case .join: 2...TemplateFunction.mostArguments
    case .split: 2...3
    case .substr: 2...3
    case .index: 2...2
    case .randBase, .randTextAlpha, .randTextAlphanumeric: 1...2
    case .randTextNumeric: 1...2
    case .randChar: 0...1
    case .randInt: 0...2
    case .unixTime: 0...1
    case .dateTime: 1...2
    case .compareVersions: 2...TemplateFunction.mostArguments
    case .printDebug: 0...TemplateFunction.mostArguments
    default: 1...1
    }
  }

  private var takesMany: ClosedRange<Int> {
    switch self {
    case .contains: 2...2
    case .concat: 1...TemplateFunction.mostArguments
    default: 2...TemplateFunction.mostArguments
    }
  }

  /// A word list in an expression, no more.
  static let mostArguments = 32

  /// Where among the arguments the regular expression stands.
  var patternArgument: Int? {
    switch self {
    case .regex: 0
    case .replaceRegex: 1
    default: nil
    }
  }

  /// What nuclei has and this language does not, with the reason.
  static let refused: [String: String] = [
    "gzip": "it needs a compressor", "gzip_decode": "it needs a decompressor", "zlib": "it needs a compressor",
    "zlib_decode": "it needs a decompressor", "deflate": "it needs a compressor",
    "inflate": "it needs a decompressor", "wait_for": "it waits; nothing here has a clock",
    "getNetworkPort": "it is for network templates", "resolve": "it asks a name server",
    "public_ip": "it asks a host outside", "generate_java_gadget": "it makes attack code",
    "generate_jwt": "it forges credentials", "aes_cbc": "it needs a cipher", "aes_gcm": "it needs a cipher",
    "llm_prompt": "it asks a host outside", "xor": "it is not among the functions here",
    "rand_ip": "it makes addresses of others", "ip_format": "it hides addresses",
  ]
}
