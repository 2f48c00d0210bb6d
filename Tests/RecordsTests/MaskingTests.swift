import Testing

@testable import Records

struct MaskingTests {
  let masking = Masking(key: Array("a key of the tests, 16+".utf8))

  /// The text with each mask as `#`.
  private func masked(_ text: String) -> String {
    masking.mask(text).replacing(#/\[masked:[0-9a-f]{12}\]/#, with: "#")
  }
  private func maskedJSON(_ text: String) -> String {
    var output: [UInt8] = []
    let did = unsafe Array(text.utf8).withUnsafeBytes { unsafe masking.maskJSON($0, into: &output) }
    let result = did ? String(decoding: output, as: UTF8.self) : text
    return result.replacing(#/\[masked:[0-9a-f]{12}\]/#, with: "#")
  }

  @Test(
    "A secret is taken out and what stands around it stays",
    arguments: [
      ("/login?user=li&password=hunter2&next=/", "/login?user=li&password=#&next=/"),
      ("/a?access_token=abc.def-1&x=1", "/a?access_token=#&x=1"),
      ("q=%26password%3Dhunter2%26a%3D1", "q=%26password%3D#%26a%3D1"),
      ("Cookie: a=b; c=d\r\nHost: x", "Cookie: #\r\nHost: x"),
      ("authorization: Basic dXNlcjpwYXNz\r\n", "authorization: #\r\n"),
      ("x Bearer abcDEF123456.xyz y", "x Bearer # y"),
      (###"{"user":"li","password":"hun'ter"}"###, ###"{"user":"li","password":"#"}"###),
      ("http://user:secret@example.org/a", "http://#@example.org/a"),
      ("id 11010519491231002X ok", "id # ok"),
      ("id=110105194912310021x", "id=110105194912310021x"),
      ("tel 13812345678.", "tel #."),
      ("tel +8613812345678", "tel +#"),
      ("%E6%89%8B%3D13812345678&", "%E6%89%8B%3D#&"),
      ("a%2013812345678", "a%20#"),
      ("138-1234-5678", "#"),

      ("4111 1111 1111 1111", "#"),
      ("4111111111111111", "#"),
      ("密码=一二三四&a=1", "密码=#&a=1"),
      ("PASS letmein\r\n", "PASS #\r\n"),
      ("password = s3cret", "password = #"),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "#"),
      (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----#-----END RSA PRIVATE KEY-----"
      ),
      ("AKIAIOSFODNN7EXAMPLE", "#"),
    ])
  func known(text: String, expected: String) {
    #expect(masked(text) == expected)
  }

  @Test(
    "What only looks like a secret stays",
    arguments: [
      "", "GET / HTTP/1.1", "password", "password=", "password=&a=1", "11010519491231003X", "110105194913310021",
      "990105194912310021", "12812345678", "1381234567", "138123456789", "a13812345678", "0.13812345678",
      "4111111111111112", "sid:2010935; rev:3;", "token_type=x", "basic authentication is used", "Bearer of news",
      "http://example.org/a@b", "the pass was closed", "ET POLICY password= in cleartext", "2026-11-22T03:04:05",
      "9e107d9d372bb6826bd81d3542a419d6", "1763780645123", "compass: north",
    ])
  func nearMisses(text: String) {
    #expect(masking.mask(text) == text)
  }

  @Test("Every single-digit error in an ID number is seen by its check character")
  func identityErrors() {
    let good = Array("11010519491231002X".utf8)
    #expect(masked(String(decoding: good, as: UTF8.self)) == "#")
    for place in 0..<17 {
      for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != good[place] {
        var bad = good
        bad[place] = digit
        #expect(bad.withText { !PersonalNumbers.isIdentity($0) }, "digit \(place)")
      }
    }
  }

  @Test("A bank card is known by its issuer and its check digit: one of ten ends is masked")
  func cardEnds() {
    let ends = (0...9).filter { masked("622202123456789012\($0)") == "#" }
    #expect(ends.count == 1)
  }

  @Test("Equal secrets have equal masks, other secrets and other keys have others")
  func keyed() {
    let other = Masking(key: Array("another key of the tests".utf8))
    #expect(masking.mask("pwd=a&pwd=a") == masking.mask("pwd=a&pwd=a"))
    #expect(masking.mask("pwd=aaaa") != masking.mask("pwd=bbbb"))
    #expect(masking.mask("pwd=aaaa") != other.mask("pwd=aaaa"))
    #expect(Masking(key: [], isEnabled: false).mask("pwd=aaaa") == "pwd=aaaa")
  }

  @Test("Masking twice is masking once, for every split of a text with many secrets")
  func idempotent() {
    let text = "Cookie: a=b\r\n/x?password=one&tel=13812345678 http://u:p@h/ Bearer abcDEF123456 {\"token\":\"zzz\"}"
    for end in 0...text.utf8.count {
      let part = String(decoding: Array(text.utf8.prefix(end)), as: UTF8.self)
      let once = masking.mask(part)
      #expect(masking.mask(once) == once)
    }
    #expect(!masking.mask(text).contains("13812345678"))
  }

  @Test(
    "Inside an EVE line, members are masked by name and by form, and bodies go",
    arguments: [
      (###"{"http":{"url":"/?pwd=x1&a=b","status":200}}"###, ###"{"http":{"url":"/?pwd=#&a=b","status":200}}"###),
      (
        ###"{"request_headers":[{"name":"Cookie","value":"a=b"},{"name":"Host","value":"h"}]}"###,
        ###"{"request_headers":[{"name":"Cookie","value":"#"},{"name":"Host","value":"h"}]}"###
      ),
      (###"{"cookie":"a=b; c=d","x":"y"}"###, ###"{"cookie":"#","x":"y"}"###),
      (###"{"password":123456,"n":13812345678}"###, ###"{"password":"#","n":13812345678}"###),
      (###"{"url":"\/?pwd=a\u0062c&x=\"1\""}"###, ###"{"url":"/?pwd=#&x=\"1\""}"###),
      (
        ###"{"payload":"AAAA","packet":"BBBB"}"###,
        ###"{"payload":"[removed: 4 characters]","packet":"[removed: 4 characters]"}"###
      ),
      (
        ###"{"flow_id":4111111111111111,"alert":{"signature":"pwd=x in URL","signature_id":1}}"###,
        ###"{"flow_id":4111111111111111,"alert":{"signature":"pwd=x in URL","signature_id":1}}"###
      ),
      (###"{"url":"/?pwd=secr"###, ###"{"url":"/?pwd=#"###),
    ])
  func json(text: String, expected: String) {
    #expect(maskedJSON(text) == expected)
  }

  @Test("A cut or broken line never shows the planted secret and never ends in a trap")
  func truncated() {
    let line = Array(
      ###"{"a":{"url":"/?password=PLANTED&x=\u4e2d"},"cookie":"PLANTED","h":[{"name":"Authorization","value":"PLANTED"}]}"###
        .utf8)
    for end in 0...line.count {
      var output: [UInt8] = []
      let part = Array(line.prefix(end))
      let did = unsafe part.withUnsafeBytes { unsafe masking.maskJSON($0, into: &output) }
      let text = String(decoding: did ? output : part, as: UTF8.self)
      if part.count == line.count { #expect(!text.contains("PLANTED")) }
    }
  }

  @Test("A header is masked by its name")
  func headers() {
    func mask(_ name: String, _ value: String) -> String {
      var output: [UInt8] = []
      let did = unsafe Array(name.utf8).withUnsafeBytes { name in
        unsafe Array(value.utf8).withUnsafeBytes { unsafe masking.maskHeader(name: name, value: $0, into: &output) }
      }
      return did ? String(decoding: output, as: UTF8.self).replacing(#/\[masked:[0-9a-f]{12}\]/#, with: "#") : value
    }
    #expect(mask("Set-Cookie", "a=b") == "#")
    #expect(mask("X-API-Key", "k") == "#")
    #expect(mask("Referer", "http://h/?token=t1") == "http://h/?token=#")
    #expect(mask("Host", "example.org") == "example.org")
  }
}
