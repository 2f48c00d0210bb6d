import Documents
import Records
import Testing

@testable import Engines

@Suite("Reading templates") struct TemplateReaderTests {
  static let whole = """
    id: city-portal-version
    info:
      name: City portal, old version
      name-zh: 城市门户旧版本
      author: duty,office
      severity: high
      tags: Portal, version
      description: The portal shows its version.
      remediation: Update it.
      reference:
        - https://portal.example/notes
      classification:
        cve-id: cve-2026-0001
        cwe-id: CWE-200,cwe-16
        cvss-score: 7.5
      metadata:
        verified: true
    variables:
      first: "{{to_lower('ABC')}}"
      second: "{{first}}-x"
    http:
      - method: get
        path:
          - "{{BaseURL}}/version"
          - "{{BaseURL}}/{{second}}"
        headers:
          Accept: text/html
        stop-at-first-match: true
        host-redirects: true
        max-redirects: 2
        matchers-condition: and
        matchers:
          - type: word
            part: header
            words: [portal, "{{first}}"]
            condition: and
            case-insensitive: true
          - type: status
            status: [200, 404]
            negative: true
          - type: regex
            regex: ['version (\\d+)']
          - type: dsl
            name: old
            dsl:
              - contains(body, 'v1') && compare_versions(version, '< 2')
          - type: binary
            part: all
            binary: ["504b0304"]
          - type: size
            size: [10, 20]
        extractors:
          - type: regex
            name: version
            group: 1
            regex: ['version (\\d+)']
          - type: kval
            kval: [server]
          - type: json
            json: [".items[0].name", ".[]"]
          - type: dsl
            dsl: [len(body)]
      - raw:
          - |
            POST /login?a=b c HTTP/1.1
            Host: {{Hostname}}
            Content-Type: text/plain
            Content-Length: 5

            a={{second}}
            b
        payloads:
          user: [a, b]
          word: [c, d, e]
        attack: clusterbomb
        matchers:
          - type: word
            words: [welcome]
    """

  @Test("a template with everything in it is read as it stands")
  func everything() throws {
    let template = try TemplateReader.read(Self.whole, file: "t/a.yaml")
    #expect(template.id == "city-portal-version")
    #expect(template.name == BilingualText(en: "City portal, old version", zh: "城市门户旧版本"))
    #expect(template.authors == ["duty", "office"])
    #expect(template.severity == .high)
    #expect(template.tags == ["portal", "version"])
    #expect(template.references == ["https://portal.example/notes", "CVE-2026-0001", "CWE-200", "CWE-16"])
    #expect(template.variables.map(\.name) == ["first", "second"])
    #expect(template.source == "t/a.yaml:1")
    #expect(template.requestCount == 8)
    #expect(template.probeClass == .intrusive)
    #expect(template.refusals.map(\.kind) == [.posts, .bruteForce])
    #expect(
      template.refusals.map(\.reason) == [
        "POST may change what is on the site", "it tries 6 names or passwords, over 3: accounts may be locked",
      ])
  }

  @Test("blocks keep what was written in them")
  func blocks() throws {
    let template = try TemplateReader.read(Self.whole, file: "a.yaml")
    let first = try #require(template.requests.first)
    #expect(first.forms.map(\.path.source) == ["{{BaseURL}}/version", "{{BaseURL}}/{{second}}"])
    #expect(first.forms.map(\.method.source) == ["GET", "GET"])
    #expect(first.needsAllMatchers && first.stopsAtFirstMatch && first.followsRedirects)
    #expect(first.redirectLimit == 2)
    #expect(first.matchers.map(\.needsAll) == [true, false, false, false, false, false])
    #expect(first.matchers.map(\.isNegative) == [false, true, false, false, false, false])
    #expect(first.matchers.map(\.part.kind) == [.head, .body, .body, .body, .all, .body])
    #expect(first.matchers[1].test == .status([200, 404]))
    #expect(first.matchers[4].test == .bytes([[0x50, 0x4b, 3, 4]]))
    #expect(first.extractors.count == 4)
    #expect(first.extractors[2].method == .json([JSONPath(".items[0].name"), JSONPath(".[]")].compactMap(\.self)))
    let second = template.requests[1]
    let form = try #require(second.forms.first)
    #expect(form.method.source == "POST" && form.path.source == "/login?a=b c" && form.isRaw)
    #expect(
      form.headers.map { "\($0.name.source)=\($0.value.source)" } == ["Host={{Hostname}}", "Content-Type=text/plain"])
    #expect(form.body?.source == "a={{second}}\nb")
    #expect(second.roundCount == 6 && second.keepsCookies)
    #expect(second.payloads(inRound: 4).map { "\($0.name)=\($0.value.source)" } == ["user=b", "word=d"])
  }

  @Test("the old word for http and a template of least words are read")
  func least() throws {
    let text = TemplateBench.text("  - path: /\n    matchers:\n      - {type: status, status: 200}").replacing(
      "http:", with: "requests:")
    let template = try TemplateReader.read(text, file: "a.yaml")
    let request = try #require(template.requests.first)
    #expect(template.probeClass == .probe && template.refusals.isEmpty)
    #expect(!request.keepsCookies && !request.followsRedirects && !request.needsAllMatchers)
    #expect(request.roundCount == 1 && template.requestCount == 1)
    let named = try TemplateReader.read(text.replacing("id: a-check", with: "id: CVE-2021-41773"), file: "a.yaml")
    #expect(named.id == "cve-2021-41773")
  }

  @Test("asterisks of expressions and product names are no aliases, and aliases that grow are refused")
  func aliases() throws {
    let names = (0..<200).map { "'cpe:2.3:a:x\($0):*:*:*:*'" }.joined(separator: ", ")
    let block = "  - path: [/]\n    matchers: [{type: regex, regex: ['a*b*c*?d*\\w']}]"
    let template = try TemplateBench.read(block, about: "  metadata: {cpe: [\(names)]}\n")
    #expect(template.requests.count == 1)
    var text = "x0: &x0 [a, a, a, a, a, a, a, a, a]\n"
    for level in 1..<7 {
      text += "x\(level): &x\(level) [\(Array(repeating: "*x\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    #expect(TemplateBench.error(text).hasSuffix("more than 20000 values, the limit"))
  }

  @Test("how payloads go together decides how many rounds there are")
  func attacks() throws {
    let matchers = "    matchers: [{type: status, status: [200]}]"
    for (attack, rounds) in [("pitchfork", 2), ("clusterbomb", 6)] {
      let template = try TemplateBench.read(
        "  - path: ['/{{a}}{{b}}']\n    attack: \(attack)\n    payloads: {a: [1, 2], b: [3, 4, 5]}\n\(matchers)")
      #expect(template.requestCount == rounds)
    }
    let alone = try TemplateBench.read("  - path: ['/{{a}}']\n    payloads: {a: [1, 2]}\n\(matchers)")
    #expect(alone.requestCount == 2 && alone.probeClass == .intrusive)
  }

  @Test("what carries something into the site needs the intrusive class")
  func classes() throws {
    let rows: [(String, ProbeClass)] = [
      ("path: [/a/b.php?x=1]", .probe), ("path: ['{{BaseURL}}/{{randstr}}']", .probe),
      ("method: HEAD\n    path: [/]", .probe),
      ("path: [\"/a'b\"]", .intrusive), ("path: [/a%27b]", .intrusive), ("path: [/../etc]", .intrusive),
      ("path: [/%252e%252e%252f]", .intrusive), ("path: [/]\n    body: x", .intrusive),
      ("path: [/]\n    headers: {X-A: '${a}'}", .intrusive), ("method: TRACE\n    path: [/]", .intrusive),
      ("path: ['/<b>']", .intrusive), ("path: [\"/{{url_encode('a')}}\"]", .probe),
      ("path: [\"/{{url_encode('a<b')}}\"]", .intrusive), ("path: [\"/{{hex_decode('613c623e2761')}}\"]", .intrusive),
    ]
    for (lines, wanted) in rows {
      let template = try TemplateBench.read("  - \(lines)\n    matchers: [{type: status, status: [200]}]")
      #expect(template.probeClass == wanted, "\(lines)")
    }
    let variable = try TemplateBench.read(
      "  - path: ['/{{a}}']\n    matchers: [{type: status, status: [200]}]", above: "variables: {a: \"x'y\"}\n")
    #expect(variable.probeClass == .intrusive)
  }

  @Test("a template that is cut anywhere is read or refused with its place, and never traps")
  func truncation() {
    let bytes = Array(Self.whole.utf8)
    var read = 0
    for count in 0..<bytes.count {
      guard let text = String(validating: bytes[..<count], as: UTF8.self) else { continue }
      do throws(DocumentError) {
        _ = try TemplateReader.read(text, file: "a.yaml")
        read += 1
      } catch {
        #expect(error.description.hasPrefix("a.yaml"), "\(count)")
      }
    }
    #expect(read > 0 && read < bytes.count)
  }

  @Test("a template whose bytes are changed anywhere is read or refused, and what is read can be run")
  func mutation() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = TemplateChance(seed: seed)
    let bytes = Array(Self.whole.utf8)
    for _ in 0..<600 {
      var changed = bytes
      for _ in 0..<(1 + chance.next() % 3) {
        changed[Int(chance.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: 0x20 + chance.next() % 0x5f)
      }
      guard let text = String(validating: changed, as: UTF8.self),
        let template = try? TemplateReader.read(text, file: "a.yaml")
      else { continue }
      var run = TemplateRun(
        template, target: TemplateBench.target, random: seed, now: TemplateBench.now, isAllowed: true)
      for _ in 0..<10 where run.next() != nil { run.received(TemplateBench.response("version 1 portal")) }
      #expect(template.id.utf8.count >= 3, "seed \(seed)")
    }
  }
}
