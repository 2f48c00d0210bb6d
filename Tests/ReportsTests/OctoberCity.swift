import Records
import Wire

@testable import Reports

/// A small city in October, the same in every test: one organisation with two sites, one of them never tested.
enum OctoberCity {
  static func time(_ text: String) -> Timestamp { Timestamp(text: text) ?? Timestamp(nanoseconds: 0) }

  static let period: ReportPeriod = {
    do {
      return try ReportPeriod("2026-10", now: time("2026-11-02T01:00:00Z"), utcOffset: 8 * 3600)
    } catch { preconditionFailure("\(error)") }
  }()

  static func contents(_ kind: ReportContents.Kind) -> ReportContents {
    let titles: [ReportContents.Kind: BilingualText] = [
      .city: BilingualText(en: "Riverside", zh: "江滨市"), .organisation: BilingualText(en: "Tax Bureau", zh: "税务局"),
      .site: BilingualText("https://tax.example.gov/"),
    ]
    let ids: [ReportContents.Kind: String] = [.organisation: "tax", .site: "tax.example.gov"]
    return ReportContents(
      kind: kind, id: ids[kind], title: titles[kind] ?? BilingualText(""), city: "Riverside",
      made: time("2026-11-02T01:00:00Z"), version: "0.1.0", period: period, logBegan: time("2026-10-03T02:00:00Z"),
      posture: MeanPosture(
        score: 72, sites: kind == .site ? 1 : 2, tested: 1, dimensions: [.init(id: "transport", score: 72)]),
      scoreBefore: kind == .site ? nil : 80,
      dimensions: [
        .init(id: "transport", title: BilingualText(en: "Transport and certificates", zh: "传输与证书"), score: 72),
        .init(id: "web", title: BilingualText(en: "Web application", zh: "Web 应用"), score: nil),
      ], days: days, deductions: deductions,
      severities: Severity.allCases.reversed().map {
        .init(severity: $0, open: $0 == .high ? 1 : 0, opened: $0 == .high ? 1 : 0, gone: $0 == .medium ? 1 : 0)
      }, ranking: kind == .city ? ranking : [], sites: kind == .site ? [] : sites, findings: findings,
      attacks: attacks, coverage: coverage, gaps: kind == .site ? gaps : [], trail: kind == .site ? trail : [],
      authorisations: [
        .init(
          id: "a-7", document: "Letter 7 of 2025", grantedBy: "city council", until: time("2026-11-20T00:00:00Z"),
          upTo: .probe, sites: 1)
      ],
      unknown: [
        BilingualText(en: "1 of 2 sites were never tested.", zh: "2 个网站中有 1 个从未检测。"),
        BilingualText(en: "sensor-1 was blind for 90 s.", zh: "sensor-1 盲区 90 秒。"),
      ], cuts: kind == .city ? [.init(list: .findings, shown: 2, total: 7)] : [])
  }

  /// The log begins on the third; the tenth and eleventh were not kept.
  static let days: [ReportContents.Day] = (1...31).map { day in
    let text = day < 10 ? "2026-10-0\(day)" : "2026-10-\(day)"
    return .init(day: text, score: day < 3 || day == 10 || day == 11 ? nil : day < 20 ? 80 : 72)
  }

  static let deductions: [ReportContents.Deduction] = [
    .init(
      indicator: "transport.certificates.validity",
      title: BilingualText(en: "The certificate is valid today", zh: "证书在有效期内"),
      severity: .high, points: 20, sites: 1, remedy: BilingualText(en: "Renew the certificate.", zh: "更换证书。"),
      references: ["RFC 5280 section 4.1.2.5", "CWE-298", "GB/T 1"], due: time("2026-10-24T00:00:00Z")),
    .init(
      indicator: "transport.versions.old", title: BilingualText(en: "No old version is spoken", zh: "不使用过时版本"),
      severity: .medium, points: 8, sites: 1, remedy: BilingualText(en: "Switch TLS 1.0 off.", zh: "停用 TLS 1.0。")),
  ]

  static let ranking: [ReportContents.RankedOrganisation] = [
    .init(
      name: BilingualText(en: "Tax Bureau", zh: "税务局"),
      line: RankingLine(
        place: 1, organisation: "tax", posture: MeanPosture(score: 72, sites: 2, tested: 1, dimensions: []), found: 2,
        verified: 1)),
    .init(
      name: BilingualText(en: "Parks", zh: "园林局"),
      line: RankingLine(
        place: 0, organisation: "parks", posture: MeanPosture(score: nil, sites: 1, tested: 0, dimensions: []),
        found: 0, verified: 0)),
  ]

  static let sites: [ReportContents.SiteLine] = [
    .init(
      site: "tax.example.gov", url: "https://tax.example.gov/",
      organisation: BilingualText(en: "Tax Bureau", zh: "税务局"),
      criticality: .critical, score: 72, worst: [BilingualText(en: "The certificate is valid today", zh: "证书在有效期内")]),
    .init(
      site: "forms.example.gov:8443", url: "https://forms.example.gov:8443/", organisation: nil, criticality: .ordinary,
      score: nil, worst: []),
  ]

  static let findings: [ReportContents.FindingLine] = [
    .init(
      row: 17, weakness: "certificate.expired", title: BilingualText(en: "Certificate expired", zh: "证书已过期"),
      severity: .high, status: .open, state: .notified, site: "tax.example.gov",
      target: Target(scheme: "https", host: "tax.example.gov", port: 443), confidence: 99,
      engines: [
        .init(
          engine: "certificate", answer: .yes, confidence: 95, evidence: "notAfter=2026-10-19T00:00:00Z",
          time: time("2026-10-30T04:00:00Z")),
        .init(engine: "testssl", answer: .yes, confidence: 80, evidence: "expired", time: time("2026-10-29T04:00:00Z")),
        .init(engine: "sslscan", answer: .no),
      ], evidence: "notAfter=2026-10-19T00:00:00Z", firstSeen: time("2026-10-20T00:10:00Z"),
      lastSeen: time("2026-10-30T04:00:00Z"), isNew: true, isAttacked: true, due: time("2026-10-24T00:10:00Z"),
      remedy: BilingualText(en: "Renew the certificate.", zh: "更换证书。"), references: ["CWE-298", "CVE-2014-0160"]),
    .init(
      row: 9, weakness: "http.exposed.git", title: BilingualText(en: "Repository exposed", zh: "代码仓库泄露"),
      severity: .medium, status: .gone, state: .verified, site: "tax.example.gov",
      target: Target(scheme: "https", host: "tax.example.gov", port: 443, path: "/.git/HEAD"), path: "/.git/HEAD",
      parameter: nil, confidence: 100,
      engines: [.init(engine: "http", answer: .no, time: time("2026-10-12T00:00:00Z"))],
      evidence: "ref: refs/heads/main", firstSeen: time("2026-10-04T00:00:00Z"), lastSeen: time("2026-10-11T00:00:00Z")),
  ]

  static let attacks: [ReportContents.AttackLine] = [
    .init(
      QueueRow(
        id: 31, wing: .sensor, key: FoldKey(rawValue: "k"), title: BilingualText("web shell answered"), severity: .high,
        outcome: .succeeded, site: "tax.example.gov", subject: "tax.example.gov", check: "1:9000220", count: 12,
        firstSeen: time("2026-10-21T01:00:00Z"), lastSeen: time("2026-10-22T03:00:00Z")))
  ]

  static let coverage: [ReportContents.EngineLine] = [
    .init(
      engine: "certificate", tested: 1, never: 1,
      reasons: [.init(status: .notAuthorised, reason: "no authorisation names forms.example.gov", sites: 1)]),
    .init(engine: "ports", tested: 0, earlier: 1, notDetermined: 1, never: 0),
  ]

  static let gaps: [CoverageEntry] = [
    CoverageEntry(
      site: "tax.example.gov", check: "tls.weakness.robot", engine: "tls", status: .notDetermined, reason: "deadline",
      time: time("2026-10-30T04:00:00Z"), tested: time("2026-10-02T04:00:00Z"))
  ]

  static let trail: [TrailLine] = [
    TrailLine(
      time: time("2026-10-20T00:10:00Z"), kind: .opened, row: 17, severity: .high,
      text: BilingualText(en: "Certificate expired", zh: "证书已过期")),
    TrailLine(
      time: time("2026-10-21T01:00:00Z"), phase: .during, kind: .attacked, row: 31, severity: .high,
      text: BilingualText("web shell answered")),
  ]
}
