import Records
import Synchronization
import Testing
import Wire

@testable import Engines

/// The engine on real servers on loopback: what it asks, and what it says of servers that do not answer as they should.
@Suite(.serialized) struct TemplateEngineTests {
  typealias Answer = HTTPSite.Answer

  /// `word` in the body of `path`.
  static func template(
    _ id: String, _ paths: [String], word: String, severity: String = "high", more: String = ""
  ) throws -> WebTemplate {
    try MockTarget.read(
      """
      id: \(id)
      info: {name: "the word \(word) is there", name-zh: 有此词, author: vigil, severity: \(severity)}
      http:
        - method: GET
          path: [\(paths.map { "\"{{BaseURL}}\($0)\"" }.joined(separator: ", "))]
      \(more)
          stop-at-first-match: true
          matchers:
            - {type: word, words: ["\(word)"]}
      """)
  }

  @Test("equal requests of many templates are asked once, each of all that the templates plan")
  func clustering() throws {
    let site = try HTTPSite.files([:])
    defer { site.stop() }
    let templates = TemplateLibrary.installed.templates
    let asked = try site.ask(only: templates, .intrusive, deadline: 60_000)
    let target = TemplateTarget(scheme: "http", host: MockTarget.host, port: site.server.port)
    let plan = TemplatePlan(
      templates.map { TemplateRun($0, target: target, random: 1, now: MockTarget.now) })
    #expect(plan.planned > plan.lastUse.count, "some templates share requests")
    // The first asks for the page.
    #expect(site.requests.count == plan.lastUse.count + 1)
    #expect(
      asked.fact("requests")
        == "\(plan.lastUse.count) sent, \(plan.planned - plan.lastUse.count) answers shared by templates")
    #expect(asked.result.status == .completed && asked.denied.count == templates.count)
    #expect(site.requests.count <= asked.context.connectionLimit)
  }

  @Test("each request says who asks, to the site's own name, and none is sent that would not")
  func agent() throws {
    let site = try HTTPSite.files([:])
    defer { site.stop() }
    let own = try Self.template("plain-one", ["/a"], word: "x")
    let other = try Self.template("other-agent", ["/b"], word: "x", more: "    headers: {User-Agent: \"Mozilla/5.0\"}")
    let asked = try site.ask(only: [own, other])
    #expect(site.requests.allSatisfy { $0.text.contains("User-Agent: Vigil/") && !$0.text.contains("Mozilla") })
    #expect(site.requests.allSatisfy { $0.text.contains("Host: \(MockTarget.host):\(site.server.port)\r\n") })
    #expect(asked.answer("template.plain_one") == .no)
    #expect(
      asked.answer("template.other_agent")
        == .notDetermined(reason: "the template names another user agent; scans say who they are"))
  }

  @Test("a template above the job's class is not run, and coverage says so; one that is refused runs by its name alone")
  func permission() throws {
    let site = try HTTPSite.files(["/a": Answer("here it is")])
    defer { site.stop() }
    let harmless = try Self.template("harmless", ["/a"], word: "here it is")
    let payloads = try MockTarget.read(
      """
      id: with-payloads
      info: {name: n, name-zh: 名, author: vigil, severity: high}
      http:
        - method: GET
          path: ["{{BaseURL}}/{{word}}"]
          payloads: {word: [a, b]}
          matchers: [{type: word, words: [here it is]}]
      """)
    let posts = try MockTarget.read(
      """
      id: that-posts
      info: {name: n, name-zh: 名, author: vigil, severity: high}
      http:
        - method: POST
          path: ["{{BaseURL}}/a"]
          body: "q=1"
          matchers: [{type: word, words: [here it is]}]
      """)
    #expect(payloads.probeClass == .intrusive && posts.refusals.map(\.kind) == [.posts])
    let all = [harmless, payloads, posts]
    let asked = try site.ask(only: all)
    #expect(asked.answer("template.harmless") == .yes)
    #expect(
      asked.answer("template.with_payloads")
        == .notDetermined(reason: "not authorised: this check needs intrusive"))
    #expect(site.requests.allSatisfy { $0.method == "GET" })
    let intrusive = try site.ask(only: all, .intrusive)
    #expect(intrusive.answer("template.with_payloads") == .yes)
    guard case .notDetermined(let reason) = intrusive.answer("template.that_posts") else {
      Issue.record("a refused template was run")
      return
    }
    #expect(reason.hasPrefix("not authorised: the template is refused: "))
    #expect(site.requests.allSatisfy { $0.method == "GET" })
    let allowed = try site.ask(only: all, .intrusive, allowing: ["that-posts"])
    #expect(allowed.answer("template.that_posts") == .yes)
    let post = try #require(site.requests.last { $0.method == "POST" })
    #expect(post.text.contains("Content-Length: 3\r\n") && post.text.hasSuffix("q=1"))
  }

  @Test("a path that nobody has decides whether a yes is one")
  func control() throws {
    let template = try Self.template("a-console", ["/console/index.html"], word: "the console")
    let everywhere = try HTTPSite { _ in Answer("<p>the console of everything</p>") }
    defer { everywhere.stop() }
    let asked = try everywhere.ask(only: [template])
    #expect(
      asked.answer(template.check.id)
        == .notDetermined(reason: "a path that nobody has gets the same kind of answer"))
    let there = try HTTPSite.files(["/console/index.html": Answer("<p>the console</p>")])
    defer { there.stop() }
    let found = try there.ask(only: [template])
    #expect(found.answer(template.check.id) == .yes)
    #expect(found.evidence(template.check.id) == "GET /console/index.html")
    let other = try #require(there.paths.last)
    #expect(other.hasSuffix(".html") && other.split(separator: "/").count == 2 && other != "/console/index.html")
  }

  @Test("redirects are followed on the same host alone, where the template wants it")
  func redirects() throws {
    let site = try HTTPSite { request in
      switch request.path {
      case "/near": Answer("", status: "302 Found", head: "Location: /there\r\n")
      case "/far": Answer("", status: "302 Found", head: "Location: http://elsewhere.example/there\r\n")
      case "/circle": Answer("", status: "302 Found", head: "Location: /circle\r\n")
      case "/there": Answer("it stands here")
      default: Answer("nothing", status: "404 Not Found")
      }
    }
    defer { site.stop() }
    func template(_ id: String, _ path: String, follows: Bool) throws -> WebTemplate {
      try Self.template(
        id, [path], word: "it stands here", more: follows ? "    redirects: true\n    max-redirects: 3" : "")
    }
    let asked = try site.ask(only: [
      template("near-follow", "/near", follows: true), template("near-stay", "/near", follows: false),
      template("far-follow", "/far", follows: true), template("circle-follow", "/circle", follows: true),
    ])
    #expect(asked.answer("template.near_follow") == .yes)
    #expect(asked.answer("template.near_stay") == .no)
    #expect(asked.answer("template.far_follow") == .no)
    #expect(asked.answer("template.circle_follow") == .no)
    #expect(site.paths.count { $0 == "/circle" } == 1)
    #expect(site.requests.allSatisfy { !$0.text.contains("elsewhere.example") })
  }

  @Test("a file below a folder is asked where the site's path is; a page's name is no folder")
  func folders() throws {
    let at = { (path: String) in
      TemplateEngine.target(
        Target(scheme: "https", host: "h", port: 443, path: path), page: Target(scheme: "https", host: "h", port: 8443))
    }
    #expect(at("/").path == "/" && at("/a/b/").path == "/a/b/" && at("/a/index.html").path == "/a/")
    #expect(at("/a").path == "/a" && at("/a?x=b.c").path == "/a" && at("/index.jsp?x=/y").path == "/")
    #expect(at("/").port == 8443)
  }
}
