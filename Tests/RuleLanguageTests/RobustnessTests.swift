import Foundation
import Testing
import Wire

@testable import RuleLanguage

@Suite struct RobustnessTests {
  static let seeds: [String] = [
    #"alert http $HOME_NET any -> ![10.0.0.0/8,!1.2.3.4] [80,!8080:9000] (msg:"a\;b"; flow:established,to_server; "#
      + #"content:"a|0d 0a|b"; http_uri; nocase; fast_pattern:0,2; pcre:"/a(.*)\//Ui, flow:x"; byte_extract:2,0,n; "#
      + #"content:"zz"; distance:n; within:9; threshold:type limit, track by_src, count 1, seconds 60; "#
      + #"reference:url,a.b; metadata:k v, l; classtype:x; sid:9; rev:1;)"#,
    #"drop tls any any <> any 443 (tls.sni; to_lowercase; dotprefix; content:".x"; endswith; bsize:>3; "#
      + #"tls_cert_notafter:<2020-01-01; ssl_version:!tls1.2; xbits:set,a,track ip_src,expire 9; "#
      + #"byte_math:bytes 2, offset 0, oper /, rvalue 2, result q; entropy:value 1.5-2.5; sid:2;)"#,
    #"alert tcp-pkt [::1,2001:db8::/32] any -> 1.1.1.1-1.1.1.9 any (flags:+SA,12; dsize:1<>9; iprep:src,c,isset; "#
      + #"dataset:set,d,type md5,save a; geoip:!RU; tag:session,4,packets; requires:version >= 7; sid:3;)"#,
  ]

  @Test("a rule cut at any byte traps nothing and is refused, or whole", arguments: seeds)
  func truncations(_ seed: String) {
    let bytes = Array(seed.utf8)
    #expect(parse(seed).rules.count == 1)
    for length in 0..<bytes.count {
      let result = RuleParser().parse(Array(bytes[..<length]), file: "t")
      #expect(result.rules.isEmpty)
    }
  }

  @Test("mutations from a seed trap nothing, and what still parses prints to itself", arguments: seeds)
  func mutations(_ seed: String) {
    var random = SeededRandom(seed: 2026)
    let alphabet = Array("\"\\;:,|!()[]<>-=&$/ \n\r\t#0aA.%".utf8) + [0, 0x80, 0xff]
    for _ in 0..<4_000 {
      var bytes = Array(seed.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[place] = alphabet.randomElement(using: &random) ?? 0
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      for rule in RuleParser().parse(bytes, file: "t").rules {
        #expect(parse(rule.description).rules.first == rule, "\(String(decoding: bytes, as: UTF8.self))")
        #expect(rule.explanation.allSatisfy { !$0.meaning.en.isEmpty && !$0.meaning.zh.isEmpty })
      }
    }
  }

  @Test("bytes without any sense trap nothing")
  func noise() {
    var random = SeededRandom(seed: 7)
    for length in 0..<400 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = RuleParser().parse(bytes, file: "t")
      _ = RuleParser().parse(Array("alert tcp any any -> any any (".utf8) + bytes, file: "t")
    }
  }
}

@Suite struct DocumentationTests {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("each keyword and alias of the registry is on the keyword page, and nothing else")
  func keywords() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("Documentation/rules/keywords.md"), encoding: .utf8)
    var documented: Set<String> = []
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      for cell in cells[1...2] {
        for word in cell.split(separator: " ") { documented.insert(word.trimmingCharacters(in: ["`"])) }
      }
    }
    #expect(documented.subtracting(KeywordRegistry.names).sorted() == [])
    #expect(Set(KeywordRegistry.names).subtracting(documented).sorted() == [])
  }

  @Test("no name stands twice in the registry")
  func unique() {
    let names = KeywordRegistry.all.flatMap { [$0.name] + $0.aliases }
    #expect(Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted() == [])
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Self.root.appendingPathComponent(path)))
  }

  @Test("our configuration files read without a complaint")
  func configuration() throws {
    var classes = Classification()
    #expect(classes.read(try bytes("Rules/classification.config"), name: "c") == [])
    #expect(classes.classes["trojan-activity"]?.priority == 1)
    var references = ReferenceSystems()
    #expect(references.read(try bytes("Rules/reference.config"), name: "r") == [])
    #expect(
      references.link(RuleReference(system: "CVE", value: "2021-44228"))
        == "https://nvd.nist.gov/vuln/detail/CVE-2021-44228")
    var thresholds = ThresholdFile()
    #expect(thresholds.read(try bytes("Rules/threshold.config"), name: "t") == [])
  }

  @Test("our own rules load without a complaint, with class, message and numbers of our own")
  func ownRules() throws {
    var classes = Classification()
    _ = classes.read(try bytes("Rules/classification.config"), name: "c")
    let folder = Self.root.appendingPathComponent("Rules/network")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".rules") }
    let files = try names.sorted().map { (name: $0, bytes: try bytes("Rules/network/\($0)")) }
    let result = RuleParser().parse(files)
    #expect(result.diagnostics.map(\.description) == [])
    #expect(result.rules.count >= 40)
    for rule in result.rules {
      #expect(rule.sid >= 9_000_001 && rule.gid == 1 && rule.rev >= 1 && !rule.message.isEmpty)
      #expect(!rule.metadata.isEmpty)
    }
    #expect(classes.check(result.rules, file: "n") == [])
    #expect(try RuleVariables.standard().check(result.rules, file: "n").diagnostics == [])
  }
}

@Suite struct ConfigurationFileTests {
  @Test("lines of the threshold file become entries; wrong ones are told")
  func thresholds() throws {
    let text = """
      # words
      suppress gen_id 1, sig_id 2
      suppress gen_id 1, sig_id 2, track by_src, ip [10.0.0.0/8, !10.1.1.1]
      threshold gen_id 1, sig_id 3, type limit, track by_dst, count 1, seconds 60
      rate_filter gen_id 1, sig_id 4, track by_rule, count 9, seconds 6, new_action drop, timeout 30
      suppress gen_id 1, track by_src
      supress gen_id 1, sig_id 2
      """
    var file = ThresholdFile()
    let diagnostics = file.read(Array(text.utf8), name: "threshold.config")
    let option = ThresholdOption(kind: .limit, track: .destination, count: 1, seconds: 60, multiplier: 1)
    let filter = RateFilter(track: .rule, count: 9, seconds: 6, action: .drop, timeout: 30)
    #expect(
      file.entries == [
        .suppress(gid: 1, sid: 2, track: nil, addresses: nil),
        .suppress(
          gid: 1, sid: 2, track: .source,
          addresses: try ExpressionParser.addresses(Array("[10.0.0.0/8,!10.1.1.1]".utf8)[...])),
        .threshold(gid: 1, sid: 3, option), .rateFilter(gid: 1, sid: 4, filter),
      ])
    #expect(
      diagnostics.map(\.description) == [
        "threshold.config:6:10: error: 'suppress' needs gen_id and sig_id",
        "threshold.config:7:1: error: a line begins with suppress, threshold or rate_filter, not 'supress' "
          + "(did you mean 'suppress'?)",
      ])
  }

  @Test("classes give rules their priority, and an unknown class is a warning")
  func classes() {
    var classes = Classification()
    let found = classes.read(
      Array("config classification: a,One, and two,2\nconfig classification: b\nclass c".utf8), name: "c.config")
    #expect(classes.classes["a"] == RuleClass(name: "a", description: "One, and two", priority: 2))
    #expect(
      found.map(\.description) == [
        "c.config:2:24: error: a class needs a name, a description and a priority from 1 to 255, not 'b'",
        "c.config:3:1: error: a line is 'config classification: ...', not 'class c'",
      ])
    let rules = parse(rule("classtype:a;") + "\nalert tcp any any -> any any (classtype:zz; sid:9;)").rules
    #expect(rules.map(classes.priority) == [2, 3])
    #expect(classes.check(rules, file: "t").map(\.code) == [.badValue])
  }
}
