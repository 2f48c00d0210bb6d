import Documents
import Records
import Testing
import Wire

@testable import Engines

/// Reports as the tools write them: those of sslscan 2.0.7, testssl.sh 3.0.8 and nmap 7.93 cut down from real runs, those
/// of testssl.sh 3.2, nuclei, nikto, ZAP and SARIF written after the formats' documentation.
enum ExternalReports {
  static let sslscan = """
    <?xml version="1.0" encoding="UTF-8"?>
    <document title="SSLScan Results" version="2.0.7" web="http://github.com/rbsec/sslscan">
     <ssltest host="127.0.0.1" sniname="a.test" port="9443">
      <protocol type="ssl" version="2" enabled="0" />
      <protocol type="ssl" version="3" enabled="1" />
      <protocol type="tls" version="1.2" enabled="1" />
      <protocol type="tls" version="1.3" enabled="0" />
      <renegotiation supported="1" secure="1" />
      <heartbleed sslversion="TLSv1.2" vulnerable="0" />
      <cipher status="preferred" sslversion="TLSv1.2" bits="256" cipher="ECDHE-RSA-AES256-GCM-SHA384" id="0xC030" strength="strong" curve="25519" ecdhebits="253" />
      <cipher status="accepted" sslversion="TLSv1.2" bits="112" cipher="DES-CBC3-SHA" id="0x000A" strength="medium" />
      <cipher status="accepted" sslversion="TLSv1.2" bits="256" cipher="DHE-RSA-AES256-GCM-SHA384" id="0x009F" strength="strong" dhebits="1024" />
      <group sslversion="TLSv1.2" bits="128" name="x25519" id="0x001d" />
      <certificates><certificate type="short">
       <signature-algorithm>sha256WithRSAEncryption</signature-algorithm>
       <self-signed>true</self-signed><not-valid-after>Dec 25 22:09:32 2026 GMT</not-valid-after><expired>false</expired>
      </certificate></certificates>
     </ssltest>
    </document>
    """

  static let testsslFlat = """
    [ {"id":"engine_problem","ip":"/","port":"443","severity":"WARN","finding":"No engine"},
      {"id":"SSLv3","ip":"a.test/127.0.0.1","port":"9443","severity":"HIGH","finding":"offered"},
      {"id":"TLS1","ip":"a.test/127.0.0.1","port":"9443","severity":"INFO","finding":"not offered"},
      {"id":"cipherlist_LOW","ip":"a.test/127.0.0.1","port":"9443","severity":"OK","finding":"not offered"},
      {"id":"heartbleed","ip":"a.test/127.0.0.1","port":"9443","severity":"OK","cve":"CVE-2014-0160","cwe":"CWE-119","finding":"not vulnerable, no heartbeat extension"},
      {"id":"cert_expirationStatus <hostCert#1>","ip":"a.test/127.0.0.1","port":"9443","severity":"CRITICAL","finding":"expired"},
      {"id":"cert_ocspURL","ip":"a.test/127.0.0.1","port":"9443","severity":"MEDIUM","finding":"odd & strange"},
      {"id":"scanTime","ip":"a.test/127.0.0.1","port":"9443","severity":"INFO","finding":"42"} ]
    """

  /// 3.2 has the key exchange as `FS` and further fields; the pretty form stands by host and section.
  static let testsslPretty = """
    {"Invocation":"testssl --jsonfile-pretty x a.test","at":"host:/usr/bin/openssl","version":"3.2.0 ","openssl":"OpenSSL 3",
     "startTime":"1764064800","clientProblem1":[],"scanResult":[
      {"targetHost":"a.test","ip":"127.0.0.1","port":"443","rDNS":"","service":"HTTP",
       "pretest":[], "protocols":[
        {"id":"SSLv2","severity":"CRITICAL","finding":"offered with 3 ciphers"},
        {"id":"TLS1_3","severity":"LOW","finding":"not offered"}],
       "ciphers":[{"id":"cipherlist_OBSOLETED","severity":"LOW","cwe":"CWE-310","finding":"offered"}],
       "vulnerabilities":[{"id":"ROBOT","severity":"OK","cve":"CVE-2017-17382","finding":"not vulnerable"},
        {"id":"secure_client_renego","severity":"MEDIUM","cve":"CVE-2011-1473","finding":"VULNERABLE, DoS threat (6 attempts)"}]}],
     "scanTime":77}
    """

  static let nmap = """
    <?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE nmaprun>
    <nmaprun scanner="nmap" args="nmap -oX -" start="1764064800" version="7.93" xmloutputversion="1.05">
    <host starttime="1764064800" endtime="1764064810"><status state="up" reason="user-set" reason_ttl="0"/>
    <address addr="192.0.2.7" addrtype="ipv4"/>
    <hostnames><hostname name="a.test" type="user"/></hostnames>
    <ports><extraports state="closed" count="95"></extraports>
    <port protocol="tcp" portid="443"><state state="open" reason="syn-ack"/><service name="http" product="nginx" tunnel="ssl" method="probed" conf="10"/>
     <script id="ssl-heartbleed" output="x"><table key="NMAP-1"><elem key="title">The Heartbleed Bug</elem><elem key="state">VULNERABLE</elem></table></script>
     <script id="ssl-poodle" output="x"><table key="CVE-2014-3566"><elem key="state">NOT VULNERABLE</elem></table></script></port>
    <port protocol="tcp" portid="6379"><state state="open" reason="syn-ack"/><service name="redis" method="probed" conf="10"/></port>
    <port protocol="tcp" portid="3389"><state state="open" reason="syn-ack"/><service name="ms-wbt-server" method="table" conf="3"/></port>
    </ports></host>
    <runstats><finished time="1764064810" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
    </nmaprun>
    """

  static let nuclei = """
    {"template-id":"git-config","info":{"name":"Git Configuration","author":["x"],"severity":"medium"},"type":"http","host":"a.test","matched-at":"https://a.test/.git/config?token=secret","extracted-results":["password=hunter2"],"timestamp":"2026-11-25T10:00:00.123456789+08:00","matcher-status":true}
    {"template-id":"http-missing-security-headers","info":{"name":"Missing headers","severity":"info"},"matcher-name":"content-security-policy","host":"a.test","matched-at":"https://a.test","timestamp":"2026-11-25T02:00:01Z","matcher-status":true}

    {"template-id":"odd-panel","info":{"name":"Odd panel","severity":"critical"},"host":"a.test","matched-at":"https://a.test:443/admin/","matcher-status":true}
    {"template-id":"phpinfo-files","info":{"name":"phpinfo","severity":"low"},"host":"https://a.test","matched-at":"","matcher-status":false}
    """

  static let nikto = """
    [{"host":"www.a.test","ip":"192.0.2.7","port":"443","banner":"nginx","vulnerabilities":[
      {"id":"999957","references":"","method":"GET","url":"/","msg":"The anti-clickjacking X-Frame-Options header is not present."},
      {"id":"000123","references":"","method":"GET","url":"/odd.php?x=1","msg":"/odd.php: An odd page."},
      {"id":"no message"}]}]
    """

  static let zap = """
    {"@version":"2.16.0","@generated":"Wed, 25 Nov 2026 10:00:00","created":"2026-11-25T10:00:00.5Z","site":[
     {"@name":"https://A.test:443","@host":"a.test","@port":"443","@ssl":"true","alerts":[
      {"pluginid":"10038","alertRef":"10038-1","name":"Content Security Policy (CSP) Header Not Set","riskcode":"2","confidence":"3",
       "instances":[{"uri":"https://a.test/","method":"GET","param":""},{"uri":"https://a.test/news/12?id=3","method":"GET","param":""}],"count":"2"},
      {"pluginid":"40012","alertRef":"40012","name":"Cross Site Scripting (Reflected)","riskcode":"3","confidence":"2",
       "instances":[{"uri":"https://a.test/search?q=%3Cscript%3E","method":"GET","param":"q","attack":"<script>","evidence":"<script>"}]},
      {"pluginid":"10021","name":"false alarm","riskcode":"1","confidence":"0","instances":[{"uri":"https://a.test/"}]}]}]}
    """

  static let sarif = """
    {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[
     {"tool":{"driver":{"name":"Some Scanner","version":"9","rules":[
       {"id":"R1","shortDescription":{"text":"a bad thing"},"properties":{"security-severity":"9.8"}}]}},
      "invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-11-25T10:00:00Z"}],
      "results":[
       {"ruleId":"R1","message":{"text":"it is bad"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://a.test/x?y=z"}}}]},
       {"ruleId":"R2","kind":"pass","level":"none","message":{"text":"fine"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://a.test/"}}}]},
       {"ruleId":"R3","message":{"text":"hidden"},"suppressions":[{"kind":"external"}],"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://a.test/"}}}]},
       {"ruleId":"R4","message":{"text":"a file"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/main.c"}}}]}]}]}
    """

  static let all: [(ReportFormat, String)] = [
    (.sslscan, sslscan), (.testssl, testsslFlat), (.testssl, testsslPretty), (.nmap, nmap), (.nuclei, nuclei),
    (.nikto, nikto), (.zap, zap), (.sarif, sarif),
  ]
}

@Suite struct ExternalReportTests {
  /// Check (and parameter) -> yes, no, or ? with the doubt there is.
  private func answers(_ format: ReportFormat, _ text: String, doubt: String? = nil) throws -> [String: String] {
    var result: [String: String] = [:]
    for part in try format.read(Array(text.utf8), file: "r") {
      for answer in part.fold.answers(part.report, doubt: doubt).answers {
        let key = answer.check + (answer.path.map { " \($0)" } ?? "") + (answer.parameter.map { " \($0)" } ?? "")
        #expect(result[key] == nil, "\(key) is answered twice")
        switch answer.answer {
        case .yes: result[key] = "yes"
        case .no: result[key] = "no"
        case .notDetermined: result[key] = "?"
        }
      }
    }
    return result
  }

  @Test("sslscan's protocols, suites, groups and certificate answer the checks that ask the same") func sslscan() throws
  {
    let found = try answers(.sslscan, ExternalReports.sslscan)
    #expect(
      found.filter { $0.value == "yes" }.keys.sorted() == [
        "tls.key_exchange.weak_dh", "tls.suite.3des", "tls.suite.no_forward_secrecy", "tls.version.no_tls1_3",
        "tls.version.ssl3",
      ])
    for check in [
      "tls.version.ssl2", "tls.weakness.heartbleed", "tls.suite.rc4", "tls.suite.des", "tls.renegotiation.insecure",
      "tls.key_exchange.weak_curve", "certificate.expired", "certificate.weak_signature", "tls.version.no_modern",
    ] { #expect(found[check] == "no", "\(check)") }
    // Not written in the report: nothing is said of it.
    for check in ["tls.version.tls1_0", "tls.compression", "certificate.self_signed"] { #expect(found[check] == nil) }
  }

  @Test("testssl.sh's flat form is read, with ids of several certificates and unknown ones") func flat() throws {
    let found = try answers(.testssl, ExternalReports.testsslFlat)
    #expect(
      found == [
        "tls.version.ssl3": "yes", "tls.version.tls1_0": "no", "tls.suite.des": "no", "tls.suite.rc4": "no",
        "tls.weakness.heartbleed": "no", "certificate.expired": "yes", "testssl.cert_ocspurl": "yes",
      ])
  }

  @Test("testssl.sh's pretty form of 3.2 is read") func pretty() throws {
    let part = try #require(try ReportFormat.testssl.read(Array(ExternalReports.testsslPretty.utf8), file: "r").first)
    #expect(part.report.isWhole && part.report.time == Timestamp(seconds: 1_764_064_800))
    #expect(part.report.statements.allSatisfy { $0.place.host == "a.test" && $0.place.port == 443 })
    #expect(
      try answers(.testssl, ExternalReports.testsslPretty) == [
        "tls.version.ssl2": "yes", "tls.version.no_tls1_3": "yes", "testssl.cipherlist_obsoleted": "yes",
        "tls.weakness.robot": "no", "tls.renegotiation.client_initiated": "yes",
      ])
  }

  @Test("a run of testssl.sh that was cut off is not whole, and a no of it is none") func cut() throws {
    let text = ExternalReports.testsslFlat.replacing("\"id\":\"scanTime\"", with: "\"id\":\"something\"")
    let part = try #require(try ReportFormat.testssl.read(Array(text.utf8), file: "r").first)
    #expect(!part.report.isWhole)
    let found = try answers(.testssl, text, doubt: "cut off")
    #expect(found["tls.version.tls1_0"] == "?" && found["tls.version.ssl3"] == "yes")
  }

  @Test("nmap's ports answer by what it recognised; a number alone is no proof") func nmap() throws {
    let found = try answers(.nmap, ExternalReports.nmap)
    #expect(
      found == [
        "ports.database.exposed": "yes", "ports.management.exposed": "?", "ports.cleartext.exposed": "no",
        "tls.weakness.heartbleed": "yes", "tls.weakness.poodle": "no",
      ])
  }

  @Test("nuclei's lines answer; what it took from the site and what stands in a query are left out") func nuclei()
    throws
  {
    let found = try answers(.nuclei, ExternalReports.nuclei)
    #expect(
      found == [
        "http.exposed.git": "yes", "http.csp.missing": "yes", "nuclei.odd_panel /admin/": "yes",
        "http.exposed.phpinfo": "no",
      ])
    let part = try #require(try ReportFormat.nuclei.read(Array(ExternalReports.nuclei.utf8), file: "r").first)
    for statement in part.report.statements {
      #expect(!"\(statement)".contains("hunter2") && !"\(statement)".contains("secret"), "\(statement)")
    }
    #expect(part.report.statements[0].time == Timestamp(seconds: 1_795_572_000))
    #expect(part.confidence < 80, "alone it calls nothing critical")
  }

  @Test("nikto's, ZAP's and SARIF's results are read, known ones as ours") func imports() throws {
    #expect(
      try answers(.nikto, ExternalReports.nikto) == ["http.framing.missing": "yes", "nikto.000123 /odd.php": "yes"])
    #expect(
      try answers(.zap, ExternalReports.zap) == ["http.csp.missing": "yes", "zap.40012 /search q": "yes"])
    #expect(
      try answers(.sarif, ExternalReports.sarif) == [
        "sarif.some_scanner.r1 /x": "yes", "sarif.some_scanner.r2 /": "no",
      ])
    #expect(try ReportFormat.sarif.read(Array(ExternalReports.sarif.utf8), file: "r").first?.report.left == 1)
  }

  @Test("a SARIF file cannot speak for an engine of ours", arguments: ["tls", "HTTP", "certificate", "vigil tls"])
  func impostor(name: String) throws {
    let text = ExternalReports.sarif.replacing("Some Scanner", with: name)
    let engine = try #require(try ReportFormat.sarif.read(Array(text.utf8), file: "r").first?.engine)
    #expect(engine.hasPrefix("sarif."))
    #expect(EngineRegistry.named(engine) == nil)
  }

  @Test("any beginning of a report is refused or says that it is not whole; none is taken for a clean site")
  func truncation() {
    for (format, text) in ExternalReports.all {
      let bytes = Array(text.utf8)
      for length in 0..<bytes.count - 1 {
        guard let parts = try? format.read(Array(bytes[..<length]), file: "r") else { continue }
        // Lines end on their own, and space behind the end is none of the report.
        guard format != .nuclei, bytes[length...].contains(where: { $0 > 0x20 }) else { continue }
        for part in parts { #expect(!part.report.isWhole, "\(format) at \(length) of \(bytes.count)") }
      }
    }
  }

  @Test("a report of one tool is not taken for another's") func mixed() {
    for (_, text) in ExternalReports.all {
      let takers = ReportFormat.allCases.filter { (try? $0.read(Array(text.utf8), file: "r")) != nil }
      #expect(takers.count == 1, "\(takers) of \(text.prefix(80))")
    }
  }

  @Test("an XML report that declares an entity, nests without end or is too large is refused with a reason")
  func hostile() {
    func refusal(_ text: String, _ format: ReportFormat = .nmap) -> String {
      do throws(DocumentError) {
        _ = try format.read(Array(text.utf8), file: "r")
        return "taken"
      } catch { return error.message }
    }
    #expect(
      refusal(#"<!DOCTYPE n [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><nmaprun>&c;</nmaprun>"#)
        == "the document declares an entity, which is not read")
    #expect(
      refusal(#"<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]><nmaprun>&a;</nmaprun>"#)
        == "the document declares an entity, which is not read")
    #expect(
      refusal(String(repeating: "<a>", count: 40)) == "nested deeper than 32, the limit")
    #expect(refusal("<nmaprun", .sslscan) != "taken")
    #expect(refusal(String(repeating: "[", count: 100), .testssl) == "nested deeper than 16, the limit")
    #expect(refusal("<document title='other'/>", .sslscan) == "this is no report of sslscan")
  }

  @Test("text of a site is one line without control characters, and ids are slugs") func text() {
    #expect(ToolText.line("a\u{1b}[31m\n\tb\u{202e}c\u{0}") == "a[31m bc")
    #expect(ToolText.line(String(repeating: "x", count: 999)).count == 400)
    #expect(ToolText.slug("CVE-2021-44228: Log4j!") == "cve_2021_44228_log4j")
    #expect(ToolText.slug("../../..") == nil && ToolText.slug("漏洞") == nil)
    #expect((ToolText.slug(String(repeating: "ab-", count: 100)) ?? "").utf8.count <= 64)
  }

  @Test(
    "times and URLs of reports",
    arguments: [
      ("2026-11-25T10:00:00Z", 1_795_600_800), ("2026-11-25T10:00:00.123+08:00", 1_795_572_000),
      ("2024-02-29T23:59:60-00:30", 1_709_253_000), ("1970-01-01T00:00:00Z", 0),
    ]) func times(text: String, seconds: Int64)
  {
    #expect(ToolTime.read(text) == Timestamp(seconds: seconds))
    for length in 0..<text.utf8.count { #expect(ToolTime.read(String(text.prefix(length))) == nil) }
    #expect(
      ToolURL.place("https://u:p@[2001:db8::1]/a?b#c")
        == ToolPlace(scheme: "https", host: "2001:db8::1", port: 443, path: "/a"))
    #expect(
      ToolURL.place("ftp://a/") == nil && ToolURL.place("https://a:0/") == nil && ToolURL.place("https:///x") == nil)
  }
}
