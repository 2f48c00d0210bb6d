internal import ControlAPI
internal import Records
internal import Store
internal import Wire

/// What people do to rows: beside the actor, so that no act waits for what the hub is busy with.
extension HubCore {
  nonisolated func act(
    _ request: ActRequest, by actor: Actor, within purview: Purview, me: String? = nil
  ) async throws -> ActReport {
    let acts = try request.acts()
    let now = clock.now()
    if let bulk = request.bulk { return try await undo(bulk, by: actor, within: purview, now) }
    let asked = try await rows(of: request, within: purview, me: me ?? actor.name, now)
    if let incident = request.incident {
      return try await escalate(request, rows: asked, into: incident, by: actor, within: purview)
    }
    let hers = try await desk.act { [store] in try store.ids(asked, within: purview) }
    let ids = asked.filter(hers.contains)
    let bulk = try await begun(request, ids, by: actor, now)
    var tally = ActTally(bulk: bulk)
    tally.take(asked.filter { !hers.contains($0) }.map { ($0, .failure(StoreError.noRow($0))) })
    for part in ids.parts(of: Store.bulkPart) {
      tally.take(try await desk.act { [store] in try store.act(acts, on: part, bulk: bulk, by: actor, at: now) })
    }
    return report(tally, now)
  }

  private nonisolated func report(_ tally: ActTally, _ now: Timestamp) -> ActReport {
    for row in tally.done { publish(row, .acted, now) }
    return tally.report(item)
  }

  /// Each once, in the order asked for.
  private nonisolated func rows(
    of request: ActRequest, within purview: Purview, me: String, _ now: Timestamp
  ) async throws -> [Int64] {
    guard let asked = request.query else { return request.ids.once }
    let wanted = try QueueFilter(asked.filter, within: purview)
    let context = await context(wanted.filter, me: me)
    let query = ListQuery(
      filter: wanted.filter.resolved(in: context), limit: ActRequest.mostRows + 1, now: now, purview: purview,
      isStanding: wanted.isStanding, newest: asked.asOf)
    let clocks = clocks
    let ids = try await reading { [store] in try store.ids(query, clocks: clocks) }
    guard ids.count <= ActRequest.mostRows else {
      throw APIProblem(
        .refused, "the query has more than \(ActRequest.mostRows) rows, the most of one act",
        zh: "查询结果超过一次操作的上限 \(ActRequest.mostRows) 行", hint: "narrow it")
    }
    return ids
  }

  /// The number under which the act is taken back; nil where it is on one row, or changes none.
  private nonisolated func begun(
    _ request: ActRequest, _ ids: [Int64], by actor: Actor, _ now: Timestamp
  ) async throws -> Int64? {
    guard ids.count > 1, request.act != .comment, request.act != .undo else { return nil }
    let rows = request.query.map { "\(ids.count) rows of \($0.filter.isEmpty ? "the queue" : $0.filter)" }
    let words = rows ?? "\(ids.count) rows"
    return try await desk.act { [store] in try store.beginBulk(request.act.rawValue, words, by: actor, at: now) }
  }

  private nonisolated func undo(
    _ bulk: Int64, by actor: Actor, within purview: Purview, _ now: Timestamp
  ) async throws -> ActReport {
    let ids = try await desk.act { [store] in try store.rows(ofBulk: bulk, within: purview, at: now) }
    var tally = ActTally(bulk: bulk)
    for part in ids.parts(of: Store.bulkPart) {
      tally.take(try await desk.act { [store] in try store.undo(bulk: bulk, rows: part, by: actor, at: now) })
    }
    try await desk.act { [store] in try store.endUndo(bulk: bulk, by: actor, at: now) }
    return report(tally, now)
  }
}

/// What became of each row.
private struct ActTally {
  let bulk: Int64?
  private(set) var done: [QueueRow] = []
  private var refused: [ActReport.Refusal] = []

  init(bulk: Int64?) { self.bulk = bulk }

  mutating func take(_ results: ActResults) {
    for (id, result) in results {
      switch result {
      case .success(let row): done.append(row)
      case .failure(let error): refused.append(ActReport.Refusal(id, error))
      }
    }
  }

  func report(_ item: (QueueRow) -> QueueItem) -> ActReport {
    var report = ActReport(
      done: done.prefix(ActReport.shown).map(item), refused: Array(refused.prefix(ActReport.shown)))
    report.bulk = bulk
    report.count = done.count
    report.refusals = refused.count
    return report
  }
}

extension Array {
  /// In order, each of at most so many.
  func parts(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: Swift.max(size, 1)).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
