internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Where the city, an organisation or a site stands, out of the board and kept counters: no row is counted for it.
extension HubCore {
  func situation(_ request: SituationRequest, scope text: String, within purview: Purview) async throws
    -> SituationReport
  {
    let now = clock.now()
    let scope = try situationScope(text, within: purview)
    let since = now.advanced(seconds: -Double(request.hours) * 3600)
    let standing = try standing(scope)
    keepPostureDays(now)
    let last = standing.days.last.flatMap(\.score)
    let open = try openIncidents(of: scope.narrowed, within: purview)
    let sources = scope.isCity ? try await top(.source, nil, since, request.limit) : nil
    let targets = try await top(.target, scope.sites, since, request.limit)
    return SituationReport(
      scope: scope.name, title: standing.title, time: now, hours: request.hours, posture: standing.mean,
      change: standing.mean.score.flatMap { score in last.map { score - $0 } }, days: standing.days,
      risks: try risks(scope, since: since, limit: request.limit),
      sources: sources, targets: targets, coverage: engineReach(scope, now),
      blindness: try blindness(since: since, now),
      early: try earlyWarnings(now, sites: scope.sites, within: purview), incidents: open.map(\.shortened))
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
    let sources = try await top(.source, nil, since, HubCore.glanceLines)
    let targets = try await top(.target, nil, since, HubCore.glanceLines)
    let early = try earlyWarnings(now, within: .all)
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
    let top = RiskRanking.top(
      board, sites: scope.sites, platforms: scope.platforms, attacks: attacks, limit: limit)
    return top.compactMap { risk in
      guard let row = try? store.row(risk.row.id) else { return nil }
      return RiskItem(
        id: row.id, check: row.check, title: row.title, severity: row.severity, site: row.site,
        platform: row.platform, organisation: board.organisation(of: risk.row), score: risk.score,
        points: risk.points, weight: risk.weight, factor: risk.factor, attacks: risk.attacks?.count,
        outcome: risk.attacks?.outcome)
    }
  }

  // MARK: sources and targets

  /// Added up beside the hub's own work: a day of full hours takes some tens of milliseconds. Of a part of the city: those
  /// of its sites that are among what is kept.
  @concurrent private nonisolated func top(
    _ kind: Store.AttackKind, _ values: Set<String>?, _ since: Timestamp, _ limit: Int
  ) async throws -> TopList {
    let found = try store.frequent(kind, among: values, since: since, limit: limit)
    return TopList(entries: found.entries, total: values == nil ? found.total : nil, short: found.short)
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
