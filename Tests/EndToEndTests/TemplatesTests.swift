import Foundation
import Testing

extension EndToEnd {
  /// `vigil templates`, and templates by `vigil scan`, as a person brings their own.
  @Suite(.serialized, .timeLimit(.minutes(4)))
  struct TemplatesTests {
    private let space: Workspace

    init() throws { space = try Workspace() }

    private func vigil(_ words: [String]) async throws -> Answer {
      let alone = [
        "HOME": space.path, "XDG_CONFIG_HOME": space.path, "XDG_STATE_HOME": space.path, "VIGIL_PROXY": "",
        "VIGIL_SOCKET": space.file("no-hub"),
      ]
      let child = try Child([VigilBinary.path] + words, environment: alone)
      return Answer(status: try await child.end(within: 60), output: child.output, complaint: child.complaint)
    }

    private func objects(_ text: String) -> [[String: Any]] {
      text.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }

    private func template(_ id: String, method: String = "GET") -> String {
      """
      id: \(id)
      info: {name: the secret page is there, name-zh: 秘密页面存在, author: us, severity: high}
      http:
        - method: \(method)
          path: ["{{BaseURL}}/secret.html"]
          matchers: [{type: word, words: [the secret]}]

      """
    }

    @Test("the list has every template, and a template is shown with what it would ask") func list() async throws {
      let all = objects(try await vigil(["templates", "--json"]).output)
      #expect(all.count >= 40 && all.allSatisfy { ($0["refusals"] as? [String])?.isEmpty == true })
      let engine = objects(try await vigil(["engines", "--json"]).output).first { $0["name"] as? String == "templates" }
      let usual = all.filter { $0["deep"] as? Bool == false }
      #expect((30...60).contains(usual.count) && usual.count < all.count)
      #expect(engine?["checks"] as? Int == usual.count)
      // A minute at a site, as the http engine: what is looked at every few minutes must not wait for more.
      #expect(usual.compactMap { $0["requests"] as? Int }.reduce(0, +) <= 60)
      let shown = try await vigil(["templates", "show", "nacos-users"])
      #expect(shown.output.contains("asks GET /nacos/v1/auth/users?pageNo=1&pageSize=1&search=accurate"))
      let other = try await vigil(["templates", "show", "nacos-user"])
      #expect(other.status == 2 && other.complaint.contains("did you mean nacos-users?"), "\(other.complaint)")
    }

    @Test("a folder is checked: what is wrong with its place, what is refused with its reason") func check()
      async throws
    {
      try FileManager.default.createDirectory(atPath: space.file("own/deep"), withIntermediateDirectories: true)
      try space.write("own/good.yaml", template("own-good"))
      try space.write("own/deep/post.yaml", template("own-post", method: "POST"))
      let fine = try await vigil(["templates", "check", space.file("own")])
      #expect(fine.status == 0 && fine.output.contains("2 templates are read, 1 of them refused; 0 cannot be read"))
      #expect(fine.output.contains("deep/post.yaml:") && fine.output.contains("POST may change what is on the site"))
      try space.write("own/bad.yaml", "id: own-bad\ninfo: {name: n, severity: grave}\nhttp: []\n")
      try space.write("own/same.yaml", template("own-good"))
      let bad = try await vigil(["templates", "check", space.file("own")])
      #expect(bad.status == 2)
      #expect(bad.output.contains("own/bad.yaml:2:27: "), "\(bad.output)")
      #expect(bad.output.contains("the id own-good is taken by"), "\(bad.output)")
      let missing = try await vigil(["templates", "check", space.file("nowhere")])
      #expect(missing.status == 2 && missing.output.contains("nowhere"), "\(missing.output)")
    }

    @Test("a scan runs templates of one's own alone, beside the others by the configuration, and refused ones by name")
    func scan() async throws {
      let program = """
        import http.server
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                found = self.path in ('/', '/secret.html')
                body = b'the secret' if self.path == '/secret.html' else b'home' if found else b'none'
                self.send_response(200 if found else 404)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_POST = do_GET
            def log_message(self, *words): pass
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
      let site = try Child(["python3", "-c", program])
      defer { site.kill() }
      try await require("the site's port", within: 20) { !site.output.isEmpty }
      let url = "http://127.0.0.1:\(site.output)/"
      try FileManager.default.createDirectory(atPath: space.file("own"), withIntermediateDirectories: true)
      try space.write("own/good.yaml", template("own-good"))
      try space.write("own/post.yaml", template("own-post", method: "POST"))
      try FileManager.default.createDirectory(atPath: space.file("rare"), withIntermediateDirectories: true)
      try space.write("rare/rare.yaml", template("own-rare").replacing("author: us", with: "author: us, tags: deep"))

      func found(_ words: [String]) async throws -> [String] {
        let answer = try await vigil(["scan", url, "--engines", "templates", "--lab", "--json"] + words)
        #expect(answer.status == 0, "\(answer.complaint)")
        return objects(answer.output).filter {
          $0["type"] as? String == "observation" && $0["answer"] as? String == "yes"
        }.compactMap { $0["check"] as? String }.sorted()
      }
      let own = ["--templates", space.file("own"), "--class", "intrusive"]
      #expect(try await found(own) == ["template.own_good"])
      #expect(try await found(own + ["--allow-template", "own-post"]) == ["template.own_good", "template.own_post"])
      let config = try space.write(
        "vigil.yaml", "data: \(space.file("d"))\nscan: {templates: {folder: own, allow: [own-post]}}\n")
      #expect(
        try await found(["--config", config, "--class", "intrusive"]) == ["template.own_good", "template.own_post"])
      let rare = try space.write("rare.yaml", "data: \(space.file("d"))\nscan: {templates: {folder: rare}}\n")
      #expect(try await found(["--config", rare]) == [])
      #expect(try await found(["--config", rare, "--deep"]) == ["template.own_rare"])
      let wrong = try await vigil(["scan", url, "--engines", "http", "--templates", space.file("own")])
      #expect(wrong.status == 2 && wrong.complaint.contains("--templates is for the templates engine"))
      let unknown = try await vigil(["scan", url, "--allow-template", "own-pots"] + own)
      #expect(unknown.status == 2 && unknown.complaint.contains("did you mean own-post?"), "\(unknown.complaint)")
    }
  }
}
