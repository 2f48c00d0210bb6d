import Foundation
import Testing

extension EndToEnd {
  /// `vigil scan` as a person or a build server runs it: on loopback, without a hub, in a folder of its own.
  @Suite(.serialized, .timeLimit(.minutes(4)))
  struct ScanCommandTests {
    /// A site whose answers have the lines of a file, read anew for each.
    private struct Site {
      let child: Child
      let url: String
      let port: String

      init(_ space: Workspace) async throws {
        try space.write("heads", "Server: test\n")
        let program = """
          import http.server, sys, time
          class Handler(http.server.BaseHTTPRequestHandler):
              def version_string(self): return ''
              def do_GET(self):
                  lines = [line.strip().split(': ', 1) for line in open(sys.argv[1])]
                  time.sleep(sum(float(value) for name, value in lines if name == 'Delay'))
                  self.send_response_only(200)
                  for name, value in lines: self.send_header(name, value)
                  self.send_header('Content-Type', 'text/html')
                  self.end_headers()
                  self.wfile.write(b'<title>test</title>')
              do_HEAD = do_GET
              def log_message(self, *words): pass
          server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
          print(server.server_address[1], flush=True)
          server.serve_forever()
          """
        let child = try Child(["python3", "-c", program, space.file("heads")])
        try await require("the site's port", within: 20) { !child.output.isEmpty }
        self.child = child
        port = child.output
        url = "http://127.0.0.1:\(port)/"
      }
    }

    private let space: Workspace

    init() throws { space = try Workspace() }

    /// No configuration, hub or proxy of whoever runs the tests.
    private var alone: [String: String] {
      [
        "HOME": space.path, "XDG_CONFIG_HOME": space.path, "XDG_STATE_HOME": space.path,
        "VIGIL_SOCKET": space.file("no-hub"), "VIGIL_PROXY": "", "TERM": "xterm",
      ]
    }

    private func scan(_ words: [String], input: String? = nil, _ more: [String: String] = [:]) async throws -> Answer {
      let environment = alone.merging(more) { $1 }
      let child = try Child([VigilBinary.path, "scan"] + words, environment: environment, input: input)
      return Answer(status: try await child.end(within: 60), output: child.output, complaint: child.complaint)
    }

    @Test("every line of --json is as Documentation/schema/scan.json says, and each has one of its types") func schema()
      async throws
    {
      let (schema, site, file) = (try ScanCommandSchema(), try await Site(space), space.file("base.json"))
      let words = ["--json", "--lab", "--engines", "http,tls", "--baseline", file]
      let whole = try await scan([site.url, "https://127.0.0.1:1", "https://nowhere.localhost:1"] + words)
      #expect(whole.status == 0, "\(whole.complaint)")
      #expect(whole.complaint.isEmpty, "progress is for terminals: \(whole.complaint)")
      try space.write("heads", "Server: test/1.2\nContent-Security-Policy: default-src 'self'\n")
      let changed = try await scan([site.url] + words + ["--diff"])
      var seen: Set<String> = []
      for line in (whole.output + "\n" + changed.output).split(separator: "\n") {
        #expect(schema.faults(in: String(line)) == [], "\(line)")
        seen.insert(try #require(type(of: String(line))))
      }
      #expect(schema.types.subtracting(seen) == ["difference"], "this needs a name with two addresses")
      #expect(
        type(of: whole.output.lines.first ?? "") == "scan" && type(of: whole.output.lines.last ?? "") == "summary")
      #expect(changed.output.lines.contains { $0.contains("\"change\":\"gone\"") && $0.contains("http.csp.missing") })
      #expect(changed.output.lines.contains { $0.contains("\"change\":\"new\"") && $0.contains("version_leak") })
    }

    private func type(of line: String) -> String? {
      (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["type"] as? String
    }

    @Test("the validator of these tests can fail") func validator() throws {
      let schema = try ScanCommandSchema()
      let fact = "\"type\":\"fact\",\"target\":\"t\",\"engine\":\"e\",\"name\":\"n\""
      #expect(schema.faults(in: "{\(fact),\"value\":\"v\"}") == [])
      #expect(schema.faults(in: "{\(fact)}") == ["fact.value is missing"])
      #expect(schema.faults(in: "{\(fact),\"value\":1}") == ["fact.value is no string"])
      #expect(schema.faults(in: "{\(fact),\"value\":\"v\",\"x\":1}") == ["fact.x is not in the schema"])
      #expect(schema.faults(in: "{\"type\":\"fiction\"}") == ["0 schemas fit a line of type \"fiction\""])
      #expect(schema.faults(in: "[]") == ["no JSON object: []"])
    }

    @Test("the table has the target, its address, the engines, what was found, and what was not and why") func table()
      async throws
    {
      let site = try await Site(space)
      let found = try await scan([site.url, "--engines", "http", "--lab", "--class", "observe"])
      #expect(found.status == 0, "\(found.complaint)")
      #expect(found.output.lines.first == "\(site.url)  127.0.0.1")
      #expect(found.output.contains("  http completed") || found.output.contains("  http partial"), "\(found.output)")
      #expect(
        found.output.lines.contains {
          $0.hasPrefix("  L  http.csp.missing") && $0.hasSuffix("Content-Security-Policy is missing")
        },
        "\(found.output)")
      #expect(found.output.lines.last?.hasPrefix("1 target, ") == true)
      let chinese = try await scan([site.url, "--engines", "http", "--lab", "--lang", "zh", "--facts"])
      #expect(chinese.output.contains("缺少内容安全策略（CSP）"), "\(chinese.output)")
      #expect(chinese.output.contains("  .  http status: 200"), "\(chinese.output)")
      let closed = try await scan(["https://127.0.0.1:1", "--engines", "certificate"])
      #expect(closed.status == 0)
      #expect(closed.output.contains("not determined: connection refused (certificate."), "\(closed.output)")
    }

    @Test("a baseline is made, compared and renewed; --fail-on with --diff counts what is new") func baseline()
      async throws
    {
      let (site, file) = (try await Site(space), space.file("base.json"))
      let words = [site.url, "--engines", "http", "--lab", "--class", "observe", "--baseline", file]
      let first = try await scan(words + ["--diff", "--fail-on", "low"])
      #expect(first.status == 1, "without a baseline all is new")
      let kept = space.text("base.json")
      #expect(kept.contains("http.csp.missing"))
      let same = try await scan(words + ["--diff", "--fail-on", "info"])
      #expect(same.status == 0, "\(same.output)")
      #expect(same.output.hasPrefix("1 target, 0 new, 0 back, 0 changed, 0 gone, "), "\(same.output)")
      try space.write("heads", "Server: test/1.2\nX-Content-Type-Options: nosniff\n")
      let worse = try await scan(words + ["--diff", "--fail-on", "low"])
      #expect(worse.status == 1)
      #expect(worse.output.lines.contains { $0.hasPrefix("  new      L  http.version_leak.server") }, "\(worse.output)")
      #expect(
        worse.output.lines.contains { $0.hasPrefix("  gone     L  http.content_type_options.missing") },
        "\(worse.output)")
      #expect(space.text("base.json") == kept, "--diff leaves the baseline as it is")
      #expect(try await scan(words).status == 0)
      try space.write("heads", "Server: test/1.2\n")
      let back = try await scan(words + ["--diff", "--fail-on", "low"])
      #expect(back.status == 1)
      #expect(
        back.output.lines.contains { $0.hasPrefix("  back     L  http.content_type_options.missing") }, "\(back.output)"
      )
      try space.write("base.json", String(kept.prefix(kept.count / 2)))
      let damaged = try await scan(words)
      #expect(damaged.status == 2)
      #expect(
        damaged.complaint
          == "vigil: \(file): the file is no baseline of vigil scan, or it is cut off; "
          + "name a file that --baseline wrote, or move this one away")
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
      var words: [String]
      var sentence: String
      var testDescription: String { words.joined(separator: " ") }
      init(_ words: String, _ sentence: String) {
        (self.words, self.sentence) = (words.split(separator: " ").map(String.init), sentence)
      }
    }

    static let mistakes: [Mistake] = [
      Mistake("", "no target is named; write vigil scan https://host"),
      Mistake(
        "https://192.0.2.1",
        "https://192.0.2.1/: no valid authorisation of the inventory covers this target; "
          + "add one to the inventory, or say by whose word with --authorised-by"),
      Mistake(
        "https://city.test --ip 192.0.2.1",
        "https://city.test/: no valid authorisation of the inventory covers this target at 192.0.2.1; "
          + "add one to the inventory, or say by whose word with --authorised-by"),
      Mistake(
        "https://127.0.0.1 https://192.0.2.1 --lab",
        "https://192.0.2.1/: --lab lifts the pace and is for loopback only; this target is not on loopback; "
          + "leave --lab away"),
      Mistake(
        "https://127.0.0.1 -6",
        "127.0.0.1: the address is not IPv6, which alone was asked for; leave -6 away"),
      Mistake(
        "ftp://127.0.0.1", "ftp://127.0.0.1: the scheme \"ftp\" is not http or https; write https://host:port/path"),
      Mistake(
        "127.0.0.1 --starttls smtp --engines http",
        "the http engine does not go with --starttls smtp; leave one of them away"),
      Mistake(
        "127.0.0.1 --engines tls --ports 22",
        "--ports is for the ports engine, which this scan does not use; leave --ports away, or add ports to --engines"),
      Mistake(
        "127.0.0.1 --engines tls --pages 3",
        "--pages is for the content engine, which this scan does not use; "
          + "leave --pages away, or add content to --engines"),
      Mistake(
        "http://127.0.0.1 --engines tls", "http://127.0.0.1/: no engine of tls asks such a target; see vigil engines"),
      Mistake(
        "127.0.0.1 --proxy socks4://watch:geheim@127.0.0.1",
        "--proxy: a proxy begins with http:// or socks5://; "
          + "write http://host:port or socks5://user:password@host:port"),
      Mistake(
        "127.0.0.1 --ca /nowhere.pem",
        "/nowhere.pem: the trusted roots cannot be read: no such file or directory; name a file in PEM"),
      Mistake(
        "127.0.0.1 --ca system --ca city=/etc/hostname",
        "/etc/hostname: the file holds no certificate in PEM; name a file in PEM"),
      Mistake(
        "127.0.0.1 --baseline /tmp",
        "/tmp: the baseline is no ordinary file; name a file that --baseline wrote"),
      Mistake(
        "--targets-file /nowhere.txt",
        "/nowhere.txt: the targets cannot be read: no such file or directory; "
          + "name a file with a target a line, or - for standard input"
      ),
    ]

    @Test("a mistake is one sentence with a hint, and status 2", arguments: mistakes)
    func mistake(_ mistake: Mistake) async throws {
      let answer = try await scan(mistake.words)
      #expect(answer.status == 2)
      #expect(answer.complaint == "vigil: " + mistake.sentence)
      #expect(answer.output.isEmpty)
    }

    @Test(
      "options that exclude each other are told",
      arguments: [
        ("-4 -6", "give -4 or -6, not both; without either both are used"),
        ("--ip 127.0.0.1 --all-addresses", "give --ip or --all-addresses, not both"),
        ("--diff", "--diff needs --baseline FILE: what to compare with"),
        ("--pages 0", "--pages is 1 to 10000, not 0"),
        ("--ip city.test", "it is no IPv4 or IPv6 address"),
      ])
    func excluded(words: String, sentence: String) async throws {
      let answer = try await scan(["127.0.0.1"] + words.split(separator: " ").map(String.init))
      #expect(answer.status == 2)
      #expect(answer.complaint.contains(sentence), "\(answer.complaint)")
    }

    @Test("targets come from a file or from standard input, a target a line; a wrong line is named") func files()
      async throws
    {
      let site = try await Site(space)
      let list = try space.write("targets", "# our own\n\n  \(site.url)  # the one\n\(site.url)\n")
      let read = try await scan(["--targets-file", list, "--engines", "http", "--lab", "--class", "observe"])
      #expect(read.output.lines.last?.hasPrefix("1 target, ") == true, "\(read.output) \(read.complaint)")
      let piped = try await scan(
        ["--targets-file", "-", "--engines", "http", "--lab", "--class", "observe"], input: list)
      #expect(piped.status == 0 && piped.output.lines.first == read.output.lines.first)
      try space.write("targets", "\(site.url)\nhttps://a b\n")
      let wrong = try await scan(["--targets-file", list])
      #expect(
        wrong.complaint
          == "vigil: \(list):2: https://a b: the address has a space or a control character in it; "
          + "write https://host:port/path")
      try space.write("targets", "https://a.example 192.0.2.1\n")
      let far = try await scan(["--targets-file", list])
      #expect(
        far.complaint
          == "vigil: \(list):1: an address behind a target must be a loopback address; "
          + "leave it away, or give another address with --ip")
    }

    @Test("the credentials of a proxy are in nothing that is printed or written") func secret() async throws {
      let secret = "geheim-7731"
      let file = space.file("base.json")
      for (words, variables) in [
        (["--proxy", "socks5://watch:\(secret)@127.0.0.1:1"], [:]),
        ([], ["VIGIL_PROXY": "http://watch:\(secret)@127.0.0.1:1"]),
      ] as [([String], [String: String])] {
        for more in [["--json"], ["--facts"]] {
          let answer = try await scan(
            ["https://127.0.0.1:2", "--engines", "tls,http", "--lab", "--baseline", file] + more + words, variables)
          #expect(answer.status == 0, "\(answer.complaint)")
          #expect(answer.output.contains("127.0.0.1:1 did not open the way: connection refused"), "\(answer.output)")
          if more == ["--json"] { #expect(answer.output.contains("\"source\":\"network\"")) }
          for text in [answer.output, answer.complaint, space.text("base.json")] {
            #expect(!text.contains(secret) && !text.contains(Data("watch:\(secret)".utf8).base64EncodedString()))
          }
        }
      }
    }

    @Test("Documentation/scan.md has every option of vigil scan") func manual() async throws {
      let help = try await scan(["--help"])
      let page = try String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
          .deletingLastPathComponent().appending(path: "Documentation/scan.md"), encoding: .utf8)
      let options = help.output.split(separator: "\n").filter { $0.hasPrefix("  -") }
        .flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("--") }.map { $0.trimmingCharacters(in: [","]) }
      #expect(options.count > 25, "\(help.output)")
      for option in options where !["--help", "--version"].contains(option) {
        #expect(page.contains("`\(option)`") || page.contains("`\(option) "), "\(option)")
      }
    }

    @Test("STARTTLS has the ports of its protocols; the names of targets say so") func startTLS() async throws {
      let answer = try await scan(
        ["127.0.0.1", "[::1]:1", "--starttls", "pop3", "--engines", "certificate", "--lab", "--json"])
      #expect(answer.status == 0, "\(answer.complaint)")
      #expect(answer.output.contains("\"target\":\"pop3://127.0.0.1:110\""), "\(answer.output)")
      #expect(answer.output.contains("\"target\":\"pop3://[::1]:1\""))
    }

    @Test("a signal ends the scan, which says what it saw and writes no baseline") func interrupted() async throws {
      let site = try await Site(space)
      try space.write("heads", "Server: test\nDelay: 20\n")
      let child = try Child(
        [VigilBinary.path, "scan", site.url, "--engines", "http", "--baseline", space.file("base.json")],
        environment: alone)
      let port = String(try #require(Int(site.port)), radix: 16, uppercase: true)
      try await require("a connection", within: 60) {
        // To its end: as long as the machine has connections, and without a size.
        let bytes = try FileHandle(forReadingFrom: URL(filePath: "/proc/net/tcp")).readToEnd() ?? Data()
        let table = String(decoding: bytes, as: UTF8.self)
        return table.split(separator: "\n").contains { $0.contains("0100007F:\(port) 01 ") }
      }
      child.send(SIGINT)
      #expect(try await child.end(within: 15) == 2)
      #expect(child.output.contains("http stopped"), "\(child.output)")
      #expect(child.complaint == "vigil: the scan was stopped before its end; no baseline was written")
      #expect(space.text("base.json").isEmpty)
    }
  }
}

extension String {
  fileprivate var lines: [String] { split(separator: "\n").map(String.init) }
}
