import Foundation
import Testing

@testable import Engines

/// What an operator reads when a template cannot be read, word for word.
@Suite("Mistakes in templates") struct TemplateMistakeTests {
  private static let matchers = "\n    matchers: [{type: status, status: [200]}]"
  private static let path = "  - path: [/]"

  @Test(
    "above the requests",
    arguments: [
      (
        "flow: http(1) && http(2)\n",
        "a.yaml:6:1: \"flow\" is not read here: it orders requests by a program (write the blocks in order; the next is asked where a block whose matchers are all internal matched)"
      ),
      (
        "self-contained: true\n",
        "a.yaml:6:1: \"self-contained\" is not read here: it names its own hosts, which nobody authorised (begin paths with {{BaseURL}})"
      ),
      (
        "dns: []\n",
        "a.yaml:6:1: \"dns\" is not read here: templates here ask over HTTP only: the DNS engine asks name servers (take this template out)"
      ),
      (
        "network: []\n",
        "a.yaml:6:1: \"network\" is not read here: templates here ask over HTTP only: the ports engine asks other ports (take this template out)"
      ),
      (
        "ssl: []\n",
        "a.yaml:6:1: \"ssl\" is not read here: templates here ask over HTTP only: the TLS engine asks for handshakes (take this template out)"
      ),
      (
        "headless: []\n",
        "a.yaml:6:1: \"headless\" is not read here: templates here ask over HTTP only: no browser is run (take this template out)"
      ),
      (
        "javascript: []\n",
        "a.yaml:6:1: \"javascript\" is not read here: templates here ask over HTTP only: no program of a template is run (take this template out)"
      ),
      (
        "code: []\n",
        "a.yaml:6:1: \"code\" is not read here: templates here ask over HTTP only: no program of a template is run (take this template out)"
      ),
      (
        "workflows: []\n",
        "a.yaml:6:1: \"workflows\" is not read here: it runs other templates (run those templates themselves)"
      ),
      ("varables: {a: b}\n", "a.yaml:6:1: unknown key \"varables\" (did you mean \"variables\"?)"),
      ("requests: []\n", "a.yaml:6:1: \"requests\" and \"http\" are the same (put all blocks under http)"),
      ("variables: {BaseURL: x}\n", "a.yaml:6:13: \"BaseURL\" has a meaning of its own (choose another name)"),
      ("variables: {a b: x}\n", "a.yaml:6:13: this is no name for {{...}} (letters, digits, _ and -, a letter first)"),
      (
        "variables: {a: '{{b}}'}\n",
        "a.yaml:6:16: nothing gives \"b\" a value (known here: BaseURL, FQDN, File, Host, Hostname, Path, Port, RootURL, Scheme, rand_int, randstr)"
      ),
      ("variables: {a: '{{len(}}'}\n", "a.yaml:6:16: the expression ends where a value is needed (character 7) "),
      ("variables: {a: '{{b'}\n", "a.yaml:6:16: the {{ that opens here is never closed (character 1) (add }})"),
      ("variables: [a]\n", "a.yaml:6:12: expected a map (key: value), found a list"),
    ])
  func above(line: String, error: String) {
    let text = TemplateBench.text(Self.path + Self.matchers, above: line)
    #expect(TemplateBench.error(text) == error.trimmingCharacters(in: .whitespaces), "\(line)")
  }

  @Test(
    "in the description",
    arguments: [
      (
        "id: a-check", "id: A",
        "a.yaml:1:5: \"A\" is no id of a template (3 to 64 letters, digits, - and _, a letter or digit first)"
      ),
      (
        "id: a-check", "id: -ab",
        "a.yaml:1:5: \"-ab\" is no id of a template (3 to 64 letters, digits, - and _, a letter or digit first)"
      ),
      ("id: a-check\n", "", "a.yaml:1:1: the key \"id\" is missing (add id: ...)"),
      ("  name: A check\n", "", "a.yaml:3:3: the key \"name\" is missing (add name: ...)"),
      (
        "severity: low", "severity: hihg",
        "a.yaml:5:13: \"hihg\" is no severity (known here: critical, high, info, low, medium)"
      ),
      ("severity: low", "severty: low", "a.yaml:5:3: unknown key \"severty\" (did you mean \"severity\"?)"),
      (
        "author: us", "classification: {x: x}",
        "a.yaml:4:20: unknown key \"x\" (known here: cpe, cve-id, cvss-metrics, cvss-score, cwe-id, epss-percentile, epss-score)"
      ),
      (
        "http:", "http: []\nx:",
        "a.yaml:7:1: unknown key \"x\" (known here: http, id, info, requests, self-contained, stop-at-first-match, variables)"
      ),
    ])
  func described(old: String, new: String, error: String) {
    let text = TemplateBench.text(Self.path + Self.matchers).replacing(old, with: new, maxReplacements: 1)
    #expect(TemplateBench.error(text) == error, "\(new)")
  }

  @Test(
    "in a request",
    arguments: [
      (
        "  - path: [/]\n    race: true",
        "a.yaml:8:5: \"race\" is not read here: the pace is the scanner's, not the template's (take it out)"
      ),
      (
        "  - path: [/]\n    threads: 5",
        "a.yaml:8:5: \"threads\" is not read here: the pace is the scanner's, not the template's (take it out)"
      ),
      (
        "  - path: [/]\n    pipeline: true",
        "a.yaml:8:5: \"pipeline\" is not read here: the pace is the scanner's, not the template's (take it out)"
      ),
      (
        "  - path: [/]\n    unsafe: true",
        "a.yaml:8:5: \"unsafe\" is not read here: malformed requests are not sent: a proxy on the way may suffer (write a well-formed request)"
      ),
      (
        "  - path: [/]\n    fuzzing: []",
        "a.yaml:8:5: \"fuzzing\" is not read here: requests are not varied by rules (write the requests out under path or raw)"
      ),
      ("  - path: [/]\n    mathod: GET", "a.yaml:8:5: unknown key \"mathod\" (did you mean \"method\"?)"),
      ("  - path: [/]\n    raw: ['GET / HTTP/1.1']", "a.yaml:8:10: raw and path in one block (make two blocks)"),
      ("  - path: []", "a.yaml:7:5: a block has 1 to 100 requests, this 0"),
      ("  - method: G T\n    path: [/]", "a.yaml:7:13: this is no method of HTTP (for example: GET)"),
      ("  - path: [/]\n    headers: {a b: c}", "a.yaml:8:15: this is no name of a field"),
      (
        "  - path: [/]\n    headers: {Transfer-Encoding: chunked}",
        "a.yaml:8:15: the field Transfer-Encoding is not sent: it says how the connection is used (take the field out)"
      ),
      ("  - path: [/]\n    max-redirects: 11\n    redirects: true", "a.yaml:8:20: 11 is outside 0 to 10"),
      ("  - raw: ['']", "a.yaml:7:11: the raw request is empty"),
      (
        "  - raw: ['GET /']",
        "a.yaml:7:11: line 1 of the raw request: a request line is needed here (for example: GET /path HTTP/1.1)"
      ),
      (
        "  - raw: [\"GET / HTTP/1.1\\nabc\"]",
        "a.yaml:7:11: line 2 of the raw request: a field is needed here (for example: Accept: */*; an empty line ends the head)"
      ),
      (
        "  - raw: [\"@timeout: 20s\\nGET / HTTP/1.1\"]",
        "a.yaml:7:11: line 1 of the raw request: notes of the kind @timeout are not read here (take the line out)"
      ),
      (
        "  - raw: ['GET / HTTP/1.1']\n    body: x",
        "a.yaml:8:11: body beside raw says nothing (write it into the raw request)"
      ),
      (
        "  - path: ['/{{pasword}}']\n    payloads: {password: [a]}",
        "a.yaml:7:12: nothing gives \"pasword\" a value (did you mean \"password\"?)"
      ),
      (
        "  - path: [/]\n    payloads: {a: [x], b: [y]}",
        "a.yaml:8:24: 2 payloads, and no word how they go together (add attack: pitchfork (side by side) or clusterbomb (each with each))"
      ),
      (
        "  - path: [/]\n    payloads: {a: [x], b: [y]}\n    attack: batteringram",
        "a.yaml:9:13: batteringram puts one payload everywhere, here are 2 (write pitchfork or clusterbomb)"
      ),
      (
        "  - path: [/]\n    payloads: {a: [x]}\n    attack: sniper",
        "a.yaml:9:13: \"sniper\" is not allowed here (known here: batteringram, clusterbomb, pitchfork)"
      ),
      (
        "  - path: [/]\n    payloads: {a: words.txt}",
        "a.yaml:8:19: \"words.txt\" is no file below the templates' folder (write the payloads as a list)"
      ),
      ("  - path: [/]\n    payloads: {a: []}", "a.yaml:8:19: the payload \"a\" has no values"),
    ])
  func inRequest(block: String, error: String) {
    #expect(TemplateBench.error(TemplateBench.text(block + Self.matchers)) == error, "\(block)")
  }

  @Test(
    "in a matcher",
    arguments: [
      ("{type: wrd, words: [a]}", "a.yaml:8:23: \"wrd\" is not allowed here (did you mean \"word\"?)"),
      ("{words: [a]}", "a.yaml:8:16: the key \"type\" is missing (add type: ...)"),
      ("{type: word}", "a.yaml:8:16: the key \"words\" is missing (add words: ...)"),
      ("{type: word, words: []}", "a.yaml:8:16: a matcher has 1 to 500 values, this 0"),
      ("{type: word, words: ['']}", "a.yaml:8:37: an empty word is everywhere"),
      ("{type: status, status: [9]}", "a.yaml:8:40: 9 is outside 100 to 599"),
      (
        "{type: status, words: [a], status: [200]}",
        "a.yaml:8:31: \"words\" says nothing in a matcher of type status (make a matcher of its own of it)"
      ),
      ("{type: regex, regex: ['(']}", "a.yaml:8:38: not a regular expression: missing closing parenthesis"),
      (
        "{type: regex, regex: [a], case-insensitive: true}",
        "a.yaml:8:42: \"case-insensitive\" says nothing in a matcher of type regex (begin the expression with (?i))"
      ),
      ("{type: binary, binary: [abc]}", "a.yaml:8:40: \"abc\" is not hexadecimal (two digits a byte, no spaces)"),
      (
        "{type: word, words: [xy], encoding: hex}",
        "a.yaml:8:37: \"xy\" is not hexadecimal (two digits a byte, no spaces)"
      ),
      ("{type: word, words: [aa], encoding: base64}", "a.yaml:8:52: words are text or hex (write hex, or take it out)"),
      ("{type: dsl, dsl: ['len(']}", "a.yaml:8:34: the expression ends where a value is needed (character 5)"),
      ("{type: dsl, dsl: ['versoin == 1']}", "a.yaml:8:16: nothing gives \"versoin\" a value"),
      (
        "{type: dsl, dsl: ['contains(bdy, \"a\")']}",
        "a.yaml:8:16: nothing gives \"bdy\" a value (did you mean \"body\"?)"
      ),
      ("{type: dsl, dsl: ['body_2 == \"\"']}", "a.yaml:8:16: answer 2 is named, and the block has 1 requests"),
      (
        "{type: xpath, xpath: [/a]}",
        "a.yaml:8:23: xpath is not read here: pages are rarely well-formed (write it as regex)"
      ),
      ("{type: status, status: [200], condition: xor}", "a.yaml:8:57: \"xor\" is no condition (write and, or or)"),
      (
        "{type: status, status: [200], negativ: true}",
        "a.yaml:8:46: unknown key \"negativ\" (did you mean \"negative\"?)"
      ),
      ("{type: word, words: [a], part: request}", "a.yaml:8:47: only answers are looked at, not requests"),
      ("{type: word, words: [a], part: bdy}", "a.yaml:8:16: nothing gives \"bdy\" a value (did you mean \"body\"?)"),
      (
        "{type: status, status: [200], internal: true}",
        "a.yaml:7:5: nothing in the template gives a result (add matchers, or an extractor, that are not internal)"
      ),
    ])
  func inMatcher(matcher: String, error: String) {
    let text = TemplateBench.text(Self.path + "\n    matchers: [\(matcher)]")
    #expect(TemplateBench.error(text) == error, "\(matcher)")
  }

  @Test(
    "in an extractor",
    arguments: [
      ("{type: regex, regex: [a], group: 1}", "a.yaml:8:40: the expression has 0 groups, and group 1 is asked for"),
      (
        "{type: json, json: ['.a | length']}",
        "a.yaml:8:38: \".a | length\" is more of jq than is read here (a path of keys and indexes, such as .items[0].name)"
      ),
      (
        "{type: xpath, xpath: [/a]}",
        "a.yaml:8:25: xpath is not read here: pages are rarely well-formed (write it as regex)"
      ),
      (
        "{type: regex, regex: [a], internal: true}",
        "a.yaml:8:18: what is extracted for later requests needs a name (add name: ...)"
      ),
      (
        "{type: kval, kval: [a], group: 1}",
        "a.yaml:8:42: \"group\" says nothing in an extractor of type kval (make an extractor of its own of it)"
      ),
      ("{type: kval, kval: [a], name: body}", "a.yaml:8:48: \"body\" has a meaning of its own (choose another name)"),
      ("{type: regx, regex: [a]}", "a.yaml:8:25: \"regx\" is not allowed here (did you mean \"regex\"?)"),
    ])
  func inExtractor(extractor: String, error: String) {
    let text = TemplateBench.text(Self.path + "\n    extractors: [\(extractor)]" + Self.matchers)
    #expect(TemplateBench.error(text) == error, "\(extractor)")
  }

  @Test("every key of nuclei that is not read says so, why, and what to do")
  func everyRefusedKey() {
    for (key, refusal) in TemplateKeys.refusedAbove {
      let text = TemplateBench.text(Self.path + Self.matchers, above: "\(key): x\n")
      #expect(
        TemplateBench.error(text) == "a.yaml:6:1: \"\(key)\" is not read here: \(refusal.why) (\(refusal.instead))")
    }
    for (key, refusal) in TemplateKeys.refusedInBlock {
      let text = TemplateBench.text(Self.path + "\n    \(key): x" + Self.matchers)
      #expect(
        TemplateBench.error(text) == "a.yaml:8:5: \"\(key)\" is not read here: \(refusal.why) (\(refusal.instead))")
    }
  }

  @Test("a key that says false of itself says nothing")
  func falseKeys() throws {
    _ = try TemplateBench.read(
      "  - path: [/]\n    race: false\n    unsafe: false" + Self.matchers, above: "self-contained: false\n")
  }

  @Test("payloads in a file come from below the folder and from nowhere else")
  func payloadFiles() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "payloads-\(UInt64.random(in: 0...UInt64.max))")
    let folder = root.appendingPathComponent("templates")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("lists"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try "one\ntwo\n\n{{randstr}}\n".write(
      to: folder.appendingPathComponent("lists/a.txt"), atomically: true, encoding: .utf8)
    try "secret".write(to: root.appendingPathComponent("b.txt"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("c.txt"), withDestinationURL: root.appendingPathComponent("b.txt"))
    func read(_ name: String) throws -> WebTemplate {
      let text = TemplateBench.text("  - path: ['/{{a}}']\n    payloads: {a: '\(name)'}" + Self.matchers)
      return try TemplateReader.read(text, file: "a.yaml", folder: folder.path)
    }
    #expect(try read("lists/a.txt").requests[0].payloads[0].values.map(\.source) == ["one", "two", "{{randstr}}"])
    for name in ["../b.txt", root.appendingPathComponent("b.txt").path, "c.txt", "lists/../../b.txt", "none.txt"] {
      #expect(throws: (any Error).self, "\(name)") { try read(name) }
    }
  }

  @Test("what is too large is refused before it costs anything")
  func tooLarge() {
    let text = TemplateBench.text("  - path: [/]" + Self.matchers) + "\n#" + String(repeating: "x", count: 300_000)
    #expect(TemplateBench.error(text) == "a.yaml: the template has more than 256 KiB, the limit")
  }
}
