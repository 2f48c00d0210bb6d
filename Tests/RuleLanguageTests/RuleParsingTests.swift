import Testing

@testable import RuleLanguage

func parse(_ text: String, _ change: (inout RuleParser.Configuration) -> Void = { _ in }) -> RuleParser.Result {
  var configuration = RuleParser.Configuration()
  change(&configuration)
  return RuleParser(configuration: configuration).parse(Array(text.utf8), file: "t.rules")
}

/// A rule with those options, and a sid.
func rule(_ options: String, header: String = "alert tcp any any -> any any") -> String {
  "\(header) (\(options) sid:7;)"
}

@Suite struct RuleParsingTests {
  @Test("a whole rule becomes its parts")
  func whole() throws {
    let text =
      #"alert http $HOME_NET any -> [10.0.0.0/8,!10.1.2.3] [80,8080:] (msg:"a \"b\"\; c"; flow:established,from_client; "#
      + #"http.method; content:"GET"; reference:url,example.org; classtype:web-application-attack; priority:1; "#
      + #"metadata:created_at 2026_01_01, tag; sid:5; rev:3;)"#
    let result = parse(text)
    #expect(result.diagnostics.isEmpty)
    let rule = try #require(result.rules.first)
    #expect(rule.message == #"a "b"; c"#)
    #expect(rule.proto == RuleProtocol(name: "http", hook: nil))
    #expect(rule.source == .variable("HOME_NET"))
    #expect(rule.destination.text == "[10.0.0.0/8,!10.1.2.3]")
    #expect(rule.destinationPorts == .list([.range(80...80), .range(8080...65535)]))
    #expect(
      rule.options == [
        .flow([.established, .toServer]), .buffer(BufferSelection(name: "http.method")),
        .content(ContentMatch(pattern: Array("GET".utf8))),
      ])
    #expect(rule.spans.map(\.column) == [83, 113, 126])
    #expect(rule.references == [RuleReference(system: "url", value: "example.org")])
    #expect(
      rule.metadata == [RuleMetadata(key: "created_at", value: "2026_01_01"), RuleMetadata(key: "tag", value: "")])
    #expect([rule.sid, rule.gid, rule.rev] == [5, 1, 3])
    #expect(rule.priority == 1)
    #expect(rule.text == text)
  }

  @Test(
    "options print in canonical form",
    arguments: [
      (
        #"content:"a|0D 0a|\"\;\\\:"; nocase; depth:9; offset:1;"#,
        #"content:"a|0d 0a 22 3b 5c 3a|"; nocase; offset:1; depth:9;"#
      ),
      (#"content:!"x"; distance:-1; within:5;"#, #"content:!"x"; distance:-1; within:5;"#),
      (#"content:"abcd"; fast_pattern:1,2;"#, #"content:"abcd"; fast_pattern:1,2;"#),
      (
        #"content:"a"; http_uri; content:"b"; content:"c"; http_uri;"#,
        #"http.uri; content:"a"; pkt_data; content:"b"; http.uri; content:"c";"#
      ),
      (#"uricontent:"/a"; pcre:"/b\/c/Ui";"#, #"http.uri; content:"/a"; pcre:"/b\/c/i";"#),
      (#"content:"a"; http_uri; pcre:"/b/R";"#, #"http.uri; content:"a"; pcre:"/b/R";"#),
      (
        #"http.host; to_lowercase; dotprefix; content:".a"; endswith;"#,
        #"http.host; to_lowercase; dotprefix; content:".a"; endswith;"#
      ),
      (#"file_data; content:"a"; pkt_data; content:"b";"#, #"file.data; content:"a"; pkt_data; content:"b";"#),
      (#"http.uri; xor:"0D0a"; content:"a"; bsize:3<>9;"#, #"http.uri; xor:"0d0a"; content:"a"; bsize:3<>9;"#),
      (#"pcre:!"/(a)\/x/smR, flow:one,pkt:two";"#, #"pcre:!"/(a)\/x/msR, flow:one, pkt:two";"#),
      (
        "byte_extract:2,0,len,little; byte_test:4,!&,0x80,len,relative,string,hex;",
        "byte_extract:2,0,len,little; byte_test:4,!&,128,len,relative,string,hex;"
      ),
      (
        "byte_jump:4,-2,relative,little,from_beginning, post_offset -4;",
        "byte_jump:4,-2,relative,little,from_beginning,post_offset -4;"
      ),
      (
        "byte_math:bytes 2, offset 1, oper <<, rvalue 3, result x, relative, bitmask ff;",
        "byte_math:bytes 2, offset 1, oper <<, rvalue 3, result x, relative, bitmask 0xff;"
      ),
      ("isdataat:!1,relative;", "isdataat:!1,relative;"), ("dsize:>100;", "dsize:>100;"),
      ("dsize:!5-10;", "dsize:!5-10;"), ("tos:&0x10;", "tos:&0x10!=0x0;"),
      ("flow.bytes_toserver:>=2kb;", "flow.bytes_toserver:>=2048;"),
      ("urilen:5<>10,raw;", "urilen:5<>10,raw;"), ("flags:S,12;", "tcp.flags:S,EC;"), ("flags:!SA;", "tcp.flags:!SA;"),
      ("fragbits:+M;", "fragbits:+M;"), ("ip_proto:!tcp;", "ip_proto:!6;"), ("seq:5;", "tcp.seq:5;"),
      ("geoip:src,ru,CN;", "geoip:src,RU,CN;"), ("iprep:any,CnC,>,30;", "iprep:any,CnC,>30;"),
      ("stream_size:server,<,6;", "stream_size:server,<6;"),
      ("app-layer-protocol:!http,final;", "app-layer-protocol:!http,final;"),
      ("flowbits:isset,a|b;", "flowbits:isset,a|b;"), ("flowint:n,+,1;", "flowint:n,+,1;"),
      ("xbits:set,x,track ip_pair;", "xbits:set,x,track ip_pair,expire 30;"),
      ("hostbits:isset,h,both;", "hostbits:isset,h,both;"),
      (
        "threshold:type both,track by_src,count 3,seconds 1m;",
        "threshold:type both, track by_src, count 3, seconds 60;"
      ),
      (
        "threshold:type backoff, track by_flow, count 1, multiplier 10;",
        "threshold:type backoff, track by_flow, count 1, multiplier 10;"
      ),
      ("detection_filter:track by_dst, count 5, seconds 60;", "detection_filter:track by_dst, count 5, seconds 60;"),
      ("tag:host,5,seconds,src;", "tag:host,5,seconds,src;"),
      ("ssl_version:sslv3,tls1.0;", "ssl_version:sslv3,tls1.0;"),
      ("tls.version:1.2;", "tls.version:1.2;"),
      ("ssl_state:client_hello|server_hello;", "ssl_state:client_hello|server_hello;"),
      ("tls_cert_notafter:<2016-02-29;", "tls_cert_notafter:<2016-02-29 00:00:00;"),
      ("dns.rrtype:TXT;", "dns.rrtype:16;"),
      ("dns.rcode:!NXDOMAIN;", "dns.rcode:!3;"), (#"tls.subject:"CN=a";"#, #"tls.cert_subject; content:"CN=a";"#),
      (
        "base64_decode:bytes 8, offset 1, relative; base64_data; content:\"a\";",
        "base64_decode:bytes 8,offset 1,relative; base64_data; content:\"a\";"
      ),
      ("http.referer; absent;", "http.referer; absent;"),
      (
        "dns.query; dataset:isset,bad,type string,load bad.lst;",
        "dns.query; dataset:isset,bad,type string,load bad.lst;"
      ),
      ("http.uri; entropy:value > 4.5, bytes 10;", "http.uri; entropy:bytes 10, offset 0, value > 4.500;"),
      ("app-layer-event:http.host_header_ambiguous;", "app-layer-event:http.host_header_ambiguous;"),
    ] as [(String, String)])
  func canonical(_ written: String, _ printed: String) throws {
    let result = parse(rule(written))
    #expect(result.diagnostics.map(\.description) == [])
    let first = try #require(result.rules.first)
    #expect(first.description == rule(printed))
    let again = parse(first.description)
    #expect(again.rules.first == first)
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      (rule(#"contnet:"a";"#), "t.rules:1:31: error: unknown keyword 'contnet' (did you mean 'content'?)"),
      (
        "alret tcp any any -> any any (sid:1;)",
        "t.rules:1:1: error: a rule begins with alert, pass, drop or reject, not 'alret' (did you mean 'alert'?)"
      ),
      ("alert tpc any any -> any any (sid:1;)", "t.rules:1:7: error: unknown protocol 'tpc' (did you mean 'tcp'?)"),
      (
        "alert tcp any any any any (sid:1;)",
        "t.rules:1:19: error: a direction ('->', '<>' or '=>') is needed here, not 'any'"
      ),
      (
        "alert tcp any any <- any any (sid:1;)",
        "t.rules:1:19: error: a direction ('->', '<>' or '=>') is needed here, not '<-' (swap the two ends and write '->')"
      ),
      (
        "alert tcp 10.0.0.0/33 any -> any any (sid:1;)",
        "t.rules:1:11: error: '10.0.0.0/33' is not an address, a network, a range or 'any'"
      ),
      (
        "alert tcp HOME_NET any -> any any (sid:1;)",
        "t.rules:1:11: error: 'HOME_NET' is not an address, a network, a range or 'any' (variables begin with '$')"
      ),
      (
        "alert tcp any 70000 -> any any (sid:1;)",
        "t.rules:1:15: error: '70000' is not a port (0 to 65535), a range or 'any'"
      ),
      ("alert tcp any 9:8 -> any any (sid:1;)", "t.rules:1:15: error: the port range '9:8' ends before it begins"),
      ("alert tcp any any -> any any (msg:\"a\";)", "t.rules:1:31: error: the rule has no sid (add 'sid:NUMBER;')"),
      ("alert tcp any any -> any any (sid:1; rev:2)", "t.rules:1:38: error: the option 'rev:2' has no ';' at its end"),
      ("alert tcp any any -> any any (sid:1;", "t.rules:1:36: error: the rule has no closing parenthesis"),
      ("alert tcp any any -> any any", "t.rules:1:29: error: the options in parentheses are missing"),
      ("alert tcp any any -> any any (sid:1; sid:2;)", "t.rules:1:38: error: 'sid' stands twice in this rule"),
      ("alert tcp any any -> any any (sid:x;)", "t.rules:1:35: error: 'sid' needs a number up to 4294967295, not 'x'"),
      (rule("nocase;"), "t.rules:1:31: error: 'nocase' needs a content before it"),
      (
        rule("to_md5;"), "t.rules:1:31: error: 'to_md5' must stand directly behind a sticky buffer or another transform"
      ),
      (rule("http.uri;"), "t.rules:1:31: error: 'http.uri' selects a buffer that nothing behind it inspects"),
      (rule(#"content:"";"#), "t.rules:1:31: error: 'content' is empty"),
      (
        rule(#"content:"a|4";"#),
        "t.rules:1:41: error: 'content' has hex bytes without a closing bar (write a bar itself as '|7c|')"
      ),
      (rule(#"content:"|4|";"#), "t.rules:1:40: error: 'content' has an odd number of hex digits"),
      (
        rule(#"content:"a;b";"#),
        #"t.rules:1:39: error: 'content' has no closing quote (inside quotes write ';' as '\;' and '"' as '\"')"#
      ),
      (
        rule(#"content:"abc"; depth:2;"#),
        "t.rules:1:31: error: the depth 2 is smaller than the content of 3 bytes: it can never match"
      ),
      (
        rule(#"content:"abc"; depth:3; within:3;"#),
        "t.rules:1:31: error: the content has offset or depth together with distance or within"
      ),
      (
        rule("flow:to_server,to_client;"),
        "t.rules:1:31: error: 'flow' asks for both directions: this rule can never match"
      ),
      (
        rule("flow:establisched;"),
        "t.rules:1:36: error: 'flow' does not know 'establisched' (did you mean 'established'?)"
      ),
      (
        rule("byte_test:4,>,len,0;"),
        "t.rules:1:45: error: 'byte_test' uses 'len', which no byte_extract or byte_math before it sets"
      ),
      (rule(#"pcre:"/a/j";"#), "t.rules:1:40: error: 'pcre' knows no modifier 'j'"),
      (rule("ttl:300;"), "t.rules:1:35: error: 'ttl' goes up to 255, not '300'"),
      (rule("dsize:9-8;"), "t.rules:1:37: error: 'dsize' needs a number or a comparison, not '9-8'"),
      (
        rule("threshold:type limit, track by_src, count 1;"),
        "t.rules:1:41: error: 'threshold' needs seconds, and takes no multiplier but with backoff"
      ),
      (rule("lua:x.lua;"), "t.rules:1:31: error: 'lua' is refused: rules run no scripts here"),
      (
        rule(#"ssh.proto; content:"a";"#),
        "t.rules:1:31: error: 'ssh.proto' needs the protocol ssh, which Vigil does not inspect yet"
      ),
      (
        "alert smtp any any -> any any (sid:1;)",
        "t.rules:1:1: error: the rule is for the protocol smtp, which Vigil does not inspect yet"
      ),
      (
        "alert tcp any any -> \\\n  any any (sid:1; \\\n  rvv:1;)",
        "t.rules:3:3: error: unknown keyword 'rvv' (did you mean 'rev'?)"
      ),
    ] as [(String, String)])
  func refusals(_ text: String, _ message: String) {
    let result = parse(text)
    #expect(result.rules.isEmpty)
    #expect(result.diagnostics.map(\.description) == [message])
  }

  @Test("a file with everything in it: BOM, CRLF, comments, disabled and broken rules; the good ones load")
  func file() {
    let text =
      "\u{feff}# words\r\n\r\n" + rule("") + "\r\n#" + rule("") + "\r\n# alert on this day\r\nnonsense\r\n"
      + "alert udp any any -> any 53 (sid:8; \\\r\n rev:1;)\r\n"
    let result = parse(text)
    #expect(result.rules.map(\.sid) == [7, 8])
    #expect(result.rules.map(\.line) == [3, 7])
    #expect(result.disabled == 1)
    #expect(
      result.diagnostics.map(\.description) == [
        "t.rules:6:1: error: a rule begins with alert, pass, drop or reject, not 'nonsense'"
      ])
  }

  @Test("of two rules with one sid the higher revision stays")
  func duplicates() {
    let result = parse(rule("rev:2;") + "\n" + rule("rev:3;") + "\n" + rule("rev:1;"))
    #expect(result.rules.map(\.rev) == [3])
    #expect(
      result.diagnostics.map(\.description) == [
        "t.rules:2:1: warning: sid 7 is there twice, on line 1 with rev 2 and here with rev 3: this one stays",
        "t.rules:3:1: warning: sid 7 is there twice, on line 2 with rev 3 and here with rev 1: the earlier one stays",
      ])
  }

  @Test(
    "requires skips a rule that this program cannot serve, before its keywords are looked at",
    arguments: [
      ("version >= 7.0.3", true), ("version >= 9", false), ("version < 8 | >= 8.0.0 < 9", true),
      ("keyword tls.alpn", true), ("keyword moon.phase", false), ("feature moon", false),
    ])
  func requires(_ value: String, _ holds: Bool) {
    let result = parse(rule("requires:\(value);" + (holds ? "" : " moon.phase:full;")))
    #expect(result.rules.count == (holds ? 1 : 0))
    #expect(result.skipped == (holds ? 0 : 1))
    #expect(result.refused == 0)
  }

  @Test("protocols that the sensor inspects can be named")
  func inspected() {
    let text = rule(#"ssh.proto; content:"a";"#, header: "alert ssh any any -> any any")
    #expect(parse(text).rules.isEmpty)
    #expect(parse(text) { $0.inspectedProtocols.insert("ssh") }.rules.count == 1)
  }

  @Test("lists have a depth, lines a length, rules a number of options")
  func limits() {
    let deep = String(repeating: "[", count: 40) + "1.1.1.1" + String(repeating: "]", count: 40)
    #expect(parse("alert tcp \(deep) any -> any any (sid:1;)").diagnostics.map(\.code) == [.limit])
    #expect(parse(rule(String(repeating: "sameip;", count: 1_001))).diagnostics.map(\.code) == [.limit])
    #expect(parse(rule("")) { $0.maximumLineLength = 20 }.diagnostics.map(\.code) == [.limit])
  }
}
