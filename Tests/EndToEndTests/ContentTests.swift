import Foundation
import Glibc
import Testing
import Wire

extension EndToEnd {
  /// `vigil content` as an operator with a medium in the hand uses it, on a machine without a network.
  @Suite(.serialized, .timeLimit(.minutes(5)))
  struct ContentTests {
    private let office: Office

    init() async throws { office = try await Office() }

    @Test("an import that is killed at any moment leaves the old content or the new, whole")
    func killed() async throws {
      let bundles = [try await office.manyRules("one"), try await office.manyRules("two")]
      let digests = [try await office.digest(of: bundles[0]), try await office.digest(of: bundles[1])]
      let begun = Moment.now
      for bundle in bundles {
        #expect(try await office.content(["import", bundle, "--allow-older", "--changes", "0"]).status == 0)
      }
      let usual = (Moment.now - begun) / 2
      let seed = UInt64.random(in: 0 ... .max)
      var random = SeededRandom(seed: seed)
      var (old, new, ended) = (0, 0, 0)
      for round in 0..<20 {
        let before = try await office.inForce()
        let next = before == digests[0] ? 1 : 0
        let child = try office.start(["import", bundles[next], "--allow-older", "--changes", "0"])
        // By the clock, which mostly meets the reading, or at one of the few changes of the folder around the switch.
        if round % 2 == 0 {
          try await Task.sleep(for: .seconds(Double.random(in: 0...usual * 1.1, using: &random)))
        } else {
          await office.change(Int.random(in: 1...8, using: &random), of: "data/content", by: child)
        }
        if child.status != nil { ended += 1 }
        child.kill()
        let after = try await office.inForce()
        #expect(after == before || after == digests[next], "seed \(seed)")
        if after == before { old += 1 } else { new += 1 }
      }
      print(
        "figure: seed \(seed): 20 imports killed within \(String(format: "%.2f", usual * 1.1)) s (\(ended) had ended): "
          + "\(old) left the old content, \(new) the new, each whole")
      // What the deaths left behind goes with the next import.
      for bundle in bundles {
        #expect(try await office.content(["import", bundle, "--allow-older", "--changes", "0"]).status == 0)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: office.space.file("data/content"))
      #expect(names.count { $0.contains("-") } <= 4 && !names.contains("incoming"), "\(names)")
    }

    @Test("signed, by hash, older, back: what is refused changes nothing and says why") func trust() async throws {
      let first = try await office.pack("first", ["rules/a.rules": Attack.rule])
      let refusals: [(words: [String], sentence: String)] = [
        (
          ["import", try await office.pack("unsigned", ["rules/a.rules": Attack.rule], signed: false)],
          "nobody has signed this bundle"
        ),
        (
          ["import", try await office.pack("other", ["rules/a.rules": Attack.rule], key: "stranger")], "no trusted key"
        ),
        (["import", office.space.file("nothing.vigil")], "cannot read"),
        (["rollback"], "there is no earlier content to go back to"),
      ]
      for refusal in refusals {
        let answer = try await office.content(refusal.words)
        #expect(answer.status == 2 && answer.complaint.contains(refusal.sentence), "\(answer.complaint)")
      }
      #expect(try await office.inForce() == nil)
      let dry = try await office.content(["import", first, "--dry-run"])
      #expect(
        dry.status == 0 && dry.output.contains("1 rules load, 0 are refused") && dry.output.contains("+ 1:7700001"))
      #expect(try await office.inForce() == nil)
      #expect(try await office.content(["import", first]).status == 0)
      let (one, held) = (try await office.digest(of: first), try await office.inForce())
      #expect(held == one)
      // A second later, so that it is newer; then the first is older.
      try await Task.sleep(for: .milliseconds(1100))
      let second = try await office.pack("second", ["rules/a.rules": Attack.rule.replacing("rev:1", with: "rev:2")])
      let changed = try await office.content(["import", second])
      #expect(changed.output.contains("rules: 0 new, 1 changed, 0 gone"), "\(changed.output)\(changed.complaint)")
      let older = try await office.content(["import", first])
      #expect(older.status == 2 && older.complaint.contains("are older than the newest imported here"))
      #expect(try await office.content(["import", first, "--allow-older"]).status == 0)
      #expect(try await office.content(["rollback"]).status == 0)
      let (two, back) = (try await office.digest(of: second), try await office.inForce())
      #expect(back == two)
      // By hash, as the maker read it out over the telephone.
      let unsigned = office.space.file("unsigned.vigil")
      let wrong = try await office.content([
        "import", unsigned, "--allow-older", "--sha256", String(repeating: "0", count: 64),
      ])
      #expect(wrong.status == 2 && wrong.complaint.contains("not the one given"))
      let told = try await office.digest(of: unsigned)
      #expect(try await office.content(["import", unsigned, "--allow-older", "--sha256", told]).status == 0)
      // What is in force was altered by hand: told, with the file.
      let state = try await office.show()
      let folder = try #require(
        try FileManager.default.contentsOfDirectory(atPath: office.space.file("data/content"))
          .first { $0.contains(String(state.digest.prefix(16))) })
      try office.space.write("data/content/\(folder)/rules/a.rules", "# nothing\n")
      let altered = try await office.content(["show"])
      #expect(altered.status == 1 && altered.complaint.contains("rules/a.rules is not as the bundle had it"))
    }

    @Test(
      "content that its readers refuse is not put in force",
      arguments: [
        ("rules/a.rules", "alert nonsense\n", "0 rules load, 1 are refused"),
        ("posture/tree.yaml", "dimensions: []\n", "the key \"points\" is missing"),
        (
          "end-of-support/products.yaml", "products:\n  - {product: A, branches: {\"1\": never}}\n",
          "products.yaml:2:34: \"never\" is no day"
        ),
        ("templates/a.yaml", "id: a\n", "0 templates are read, 0 of them run only if allowed, 1 are left out"),
        ("trust/city.pem", "no certificate\n", "trust/city.pem holds no certificate in PEM"),
        ("grading/tls-profiles.yaml", "groups: []\nprofiles: []\n", "certificate-lifetime.yaml: cannot read"),
      ])
    func unreadable(path: String, text: String, sentence: String) async throws {
      let bundle = try await office.pack("bad", [path: text])
      let answer = try await office.content(["import", bundle])
      #expect(answer.status == 2 && answer.output.contains(sentence), "\(answer.output)\(answer.complaint)")
      #expect(answer.complaint.contains("nothing was taken over"))
      #expect(try await office.inForce() == nil)
      #expect(try await office.content(["check", bundle]).status == 1)
    }

    @Test("an end of support that a bundle brings is found by the next scan") func support() async throws {
      let site = try await Site(office.space, server: "nginx/1.99.1")
      func verdict() async throws -> String {
        let words = ["--config", office.config, "--json", "--engines", "http", "--lab", "--class", "observe"]
        let child = try Child([VigilBinary.path, "scan", site.url] + words)
        #expect(try await child.end(within: 60) == 0, "\(child.complaint)")
        return child.lines.map(\.text).first { $0.contains("http.technology.end_of_support") } ?? ""
      }
      #expect(!(try await verdict().contains("the maker's support ended")))
      let table = "products:\n  - product: nginx\n    branches: {\"1.99\": 2026-01-31}\n"
      let bundle = try await office.pack("support", ["end-of-support/products.yaml": table])
      #expect(try await office.content(["import", bundle]).status == 0)
      let found = try await verdict()
      #expect(found.contains("the maker's support ended 2026-01-31"), "\(found)")
    }

    @Test("a template that a bundle brings is asked by the next scan, in the place of the program's own")
    func template()
      async throws
    {
      let site = try await Site(office.space, server: "test")
      func scan() async throws -> String {
        let words = ["--config", office.config, "--json", "--engines", "templates", "--lab", "--class", "probe"]
        let child = try Child([VigilBinary.path, "scan", site.url] + words)
        #expect(try await child.end(within: 60) == 0, "\(child.complaint)")
        return child.output
      }
      let before = try await scan()
      #expect(before.contains("template.kubernetes_api") && !before.contains("template.office_mark"))
      let text = """
        id: office-mark
        info: {name: a mark lies open, name-zh: 标记暴露, severity: high, description: It is there., remediation: Remove it., tags: test}
        http:
          - method: GET
            path: ['{{BaseURL}}/marked.txt']
            matchers:
              - {type: word, words: [bundle-mark-77]}

        """
      let bundle = try await office.pack("templates", ["templates/test/office-mark.yaml": text])
      let imported = try await office.content(["import", bundle])
      #expect(imported.status == 0, "\(imported.output)\(imported.complaint)")
      let after = try await scan()
      #expect(after.contains("template.office_mark") && after.contains("marked.txt"), "\(after)")
      #expect(!after.contains("template.kubernetes_api"))
    }

    @Test("keys, as openssl has them") func keys() async throws {
      let text = try await run(["openssl", "pkey", "-in", office.space.file("maker"), "-noout", "-text"])
      #expect(text.contains("ED25519 Private-Key"))
      let again = try await vigil("content", "key", office.space.file("maker"))
      #expect(again.status == 2 && again.complaint.contains("exists already"))
    }

    /// A page with a Server header.
    private final class Site: Sendable {
      let url: String
      private let child: Child
      init(_ space: Workspace, server: String) async throws {
        let program = """
          import http.server, sys
          class Handler(http.server.BaseHTTPRequestHandler):
              def version_string(self): return sys.argv[1]
              def do_GET(self):
                  bodies = {'/': b'<title>test</title>', '/marked.txt': b'bundle-mark-77'}
                  self.send_response(200 if self.path in bodies else 404)
                  self.send_header('Content-Type', 'text/html'); self.end_headers()
                  self.wfile.write(bodies.get(self.path, b'not here'))
              do_HEAD = do_GET
              def log_message(self, *words): pass
          server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
          print(server.server_address[1], flush=True)
          server.serve_forever()
          """
        let child = try Child(["python3", "-c", program, server])
        try await require("the site's port", within: 20) { !child.output.isEmpty }
        self.child = child
        url = "http://127.0.0.1:\(child.output)/"
      }
    }
  }

  /// A whole watch that takes over what is imported while it runs.
  @Suite(.serialized, .enabled(if: Network.works, Comment(rawValue: Network.reason)), .timeLimit(.minutes(5)))
  struct ContentWatchTests {
    @Test("a running watch takes new rules and indicators, tells their age, audits who did it, and goes back")
    func running() async throws {
      let watch = try await RunningWatch(
        more: "scan: {enabled: yes}\ncontent: {keys: [maker.pub], staleDays: 1}\n", rules: nil)
      let office = try await Office(watch.space, config: watch.config)
      let scanner = try #require(watch.pid(of: "scanner"))
      let shipped = try await watch.api("/v1/health")
      #expect(shipped.contains("content is older than 1 days: network rules "), "\(shipped)")
      let tree = try office.shippedPosture(renaming: "Rules/posture/web/server.yaml")
      let others = ["rules/e2e.rules": Attack.rule, "end-of-support/products.yaml": "products: []\n"]
      let bundle = try await office.pack("new", tree.files.merging(others) { $1 })
      let tail = try watch.tail()
      let stream = AttackStream(watch.link)
      defer { stream.stop() }
      let answer = try await watch.ask(["content", "import", bundle])
      #expect(
        answer.status == 0 && answer.output.contains("the hub takes it over"), "\(answer.output)\(answer.complaint)")
      try await require("an alert of the new rule", within: 60) { !tail.times.isEmpty }
      try await require("the new indicator", within: 20) {
        try await watch.ask(["posture", "indicators", "--json"]).output.contains(tree.title)
      }
      try await require("a new scanner", within: 60) { watch.pid(of: "scanner") != scanner }
      try await require("nobody behind", within: 60) {
        let report = try await watch.report()
        return report.serial == 1 && report.behind == 0
      }
      let report = try await watch.report()
      #expect(report.versions["rules"] == "new" && report.versions["posture"] == "new")
      #expect((report.ages["rules"] ?? .infinity) < 300)
      #expect(!(try await watch.api("/v1/health").contains("network rules ")))
      let shown = try await watch.ask(["content", "show"])
      #expect(shown.status == 0 && shown.output.contains("new.vigil"), "\(shown.output)")
      // Back: the sensor has the program's own rules again.
      #expect(try await watch.ask(["content", "rollback"]).status == 0)
      try await require("the program's own rules", within: 60) {
        let sensors = try await watch.api("/v1/sensors")
        return sensors.contains("\"content\":\"\"") && !sensors.contains("\"rulesLoaded\":1,")
      }
      let audit = try await watch.api("/v1/audit")
      #expect(
        audit.contains("\"act\":\"content import\"") && audit.contains("\"act\":\"content rollback\""), "\(audit)")
      #expect(audit.components(separatedBy: "\"subject\":\"content\"").count == 3, "each switch once: \(audit)")
      // A hub that dies audits nothing twice, and goes on with what comes next.
      _ = try await watch.murder("hub")
      #expect(try await watch.ask(["content", "import", bundle]).status == 0)
      try await require("the hub again", within: 30) { (try? await watch.report().serial) == 3 }
      let again = try await watch.api("/v1/audit")
      #expect(again.components(separatedBy: "\"subject\":\"content\"").count == 4, "each switch once: \(again)")
      _ = try await watch.stop()
    }
  }
}
