import Testing

@testable import RuleLanguage

@Suite("A rule, explained")
struct ExplanationTests {
  @Test("a whole rule reads from its head to its rate, matches under their buffers")
  func whole() throws {
    let text =
      #"alert http $EXTERNAL_NET any -> $HTTP_SERVERS [80,8080] (msg:"web shell"; flow:established,to_server; "#
      + #"http.method; content:"POST"; http.uri; content:"/upload/"; startswith; content:".jsp"; nocase; distance:0; "#
      + #"pcre:"/cmd=(id|ls)/Ri"; flowbits:set,shell; threshold:type limit, track by_src, count 1, seconds 60; "#
      + #"target:dest_ip; sid:5; rev:3;)"#
    let rule = try #require(parse(text).rules.first)
    #expect(
      rule.explanation.map { ($0.isOfBuffer ? "  " : "") + $0.meaning.en } == [
        "an alert on HTTP traffic from $EXTERNAL_NET to $HTTP_SERVERS port [80,8080]",
        "towards the server, of an established connection",
        "in the request's method:", #"  it has "POST""#,
        "in the request's URI:", #"  it begins with "/upload/""#,
        #"  it has ".jsp" behind the match before it, in upper or lower case"#,
        "  it matches /cmd=(id|ls)/iR, behind the match before it",
        "then sets the mark shell on this flow", "at most one alert in 60 s, counted by source",
        "the attacked end is the destination",
      ])
    #expect(
      rule.explanation.map(\.meaning.zh).prefix(6) == [
        "对 HTTP 流量告警：$EXTERNAL_NET 至 $HTTP_SERVERS 端口 [80,8080]", "发往服务器，连接已建立", "在请求方法中：", #"含 "POST""#,
        "在请求 URI 中：", #"以此开头："/upload/""#,
      ])
  }

  @Test(
    "options become sentences",
    arguments: [
      (#"content:!"a";"#, #"it does not have "a""#, #"不含 "a""#),
      (#"content:"|0d 0a|"; depth:2;"#, #"it has "|0d 0a|" within its first 2 bytes"#, #"含 "|0d 0a|"，在前 2 字节内"#),
      (#"content:"a"; offset:4;"#, #"it has "a" behind its first 4 bytes"#, #"含 "a"，在前 4 字节之后"#),
      (
        #"content:"a"; offset:4; depth:9;"#, #"it has "a" within the 9 bytes behind its first 4"#,
        #"含 "a"，在前 4 字节之后的 9 字节内"#
      ),
      (
        #"content:"x"; content:"ab"; distance:0; within:2;"#, #"it has "ab" right behind the match before it"#,
        #"含 "ab"，紧接前一匹配"#
      ),
      (
        #"content:"x"; content:"ab"; distance:-3; within:9;"#,
        #"it has "ab" from 3 bytes before the end of the match before it, all of it within 9 bytes"#,
        #"含 "ab"，自前一匹配末尾前 3 字节起，9 字节内"#
      ),
      (#"http.host; content:"a.cn"; startswith; endswith;"#, #"it is "a.cn""#, #"等于 "a.cn""#),
      (#"content:"x"; isdataat:!1,relative;"#, "it ends with the match before it", "前一匹配即为结尾"),
      ("isdataat:20;", "it has 20 bytes", "至少有 20 字节"),
      ("http.uri; bsize:>9;", "its size in bytes is above 9", "长度（字节）大于 9"),
      ("ttl:<10;", "the time to live is below 10", "TTL 小于 10"),
      ("tos:&0x10;", "the type of service has not 0x0 in the bits 0x10", "服务类型在位 0x10 上不等于 0x0"),
      ("flags:S,12;", "the TCP flags are just SYN, whatever ECE CWR are", "TCP 标志恰为 SYN，不计 ECE CWR"),
      ("flags:0;", "no TCP flag is set", "无 TCP 标志"),
      ("geoip:src,!RU,CN;", "the source not in RU, CN", "源地址不属于 RU, CN"),
      ("stream_size:server,<,100;", "what the server sent, in bytes, is below 100", "服务器已发字节数小于 100"),
      ("app-layer-protocol:!http;", "the protocol found is not http", "识别出的协议不是 http"),
      ("flowbits:isset,a|b;", "the mark a or b stands on this flow", "标记 a 或 b 已置于本流"),
      ("flowint:n,>,3;", "the flow's counter n is > 3", "本流计数 n > 3"),
      ("xbits:set,bad,track ip_src;", "then sets the mark bad on the source address", "随后将标记 bad 置于源地址"),
      (
        "detection_filter:track by_src, count 30, seconds 60;", "only after 30 matches in 60 s, counted by source",
        "60 秒内匹配超过 30 次才告警，按源地址计"
      ),
      (
        "byte_test:2,>,100,4,relative,little;",
        "the number in 2 bytes at 4 behind the match before it, least significant byte first is above 100",
        "2 字节的数（偏移 4，自前一匹配起，小端）大于 100"
      ),
      ("tag:session,10,packets;", "then 10 packets more of the connection are to be logged", "随后记录 10 个报文：本连接"),
    ])
  func option(_ options: String, en: String, zh: String) throws {
    let result = parse(rule(options, header: "alert ip any any -> any any"))
    let rule = try #require(result.rules.first, "\(result.diagnostics)")
    let last = try #require(rule.explanation.last)
    #expect(last.meaning.en == en)
    #expect(last.meaning.zh == zh)
  }

  @Test("a content that names no buffer is said to lie in the payload, once")
  func payload() throws {
    let rule = try #require(parse(rule(#"content:"a"; content:"b";"#)).rules.first)
    #expect(rule.explanation.map(\.meaning.en).dropFirst().first == "in the payload:")
    #expect(rule.explanation.count == 4)
  }

  @Test("every buffer, number and transform that can be asked for has a name in both languages")
  func names() {
    let inspected: Set = ["", "http", "tls", "dns"]
    for buffer in BufferRegistry.all where inspected.contains(buffer.proto) {
      #expect(FieldNames.buffers[buffer.name] != nil, "\(buffer.name)")
    }
    for keyword in KeywordRegistry.all {
      if case .integer = keyword.reading { #expect(FieldNames.numbers[keyword.name] != nil, "\(keyword.name)") }
      if keyword.family == .transform, keyword.support == .supported {
        #expect(FieldNames.transforms[keyword.name] != nil, "\(keyword.name)")
      }
    }
  }

  @Test("of a long list of addresses the first stand for all")
  func addresses() throws {
    let header = "alert ip ![1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5] any <> any 53"
    let head = try #require(parse(rule("", header: header)).rules.first?.explanation.first?.meaning)
    #expect(head.en == "an alert on IP traffic between not 1.1.1.1, 2.2.2.2, 3.3.3.3 and 2 more and anywhere port 53")
    #expect(head.zh == "对 IP 流量告警：非 1.1.1.1、2.2.2.2、3.3.3.3 等 5 个地址 与 任意地址 端口 53 之间")
  }

  @Test("what only makes matching faster is not said")
  func silent() throws {
    let plain = try #require(parse(rule(#"content:"abc";"#)).rules.first)
    let fast = try #require(parse(rule(#"content:"abc"; fast_pattern; "#)).rules.first)
    #expect(plain.explanation.map(\.meaning) == fast.explanation.map(\.meaning))
  }
}
