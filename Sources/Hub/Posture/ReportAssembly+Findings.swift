internal import Records
internal import Reports
internal import Services
internal import Store
internal import Wire

/// Findings, what they cost, and the attacks of the period.
extension ReportAssembly {
  /// Every finding of the scope with its clock; those that are shown go into the contents.
  func add(
    findingsOf log: PosturePeriod, _ members: Set<String>, _ attacks: [QueueRow], to contents: inout ReportContents
  ) throws -> [(life: PosturePeriod.Life, due: Timestamp?)] {
    let lives = log.findings.values.filter { members.contains($0.row.site) }.sorted(by: ReportAssembly.isBefore)
    contents.severities = ReportAssembly.counts(lives)
    let attacked = Set(attacks.filter(isCertain).compactMap { row in row.site.map { [$0, row.check] } })
    func isAttacked(_ life: PosturePeriod.Life) -> Bool {
      tree.rules(attacking: life.row.check).contains { attacked.contains([life.row.site, $0]) }
    }
    let limit = mostFindings
    var lost = 0
    var clocks: [(life: PosturePeriod.Life, due: Timestamp?)] = []
    for life in lives.prefix(limit) {
      if let line = try line(life, isAttacked(life)) {
        contents.findings.append(line)
        clocks.append((life, line.due))
      } else {
        lost += 1
      }
    }
    if lost > 0 {
      contents.unknown.append(
        BilingualText(
          en: "Findings of the period that are no longer kept: \(lost). Only their number is known.",
          zh: "本期有 \(lost) 项问题的详情已超过保存期限，仅知数量。"))
    }
    note(.findings, shown: contents.findings.count, total: lives.count, in: &contents)
    return clocks + lives.dropFirst(limit).map { ($0, due($0, $0.begun, isAttacked($0))) }
  }

  private var isSite: Bool { if case .site = subject { true } else { false } }

  private var mostFindings: Int {
    isSite ? ReportLimits.siteFindings : isForPrograms ? ReportLimits.programFindings : ReportLimits.findings
  }

  /// What is open first, then the worst, then the newest.
  private static func isBefore(_ a: PosturePeriod.Life, _ b: PosturePeriod.Life) -> Bool {
    if a.row.isOpen != b.row.isOpen { return a.row.isOpen }
    return (b.row.severity, b.row.id) < (a.row.severity, a.row.id)
  }

  private static func counts(_ lives: [PosturePeriod.Life]) -> [ReportContents.SeverityCount] {
    Severity.allCases.reversed().map { severity in
      let those = lives.filter { $0.row.severity == severity }
      return .init(
        severity: severity, open: those.count { $0.row.isOpen }, opened: those.count(where: \.isNew),
        gone: those.count { $0.gone != nil })
    }
  }

  private func due(_ life: PosturePeriod.Life, _ firstSeen: Timestamp, _ isAttacked: Bool) -> Timestamp? {
    guard life.row.isOpen else { return nil }
    return FixClock().due(
      life.row.severity, from: life.cameBack ? life.begun : min(firstSeen, life.begun), attacked: isAttacked)
  }

  /// Nil where retention has taken it.
  private func kept(_ row: Int64) throws -> QueueDetail? {
    do {
      return try store.detail(row, alerts: 0)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  private func line(_ life: PosturePeriod.Life, _ isAttacked: Bool) throws -> ReportContents.FindingLine? {
    guard let finding = try kept(life.row.id)?.finding else { return nil }
    let indicator = tree.place(of: life.row.check)?.indicator
    return .init(
      row: life.row.id, weakness: finding.weakness, title: finding.row.title, severity: life.row.severity,
      status: life.row.isOpen ? .open : life.gone != nil ? .gone : .settled, state: finding.state,
      site: life.row.site, target: finding.target, path: finding.path, parameter: finding.parameter,
      confidence: finding.confidence, engines: ReportAssembly.words(finding, withEvidence: isSite),
      evidence: ReportLimits.cut(finding.evidence, to: isSite ? ReportLimits.evidence : ReportLimits.shortEvidence),
      firstSeen: finding.row.firstSeen, lastSeen: finding.row.lastSeen,
      isNew: life.isNew, isAttacked: isAttacked, due: due(life, finding.row.firstSeen, isAttacked),
      remedy: indicator?.remedy, references: indicator?.references ?? [])
  }

  /// Each engine once: those that say yes first, then those that say no, then those that do not know. Of a hosting an
  /// engine's worst word over its sites.
  private static func words(_ finding: Finding, withEvidence: Bool) -> [ReportContents.EngineWord] {
    let ordered = finding.answers.sorted { (rank($0), $1.time, $0.engine) < (rank($1), $0.time, $1.engine) }
    var seen: Set<String> = []
    let each = ordered.filter { seen.insert($0.engine).inserted }
    return each.prefix(ReportLimits.engines).map { said in
      let (answer, reason): (ReportContents.EngineWord.Answer, String?) =
        switch said.answer {
        case .yes: (.yes, nil)
        case .no: (.no, nil)
        case .notDetermined(let why): (.notDetermined, why)
        }
      let evidence = reason ?? said.evidence
      return .init(
        engine: said.engine, answer: answer, confidence: answer == .yes ? said.confidence : nil,
        evidence: withEvidence && !evidence.isEmpty ? ReportLimits.cut(evidence) : nil, time: said.time)
    }
  }

  private static func rank(_ answer: EngineAnswer) -> Int {
    switch answer.answer {
    case .yes: 0
    case .no: 1
    case .notDetermined: 2
    }
  }

  // MARK: deductions

  func deductions(
    _ postures: [SitePosture], _ findings: [(life: PosturePeriod.Life, due: Timestamp?)]
  ) -> [ReportContents.Deduction] {
    let indicators = Dictionary(tree.indicators.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var dues: [String: Timestamp] = [:]
    for (life, due) in findings {
      guard let due, let indicator = tree.place(of: life.row.check)?.indicator.id else { continue }
      dues[indicator] = min(dues[indicator] ?? due, due)
    }
    var found: [String: ReportContents.Deduction] = [:]
    for deduction in postures.lazy.flatMap(\.deductions) {
      let indicator = indicators[deduction.indicator]
      var line =
        found[deduction.indicator]
        ?? .init(
          indicator: deduction.indicator, title: deduction.title, severity: deduction.severity, points: 0, sites: 0,
          remedy: indicator?.remedy ?? BilingualText(""), references: indicator?.references ?? [],
          due: dues[deduction.indicator])
      line.points += deduction.points
      line.sites += 1
      line.severity = max(line.severity, deduction.severity)
      found[deduction.indicator] = line
    }
    let sorted = found.values.sorted { ($1.points, $0.indicator) < ($0.points, $1.indicator) }
    return Array(sorted.prefix(ReportLimits.deductions))
  }

  // MARK: alerts

  /// Rows of the sensors that were seen in the period, the newest first.
  func alerts() throws -> [QueueRow] {
    try store.rows(
      QueueQuery(
        wing: .sensor, since: period.from, until: period.until, order: .lastSeen, limit: ReportLimits.rows))
  }

  /// Whether one of its alerts fell into the period for certain: a row that began before and went on after may have been
  /// silent meanwhile, and single alerts are not kept as long.
  func isCertain(_ row: QueueRow) -> Bool { row.firstSeen >= period.from || row.lastSeen < period.until }

  /// What the hub says of Vigil itself is no attack.
  func isAttack(_ row: QueueRow, on members: Set<String>) -> Bool {
    guard !row.check.hasPrefix("\(HubAlert.gid):") else { return false }
    if case .city = subject { return true }
    return row.site.map(members.contains) ?? false
  }

  func add(attacks: [QueueRow], to contents: inout ReportContents) {
    let worst = attacks.sorted {
      ($1.outcome, $1.severity, $1.lastSeen, $1.id) < ($0.outcome, $0.severity, $0.lastSeen, $0.id)
    }
    contents.attacks = worst.prefix(ReportLimits.attacks).map { .init($0) }
    note(.attacks, shown: contents.attacks.count, total: worst.count, in: &contents)
  }
}
