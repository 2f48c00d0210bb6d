import RuleLanguage
import Testing

@testable import Detection

/// Each keyword with a case that matches and one that nearly does.
@Suite struct ContentMatchTests {
  @Test("a payload matches what its rule says, and what nearly fits does not", arguments: cases)
  func matrix(_ options: String, _ hit: String, _ miss: String) throws {
    let bench = try Bench("alert udp any any -> any any (\(options) sid:1;)")
    #expect(bench.send(hit) == [1], "\(options) on \(hit)")
    #expect(bench.send(miss) == [], "\(options) on \(miss)")
  }

  static let cases: [(String, String, String)] = [
    (#"content:"abc";"#, "xxabcxx", "xxabxcx"),
    (#"content:"aBc"; nocase;"#, "xxAbCxx", "xxAbbCx"),
    (#"content:"|61 62|c";"#, "abc", "ab c"),
    (#"content:!"abc"; content:"x";"#, "x ab c", "x abc"),
    (#"content:"abc"; startswith;"#, "abcd", "xabc"),
    (#"content:"abc"; endswith;"#, "abcabc", "abcd"),
    (#"content:!"abc"; endswith; content:"x";"#, "abcx", "xabc"),
    (#"content:"abc"; offset:2;"#, "xxabc", "xabc"),
    (#"content:"abc"; depth:5;"#, "xxabc", "xxxabc"),
    (#"content:"abc"; offset:2; depth:4;"#, "xxxabc", "xxxxabc"),
    (#"content:"a"; content:"b"; distance:2;"#, "axxb", "axb"),
    (#"content:"a"; content:"b"; distance:-2; content:"c";"#, "bac", "bxxac"),
    (#"content:"a"; content:"bc"; within:3;"#, "axbc", "axxbc"),
    (#"content:"a"; content:"b"; distance:1; within:2;"#, "axxb", "axxxb"),
    (#"content:"a"; content:!"b"; within:2;"#, "axxb", "axb"),
    // A later occurrence of the first must be tried.
    (#"content:"a"; content:"b"; within:1;"#, "axab", "axaxb"),
    (#"content:"a"; content:"b"; within:2; content:"c"; within:1;"#, "abxabc", "abxabxc"),
    (#"content:"ab"; isdataat:2,relative;"#, "abxx", "xxabx"),
    (#"content:"ab"; isdataat:!1,relative;"#, "xab", "abx"),
    (#"content:"a"; isdataat:4;"#, "axxxx", "axxx"),
    (#"dsize:3; content:"a";"#, "axx", "axxx"),
    (#"dsize:>3; content:"a";"#, "axxx", "axx"),
    (#"pcre:"/a[0-9]+b/";"#, "xa12bx", "xaxb"),
    (#"pcre:"/^A.c$/i";"#, "abc", "abbc"),
    (#"pcre:!"/abc/"; content:"x";"#, "xab", "xabc"),
    (#"content:"k="; pcre:"/^[a-f]+z/R";"#, "k=x k=abz", "k=xabz"),
    (#"content:"x"; pcre:"/a(b+)/"; content:"c"; within:1;"#, "xaabbc", "xabbxc"),
    (#"content:"L"; byte_test:1,>,64,0,relative;"#, "LA", "L@"),
    (#"content:"L"; byte_test:1,!=,65,0,relative;"#, "LB", "LA"),
    (#"content:"L"; byte_test:2,=,0x4142,0,relative;"#, "LAB", "LBA"),
    (#"content:"L"; byte_test:2,=,0x4142,0,relative,little;"#, "LBA", "LAB"),
    (#"content:"L"; byte_test:3,=,123,0,relative,string,dec;"#, "L123", "L124"),
    (#"content:"L"; byte_test:2,=,255,0,relative,string,hex;"#, "Lff", "Lfe"),
    (#"content:"L"; byte_test:1,&,64,0,relative;"#, "LA", "L1"),
    (#"content:"L"; byte_test:1,=,1,0,relative,bitmask 0x0f;"#, "LA", "LB"),
    (#"content:"L"; byte_jump:1,0,relative,string,dec; content:"z"; within:1;"#, "L2xxz", "L2xz"),
    (#"byte_jump:1,0,string,dec,from_beginning; content:"z"; within:1;"#, "3xxz", "3xxxz"),
    (#"byte_jump:1,0,string,dec,from_end,post_offset -3; content:"z"; within:1;"#, "0xxzzz", "0xxxz"),
    (#"content:"L"; byte_jump:1,0,relative,string,dec,multiplier 2; content:"z"; within:1;"#, "L1xxz", "L1xz"),
    (#"byte_extract:1,0,n,string,dec; content:"z"; offset:n; depth:1;"#, "3xxz", "3xz"),
    (#"byte_extract:1,0,n,string,dec; content:"a"; content:"z"; distance:n; within:1;"#, "2axxz", "2axz"),
    (#"byte_extract:1,0,n; byte_test:1,=,n,1; content:"x";"#, "AAx", "ABx"),
    (#"byte_math:bytes 1, offset 0, oper -, rvalue 48, result n; content:"z"; offset:n; depth:1;"#, "3xxz", "3xz"),
    (#"content:"b="; base64_decode:relative; base64_data; content:"hello";"#, "b=aGVsbG8=", "b=aGVsbFg="),
    (#"content:"b="; base64_decode:bytes 4, relative; base64_data; content:"hel"; bsize:3;"#, "b=aGVsbG8=", "b=aGVt"),
    (#"content:"b"; fast_pattern; content:"a";"#, "ab", "bb"),
    (#"content:"abcdefghijklmnop"; fast_pattern:3,5;"#, "abcdefghijklmnop", "abcdefghijklmnoq"),
    (#"content:"x"; entropy:value > 1.5;"#, "xabcdefg", "xxxxxxxx"),
  ]

  @Test("an expression that PCRE2 refuses is a diagnostic with the rule's place, and the others load")
  func badExpression() throws {
    let parsed = RuleLanguageFixture.parse(
      #"""
      alert udp any any -> any any (pcre:"/a(/"; sid:1;)
      alert udp any any -> any any (content:"a"; sid:2;)
      """#)
    let result = try RuleLanguageFixture.compile(parsed)
    #expect(result.rules.facts.map(\.sid) == [2])
    #expect(result.diagnostics.map(\.sid) == [1])
    #expect(result.diagnostics.first?.sentence.hasPrefix("the expression cannot be compiled") == true)
  }
}
