import Testing
import Wire

@testable import Engines

/// Digests, codings and MurmurHash were reckoned with Python's hashlib, hmac, base64, urllib and an independent
/// implementation of MurmurHash3 that gives the published values for "hello".
@Suite("Expressions of templates") struct ExpressionTests {
  @Test(
    "operators have their value",
    arguments: [
      ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 4 - 3", "3"), ("2 * 7 % 4", "2"), ("7 / 2", "3.5"),
      ("-3 + 5", "2"), ("0x1f", "31"), ("1.5 * 2", "3"), ("'a' + 'b'", "ab"), ("'a' + 1", "a1"), ("1 + '2'", "12"),
      ("'10' - '4'", "6"), ("1 == 1.0", "yes"), ("'1' == 1", "yes"), ("'a' != 'b'", "yes"), ("true == false", "no"),
      ("2 < 10", "yes"), ("'2' < '10'", "yes"), ("'b' > 'a'", "yes"), ("'b' <= 'a'", "no"), ("3 >= 3", "yes"),
      ("true && false || true", "yes"), ("true || false && false", "yes"), ("!true || true", "yes"),
      ("!(true || true)", "no"), ("1 < 2 && 2 < 3", "yes"), ("'abc' =~ 'b.'", "yes"), ("'abc' !~ '^b'", "yes"),
      ("'a\\'b'", "a'b"), ("\"a\\\\b\"", "a\\b"), ("`a\\b`", "a\\b"), ("-(2)", "-2"), ("!!true", "yes"),
      ("1 + 2 == 3 && 'x' == 'x'", "yes"), ("1e3", "1000"), ("3 == '3.0'", "no"),
    ])
  func operators(text: String, value: String) { #expect(TemplateBench.value(text) == value, "\(text)") }

  @Test(
    "functions that look and cut have their value",
    arguments: [
      ("len('漢字')", "6"), ("len(split('a,b,c', ','))", "3"), ("contains('abc', 'bc')", "yes"),
      ("contains('abc', 'BC')", "no"), ("contains('abc', '')", "yes"), ("contains_all('abc', 'a', 'c')", "yes"),
      ("contains_all('abc', 'a', 'd')", "no"), ("contains_any('abc', 'x', 'c')", "yes"),
      ("contains_any('abc', 'x', 'y')", "no"), ("starts_with('abc', 'x', 'ab')", "yes"),
      ("starts_with('abc', 'b')", "no"), ("ends_with('abc', 'bc')", "yes"), ("ends_with('abc', 'abcd')", "no"),
      ("line_starts_with('a\\\\n', 'b')", "no"), ("line_starts_with(hex_decode('610a6263'), 'b')", "yes"),
      ("line_ends_with(hex_decode('610d0a62'), 'a')", "yes"), ("equals_any('a', 'b', 'a')", "yes"),
      ("regex('^a.c$', 'abc')", "yes"), ("regex('^b', 'abc')", "no"), ("regex_all('b', 'abc', 'b')", "yes"),
      ("regex_all('b', 'abc', 'x')", "no"), ("regex_any('b', 'x', 'b')", "yes"), ("to_lower('AbÉ')", "abÉ"),
      ("tolower('AB')", "ab"), ("to_upper('aBc')", "ABC"), ("trim('xxaxx', 'x')", "a"),
      ("trim_left('xxax', 'x')", "ax"),
      ("trim_right('xaxx', 'x')", "xa"), ("trim_prefix('aab', 'a')", "ab"), ("trim_suffix('abb', 'b')", "ab"),
      ("trim_space('  a b ')", "a b"), ("replace('aXbX', 'X', '--')", "a--b--"), ("replace('ab', '', 'x')", "ab"),
      ("replace_regex('a1b22', '[0-9]+', '#')", "a#b#"),
      ("replace_regex('k=v', '(\\\\w)=(\\\\w)', '$2=${1}$$')", "v=k$"),
      ("replace_regex('abc', 'x*', '-')", "-a-b-c-"), ("remove_bad_chars('a.b;c', '.;')", "abc"),
      ("reverse('ab漢')", "漢ba"), ("repeat('ab', 3)", "ababab"), ("repeat('ab', 0)", ""), ("concat('a', 1, 'b')", "a1b"),
      ("join('-', 'a', 'b', 3)", "a-b-3"), ("join(',', split('a b c', ' '))", "a,b,c"),
      ("split('a,b,c', ',', 2)", "[a|b,c]"),
      ("substr('abcdef', 2)", "cdef"), ("substr('abcdef', 1, 3)", "bc"), ("substr('abc', 3)", ""),
      ("index('abc', 1)", "b"), ("index(split('a,b', ','), 1)", "b"), ("print_debug('x')", "yes"),
    ])
  func texts(text: String, value: String) { #expect(TemplateBench.value(text) == value, "\(text)") }

  @Test(
    "digests and codings have their known answers",
    arguments: [
      ("md5('')", "d41d8cd98f00b204e9800998ecf8427e"), ("md5('abc')", "900150983cd24fb0d6963f7d28e17f72"),
      ("sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      ("sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "sha512('abc')",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
      ("hmac('md5', 'The quick brown fox jumps over the lazy dog', 'key')", "80070713463e7749b90c2dc24911e275"),
      (
        "hmac('sha1', 'The quick brown fox jumps over the lazy dog', 'key')", "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"
      ),
      (
        "hmac('SHA-256', 'The quick brown fox jumps over the lazy dog', 'key')",
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
      ),
      ("mmh3('')", "0"), ("mmh3('hello')", "613153351"),
      ("mmh3('The quick brown fox jumps over the lazy dog')", "776992547"), ("base64('')", ""), ("base64('f')", "Zg=="),
      ("base64('foobar')", "Zm9vYmFy"), ("base64_decode('Zm9vYg==')", "foob"), ("base64_decode('Zm9vYg')", "foob"),
      ("base64_decode('-_8')", "\u{fffd}\u{fffd}"), ("base64_py('abc')", "YWJj\n"), ("hex_encode('az')", "617a"),
      ("hex_decode('617A')", "az"), ("url_encode('a b/c?d=é&~-._')", "a%20b%2Fc%3Fd%3D%C3%A9%26~-._"),
      ("url_decode('a%20b+c%2f')", "a b c/"), ("html_escape('<a b=\"c\">&\\'')", "&lt;a b=&#34;c&#34;&gt;&amp;&#39;"),
      ("html_unescape('&lt;&#x41;&#66;&nope;&')", "<AB&nope;&"),
      ("json_minify('{ \"a\" : [1, \"b c\\\\\\\\\" ] }')", "{\"a\":[1,\"b c\\\\\"]}"),
    ])
  func codings(text: String, value: String) { #expect(TemplateBench.value(text) == value, "\(text)") }

  @Test(
    "numbers, times and versions have their value",
    arguments: [
      ("to_number('4.5') + 1", "5.5"), ("to_string(3)", "3"), ("bin_to_dec('0b1010')", "10"), ("bin_to_dec(11)", "3"),
      ("dec_to_hex(255)", "ff"), ("hex_to_dec('0xFF')", "255"), ("hex_to_dec('ff')", "255"),
      ("oct_to_dec('0o17')", "15"),
      ("unix_time()", "1795662245"), ("unix_time(-5)", "1795662240"), ("date_time('%Y-%M-%D')", "2026-11-26"),
      ("date_time('%H:%m:%S', 0)", "00:00:00"), ("date_time('%D.%M.%Y', 1669670400)", "28.11.2022"),
      ("compare_versions('1.2.3', '< 1.10')", "yes"), ("compare_versions('v1.2', '1.2.0')", "yes"),
      ("compare_versions('1.2-rc1', '< 1.2')", "yes"), ("compare_versions('1.2-rc.2', '> 1.2-rc.1')", "yes"),
      ("compare_versions('2.5', '>= 2.0', '< 2.5')", "no"), ("compare_versions('2.4.9', '>= 2.0, < 2.5')", "yes"),
      ("compare_versions('1.0', '!= 1')", "no"), ("compare_versions('1.0.0.1', '> 1')", "yes"),
    ])
  func numbers(text: String, value: String) { #expect(TemplateBench.value(text) == value, "\(text)") }

  @Test(
    "what has no value says why, and is never no",
    arguments: [
      ("nothing", "? {{nothing}} has no value"), ("'a' - 1", "? a text stands where a number is needed"),
      ("1 / 0", "? a number is divided by zero or grew without end"),
      ("5 % 0", "? a number is divided by zero or grew without end"), ("1 && true", "? a condition is a number"),
      ("true < 1", "? a yes or no is compared with a number"), ("!'a'", "? a condition is a text"),
      ("substr('abc', 4)", "? a number is not a whole one of 0 to 3"),
      ("substr('abc', 2, 1)", "? a number is not a whole one of 2 to 3"), ("index('', 0)", "? index of an empty text"),
      ("split('a', '')", "? split has an empty separator"), ("hex_decode('abc')", "? a text is not hexadecimal"),
      ("base64_decode('a')", "? a text is not base64"), ("base64_decode('YQ=a')", "? a text is not base64"),
      ("url_decode('%4')", "? a text holds a % without two hexadecimal digits"),
      ("json_minify('{')", "? a text is not JSON"), ("to_number('1x')", "? a text stands where a number is needed"),
      ("hex_to_dec('x')", "? a text is no number to the base 16"),
      ("compare_versions('new', '< 2')", "? what was found is no version"),
      ("compare_versions('1', '< x')", "? compare_versions has a limit that is no version"),
      ("date_time('2006')", "? date_time knows %Y %M %D %H %m %S"),
      ("date_time('%Q')", "? date_time knows %Y %M %D %H %m %S"),
      ("hmac('rot13', 'a', 'b')", "? hmac knows md5, sha1, sha256, sha512, and not what it was given"),
      ("rand_int(5, 1)", "? a number is not a whole one of 5 to 2147483647"),
      ("rand_text_numeric(1, '0123456789')", "? no character is left to draw from"),
      ("repeat('abcdefgh', 8000000)", "? a text grew to more than 8 MiB, the limit"),
      ("repeat(repeat('abcdefgh', 1000), 2000)", "? a text grew to more than 8 MiB, the limit"),
      ("'a' =~ '('", "! character 8: not a regular expression: missing closing parenthesis"),
      ("'a' =~ concat('(')", "? not a regular expression: missing closing parenthesis"),
    ])
  func failures(text: String, value: String) { #expect(TemplateBench.value(text) == value, "\(text)") }

  @Test("a condition is decided by the side that is known")
  func kleene() {
    let rows = [
      ("false && nothing", "no"), ("nothing && false", "no"), ("true || nothing", "yes"), ("nothing || true", "yes"),
      ("true && nothing", "? {{nothing}} has no value"), ("nothing || false", "? {{nothing}} has no value"),
      ("!nothing", "? {{nothing}} has no value"), ("nothing == nothing", "? {{nothing}} has no value"),
    ]
    for (text, value) in rows { #expect(TemplateBench.value(text) == value, "\(text)") }
  }

  @Test("in a body that was cut what is found is there, and what is not found is not known")
  func partial() {
    let answer = TemplateAnswer.response(TemplateBench.response("Hello wor", cut: "the answer was cut at 9 bytes"))
    let unknown = "? the answer was cut at 9 bytes"
    let rows = [
      ("contains(body, 'Hello')", "yes"), ("contains(body, 'world')", unknown), ("!contains(body, 'Hello')", "no"),
      ("!contains(body, 'x')", unknown), ("contains(to_lower(body), 'hello')", "yes"),
      ("starts_with(body, 'He')", "yes"),
      ("starts_with(body, 'x')", unknown), ("ends_with(body, 'wor')", unknown), ("regex('w.r', body)", "yes"),
      ("body =~ 'w.x'", unknown), ("body !~ 'w.r'", "no"), ("len(body)", unknown), ("md5(body)", unknown),
      ("body == 'Hello wor'", unknown), ("status_code == 200", "yes"), ("contains_any(body, 'x', 'wor')", "yes"),
      ("contains_all(body, 'x', 'wor')", unknown), ("line_ends_with(body, 'wor')", unknown),
      ("contains(server, 'x')", "no"), ("content_length", unknown),
    ]
    for (text, value) in rows { #expect(TemplateBench.value(text, answer: answer) == value, "\(text)") }
  }

  @Test("an answer's parts have names")
  func parts() {
    let head = [HeaderLine("Server", "nginx"), HeaderLine("X-Powered-By", "PHP"), HeaderLine("set-cookie", "a=1")]
    let answer = TemplateAnswer.response(TemplateBench.response("body", status: 403, head))
    let rows = [
      ("status_code", "403"), ("body", "body"), ("content_length", "4"), ("server", "nginx"), ("x_powered_by", "PHP"),
      ("set_cookie", "a=1"), ("location", ""), ("duration", "0.12"), ("status_line", "HTTP/1.1 403 X"),
      (
        "len(all_headers)",
        "\(Array("HTTP/1.1 403 X\r\nServer: nginx\r\nX-Powered-By: PHP\r\nset-cookie: a=1\r\n\r\n".utf8).count)"
      ),
      ("ends_with(response, 'body')", "yes"), ("starts_with(raw, 'HTTP/1.1 403')", "yes"),
      ("body_1", "? there is no answer 1"),
      ("no_such_field", "? {{no_such_field}} has no value"),
    ]
    for (text, value) in rows { #expect(TemplateBench.value(text, answer: answer) == value, "\(text)") }
  }
}
