import Records
import Wire

@testable import Hub

/// Values at and beyond the bounds of what somebody may have thought of.
enum HostileValues {
  /// Tokens that stand where a number may.
  static let numbers =
    [
      "0", "-0", "-1", "1", "2", "127", "128", "255", "256", "32768", "65536", "2147483647", "2147483648",
      "-2147483649", "4294967295", "4294967296", "9007199254740991", "9007199254740993", "9223372036854775807",
      "9223372036854775806", "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
      "18446744073709551615", "18446744073709551616", "1e18", "1e19", "1e308", "-1.7976931348623157e308", "1e309",
      "-1e309", "1e-400", "5e-324", "0.1", "1.0", "1e2", "1E+2", "1e999999999", "00", "01", "+1", ".5", "5.", "NaN",
      "Infinity", "-Infinity", "0x10", "1_000", "--1", "0.30000000000000004", "1e", "-",
    ] + [
      String(repeating: "9", count: 400), "1" + String(repeating: "0", count: 3000),
      "0." + String(repeating: "1", count: 3000),
    ]

  static let times = [
    "0000-00-00T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
    "1677-09-21T00:12:43Z", "1677-09-21T00:12:44Z", "1678-01-01T00:00:00Z", "2262-04-11T23:47:16.854775807Z",
    "2262-04-11T23:47:16Z", "2262-04-11T23:47:17Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z",
    "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T23:59:60Z",
    "2026-11-26T00:00:00+99:99", "2026-11-26T00:00:00-23:59", "2026-11-26", "2026-11-26T00:00", "99999-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z", "2026-11-26T00:00:00.0000000000000001Z", "２０２６-11-26T00:00:00Z", "now", "1h", "-1h",
    "9223372036854775807", "2000-02-29", "2262-04-12", "0000-00-00", "9999-12-31", "2026-11-2６",
  ]

  static let texts = [
    "", " ", "\t", "\n", "\u{0}", "a\u{0}b", "\u{1}\u{2}\u{1b}[31m\u{7f}", "\u{202e}gnp.exe",
    "\u{2066}\u{2069}\u{200f}",
    "\u{2028}\u{2029}", "\u{feff}x", "\u{fffe}\u{ffff}", "\u{10ffff}", "İıſß", "e\u{301}", "👩‍👩‍👧‍👦", "=1+1", "+1", "-1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0", "' OR 1=1 --", "\"; DROP TABLE audit; --", "%", "_", "%s%n%x", "*", "?", "\\", "\\\\", "'",
    "\"", "`", "../../../../etc/passwd", "..", ".", "/", "//", "/dev/stdin", "file:///etc/passwd", "C:\\x",
    "<script>alert(1)</script>", "<!--", "]]>", "{{name}}", "{{{x}}}", "{{#x}}{{/x}}", "${jndi:ldap://x}", "$(id)",
    "a\r\nX-Injected: 1\r\n\r\n", "\r\nDATA\r\n.\r\n", "a,b;c\td", "# x", "---", "- a", "&a [*a]", "!!python/x", "{}",
    "[]", "null", "true", "0", "-1", "9223372036854775808", "1e309", "new", "me", "all", "vigil", "root", "{number}",
    "city", "site/", "organisation/", "queue/1", "notice/1", "https://", "https://[::1", "https://x:99999/",
    "https://a@b/", "xn--", "xn--a", "a..b", "-a", "*.example.gov", "0.0.0.0/0", "::/0", "10.0.0.0/33", "1.2.3.4",
    "a@b", "a@", "@", "a@b\r\nRcpt", "tls", "1:1", "1:9999999999", "sm:1", "severity:high", "((((", "a:b OR", "not",
    "site:\"", "\"unclosed", "age>99999999999999999d", "age<-1h", "id:9223372036854775808", "/(/", "Asia/Shanghai",
    "../../etc/localtime", "I", "IV", "s1", "2026-0001",
  ]

  /// What no list has room for; each is made when it is wanted.
  static func large(_ dice: inout FuzzDice) -> FuzzJSON {
    switch dice.below(9) {
    case 0: .text(String(repeating: "a", count: 1 << 20))
    case 1: .text(String(repeating: "网", count: 1 << dice.below(17)))
    case 2: .text("e" + String(repeating: "\u{301}", count: 1 << dice.below(15)))
    case 3: .text(String(repeating: "(", count: 1 << dice.below(15)))
    case 4: .text(String(repeating: "a OR ", count: 1 << dice.below(12)) + "a")
    case 5: .text(String(repeating: "not ", count: 1 << dice.below(12)) + "a:b")
    case 6: .text(String(repeating: "../", count: 1 << dice.below(12)))
    case 7: .text(String(repeating: "\n- [", count: 1 << dice.below(12)))
    default: .text(String(repeating: texts[dice.below(texts.count)], count: 1 << dice.below(10)))
    }
  }

  /// Escapes that a writer of JSON does not make.
  static let escapes = [
    "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\ud83dx\"", "\"\\u0000\"", "\"\\u\"", "\"\\u12\"",
    "\"\\x41\"", "\"\\'\"", "\"\\\"", "\"", "\"a\nb\"", "\"\t\"", "\"\\/\"", "'a'", "\"\\uFFFF\\uFFFE\"", "\"\\u202e\"",
    "nul", "True", "undefined", "", " ", ",", ":", "}", "]", "/*x*/1", "//", "\u{feff}1",
  ]

  static func text(_ dice: inout FuzzDice) -> FuzzJSON {
    switch dice.below(60) {
    case 0: large(&dice)
    case 1...6: .raw(escapes[dice.below(escapes.count)])
    case 7...16: time(&dice)
    default: .text(texts[dice.below(texts.count)])
    }
  }

  static func number(_ dice: inout FuzzDice) -> FuzzJSON { .raw(numbers[dice.below(numbers.count)]) }

  /// A moment near now, or one that is none.
  static func time(_ dice: inout FuzzDice) -> FuzzJSON {
    guard dice.isOne(in: 2) else { return .text(times[dice.below(times.count)]) }
    let spans: [Double] = [-34_560_000, -86_400, -3600, -1, 0, 1, 60, 3600, 86_400, 2_505_600, 34_560_000]
    return .text(WallClock.system.now().advanced(seconds: spans[dice.below(spans.count)]).text)
  }

  static func any(_ dice: inout FuzzDice) -> FuzzJSON {
    switch dice.below(8) {
    case 0, 1: number(&dice)
    case 2: .raw(["null", "true", "false"][dice.below(3)])
    case 3: dice.isOne(in: 2) ? .list([]) : .object([])
    case 4: nested(&dice)
    default: text(&dice)
    }
  }

  /// Deeper than any message is.
  static func nested(_ dice: inout FuzzDice) -> FuzzJSON {
    let depth = 1 << dice.below(dice.isOne(in: 8) ? 18 : 11)
    return dice.isOne(in: 2)
      ? .raw(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
      : .raw(String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth))
  }
}
