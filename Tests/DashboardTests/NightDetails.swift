import ControlAPI
import Records
import Wire

@testable import Dashboard

/// What the details of that night are drawn from.
enum Samples {
  static let alert: AlertRecord = {
    var alert = AlertRecord(
      timestamp: Night.ago(40), flowID: 1_912_000_017, source: IPAddress("198.51.100.9"),
      destination: IPAddress("192.0.2.7"), sourcePort: 40022, destinationPort: 80, appProtocol: "http",
      signature: .init(sid: 2_000_001, message: "web shell", category: "Web attack", severity: .critical),
      context: .init(
        hostname: "tax.example.gov", url: "/upload/shell.jsp?cmd=id", method: "POST", status: 200,
        userAgent: "curl/8.5 \u{1b}[31m", sensor: "gate", responseLength: 412, isToClient: true,
        flow: .init(
          packetsToServer: 6, packetsToClient: 5, bytesToServer: 900, bytesToClient: 1912,
          initiator: IPAddress("198.51.100.9"))))
    alert.raw = """
      {"event_type":"alert","src_ip":"198.51.100.9","http":{"hostname":"tax.example.gov","http_method":"POST"},\
      "payload":"[removed: 104 characters]","metadata":{"attack_target":["Web_Server"]}}
      """
    return alert
  }()
  static let alertName = AlertName(alert)

  private static let shellRule = RuleText(
    gid: 1, sid: 2_000_001, rev: 1,
    text: #"""
      alert http $EXTERNAL_NET any -> $HTTP_SERVERS any (msg:"web shell"; flow:established,to_server; \#
      http.method; content:"POST"; http.uri; content:"/upload/"; startswith; content:".jsp"; nocase; distance:0; \#
      pcre:"/[?&]cmd=/R"; threshold:type limit, track by_src, count 1, seconds 60; target:dest_ip; \#
      reference:cve,2026-1234; classtype:web-application-attack; sid:2000001; rev:1;)
      """#)

  static let alertDetail: QueueDetail = {
    var facets = AlertFacets()
    for source in ["198.51.100.9", "198.51.100.9", "203.0.113.4"] { facets.sources.add(source) }
    facets.targets.add("192.0.2.7:80", count: 12)
    facets.urls.add("tax.example.gov/upload/shell.jsp?cmd=id", count: 12)
    let judged = OutcomeJudgement(
      outcome: .succeeded, rule: .init(rawValue: "answer"),
      reason: BilingualText(en: "the server answered the command", zh: "服务器执行并应答了命令"),
      inputs: [.init("status", "200"), .init("bytes", "412")], time: Night.ago(40))
    let group = AlertGroup(
      row: Night.queue[0].row, signature: alert.signature, facets: facets, rate: HourlyRate(hour: 0), weakness: 32,
      machine: .succeeded, judgements: [judged])
    var earlier = Night.alert("web shell", seen: 50).alert ?? alert
    earlier.context.hostname = nil
    return QueueDetail(
      item: Night.queue[0], group: group, rule: shellRule, finding: nil,
      comments: [Comment(time: Night.ago(30), author: "night-2", text: "the planted file is still there")],
      alerts: [alert, earlier],
      audit: [
        AuditEntry(
          time: Night.ago(20), actor: Actor(name: "night-2", origin: "unix uid 1000"), act: "comment",
          subject: "queue/17")
      ], alertsKept: 12)
  }()

  static let findingDetail = QueueDetail(
    item: Night.queue[1], group: nil, finding: finding(Night.queue[1]), comments: [], alerts: [],
    audit: [
      AuditEntry(
        time: Night.ago(300), actor: Actor(name: "night-2", origin: "unix uid 1000"), act: "acknowledge",
        subject: "queue/18", before: "new", after: "acknowledged")
    ])

  /// Two engines that do not agree.
  static func finding(_ item: QueueItem) -> Finding {
    var finding = Finding(
      row: item.row, weakness: item.row.check, target: Target(scheme: "https", host: item.row.subject, port: 443),
      engines: ["certificate": 90, "nuclei": 60], standing: ["certificate": 1],
      evidence: "notAfter=2026-11-28T00:00:00Z\nissuer=Example CA \u{1b}[31mred", showing: 1, disputed: 1)
    finding.answers = [
      answer(item, "certificate", .yes, 90), answer(item, "nuclei", .no, 60),
      answer(item, "tls", .notDetermined(reason: "the handshake was cut"), 0),
    ]
    return finding
  }

  private static func answer(
    _ item: QueueItem, _ engine: String, _ answer: Observation.Answer, _ confidence: Int
  ) -> EngineAnswer {
    EngineAnswer(
      Observation(
        time: Night.ago(4000), engine: engine, engineVersion: "1", check: item.row.check, title: item.row.title,
        severity: item.row.severity, site: item.row.site, target: Target(scheme: "https", host: "x", port: 443),
        answer: answer, evidence: "", confidence: confidence, vantage: "scan-1"),
      place: item.row.subject, at: Night.ago(4000))
  }

  static let indicators = [
    Indicator(
      id: "web.uploads.shell", title: BilingualText(en: "No planted file is run", zh: "未执行植入文件"),
      attacks: ["1:2000001"], severity: .critical, weight: 40,
      remedy: BilingualText(en: "take the upload folder off the server and renew it", zh: "下线上传目录并重装"),
      references: ["CWE-434"]),
    Indicator(
      id: "transport.certificates.expiry", title: BilingualText(en: "Certificates are valid", zh: "证书在有效期内"),
      checks: ["tls.certificate.expiring"], severity: .high, weight: 20,
      remedy: BilingualText(en: "renew it by a machine", zh: "启用自动续期")),
  ]

  static let trail = [
    TrailLine(
      time: Night.ago(90_000), phase: .before, kind: .opened, row: 32, severity: .critical,
      text: BilingualText(en: "a file of credentials is exposed", zh: "凭据文件泄露")),
    TrailLine(
      time: Night.ago(3600), phase: .during, kind: .attacked, row: 17, severity: .critical,
      text: BilingualText(en: "web shell answered a command", zh: "网站后门执行了命令")),
    TrailLine(
      time: Night.ago(3300), phase: .during, kind: .incident,
      text: BilingualText(en: "2026-0007 opened", zh: "2026-0007 立案")),
  ]

  static let site = SiteDetail(
    item: Night.inventory[0],
    deductions: [
      .init(points: 40, finding: 32, title: BilingualText(en: "No credentials are served", zh: "未泄露凭据文件")),
      .init(points: 19, finding: 18, title: BilingualText(en: "Certificates are valid", zh: "证书在有效期内")),
    ],
    findings: [
      FindingItem(finding: finding(Night.weak[3])), FindingItem(finding: finding(Night.queue[1])),
      FindingItem(finding: finding(Night.weak[0])),
    ], alerts: [Night.queue[0]],
    coverage: [
      CoverageEntry(site: "tax.example.gov", engine: "tls", status: .tested, time: Night.ago(400)),
      CoverageEntry(
        site: "tax.example.gov", engine: "ports", status: .notAuthorised, reason: "no permission up to probe",
        time: Night.ago(9000)),
    ], authorisations: Night.authorisations)

  static let notice = NoticeDetail(
    notice: {
      var notice = Night.notices[2]
      notice.sites = ["tax.example.gov"]
      notice.alerts = [17]
      notice.approver = "li"
      notice.received = NoticeAnswer(.receipt, name: "王伟", at: Night.ago(7000), from: "phone, entered by night-2")
      notice.answers = [
        NoticeAnswer(.moreTime, name: "王伟", at: Night.ago(3000), from: "mail", text: "the vendor comes tomorrow")
      ]
      return notice
    }(), organisation: BilingualText(en: "Finance bureau", zh: "财政局"),
    documents: ["en": "# Early warning\n\nA web shell is at work.", "zh": "# 预警\n\n网站后门正在被利用。"],
    findings: [FindingItem(finding: finding(Night.weak[3]))], contacts: Night.contacts, tasks: [Night.tasks[0]],
    audit: [
      AuditEntry(
        time: Night.ago(7800), actor: Actor(name: "li", origin: "unix uid 1001"), act: "send", subject: "notice/2",
        before: "approved", after: "sent")
    ])

  /// A case on which people have worked.
  static func worked(_ item: IncidentItem) -> IncidentItem {
    var item = item
    item.incident.members = ["night-2"]
    item.incident.awareness = [
      .init(time: Night.ago(5000), by: "li", recorded: Night.ago(3200), reason: "the bureau called")
    ]
    item.incident.facts = [
      IncidentFact(measure: .hoursAltered, value: 2, by: "li", time: Night.ago(3000), basis: "scans")
    ]
    item.incident.steps = [
      IncidentStep(
        state: .contained, by: "night-1", happened: Night.ago(1200), recorded: Night.ago(1100),
        proof: "the upload folder answers 404")
    ]
    item.incident.marks = [
      IncidentMark(
        kind: .received, by: "night-1", happened: Night.ago(2500), recorded: Night.ago(2500), note: "by phone")
    ]
    item.proposal.unknown = [.lossYuan]
    item.incident.state = .contained
    item.clocks = item.clocks.map { clock in
      var clock = clock
      switch clock.id {
      case "contained": (clock.state, clock.done) = (.met, item.incident.steps.first?.happened)
      case "report": (clock.state, clock.due, clock.note) = (.running, Night.now.advanced(seconds: 7200), nil)
      default: break
      }
      return clock
    }
    return item
  }

  /// The same answer with a text of somebody else's in every place that traffic or a site chooses.
  static func spoil(_ value: any Sendable, _ text: String) -> any Sendable {
    switch value {
    case var detail as QueueDetail:
      detail.item.row.title = BilingualText(text)
      detail.item.row.subject = text
      detail.finding?.evidence = text
      detail.group?.signature.message = text
      detail.group?.facets.urls.add(text)
      detail.comments = [Comment(time: Night.now, author: text, text: text)]
      for index in detail.alerts.indices {
        detail.alerts[index].context.userAgent = text
        detail.alerts[index].context.url = text
        detail.alerts[index].signature.message = text
        detail.alerts[index].raw = (try? RecordJSON.text(["payload_printable": text, text: text])) ?? text
      }
      return detail
    case var detail as SiteDetail:
      detail.item.site.url = text
      detail.findings = detail.findings.map { item in
        var finding = item.finding
        finding.evidence = text
        finding.row.title = BilingualText(text)
        return FindingItem(finding: finding)
      }
      return detail
    case var detail as IncidentDetail:
      detail.item.incident.title = text
      detail.log = detail.log.map { line in
        var line = line
        line.text = text
        return line
      }
      return detail
    case var detail as NoticeDetail:
      detail.documents = ["en": text, "zh": text]
      detail.notice.answers = [NoticeAnswer(.dispute, name: text, at: Night.now, from: text, text: text)]
      return detail
    default: return value
    }
  }
}
