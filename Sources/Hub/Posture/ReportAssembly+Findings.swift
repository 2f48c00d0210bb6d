internal import Records
internal import Reports
internal import Services
internal import Store
internal import Wire

/// Findings, what they cost, and the attacks of the period.
extension ReportAssembly {
  /// Every finding of the scope, its hostings' too, with its clock; those that are shown go into the contents.
  func add(
    findingsOf log: PosturePeriod, _ members: Set<String>, _ platforms: Set<String>, _ attacks: [QueueRow],
    to contents: inout ReportContents
  ) throws -> [(life: PosturePeriod.Life, due: Timestamp?)] {
    let lives = log.findings.values.filter { life in
      life.row.platform.map(platforms.contains) ?? members.contains(life.row.site)
    }.sorted(by: ReportAssembly.isBefore)
    contents.severities = ReportAssembly.counts(lives)
    let attacked = Set(attacks.filter(isCertain).compactMap { row in row.site.map { [$0, row.check] } })
    func isAttacked(_ life: PosturePeriod.Life) -> Bool {
      tree.rules(attacking: life.row.check).contains { attacked.contains([life.row.site, $0]) }
    }
    let limit = mostFindings
    var (lost, moved) = (0, 0)
    var clocks: [(life: PosturePeriod.Life, due: Timestamp?)] = []
    for life in lives.prefix(limit) {
      if let line = try line(life, isAttacked(life)) {
        // Another finding tells it: its site has joined or left a hosting.
        guard line.state != .moved || line.status == .open else {
          moved += 1
          continue
        }
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
    note(.findings, shown: contents.findings.count, total: lives.count - moved, in: &contents)
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
      site: life.row.platform.map { "platform:\($0)" } ?? life.row.site, target: finding.target, path: finding.path,
      parameter: finding.parameter,
      confidence: finding.confidence, engines: words(finding),
      evidence: ReportLimits.cut(finding.evidence, to: isSite ? ReportLimits.evidence : ReportLimits.shortEvidence),
      firstSeen: finding.row.firstSeen, lastSeen: finding.row.lastSeen,
      isNew: life.isNew, isAttacked: isAttacked, due: due(life, finding.row.firstSeen, isAttacked),
      remedy: indicator?.remedy, references: indicator?.references ?? [])
  }

  /// Those that say yes, then those that say no, then those that do not know; of a hosting, over its places. What each
  /// saw stands in a site's report alone.
  private func words(_ finding: Finding) -> [ReportContents.EngineWord] {
    let engines = Dictionary(grouping: finding.answers, by: \.engine)
    let words = engines.keys.sorted().compactMap { engine -> ReportContents.EngineWord? in
      guard let told = engines[engine]?.max(by: { ReportAssembly.weight($0) < ReportAssembly.weight($1) }) else {
        return nil
      }
      return ReportContents.EngineWord(
        engine: engine, answer: told.holds.map { $0 ? .yes : .no } ?? .notDetermined,
        confidence: told.holds == true ? told.confidence : nil,
        evidence: isSite && !told.evidence.isEmpty ? ReportLimits.cut(told.evidence) : nil, time: told.sure ?? told.time
      )
    }
    let order: [ReportContents.EngineWord.Answer] = [.yes, .no, .notDetermined]
    return Array(order.flatMap { answer in words.filter { $0.answer == answer } }.prefix(ReportLimits.engines))
  }

  /// A place where it is counts before one where it is not, that before silence; the newest of each.
  private static func weight(_ answer: EngineAnswer) -> (Int, Timestamp) {
    (answer.holds.map { $0 ? 2 : 1 } ?? 0, answer.sure ?? answer.time)
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

  /// Rows of the sensors that were seen in the period, the newest first; drills are in no report.
  func alerts() throws -> [QueueRow] {
    try store.rows(
      QueueQuery(
        wing: .sensor, since: period.from, until: period.until, places: [.shown, .member], order: .lastSeen,
        limit: ReportLimits.rows)
    ).filter { $0.gathering == nil && !$0.isDrill }
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
