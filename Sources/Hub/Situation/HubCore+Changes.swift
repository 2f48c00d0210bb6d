internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// What has changed since somebody looked.
extension HubCore {
  private static let lookKind = "look"

  nonisolated func look(by actor: Actor) throws -> LookAnswer {
    let now = clock.now()
    let before = try store.document(Store.LookMark.self, kind: HubCore.lookKind, id: actor.name)
    try store.put(kind: HubCore.lookKind, [(id: actor.name, value: try store.lookMark(at: now))])
    return LookAnswer(time: now, before: before?.time)
  }

  /// Made beside the hub's own work: a whole log is read.
  @concurrent nonisolated func changes(
    _ request: ChangesRequest, by actor: Actor, within purview: Purview
  ) async throws -> SituationChanges {
    let now = clock.now()
    let (mark, isSinceLook) = try lookMark(request, actor, now)
    guard mark.time < now else { throw APIProblem(.badRequest, "\(mark.time.text) has not come yet") }
    let scope = try await situationScope(request.scope, within: purview)
    let after = try await boardOfNow()
    var before = PostureBoard(tree: after.tree)
    var difference = FindingDifference(since: mark.time, until: now)
    try store.eachPostureEvent { event in
      difference.take(event)
      if event.time <= mark.time { before.apply(event) }
    }
    let diff = try await findings(difference, mark, now, scope, request.limit)
    let moves = scoreMoves(before, after, scope, request.limit)
    let early = try await earlyWarnings(now, sites: scope.sites, within: purview).filter { $0.last > mark.time }
    let look = Store.LookScope(sites: scope.narrowed, purview: purview)
    let downs = diff.lines.filter { $0.check == "availability.down" }
    return SituationChanges(
      since: mark.time, until: now, isSinceLook: isSinceLook,
      made: .init(try store.rowsMade(since: mark, of: look, limit: request.limit)),
      returned: .init(try store.rowsReturned(since: mark, of: look, limit: request.limit)),
      closed: .init(try store.rowsClosed(since: mark, of: look, limit: request.limit)),
      findings: FindingDiff(
        since: diff.since, until: diff.until, begins: diff.begins, counts: diff.counts,
        lines: Array(diff.lines.prefix(request.limit))),
      score: moves.whole, scores: moves.sites, scoresMoved: moves.moved,
      down: downs.filter { $0.change == .new || $0.change == .back }.compactMap(\.site),
      up: downs.filter { $0.change == .gone }.compactMap(\.site),
      incidents: try store.incidentSteps(
        since: mark.time, sites: scope.narrowed, within: purview, limit: request.limit), early: early,
      notLooked: try notLooked(diff, mark.time, after, scope))
  }

  private nonisolated func lookMark(
    _ request: ChangesRequest, _ actor: Actor, _ now: Timestamp
  ) throws -> (mark: Store.LookMark, isSinceLook: Bool) {
    if let since = request.since {
      return (try store.lookMark(before: try HubCore.moment(since, "since", now)), false)
    }
    if let mark = try store.document(Store.LookMark.self, kind: HubCore.lookKind, id: actor.name) {
      return (mark, true)
    }
    return (try store.lookMark(before: now.advanced(seconds: -86_400)), false)
  }

  private func boardOfNow() throws -> PostureBoard {
    try followPosture()
    return board
  }

  // MARK: findings and scores

  private nonisolated func findings(
    _ difference: FindingDifference, _ mark: Store.LookMark, _ now: Timestamp, _ scope: SituationScope, _ limit: Int
  ) async throws -> FindingDiff {
    let platforms = await platforms(of: scope)
    var report = FindingDiffReport(store: store, since: mark.time, until: now, openChecks: uncovered)
    for shift in difference.all {
      let row = shift.after
      if let wanted = scope.sites, !(row.platform.map(platforms.contains) ?? wanted.contains(row.site)) { continue }
      try report.add(shift)
    }
    return report.diff(begins: difference.begins.flatMap { $0 > mark.time ? $0 : nil }, limit: .max)
  }

  private func platforms(of scope: SituationScope) -> Set<String> {
    scope.platforms ?? Set((scope.sites ?? []).compactMap { board.platform(ofSite: $0) })
  }

  private nonisolated func scoreMoves(
    _ before: PostureBoard, _ after: PostureBoard, _ scope: SituationScope, _ limit: Int
  ) -> (whole: SituationChanges.Score, sites: [SituationChanges.Score], moved: Int) {
    var (before, after) = (before, after)
    let members = scope.sites?.sorted() ?? after.sites
    let moved = members.compactMap { id -> SituationChanges.Score? in
      let (old, new) = (before.posture(ofSite: id).score, after.posture(ofSite: id).score)
      return old == new ? nil : SituationChanges.Score(site: id, before: old, after: new)
    }.sorted { ($1.size, $0.site) < ($0.size, $1.site) }
    let whole: SituationChanges.Score
    if scope.sites == nil {
      whole = .init(site: scope.name, before: before.city().score, after: after.city().score)
    } else {
      whole = .init(site: scope.name, before: before.mean(of: members).score, after: after.mean(of: members).score)
    }
    return (whole, Array(moved.prefix(limit)), moved.count)
  }

  // MARK: what nobody looked at

  private nonisolated func notLooked(
    _ diff: FindingDiff, _ since: Timestamp, _ board: PostureBoard, _ scope: SituationScope
  ) throws -> SituationChanges.NotLooked {
    let tested = try store.lastTests()
    let members = scope.sites.map { Array($0) } ?? board.sites
    return SituationChanges.NotLooked(
      findings: diff.counts.notCovered, sites: members.count { tested[$0].map { $0 <= since } ?? true },
      never: members.count { tested[$0] == nil }, blind: try blindIntervals(since: since, clock.now()),
      logBegins: diff.begins)
  }
}

extension SituationChanges.Rows {
  fileprivate init(_ some: Store.Some) { self.init(total: some.total, rows: some.rows) }
}

extension SituationChanges.Score {
  /// A first score, or a lost one, moves by all of it.
  fileprivate var size: Int { abs((after ?? 0) - (before ?? 0)) }
}
