import Glibc
import Records
import Testing

@testable import Engines

@Suite(.serialized) struct ContentEngineTests {
  static let text = String(repeating: "欢迎访问某市政务服务网站，这里公开办事指南与政策文件。", count: 12)
  static func html(_ body: String, title: String = "某市政务服务网") -> String {
    "<!DOCTYPE html><html><head><title>\(title)</title></head><body><p>\(text)</p>\(body)</body></html>"
  }

  @Test("every check is answered, and an ordinary site has no weakness") func ordinary() throws {
    let site = try ContentSite(pages: ["/": Self.html("<a href=/a.html>a</a>"), "/a.html": Self.html("a")])
    let asked = try site.ask()
    #expect(Set(asked.result.answers.map(\.check)) == Set(ContentEngine().checks.map(\.id)))
    #expect(asked.result.answers.filter { $0.answer == .yes }.map(\.check) == [])
    #expect(asked.fact("pages") == "2")
    #expect(asked.context.counted.connections == 1, "all pages, and robots.txt, on one connection")
    #expect(asked.context.openConnections == 0)
    #expect(asked.answer("content.cloaking") == .notDetermined(reason: "not authorised: this check needs intrusive"))
    #expect(asked.result.memory?.isEmpty == false)
  }

  @Test("the walk stays on the host, asks each page once, takes sections before articles, and no files") func walk()
    throws
  {
    let links = """
      <a href="/2026/11/25/a1.html">x</a><a href="b/">b</a><a href="/b/#x">b</a><a href="./b/../b/">b</a>
      <a href="//other.test/">o</a><a href="http://site.test:1/">p</a><a href="mailto:a@b.c">m</a>
      <a href="javascript:void(0)">j</a><a href="/report.pdf">f</a><a href="/logout.do">l</a>
      <a href="/cal?d=1">c</a><a href="/cal?d=2">c</a><a href="/cal?d=3">c</a>
      """
    let site = try ContentSite { request in
      request.path == "/robots.txt" ? .init("no", status: 404) : .init(Self.html(links + request.path))
    }
    _ = try site.ask(pages: 10)
    #expect(
      site.asked == ["/robots.txt", "/", "/b/", "/cal?d=1", "/2026/11/25/a1.html"]
        || Set(site.asked).isSuperset(of: ["/b/", "/cal?d=1"]))
    #expect(
      !site.asked.contains { $0.contains("d=2") || $0.contains("pdf") || $0.contains("logout") || $0.contains("other") }
    )
    #expect(Set(site.asked).count == site.asked.count)
  }

  @Test("robots.txt is kept to, and what it leaves out is told") func robots() throws {
    let links = (0..<12).map { "<a href='/\($0 < 3 ? "secret" : "open")/p\($0).html'>\($0)</a>" }.joined()
    let site = try ContentSite { request in
      switch request.path {
      case "/robots.txt": .init("User-agent: *\nDisallow: /secret/\n")
      default: .init(Self.html(request.path == "/" ? links : request.path))
      }
    }
    let asked = try site.ask(pages: 20)
    #expect(asked.fact("not covered") == "robots.txt forbids 3 of 12 links")
    #expect(!site.asked.contains { $0.hasPrefix("/secret") })
    #expect(asked.fact("pages") == "10")
  }

  @Test(
    "a robots.txt that forbids all, or cannot be had, leaves everything open",
    arguments: [("User-agent: Vigil\nDisallow: /", 200), ("", 503)])
  func forbidden(text: String, status: Int) throws {
    let site = try ContentSite { request in
      request.path == "/robots.txt" ? .init(text, status: status) : .init(Self.html(""))
    }
    let asked = try site.ask()
    #expect(asked.denied.isEmpty && !site.asked.contains("/"))
    #expect(asked.result.reason.hasPrefix("robots.txt"))
  }

  @Test(
    "rules of robots.txt decide as RFC 9309 says",
    arguments: [
      ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
      ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", false),
      ("User-agent: *\nDisallow:", "/a", true), ("User-agent: other\nDisallow: /", "/a", true),
      ("User-agent: other\nUser-agent: vigil/1.0\nDisallow: /", "/a", false),
      ("User-agent: *\nDisallow: /\n\nUser-agent: VIGIL\nAllow: /", "/a", true),
      ("User-agent: *\nDisallow: /*.php$", "/x.php", false), ("User-agent: *\nDisallow: /*.php$", "/x.php?a", true),
      ("user-agent:*\r\ndisallow:/x#y", "/xz", false), ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
      ("Disallow: /", "/a", true), ("\u{feff}User-agent: *\nDisallow: /a", "/a", false),
    ]) func rules(text: String, path: String, allowed: Bool)
  {
    #expect(RobotsRules(Array(text.utf8)).allows(path) == allowed)
  }

  @Test("stars without end are decided soon") func stars() {
    let rule = "User-agent: *\nDisallow: /" + String(repeating: "*a", count: 250) + "b"
    #expect(RobotsRules(Array(rule.utf8)).allows("/" + String(repeating: "a", count: 1000)))
  }

  static func converted(_ text: String, to name: String) -> [UInt8] {
    let from = unsafe iconv_open(name, "UTF-8")
    defer { if let from = unsafe from { unsafe iconv_close(from) } }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 2 + 16)
    var (left, room) = (input.count, output.count)
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        var (source, target) = (input.baseAddress, output.baseAddress)
        _ = unsafe iconv(from, &source, &left, &target, &room)
      }
    }
    return output.dropLast(room).map { UInt8(bitPattern: $0) }
  }

  @Test(
    "words are found in any charset, told by the head, by meta, or by nobody",
    arguments: [
      ("GBK", "text/html; charset=gbk", "", "澳门新葡京"), ("GB18030", "text/html", "<meta charset=\"gb2312\">", "澳门新葡京"),
      ("GB18030", "text/html", "<meta http-equiv=Content-Type content='text/html; charset=GB18030'>", "澳门新葡京"),
      ("GBK", "text/html", "", "澳门新葡京"), ("UTF-8", "text/html", "", "澳门新葡京"),
      ("BIG5", "text/html; charset=Big5", "", "成人"),
    ]) func charset(name: String, type: String, meta: String, word: String) throws
  {
    let html = "<html><head>\(meta)<title>\(word)</title></head><body>text</body></html>"
    let bytes = Self.converted(html, to: name)
    let page = try PageMarkup.read(PageText.utf8(bytes, contentType: type))
    #expect(page.title == word)
  }

  @Test("bytes that are no characters do not end a page") func badBytes() {
    let bytes = Self.converted("前面", to: "GBK") + [0xff, 0xff, 0x20] + Self.converted("后面", to: "GBK") + [0x81]
    let text = String(decoding: PageText.utf8(bytes, contentType: "text/html; charset=gbk"), as: UTF8.self)
    #expect(text.hasPrefix("前面") && text.hasSuffix("\u{fffd}"))
  }

  @Test(
    "what is no page of the site is not judged",
    arguments: [
      ContentSite.Answer("<title>403</title>", status: 403), .init("no", status: 500), .init("slow down", status: 429),
      .init("<html><title>访问拦截</title>您的访问被拦截，请联系管理员</html>"),
      .init("<html><title>Just a moment...</title></html>"),
      .init("<html><script>document.cookie='__jsl_clearance=1'</script></html>"), .init(""),
      .init("<html>", headers: ["Content-Encoding: gzip"]),
      .init("", status: 302, headers: ["Location: http://169.254.169.254/"]),
      .init("", status: 302, headers: ["Location: /"]),
      .init(bytes: [0x25, 0x50, 0x44, 0x46], type: "application/pdf"),
    ]) func notContent(answer: ContentSite.Answer) throws
  {
    let site = try ContentSite { request in request.path == "/robots.txt" ? .init("", status: 404) : answer }
    let asked = try site.ask()
    #expect(asked.denied.isEmpty && asked.result.status == .failed)
    #expect(site.asked.count <= 7)
  }

  @Test(
    "hostile markup ends soon and says so",
    arguments: [
      String(repeating: "<div>", count: 100_000), String(repeating: "<b><p>", count: 100_000),
      (0..<400).map { "<b id=\($0)>" }.joined() + String(repeating: "<p>", count: 200_000),
      String(repeating: "<a href=/x>", count: 90_000), String(repeating: "<table><tr><td>", count: 60_000),
      "<!--" + String(repeating: "x", count: 1_000_000), "<p " + (0..<60_000).map { "a\($0)=1 " }.joined(),
      String(repeating: "&amp", count: 250_000), String(repeating: "\0<", count: 100_000),
      String(repeating: "<style>.a{", count: 50_000), String(repeating: "<svg><math><title>", count: 50_000),
    ]) func hostile(html: String) throws
  {
    let start = MonotonicClock.nanoseconds()
    switch PageAnswer.page(Array(html.utf8)) {
    case .success(let page): #expect(page.links.count <= 5000 && page.paths.count <= 200_000)
    case .failure(let why): #expect(why.reason.hasPrefix("the page's markup takes more"))
    }
    #expect(MonotonicClock.nanoseconds() - start < 20_000_000_000)
  }

  @Test("a page without end is read to its limit, and that is told") func endless() throws {
    let server = try LoopbackServer { peer in
      let head = String(decoding: peer.receive(), as: UTF8.self)
      guard !head.contains("robots") else {
        return peer.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
      }
      peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>t</title>")
      for _ in 0..<200 { peer.send(String(repeating: "<p>words and words</p>", count: 500)) }
    }
    defer { server.stop() }
    let asked = ask(ContentEngine(), port: server.port, scheme: "http", settings: try settings())
    #expect(asked.result.facts.contains(Fact("not covered", "1 page read in part: over a limit")))
  }

  @Test("a page that only search engines get is found, by one request that the class must allow") func cloaking() throws
  {
    let make = {
      try ContentSite { request in
        if request.path == "/robots.txt" { return .init("", status: 404) }
        let isSpider = request.head.contains("Baiduspider")
        return .init(isSpider ? "<html><title>澳门新葡京</title><p>百家乐开户</p></html>" : Self.html(""))
      }
    }
    let watched = try make()
    #expect(try watched.ask(probe: .intrusive).answer("content.cloaking") == .yes)
    #expect(watched.asked.count == 3)
    let calm = try make()
    #expect(try calm.ask(probe: .probe).isOpen("content.cloaking"))
    #expect(calm.asked.count == 2)
    let same = try ContentSite(pages: ["/": Self.html("")])
    #expect(try same.ask(probe: .intrusive).answer("content.cloaking") == .no)
    let blocked = try ContentSite { request in
      request.path == "/robots.txt"
        ? .init("", status: 404) : request.head.contains("Baiduspider") ? .init("", status: 403) : .init(Self.html(""))
    }
    #expect(try blocked.ask(probe: .intrusive).isOpen("content.cloaking"))
  }

  @Test("a memory comes back with the next job, and a defaced page is found at once") func memory() throws {
    let first = try ContentSite(pages: ["/": Self.html("")]).ask()
    let second = try ContentSite(pages: ["/": Self.html("")]).ask(known: first.result.memory)
    #expect(second.answer("content.tampered") == .no)
    let defaced = try ContentSite(pages: ["/": "<title>Hacked by X</title><h1>Hacked by X</h1>"]).ask(
      known: second.result.memory)
    #expect(defaced.answer("content.tampered") == .yes && defaced.answer("content.defacement") == .yes)
  }

  @Test("the budget grows with the pages and shrinks with the pace") func budget() {
    func budget(_ pages: Int, _ limits: ScanContext.Limits) -> ScanBudget {
      let job = ScanJob(
        id: "t", engine: "content", target: Target(scheme: "http", host: "h", port: 80), probeClass: .observe,
        authorisation: "t", options: ScanOptions(pages: pages))
      return ContentEngine().budget(for: job, limits)
    }
    #expect(budget(3, .init()).milliseconds == 39_500 && budget(3, .init()).connections == 22)
    #expect(budget(50, .init()).milliseconds == 157_000)
    #expect(budget(5000, .init()) == budget(50, .init()))
    #expect(budget(3, .lab).milliseconds < budget(3, .init()).milliseconds)
  }

  @Test(
    "sites are told apart by the public suffix list",
    arguments: [
      ("www.city.gov.cn", "city.gov.cn"), ("a.b.example.com", "example.com"), ("gov.cn", "gov.cn"), ("x", "x"),
      ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("%", "%"), ("\u{0}a.cn", "\u{0}a.cn"),
    ]) func registrable(host: String, name: String)
  {
    #expect((PublicSuffix.registrable(host) ?? host) == name || host.contains("\u{0}"))
  }
}
