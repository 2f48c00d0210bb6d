import Testing
import Wire

@testable import Engines

@Suite("The run of a template") struct TemplateRunTests {
  private func run(
    _ block: String, above: String = "", target: TemplateTarget = TemplateBench.target, isAllowed: Bool = false
  ) throws -> TemplateRun {
    TemplateRun(
      try TemplateBench.read(block, above: above), target: target, random: 7, now: TemplateBench.now,
      isAllowed: isAllowed)
  }

  /// Asks until the end; `answer` gives the response for a path, nil for none.
  private func finish(_ run: inout TemplateRun, _ answer: (PlannedRequest) -> TemplateResponse?) -> [String] {
    var asked: [String] = []
    while let request = run.next() {
      asked.append(request.path)
      if let response = answer(request) { run.received(response) } else { run.failed("the connection was reset") }
      if asked.count > 1000 { break }
    }
    return asked
  }

  private static let hit = "\n    matchers: [{type: word, words: [hit], name: found}]"

  // MARK: - Planning

  @Test(
    "a path lies on the target, below its own path where the template says so",
    arguments: [
      ("path: ['{{BaseURL}}/a']", "/", "/a"), ("path: ['{{BaseURL}}/a']", "/app/", "/app/a"),
      ("path: ['{{BaseURL}}']", "/", "/"),
      ("path: ['{{BaseURL}}']", "/app", "/app"), ("path: ['{{RootURL}}/a?b=c d']", "/app", "/a?b=c%20d"),
      ("path: ['{{RootURL}}?x']", "/", "/?x"),
      ("path: ['/a']", "/app", "/a"), ("path: ['{{Path}}/a']", "/app", "/app/a"),
      ("path: ['{{Scheme}}://{{Hostname}}/漢']", "/", "/%E6%BC%A2"),
      ("path: ['http://{{Host}}/x']", "/", "/x"), ("raw: ['GET /a HTTP/1.1']", "/app", "/app/a"),
      ("raw: ['GET /app/a HTTP/1.1']", "/app", "/app/a"),
      ("raw: ['GET /a HTTP/1.1']\n    disable-path-automerge: true", "/app", "/a"),
      ("raw: ['GET {{BaseURL}}/a HTTP/1.1']", "/app", "/app/a"),
      ("raw: ['GET /a b HTTP/1.1']", "/", "/a%20b"), ("path: ['/{{File}}']", "/x/y", "/y"),
    ])
  func paths(block: String, base: String, path: String) throws {
    let target = TemplateTarget(scheme: "https", host: "city.example", port: 443, path: base)
    var run = try run("  - \(block)" + Self.hit, target: target)
    #expect(run.next()?.path == path, "\(block) on \(base)")
  }

  @Test(
    "a target has the names that templates use",
    arguments: [
      ("http", "a.test", UInt16(80), "a.test"), ("http", "a.test", 8080, "a.test:8080"),
      ("https", "a.test", 443, "a.test"),
      ("https", "a.test", 80, "a.test:80"), ("https", "2001:db8::1", 443, "[2001:db8::1]"),
      ("http", "2001:db8::1", 81, "[2001:db8::1]:81"),
    ])
  func targets(scheme: String, host: String, port: UInt16, authority: String) throws {
    let target = TemplateTarget(scheme: scheme, host: host, port: port)
    #expect(target.authority == authority)
    var run = try run(
      "  - path: ['{{BaseURL}}/{{Scheme}}/{{Host}}/{{Port}}']\n    headers: {X-A: '{{Hostname}}', Host: '{{Hostname}}'}"
        + Self.hit,
      target: target)
    let asked = run.next()
    let request = try #require(asked)
    #expect(request.path == "/\(scheme)/\(host)/\(port)")
    #expect(request.headers == [HeaderLine("X-A", authority)])
  }

  @Test(
    "a path that leads elsewhere is not asked",
    arguments: ["{{RootURL}}.evil.test/", "{{RootURL}}@evil.test/", "a", "{{RootURL}}:81/", "ftp://{{Host}}/"])
  func elsewhere(path: String) throws {
    var run = try run("  - path: ['\(path)']" + Self.hit)
    #expect(run.next() == nil)
    guard case .notDetermined(let reason) = run.verdict else {
      Issue.record("\(run.verdict)")
      return
    }
    #expect(reason == "the request's path does not lie on the target", "\(path)")
  }

  @Test("a raw request is sent as it is written, without what the sender writes himself")
  func raw() throws {
    let text = """
        - raw:
            - |
              post /login HTTP/1.1
              Host: {{Hostname}}
              Content-Length: 3
              Connection: close
              X-Time: {{unix_time()}}

              a={{name}}&b=
              c
          redirects: true
          max-redirects: 3
      """
    var run = try run(
      text + "\n" + Self.hit.dropFirst(), above: "variables: {name: '{{to_upper(\"x\")}}'}\n", isAllowed: true)
    let asked = run.next()
    let request = try #require(asked)
    #expect(
      request
        == PlannedRequest(
          method: "POST", path: "/login", headers: [HeaderLine("X-Time", "1795662245")], body: Array("a=X&b=\nc".utf8),
          followsRedirects: true, redirectLimit: 3))
  }

  @Test("a field that would begin a second one is not sent")
  func lineBreaks() throws {
    var run = try run("  - path: [/]\n    headers: {X-A: \"{{hex_decode('0d0a')}}X-B: 1\"}" + Self.hit)
    #expect(run.next() == nil)
    #expect(run.verdict == .notDetermined("a field of the request holds a line break, or is too long"))
  }

  @Test("equal questions of two templates are equal, whatever payload they were made of")
  func clustering() throws {
    var first = try run("  - path: ['/{{a}}']\n    payloads: {a: [x]}" + Self.hit)
    var second = try run("  - path: ['{{BaseURL}}/x']" + Self.hit)
    let (one, two) = (first.next(), second.next())
    #expect(one == two && one.hashValue == two.hashValue)
    #expect(one?.payload == ["a": "x"] && two?.payload == [:])
  }

  @Test("asked again before an answer came, it says the same; answers nobody asked for change nothing")
  func idempotence() throws {
    var run = try run("  - path: ['/{{rand_int(1, 1000000)}}', '/b']" + Self.hit)
    run.received(TemplateBench.response("hit"))
    run.failed("no")
    let first = run.next()
    #expect(first != nil && run.next() == first)
    run.received(TemplateBench.response("miss"))
    run.received(TemplateBench.response("hit"))
    #expect(run.next()?.path == "/b")
    #expect(run.verdict == .notDetermined("not everything was asked"))
    run.received(TemplateBench.response("miss"))
    #expect(run.next() == nil && run.verdict == .notMatched)
  }

  // MARK: - Payloads

  @Test(
    "payloads go together as the attack says",
    arguments: [
      ("pitchfork", ["/1a", "/2b"]), ("clusterbomb", ["/1a", "/1b", "/1c", "/2a", "/2b", "/2c"]),
    ])
  func attacks(attack: String, paths: [String]) throws {
    var run = try run(
      "  - path: ['/{{x}}{{y}}']\n    attack: \(attack)\n    payloads: {x: [1, 2], y: [a, b, c]}" + Self.hit)
    #expect(finish(&run) { _ in TemplateBench.response("") } == paths)
    #expect(run.verdict == .notMatched)
  }

  @Test("the first match ends the run only where the template says so")
  func stopping() throws {
    let block = "  - path: [/a, /b, /c]\n    extractors: [{type: regex, regex: ['v\\d']}]"
    var all = try run(block + Self.hit)
    #expect(
      finish(&all) { TemplateBench.response($0.path == "/a" ? "miss" : "hit v\($0.path == "/b" ? 1 : 2)") } == [
        "/a", "/b", "/c",
      ])
    guard case .matched(let name, let extracted, let request) = all.verdict else {
      Issue.record("\(all.verdict)")
      return
    }
    #expect(name == "found" && extracted == ["v1", "v2"] && request.path == "/b")
    var first = try run(block + "\n    stop-at-first-match: true" + Self.hit)
    #expect(finish(&first) { _ in TemplateBench.response("hit") } == ["/a"])
    var whole = try run(block + Self.hit, above: "stop-at-first-match: true\n")
    #expect(finish(&whole) { _ in TemplateBench.response("hit") } == ["/a"])
  }

  // MARK: - Conversations

  private static let token = """
      - raw:
          - GET /form HTTP/1.1
          - GET /next?t={{token}} HTTP/1.1
        extractors:
          - {type: regex, name: token, internal: true, group: 1, regex: ['t=(\\w+)']}
        matchers: [{type: word, words: [hit]}]
    """

  @Test("what one answer holds goes into the next request")
  func tokens() throws {
    var run = try run(Self.token)
    #expect(finish(&run) { TemplateBench.response($0.path == "/form" ? "t=abc" : "hit") } == ["/form", "/next?t=abc"])
    guard case .matched(_, let extracted, let request) = run.verdict else {
      Issue.record("\(run.verdict)")
      return
    }
    #expect(extracted.isEmpty && request.path == "/next?t=abc")
  }

  @Test("a request that lacks what the answer before should hold is not asked, and nothing is claimed")
  func missingTokens() throws {
    var absent = try run(Self.token)
    #expect(finish(&absent) { _ in TemplateBench.response("nothing") } == ["/form"])
    #expect(absent.verdict == .notDetermined("no answer so far holds what {{token}} stands for"))
    var failed = try run(Self.token)
    #expect(finish(&failed) { _ in nil } == ["/form"])
    #expect(failed.verdict == .notDetermined("the connection was reset"))
    var cut = try run(Self.token)
    _ = finish(&cut) { _ in TemplateBench.response("no", cut: "cut at 2 bytes") }
    #expect(cut.verdict == .notDetermined("cut at 2 bytes"))
  }

  @Test("a block whose matchers are all internal decides whether the next is asked")
  func conditions() throws {
    let block = """
        - path: [/is-it]
          matchers: [{type: word, words: [portal], internal: true}]
        - path: [/weak]
          matchers: [{type: word, words: [hit]}]
      """
    var no = try run(block)
    #expect(finish(&no) { _ in TemplateBench.response("hit") } == ["/is-it"])
    #expect(no.verdict == .notMatched)
    var yes = try run(block)
    #expect(finish(&yes) { TemplateBench.response($0.path == "/is-it" ? "portal" : "hit") } == ["/is-it", "/weak"])
    guard case .matched(name: nil, extracted: [], let request) = yes.verdict else {
      Issue.record("\(yes.verdict)")
      return
    }
    #expect(request.path == "/weak")
    var unknown = try run(block)
    #expect(finish(&unknown) { _ in nil } == ["/is-it"])
    #expect(unknown.verdict == .notDetermined("the connection was reset"))
  }

  @Test("all answers of one round are compared together")
  func comparison() throws {
    let block = """
        - path: [/a, /b]
          matchers: [{type: dsl, dsl: ['status_code_1 == 200 && status_code_2 == 403 && body_1 != body_2']}]
      """
    func verdict(_ first: Int, _ second: Int?) throws -> TemplateVerdict {
      var run = try run(block)
      #expect(run.template.requests[0].comparesAnswers)
      _ = finish(&run) { request in
        request.path == "/a"
          ? TemplateBench.response("x", status: first) : second.map { TemplateBench.response("y", status: $0) }
      }
      return run.verdict
    }
    guard case .matched(_, _, let request) = try verdict(200, 403) else {
      Issue.record("no match")
      return
    }
    #expect(request.path == "/b")
    #expect(try verdict(200, 200) == .notMatched)
    #expect(try verdict(404, nil) == .notMatched)
    #expect(try verdict(200, nil) == .notDetermined("the connection was reset"))
  }

  @Test("what an extractor finds is there for matchers, and alone it is a result")
  func extraction() throws {
    let block = """
        - path: [/]
          extractors: [{type: regex, name: version, group: 1, regex: ['v([0-9.]+)']}]
      """
    var alone = try run(block)
    _ = finish(&alone) { _ in TemplateBench.response("v1.2") }
    guard case .matched(nil, ["1.2"], _) = alone.verdict else {
      Issue.record("\(alone.verdict)")
      return
    }
    var none = try run(block)
    _ = finish(&none) { _ in TemplateBench.response("x") }
    #expect(none.verdict == .notMatched)
    var cut = try run(block)
    _ = finish(&cut) { _ in TemplateBench.response("x", cut: "cut") }
    #expect(cut.verdict == .notDetermined("cut"))
    let compared = block + "\n    matchers: [{type: dsl, dsl: ['compare_versions(version, \"< 2\")']}]"
    var old = try run(compared)
    _ = finish(&old) { _ in TemplateBench.response("v1.9") }
    guard case .matched = old.verdict else {
      Issue.record("\(old.verdict)")
      return
    }
    var new = try run(compared)
    _ = finish(&new) { _ in TemplateBench.response("v2.0") }
    #expect(new.verdict == .notMatched)
  }

  @Test("cookies are kept in conversations, and not between questions of their own")
  func cookies() throws {
    let set = TemplateBench.response(
      "", [HeaderLine("Set-Cookie", "a=1; Path=/"), HeaderLine("Set-Cookie", "b=2; Max-Age=0")])
    var talk = try run("  - raw: ['GET /a HTTP/1.1', \"GET /b HTTP/1.1\\nCookie: x=y\", 'GET /c HTTP/1.1']" + Self.hit)
    var seen: [[HeaderLine]] = []
    _ = finish(&talk) { request in
      seen.append(request.headers)
      return set
    }
    #expect(seen == [[], [HeaderLine("Cookie", "x=y; a=1")], [HeaderLine("Cookie", "a=1")]])
    for (line, isKept) in [("", false), ("\n    cookie-reuse: true", true), ("\n    disable-cookie: false", true)] {
      var list = try run("  - path: [/a, /b]" + line + Self.hit)
      _ = list.next()
      list.received(set)
      #expect(list.next()?.headers == (isKept ? [HeaderLine("Cookie", "a=1")] : []))
    }
  }

  @Test("a body beyond the template's own limit is not looked at, and not missed")
  func bodyLimit() throws {
    var run = try run("  - path: [/]\n    max-size: 3" + Self.hit)
    _ = finish(&run) { _ in TemplateBench.response("abchit", cut: "cut") }
    #expect(run.verdict == .notMatched)
  }

  @Test("a variable without a value leaves what needs it not determined")
  func variables() throws {
    let matchers = "\n    matchers: [{type: word, words: ['{{a}}']}]"
    var run = try run("  - path: [/]" + matchers, above: "variables: {a: \"{{hex_decode('x')}}\"}\n")
    _ = finish(&run) { _ in TemplateBench.response("x") }
    #expect(run.verdict == .notDetermined("a text is not hexadecimal"))
  }

  @Test("the same seed asks the same, another seed something else")
  func seeds() throws {
    let template = try TemplateBench.read(
      "  - path: ['/{{randstr}}/{{rand_base(8)}}/{{rand_int}}', '/{{randstr}}']" + Self.hit)
    func paths(_ seed: UInt64) -> [String] {
      var run = TemplateRun(template, target: TemplateBench.target, random: seed, now: TemplateBench.now)
      return finish(&run) { _ in TemplateBench.response("") }
    }
    #expect(paths(1) == paths(1) && paths(1) != paths(2))
    let both = paths(3)
    #expect(both.count == 2 && both[0].hasPrefix(both[1] + "/"))
  }
}
