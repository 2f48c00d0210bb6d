import Foundation
import Records
import Reports
import Services
import Synchronization
import Testing
import Wire

@testable import Hub

/// The page behind a notice's link, without a socket.
@Suite struct OwnerPageTests {
  let desk = MemoryDesk()

  private final class Time: Sendable {
    let seconds = Mutex(1_795_000_000.0)
    var clock: WallClock { WallClock { Timestamp(nanoseconds: Int64(self.seconds.withLock { $0 } * 1e9)) } }
    func pass(_ seconds: Double) { self.seconds.withLock { $0 += seconds } }
  }
  private let time = Time()
  private var link: String { "/n/" + MemoryDesk.token }

  private func page() -> OwnerPage { OwnerPage(desk: desk, clock: time.clock, language: .en) }

  private func ask(
    _ page: OwnerPage, _ method: OwnerPage.Method = .get, _ path: String? = nil, form: String? = nil,
    lang: String? = nil,
    accept: String? = "en", type: String? = "application/x-www-form-urlencoded", from: String = "192.0.2.7"
  ) async throws -> OwnerPage.Answer {
    let client = try #require(IPAddress(from))
    return await page.answer(
      OwnerPage.Question(
        method: method, path: path ?? link, lang: lang, acceptLanguage: accept, contentType: type, client: client)
    ) { form.map { Array($0.utf8) } }
  }

  private func nonce(_ answer: OwnerPage.Answer) throws -> String {
    String(try #require(answer.html.firstMatch(of: /name="nonce" value="([^"]+)"/)).1)
  }

  @Test("a mail scanner that GETs and HEADs the link ten times each, and posts nothing, makes no receipt")
  func scanner() async throws {
    let page = page()
    for _ in 0..<10 {
      #expect(try await ask(page).status == 200)
      #expect(try await ask(page, .head).status == 200)
    }
    #expect(await desk.kept.isEmpty)
  }

  @Test("each act is kept with the typed name and where it came from", arguments: OwnerAct.Kind.allCases)
  func acts(_ kind: OwnerAct.Kind) async throws {
    let page = page()
    let nonce = try nonce(try await ask(page))
    let form = "act=\(kind.rawValue)&nonce=\(nonce)&name=%E6%9D%8E%E5%9B%9B&text=we+did%0D%0Ait&until=2026-12-24"
    let answer = try await ask(page, .post, form: form, from: "192.0.2.99")
    #expect(answer.status == 200 && answer.html.contains("The office sees it at once."))
    #expect(answer.html.contains("\(kind.rawValue): 李四"))
    let act: OwnerAct =
      switch kind {
      case .receive: .receive
      case .fix: .fix("we did\nit")
      case .extend: .extend(until: "2026-12-24", reason: "we did\nit")
      case .dispute: .dispute("we did\nit")
      case .retest: .retest
      }
    #expect(await desk.kept == [.init(token: MemoryDesk.token, act: act, name: "李四", from: "192.0.2.99")])
  }

  @Test("a form counts once, for its own link, for some hours, and a made-up one never")
  func once() async throws {
    let page = page()
    let first = try nonce(try await ask(page))
    let form = "act=receive&name=Li+Si&nonce="
    #expect(try await ask(page, .post, form: form + first).status == 200)
    let again = try await ask(page, .post, form: form + first)
    #expect(again.status == 409 && again.html.contains("already sent"))
    let old = try nonce(try await ask(page))
    time.pass(FormNonces.seconds + 1)
    let late = try await ask(page, .post, form: form + old)
    #expect(late.status == 409 && late.html.contains("too old") && late.html.contains("value=\"Li Si\""))
    for nonce in ["", "x", "1.2.3", first + "0", String(first.dropLast()) + "x"] {
      #expect(try await ask(page, .post, form: form + nonce).status == 409)
    }
    #expect(await desk.kept.count == 1)
    #expect(try await ask(page, .post, form: form + (try nonce(late))).status == 200, "the new form is good")
    let other = OwnerPage(desk: desk, clock: time.clock, language: .en)
    #expect(try await ask(other, .post, form: form + (try nonce(try await ask(page)))).status == 409, "another process")
  }

  @Test("unknown, expired, malformed and foreign links are answered alike, byte for byte")
  func unknown() async throws {
    let page = page()
    let links = [
      "/n/" + String(repeating: "x", count: 32), "/n/", "/n/short", "/", "", "/n/../../etc/passwd", "/admin",
      "/n/" + MemoryDesk.token + "/", "/n/" + MemoryDesk.token.uppercased(), "/v1/health",
    ]
    var answers: Set<String> = []
    for link in links {
      for method in [OwnerPage.Method.get, .head, .post] {
        let answer = try await ask(page, method, link, form: "act=receive&name=Li+Si")
        #expect(answer.status == 404)
        answers.insert(answer.html)
      }
    }
    await desk.runOut()
    answers.insert(try await ask(page).html)
    #expect(answers.count == 1)
    #expect(await desk.kept.isEmpty)
  }

  @Test("forms that nobody can send by the page are told, keep what was typed, and keep nothing else")
  func incomplete() async throws {
    let page = page()
    let nonce = try nonce(try await ask(page))
    let cases: [(String, String)] = [
      ("act=receive", "Please type your name"), ("act=receive&name=x", "Please type your name"),
      ("act=nothing&name=Li+Si", "not complete"), ("name=Li+Si", "not complete"),
      ("act=receive&act=fix&name=Li+Si", "not complete"), ("act=receive&name=%ff%fe", "not complete"),
      ("act=receive&name=%2", "not complete"), ("act=dispute&name=Li+Si", "give a reason"),
      ("act=extend&name=Li+Si&text=why", "give the date"),
      ("act=extend&name=Li+Si&text=why&until=2026-02-30", "give the date"),
      ("act=extend&name=Li+Si&text=why&until=2026-2-3", "give the date"),
      ("act=receive&name=" + String(repeating: "a", count: 101), "too long"),
      ("act=dispute&name=Li+Si&text=" + String(repeating: "a", count: 2001), "too long"),
    ]
    for (form, words) in cases {
      time.pass(60)
      let answer = try await ask(page, .post, form: form + "&nonce=\(nonce)")
      #expect(answer.status == 422 && answer.html.contains(words), "\(form.prefix(40))")
    }
    time.pass(600)
    let typed = try await ask(page, .post, form: "act=dispute&name=Li+%3CSi%3E&text=&nonce=\(nonce)")
    #expect(typed.html.contains("value=\"Li &lt;Si&gt;\"") && typed.html.contains("value=\"dispute\" required checked"))
    #expect(try await ask(page, .post, form: "act=receive&name=Li+Si&nonce=\(nonce)", type: "text/plain").status == 422)
    #expect(try await ask(page, .post, form: nil).status == 413)
    #expect(try await ask(page, .other).status == 405)
    #expect(await desk.kept.isEmpty)
  }

  @Test("what the desk refuses is told with its reason, and the form can be sent again")
  func refused() async throws {
    let page = page()
    let form = "act=extend&name=Li+Si&text=budget&until=2027-06-01&nonce="
    let answer = try await ask(page, .post, form: form + (try nonce(try await ask(page))), lang: "zh")
    #expect(answer.status == 409 && answer.html.contains("未能受理：最晚可延至2027-01-01。"))
    #expect(answer.html.contains("value=\"2027-06-01\"") && answer.html.contains(">\nbudget</textarea>"))
    let better = form.replacing("2027-06", with: "2026-12") + (try nonce(answer))
    #expect(try await ask(page, .post, form: better).status == 200)
  }

  @Test("the language is asked for, else the browser's, else the notice's")
  func language() async throws {
    let page = page()
    for (lang, accept, expected) in [
      ("en", "zh-CN", "en"), (nil, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), (nil, "de, en-GB;q=0.7, zh;q=0.3", "en"),
      (nil, "fr", "zh-CN"), (nil, nil, "zh-CN"), ("xx", "en", "en"), (nil, "zh;q=0,en;q=0", "zh-CN"),
    ] as [(String?, String?, String)] {
      let html = try await ask(page, lang: lang, accept: accept).html
      #expect(html.contains("<html lang=\"\(expected)\">"), "\(lang ?? "-") \(accept ?? "-")")
    }
  }

  @Test("one link and one address ask only so often; others are not held up")
  func rates() async throws {
    let page = page()
    var statuses: [Int] = []
    for _ in 0..<61 { statuses.append(try await ask(page).status) }
    #expect(statuses.filter { $0 == 200 }.count == 60 && statuses.last == 429)
    time.pass(120)
    #expect(try await ask(page).status == 200)
    for index in 0..<400 { _ = try await ask(page, .get, "/n/" + String(format: "%032d", index), from: "198.51.100.1") }
    #expect(try await ask(page, from: "198.51.100.1").status == 429)
    #expect(try await ask(page, from: "198.51.100.2").status == 200)
    let forms = OwnerPage(desk: desk, clock: time.clock, language: .en)
    statuses = []
    for _ in 0..<30 { statuses.append(try await ask(forms, .post, form: "act=receive&name=Li+Si&nonce=x").status) }
    #expect(statuses.filter { $0 == 409 }.count == 20)
  }

  @Test("the page holds no script, no foreign address, and every text from outside is text")
  func markup() async throws {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=y>&#x3c;"
    var notice = MemoryDesk.sample
    notice.number = evil
    notice.title = BilingualText(evil)
    notice.organisation = BilingualText(evil)
    notice.state = BilingualText(evil)
    notice.document = [
      .heading(BilingualText(evil)), .paragraph(BilingualText(evil)), .list([BilingualText(evil)]),
      .fact(BilingualText(evil), BilingualText(evil)),
    ]
    notice.steps = [.init(time: Timestamp(seconds: 0), text: BilingualText(evil))]
    notice.isDrill = true
    let html = OwnerPageWriter(.en).page(
      notice, nonce: evil, note: .refused(BilingualText(evil)),
      draft: OwnerPageDraft(act: .fix, name: evil, text: "</textarea>" + evil, until: evil))
    #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("onerror=y>\""))
    let tags = Set(html.matches(of: /<([a-z0-9]+)/).map { String($0.1) })
    #expect(
      tags.isSubset(of: [
        "html", "head", "meta", "title", "style", "body", "main", "p", "a", "h1", "h2", "dl", "div", "dt", "dd", "ul",
        "ol", "li", "time", "br", "form", "input", "fieldset", "legend", "label", "textarea", "button",
      ]), "\(tags)")
    #expect(html.firstMatch(of: /(?:src|href|action)="(?!\?lang=)/) == nil)
    let ids = html.matches(of: /\sid="([a-z]+)"/).map { String($0.1) }
    for id in ids { #expect(html.contains("for=\"\(id)\"")) }
  }
}
