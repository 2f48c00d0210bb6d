internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Where the city, an organisation or a site stands, out of the board and kept counters: no row is counted for it.
extension HubCore {
  /// Whom a question is about.
  struct SituationScope: Sendable {
    let name: String
    /// Nil: all.
    let sites: Set<String>?
  }

  func situationScope(_ text: String) throws -> SituationScope {
    try followPosture()
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("city", 1): return SituationScope(name: "city", sites: nil)
    case ("organisation", 2):
      guard scheduler.inventory.organisations.contains(where: { $0.id == parts[1] }) else {
        throw APIProblem(.notFound, "there is no organisation \(parts[1].prefix(128))")
      }
      return SituationScope(name: text, sites: Set(board.sites(ofOrganisation: parts[1])))
    case ("site", 2):
      guard sites[parts[1]] != nil else { throw APIProblem(.notFound, "there is no site \(parts[1].prefix(128))") }
      return SituationScope(name: text, sites: [parts[1]])
    default:
      throw APIProblem(.badRequest, "\(text.prefix(64)) is no scope", hint: "city, organisation/ID or site/ID")
    }
  }

  func situation(_ request: SituationRequest, scope text: String) async throws -> SituationReport {
    let now = clock.now()
    let scope = try situationScope(text)
    let since = now.advanced(seconds: -Double(request.hours) * 3600)
    let report = try postureReport(PostureRequest(scope: text, days: 30), within: .all)
    keepPostureDays(now)
    let last = report.days.last.flatMap(\.score)
    let open = try openIncidents().filter { item in
      scope.sites.map { wanted in item.sites.contains(where: wanted.contains) } ?? true
    }
    let sources = scope.sites == nil ? try await top(.source, since, request.limit) : nil
    let targets = try await targets(scope, since, request.limit)
    return SituationReport(
      scope: text, title: report.title, time: now, hours: request.hours, posture: report.mean,
      change: report.mean.score.flatMap { score in last.map { score - $0 } }, days: report.days,
      risks: try risks(scope, since: since, limit: request.limit),
      sources: sources, targets: targets, coverage: engineReach(scope, now),
      blindness: try blindness(since: since, now), early: try earlyWarnings(now, sites: scope.sites),
      incidents: open.map(\.shortened))
  }

  /// The overview is asked every second or two by each screen; its picture of a day is made anew after so long.
  private static let glanceEvery = 10.0
  private static let glanceLines = 5

  func glance(_ now: Timestamp) async throws -> SituationGlance {
    // A clock that was set back makes it anew too.
    if let kept = situationGlance, (0..<HubCore.glanceEvery).contains(Double(now.nanoseconds(since: kept.time)) / 1e9) {
      return kept
    }
    let since = now.advanced(seconds: -86_400)
    let sources = try await top(.source, since, HubCore.glanceLines)
    let targets = try await top(.target, since, HubCore.glanceLines)
    let early = try earlyWarnings(now)
    let glance = SituationGlance(
      time: now, sources: sources, targets: targets, sight: try blindness(since: since, now).all,
      early: early.prefix(HubCore.glanceLines).map(\.title), earlyCount: early.count)
    situationGlance = glance
    return glance
  }

  // MARK: risks

  private func risks(_ scope: SituationScope, since: Timestamp, limit: Int) throws -> [RiskItem] {
    let attacks = try store.attacksOnFindings(since: since).mapValues {
      RiskRanking.Attacks(count: $0.count, outcome: $0.outcome)
    }
    return RiskRanking.top(board, sites: scope.sites, attacks: attacks, limit: limit).compactMap { risk in
      guard let row = try? store.row(risk.row.id) else { return nil }
      return RiskItem(
        id: row.id, check: row.check, title: row.title, severity: row.severity, site: row.site,
        platform: row.platform, organisation: board.organisation(of: risk.row), score: risk.score,
        points: risk.points, weight: risk.weight, factor: risk.factor, attacks: risk.attacks?.count,
        outcome: risk.attacks?.outcome)
    }
  }

  // MARK: sources and targets

  /// Added up beside the hub's own work: a day of full hours takes some tens of milliseconds.
  @concurrent private nonisolated func top(
    _ kind: Store.AttackKind, _ since: Timestamp, _ limit: Int
  ) async throws -> TopList {
    let found = try store.frequent(kind, since: since, limit: limit)
    return TopList(entries: found.entries, total: found.total, short: found.short)
  }

  /// Of a part of the city: those of its sites that are among what is kept.
  @concurrent private nonisolated func targets(
    _ scope: SituationScope, _ since: Timestamp, _ limit: Int
  ) async throws -> TopList {
    guard let wanted = scope.sites else { return try await top(.target, since, limit) }
    let found = try store.frequent(.target, since: since, limit: .max)
    let own = found.entries.filter { wanted.contains($0.value) }
    return TopList(entries: Array(own.prefix(limit)), total: nil, short: found.short)
  }

  // MARK: coverage

  /// Engine by engine, from the schedule's own ledger.
  private func engineReach(_ scope: SituationScope, _ now: Timestamp) -> [EngineReach] {
    var result: [String: EngineReach] = [:]
    var reasons: [String: [String: Int]] = [:]
    for site in scheduler.inventory.sites where scope.sites?.contains(site.id) ?? true {
      let words = Dictionary(
        scheduler.coverage.entries(site: site.id).map { ($0.engine, $0) }, uniquingKeysWith: { first, _ in first })
      let asked = Set(site.engines.isEmpty ? configuration.scan.engines : site.engines)
      for engine in asked {
        var reach = result[engine] ?? EngineReach(engine: engine, sites: 0, fresh: 0, stale: 0, never: 0, reasons: [])
        let word = words[engine]
        reach.sites += 1
        switch standing(word, now) {
        case .fresh: reach.fresh += 1
        case .stale: reach.stale += 1
        case .never: reach.never += 1
        }
        if standing(word, now) != .fresh { reasons[engine, default: [:]][reason(word), default: 0] += 1 }
        result[engine] = reach
      }
    }
    return result.values.map { reach in
      var reach = reach
      reach.reasons = (reasons[reach.engine] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        .map { EngineReach.Reason(reason: $0.key, sites: $0.value) }
      return reach
    }.sorted { $0.engine < $1.engine }
  }

  private enum Standing { case fresh, stale, never }

  private func standing(_ word: CoverageEntry?, _ now: Timestamp) -> Standing {
    guard let word, word.status == .tested || word.tested != nil else { return .never }
    let tested = word.status == .tested ? word.time : word.tested ?? word.time
    guard let longest = scheduler.freshness(.init(site: word.site, engine: word.engine)) else { return .stale }
    return Double(now.nanoseconds(since: tested)) / 1e9 <= longest ? .fresh : .stale
  }

  private func reason(_ word: CoverageEntry?) -> String {
    guard let word else { return "not looked at yet" }
    if word.status == .tested { return "not looked at again in time" }
    return word.reason.isEmpty ? word.status.rawValue : "\(word.status.rawValue): \(word.reason)"
  }
}
