import Documents
import Foundation
import Records
import Testing

@testable import Engines

/// Every template that comes with Vigil, on the page that it looks for and on pages that are others.
@Suite struct TemplateMockTests {
  private static let templates = TemplateLibrary.installed.templates

  /// What servers say that have nothing of what is looked for, whatever they are asked.
  struct Stranger: Sendable {
    var name: String
    var answer: @Sendable (PlannedRequest) -> TemplateResponse

    init(_ name: String, _ answer: @escaping @Sendable (PlannedRequest) -> TemplateResponse) {
      (self.name, self.answer) = (name, answer)
    }

    init(_ name: String, _ body: String, status: Int = 200, _ type: String = "text/html") {
      self.init(name) { _ in
        TemplateResponse(status: status, headers: [HeaderLine("Content-Type", type)], body: Array(body.utf8))
      }
    }
  }

  private static let form = """
    <!DOCTYPE html><html><head><title>Login</title></head><body><form id="loginForm" method="post" action="/login">
    <input name="username"><input type="password" name="password"></form></body></html>
    """
  private static let strangers: [Stranger] = [
    Stranger(
      "a page for every path",
      """
      <!doctype html><html lang="zh"><head><title>市政府门户网站</title></head>
      <body><div id="root"></div><script src="/static/js/main.js"></script></body></html>
      """),
    Stranger("a form to log in", form), Stranger("a form to log in, refused", form, status: 401),
    Stranger("nothing", ""),
    Stranger("a word", "OK", "text/plain"),
    Stranger("an interface that says yes", #"{"code":200,"msg":"success","data":null}"#, "application/json"),
    Stranger("an interface that says no", #"{"code":401,"msg":"未登录","success":false}"#, "application/json"),
    Stranger("an empty list", "[]", "application/json"), Stranger("an empty map", "{}", "application/json"),
    Stranger("403", "<html><head><title>403 Forbidden</title></head><h1>403 Forbidden</h1></html>", status: 403),
    Stranger("404", "<html><head><title>404 Not Found</title></head><h1>404 Not Found</h1></html>", status: 404),
    Stranger("500", "<html><head><title>500</title></head><h1>Internal Server Error</h1></html>", status: 500),
    Stranger("502", "<html><head><title>502 Bad Gateway</title></head><h1>502 Bad Gateway</h1></html>", status: 502),
    Stranger("what was asked, in a page") { request in
      let text = request.path + " " + (request.path.removingPercentEncoding ?? "")
      return TemplateResponse(
        status: 200, headers: [HeaderLine("Content-Type", "text/html")], body: Array("<p>You want \(text)</p>".utf8))
    },
    Stranger("what was asked, in an error") { request in
      TemplateResponse(
        status: 404, headers: [HeaderLine("Content-Type", "application/json")],
        body: Array(#"{"status":404,"error":"Not Found","path":"\#(request.path)"}"#.utf8))
    },
    Stranger("the way to the login") { request in
      TemplateResponse(status: 302, headers: [HeaderLine("Location", "/login?back=\(request.path)")])
    },
    Stranger("the same site by HTTPS") { request in
      TemplateResponse(
        status: 301, headers: [HeaderLine("Location", "https://\(MockTarget.host)\(request.path)")])
    },
    Stranger("an archive for every path") { _ in
      TemplateResponse(
        status: 206, headers: [HeaderLine("Content-Type", "application/octet-stream")], body: [0, 1, 2, 3, 0x80, 0xff])
    },
  ]

  @Test("the templates that come with Vigil are read, none is refused, and there are forty and more")
  func installed() {
    let library = TemplateLibrary.installed
    #expect(library.problems.map(\.description) == [])
    #expect(library.templates.count >= 40)
    #expect(library.templates.flatMap(\.refusals).map(\.description) == [])
    for template in library.templates {
      #expect(!template.description.isEmpty && !template.remediation.isEmpty, "\(template.source)")
      #expect(!template.references.isEmpty && !template.tags.isEmpty, "\(template.source)")
      #expect(template.name.zh != template.name.en, "\(template.source)")
    }
  }

  @Test("each matches the page that has its weakness, and none that nearly has it or has nothing of it")
  func pages() throws {
    for template in Self.templates {
      guard let mock = try TemplateMock.pair(template.id) else {
        Issue.record("\(template.id) has no mock page in Tests/Fixtures/templates")
        continue
      }
      let weak = MockTarget.verdict(template) { mock.weak.answer($0.path) }
      #expect(weak.isMatch, "\(template.id), weak: \(weak)")
      let nearly = MockTarget.verdict(template) { mock.nearly.answer($0.path) }
      #expect(nearly == .notMatched, "\(template.id), nearly")
      // A page that no request meets would prove nothing.
      let asked = Set(TemplateEngine.planned(template, on: MockTarget.host).map(\.path))
      for path in Array(mock.weak.answers.keys) + Array(mock.nearly.answers.keys) {
        #expect(asked.contains(path), "\(template.id) does not ask \(path)")
      }
      for stranger in Self.strangers {
        let verdict = MockTarget.verdict(template, stranger.answer)
        #expect(verdict == .notMatched, "\(template.id): \(stranger.name)")
      }
    }
    let ids = Set(Self.templates.map(\.id))
    for file in try FileNames.of(TemplateMock.folder) {
      #expect(ids.contains(String(file.dropLast(5))), "\(file) belongs to no template")
    }
  }

  /// Pages that are the weakness of two: the second asks for a part of what the first finds.
  private static let kin: Set<[String]> = [["ueditor-net", "ueditor-configuration"]]

  @Test("what is kin is kin: an exception that nothing needs is none")
  func kinship() throws {
    for pair in Self.kin {
      let template = try #require(TemplateLibrary.installed[pair[1]])
      let answers = try #require(try TemplateMock.pair(pair[0])).weak.answers.values
      #expect(answers.contains { answer in MockTarget.verdict(template) { _ in answer }.isMatch }, "\(pair)")
    }
  }

  @Test("none takes the weakness of another for its own, wherever that stands")
  func others() throws {
    let mocks = try Self.templates.compactMap { template in
      try TemplateMock.pair(template.id).map { (template.id, Array($0.weak.answers.values)) }
    }
    for template in Self.templates {
      for (id, answers) in mocks where id != template.id && !Self.kin.contains([id, template.id]) {
        for answer in answers {
          let verdict = MockTarget.verdict(template) { _ in answer }
          #expect(verdict == .notMatched, "\(template.id) matches the page of \(id)")
        }
      }
    }
  }

  /// Of these the head decides, which came whole: a status, or a field that is not there.
  private static let byHead: Set<String> = ["open-redirect", "cors-api", "jboss-invoker", "kibana"]

  @Test("an answer that broke off is no proof that there is nothing")
  func cut() throws {
    for template in Self.templates where !Self.byHead.contains(template.id) {
      let verdict = MockTarget.verdict(template) { _ in
        TemplateResponse(status: 200, headers: [HeaderLine("Content-Type", "text/html")], body: [], cut: "it broke off")
      }
      #expect(verdict == .notDetermined("it broke off"), "\(template.id): \(verdict)")
    }
  }

  @Test("the engine finds each on a server that has it, and on one that nearly has it says no")
  func served() throws {
    for template in Self.templates {
      guard let mock = try TemplateMock.pair(template.id) else { continue }
      for (page, answer) in [(mock.weak, Observation.Answer.yes), (mock.nearly, .no)] {
        let site = try HTTPSite { HTTPSite.Answer(page.answer($0.path)) }
        defer { site.stop() }
        let asked = try site.ask(only: [template], .intrusive)
        #expect(asked.answer(template.check.id) == answer, "\(template.id): \(asked.result.reason)")
      }
    }
  }
}
