import Records
import Testing

@testable import Engines

@Suite(.serialized) struct HTTPProbeTests {
  typealias Answer = HTTPSite.Answer
  static let home = Answer("<html><body>news</body></html>", head: "Content-Type: text/html\r\n")

  struct Case: Sendable, CustomTestStringConvertible {
    var path: String
    var check: String
    var real: [UInt8]
    /// Nearly the same, and not it.
    var nearly: [UInt8]
    var testDescription: String { path }

    init(_ path: String, _ check: String, _ real: String, _ nearly: String) {
      (self.path, self.check, self.real, self.nearly) = (
        path, "http.exposed." + check, Array(real.utf8), Array(nearly.utf8)
      )
    }
    init(_ path: String, _ check: String, bytes: [UInt8], _ nearly: String) {
      (self.path, self.check, real, self.nearly) = (path, "http.exposed." + check, bytes, Array(nearly.utf8))
    }
  }

  static let key = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nhunter2\n"
  static let zip: [UInt8] = [0x50, 0x4b, 3, 4, 20, 0, 0, 0]

  static let cases: [Case] = [
    Case("/.git/HEAD", "git", "ref: refs/heads/main\n", "<html>ref: refs/heads/main</html>"),
    Case("/.git/config", "git", "[core]\n\trepositoryformatversion = 0\n", "[core]\nname = x\n"),
    Case("/.env", "env", "APP_ENV=prod\nDB_PASSWORD=hunter2\n", "DB_PASSWORD is a variable\nof ours"),
    Case("/.svn/wc.db", "svn", "SQLite format 3\0rest", "SQLite format 4"),
    Case("/.svn/entries", "svn", "12\n", "1200\n"),
    Case("/.hg/requires", "hg", "dotencode\nrevlogv1\n", "<p>revlogv1</p>"),
    Case("/id_rsa", "private_key", key, "<pre>\(key)</pre>"),
    Case("/.ssh/id_rsa", "private_key", key, "-----BEGIN CERTIFICATE-----\n"),
    Case("/server.key", "private_key", key, "-----BEGIN PUBLIC KEY-----\n"),
    Case("/.aws/credentials", "credentials", "[default]\naws_access_key_id = hunter2\n", "[default]\nregion = x\n"),
    Case("/.htpasswd", "credentials", "admin:$apr1$hunter2$abcdefgh\n", "time: $apr1$\n"),
    Case("/backup.sql", "sql_dump", "-- MySQL dump 10.13\n", "-- a note\n"),
    Case("/dump.sql", "sql_dump", "-- PostgreSQL database dump\n", "<p>-- PostgreSQL database dump</p>"),
    Case("/database.sql", "sql_dump", "CREATE TABLE `users` (\n", "create a table\n"),
    Case("/db.sql", "sql_dump", "INSERT INTO a VALUES (1);\n", "select 1;\n"),
    Case("/backup.zip", "backup", bytes: zip, "PK is a brand"),
    Case("/www.zip", "backup", bytes: zip, "<html>PK</html>"),
    Case("/wwwroot.rar", "backup", "Rar!\u{1a}\u{7}\0", "Rare!"),
    Case("/web.zip", "backup", bytes: zip, ""),
    Case("/backup.tar.gz", "backup", bytes: [0x1f, 0x8b, 8, 0], "gz"),
    Case("/www.tar.gz", "backup", bytes: [0x1f, 0x8b, 8, 0], "\u{1f}"),
    Case("/wp-config.php.bak", "config_backup", "<?php define('DB_PASSWORD','hunter2');", "<p>define('DB_'</p>"),
    Case("/config.php.bak", "config_backup", "<?php $db_host='x';", "<?php echo 1;"),
    Case(
      "/web.config.bak", "config_backup", "<?xml?><configuration><system.webServer/></configuration>",
      "<configuration/>"
    ),
    Case("/WEB-INF/web.xml", "config_backup", "<?xml version=\"1.0\"?><web-app></web-app>", "<web-page/>"),
    Case("/actuator/env", "actuator", "{\"propertySources\":[]}", "<p>\"propertySources\"</p>"),
    Case("/actuator", "actuator", "{\"_links\":{\"self\":{\"href\":\"http://x/actuator/env\"}}}", "{\"_links\":{}}"),
    Case("/druid/index.html", "druid", "<title>Druid Stat Index</title>", "<title>Druids</title>"),
    Case("/phpinfo.php", "phpinfo", "<title>PHP 8.1.2 - phpinfo()</title>", "<p>call phpinfo()</p>"),
    Case("/info.php", "phpinfo", "<title>phpinfo()</title>", "<title>info</title>"),
    Case(
      "/server-status", "server_status", "<h1>Apache Server Status for x</h1><dt>Server uptime: 1</dt>",
      "<h1>Apache Server Status for all</h1>"),
    Case(
      "/nginx_status", "server_status", "Active connections: 1 \nserver accepts handled requests\n",
      "Active connections: 1"
    ),
    Case("/trace.axd", "trace", "<title>Application Trace</title>Requests to this Application", "<title>Trace</title>"),
    Case(
      "/elmah.axd", "trace", "Error Log for ROOT Powered by <a href=\"http://elmah.github.io\">", "Error Log for you"),
    Case("/storage/logs/laravel.log", "log", "[2026-01-01 00:00:00] production.ERROR: x", "[2026] a year"),
    Case("/wp-content/debug.log", "log", "[01-Jan-2026] PHP Warning: x", "PHP Warning: a page"),
    Case("/.bash_history", "history", "whoami\ncd /srv\nsudo -i\n", "<p>\ncd \nsudo </p>"),
    Case("/.vscode/sftp.json", "editor", "{\"host\":\"a\",\"username\":\"b\"}", "{\"host\":\"a\"}"),
    Case(
      "/.idea/workspace.xml", "editor", "<project version=\"4\"><component name=\"A\"/></project>", "<project/>"),
    Case("/.DS_Store", "ds_store", bytes: [0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31], "Bud1"),
    Case("/composer.lock", "packages", "{\"content-hash\":\"1\"}", "{\"hash\":1}"),
    Case("/package.json", "packages", "{\"name\":\"a\",\"dependencies\":{}}", "{\"name\":\"a\"}"),
    Case("/docker-compose.yml", "containers", "services:\n  a:\n    image: b\n", "services: ours\n"),
    Case("/Dockerfile", "containers", "FROM debian\nRUN true\n", "From us\nto you\n"),
    Case("/v2/api-docs", "api_description", "{\"swagger\":\"2.0\"}", "{\"a\":1}"),
    Case("/v3/api-docs", "api_description", "{\"openapi\":\"3.0.1\"}", "<p>\"openapi\"</p>"),
  ]

  @Test("every kind of file has its case") func complete() {
    #expect(
      Self.cases.map(\.path)
        == ExposedFiles.all.map(\.path).sorted { a, b in
          (Self.cases.firstIndex { $0.path == a } ?? 999) < (Self.cases.firstIndex { $0.path == b } ?? 999)
        })
    #expect(Set(ExposedFiles.all.map(\.check)) == Set(ExposedFiles.checks.map(\.id)))
  }

  @Test("a file is told by its content, and what nearly is one is not", arguments: cases) func mark(file: Case) throws {
    let known = try #require(ExposedFiles.all.first { $0.path == file.path })
    #expect(known.check == file.check)
    #expect(known.matches(file.real))
    #expect(!known.matches(file.nearly))
    for count in 0..<min(file.real.count, 3) { #expect(!known.matches(Array(file.real.prefix(count)))) }
  }

  @Test("all files of a careless site are found, from one connection, and no secret is quoted") func careless() throws {
    var files = Dictionary(uniqueKeysWithValues: Self.cases.map { ($0.path, Answer(bytes: $0.real)) })
    files["/"] = Self.home
    let site = try HTTPSite.files(files)
    defer { site.stop() }
    let asked = try site.ask()
    for check in ExposedFiles.checks { #expect(asked.answer(check.id) == .yes, "\(check.id)") }
    #expect(asked.evidence("http.exposed.env") == "/.env: a file of environment variables, 33 bytes")
    #expect(!asked.result.answers.contains { "\($0)".contains("hunter2") })
    #expect(site.server.connections == 1)
  }

  @Test("a site that has none of them is whole, and each path was asked once") func careful() throws {
    var files = Dictionary(uniqueKeysWithValues: Self.cases.map { ($0.path, Answer(bytes: $0.nearly)) })
    files["/"] = Self.home
    let site = try HTTPSite.files(files)
    defer { site.stop() }
    let asked = try site.ask()
    for check in ExposedFiles.checks { #expect(asked.answer(check.id) == .no, "\(check.id)") }
    #expect(site.paths.count == Set(site.paths).count + 4)
  }

  @Test("a server that gives every path the same is believed in nothing") func soft() throws {
    let site = try HTTPSite { $0.path == "/" ? Self.home : Answer("ref: refs/heads/main\n") }
    defer { site.stop() }
    let asked = try site.ask()
    #expect(asked.isOpen("http.exposed.git"))
    #expect(asked.answer("http.exposed.env") == .no)
    let catchAll = try HTTPSite { _ in Self.home }
    defer { catchAll.stop() }
    let plain = try catchAll.ask()
    for check in ExposedFiles.checks { #expect(plain.answer(check.id) == .no, "\(check.id)") }
  }

  @Test("what a firewall hides is not determined, and it is soon left alone") func firewall() throws {
    for answer in [
      Answer("<p>您的访问被拦截</p>", status: "403 Forbidden"), Answer("", status: "429 Too Many Requests"),
      Answer("The requested URL was rejected. Please consult with your administrator."),
      Answer("", status: "503 Service Unavailable"),
    ] {
      let site = try HTTPSite { $0.path == "/" && !$0.text.contains("Origin:") ? Self.home : answer }
      defer { site.stop() }
      let asked = try site.ask()
      for check in ExposedFiles.checks { #expect(asked.isOpen(check.id), "\(check.id)") }
      #expect(asked.isOpen("http.cors.any_origin") && asked.isOpen("http.directory_listing"))
      #expect(site.requests.count < 10)
      #expect(asked.result.status == .partial)
    }
  }

  @Test("a refusal counts as absent where every path of the shape is refused, and nowhere else") func refused() throws {
    let denied = Answer("no", status: "403 Forbidden")
    let gone = Answer("<h1>gone</h1>", status: "404 Not Found")
    let rule = try HTTPSite { $0.path == "/" ? Self.home : $0.path.contains("/.") ? denied : gone }
    defer { rule.stop() }
    let byRule = try rule.ask()
    for check in ExposedFiles.checks { #expect(byRule.answer(check.id) == .no, "\(check.id)") }
    let one = try HTTPSite { $0.path == "/" ? Self.home : $0.path == "/.env" ? denied : gone }
    defer { one.stop() }
    let alone = try one.ask()
    #expect(
      alone.answer("http.exposed.env") == .notDetermined(reason: "refused (403), unlike paths beside it"))
    #expect(alone.answer("http.exposed.git") == .no)
    let all = try HTTPSite { $0.path == "/" ? Self.home : denied }
    defer { all.stop() }
    let everywhere = try all.ask()
    for check in ExposedFiles.checks {
      #expect(everywhere.answer(check.id) == .notDetermined(reason: "refused (403), as every path is"), "\(check.id)")
    }
  }

  @Test("observing asks for nothing but the page") func observed() throws {
    let site = try HTTPSite.files(["/": Self.home])
    defer { site.stop() }
    let asked = try site.ask(.observe)
    #expect(site.paths == ["/"])
    #expect(asked.answer("http.exposed.git") == .notDetermined(reason: "not authorised: this check needs probe"))
    #expect(asked.result.status == .completed)
  }

  @Test("the budget grows with the paths and the pace") func budget() {
    func budget(_ probe: ProbeClass, _ limits: ScanContext.Limits = .init()) -> ScanBudget {
      HTTPEngine().budget(
        for: ScanJob(
          id: "t", engine: "http", target: Target(scheme: "http", host: "x", port: 80), probeClass: probe,
          authorisation: "t"), limits)
    }
    #expect(budget(.observe).milliseconds == 20_000)
    #expect(budget(.probe).milliseconds > 20_000 + ExposedFiles.all.count * 1000)
    #expect(budget(.probe, .lab).milliseconds < budget(.probe).milliseconds)
  }

  @Test(
    "origins that may read are found",
    arguments: [
      ("reflect", "true", ["http.cors.reflected_credentials", "http.cors.any_origin", "http.cors.null_origin"]),
      ("reflect", "", ["http.cors.any_origin", "http.cors.null_origin"]),
      ("*", "", ["http.cors.any_origin"]), ("null", "true", ["http.cors.null_origin"]),
      ("https://site.test", "true", []), ("", "", []),
    ]) func origins(allowed: String, credentials: String, expected: [String]) throws
  {
    let site = try HTTPSite { request in
      let origin = request.text.split(separator: "\r\n").first { $0.hasPrefix("Origin: ") }?.dropFirst(8) ?? ""
      let told = allowed == "reflect" ? String(origin) : allowed
      return Answer(
        "",
        head: (told.isEmpty ? "" : "Access-Control-Allow-Origin: \(told)\r\n")
          + (credentials.isEmpty ? "" : "Access-Control-Allow-Credentials: \(credentials)\r\n"))
    }
    defer { site.stop() }
    let asked = try site.ask()
    let found = asked.result.answers.filter { $0.check.hasPrefix("http.cors") && $0.answer == .yes }.map(\.check)
    #expect(Set(found) == Set(expected))
  }

  @Test("methods are told by Allow and by an echo") func methods() throws {
    let open = try HTTPSite { request in
      switch request.method {
      case "OPTIONS": Answer("", head: "Allow: GET, PUT, DELETE\r\n")
      case "TRACE": Answer(request.text, head: "Content-Type: message/http\r\n")
      default: Self.home
      }
    }
    defer { open.stop() }
    let asked = try open.ask()
    #expect(asked.evidence("http.methods.writing") == "DELETE, PUT" && asked.answer("http.methods.trace") == .yes)
    let closed = try HTTPSite { $0.method == "GET" ? Self.home : Answer("", status: "405 No", head: "Allow: GET\r\n") }
    defer { closed.stop() }
    let other = try closed.ask()
    #expect(other.answer("http.methods.writing") == .no && other.answer("http.methods.trace") == .no)
  }

  @Test(
    "an error page is read for what it tells",
    arguments: [
      ("<center>nginx/1.18.0</center>", ["http.error_page.version"]),
      ("Traceback (most recent call last):\n File x", ["http.error_page.stack_trace"]),
      ("<h3>Apache Tomcat/8.5.5</h3>", ["http.error_page.version"]),
      ("java.lang.NullPointerException\n\tat java.base/x\n", ["http.error_page.stack_trace"]),
      (
        "You're seeing this error because you have <code>DEBUG = True</code>", ["http.error_page.debug"]
      ),
      ("<center>nginx</center>", []), ("an exception to the rule at our office", []),
    ]) func errorPages(body: String, expected: [String]) throws
  {
    let site = try HTTPSite.files(["/": Self.home], missing: Answer(body, status: "404 Not Found"))
    defer { site.stop() }
    let asked = try site.ask()
    let found = asked.result.answers.filter { $0.check.hasPrefix("http.error_page") && $0.answer == .yes }
    #expect(found.map(\.check) == expected)
  }

  @Test("a listed folder is found, a server that lists everything is not believed") func listing() throws {
    let index = Answer("<html><head><title>Index of /static/img</title></head>")
    let page = Answer("<html><img src=/static/img/a.png></html>", head: "Content-Type: text/html\r\n")
    let site = try HTTPSite.files(["/": page, "/static/img/": index])
    defer { site.stop() }
    let asked = try site.ask()
    #expect(asked.answer("http.directory_listing") == .yes)
    #expect(asked.evidence("http.directory_listing") == "/static/img/")
    let all = try HTTPSite { $0.path == "/" ? page : index }
    defer { all.stop() }
    #expect(try all.ask().isOpen("http.directory_listing"))
  }

  @Test("a random path keeps the shape") func shape() {
    for path in ExposedFiles.all.map(\.path) {
      let random = SiteProbe.random(like: path)
      #expect(random != path && random.split(separator: "/").count == path.split(separator: "/").count)
      #expect(random.hasPrefix("/.") == path.hasPrefix("/."))
    }
    #expect(SiteProbe.random(like: "/backup.tar.gz").hasSuffix(".tar.gz"))
    for path in ExposedFiles.all.map(\.path) {
      #expect(SiteProbe.shape(of: path) == SiteProbe.shape(of: SiteProbe.random(like: path)), "\(path)")
    }
    #expect(SiteProbe.shape(of: "/.git/HEAD") == ".x/x" && SiteProbe.shape(of: "/backup.tar.gz") == "x.tar.gz")
  }
}
