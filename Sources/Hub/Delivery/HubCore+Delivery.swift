internal import ControlAPI
internal import Logging
internal import Records
internal import Services
internal import Store
internal import Wire

/// What leaves, as people see it: lanes, messages, and what is done to them.
extension HubCore {
  /// What waits so long is told.
  private static let lateSeconds = 15.0 * 60
  /// What is down so long is told: a receiver that starts again is no news.
  private static let downSeconds = 5.0

  nonisolated func outbox(_ request: OutboxRequest) throws -> Page<OutboxItem> {
    let entries = try store.outbox(
      state: request.state, lane: request.lane, before: request.before, limit: request.limit)
    return Page(items: entries.map { OutboxItem($0) })
  }

  nonisolated func outboxDetail(_ id: String) throws -> OutboxDetail {
    guard let number = Int64(id), let entry = try store.outboxEntry(number) else {
      throw APIProblem(.notFound, "the outbox has no message \(id.prefix(64))", zh: "发件箱中没有消息 \(id.prefix(64))")
    }
    let dispatch = entry.dispatch
    return OutboxDetail(
      item: OutboxItem(entry), subject: dispatch?.subject, text: dispatch?.text,
      audit: try store.audit(subject: "outbox/\(number)"))
  }

  nonisolated func retryOutbox(_ request: OutboxAct, by actor: Actor) throws -> OutboxReport {
    try outboxAct(request, "only what was given up is tried again, and a drill is never sent") {
      try store.retryOutbox($0, by: actor, at: clock.now())
    }
  }

  nonisolated func dropOutbox(_ request: OutboxAct, by actor: Actor) throws -> OutboxReport {
    try outboxAct(request, "only what waits or was given up can be dropped") {
      try store.dropOutbox($0, by: actor, at: clock.now())
    }
  }

  private nonisolated func outboxAct(
    _ request: OutboxAct, _ reason: String, _ act: (Int64) throws -> Bool
  ) throws -> OutboxReport {
    var ids = request.ids
    guard ids.count <= OutboxAct.longest else {
      throw APIProblem(
        .tooLarge, "more than \(OutboxAct.longest) messages at once", zh: "一次最多 \(OutboxAct.longest) 条消息")
    }
    if let lane = request.deadOf {
      ids += try store.outbox(state: .dead, lane: lane, limit: OutboxAct.longest).map(\.id)
    }
    var report = OutboxReport(done: [], refused: [])
    for id in ids.once {
      if try act(id) {
        report.done.append(id)
      } else {
        let isThere = try store.outboxEntry(id) != nil
        report.refused.append(.init(id: id, reason: isThere ? reason : "the outbox has no message \(id)"))
      }
    }
    return report
  }

  nonisolated func outboxLanes() throws -> [OutboxLaneItem] {
    let known = laneBoard.all
    let counts = Dictionary(uniqueKeysWithValues: try store.outboxLanes().map { ($0.lane, $0) })
    return Set(known.keys).union(counts.keys).sorted().map { name in
      let (lane, count) = (known[name], counts[name])
      let state: OutboxLaneItem.State = lane == nil ? .missing : lane?.downSince == nil ? .flowing : .down
      return OutboxLaneItem(
        lane: name, state: state, downSince: lane?.downSince, lastError: lane?.lastError,
        lastAccepted: lane?.lastAccepted, waiting: count?.waiting ?? 0, oldest: count?.oldest, dead: count?.dead ?? 0)
    }
  }

  /// What an officer should know of the lanes, a sentence each.
  nonisolated func deliveryWarnings(_ now: Timestamp) -> [BilingualText] {
    ((try? outboxLanes()) ?? []).flatMap { HubCore.warnings($0, now) }
  }

  private static func warnings(_ lane: OutboxLaneItem, _ now: Timestamp) -> [BilingualText] {
    func ago(_ time: Timestamp) -> Double { Double(now.nanoseconds(since: time)) / 1e9 }
    func text(_ time: Timestamp) -> String {
      DurationText.text(max(now.nanoseconds(since: time), 0) / 1_000_000_000 * 1_000_000_000)
    }
    let name = lane.lane
    let waits = BilingualText(
      en: lane.oldest.map { "\(lane.waiting) wait, the oldest for \(text($0))" } ?? "nothing waits",
      zh: lane.oldest.map { "待发 \(lane.waiting)，最久 \(text($0))" } ?? "无待发")
    var result: [BilingualText] = []
    if lane.state == .missing, lane.waiting > 0 {
      result.append(
        .init(en: "delivery: no receiver \(name) is set up: \(waits.en)", zh: "投递：未设接收方 \(name)：\(waits.zh)"))
    } else if let since = lane.downSince, ago(since) >= downSeconds {
      let error = lane.lastError ?? ""
      result.append(
        .init(
          en: "delivery: \(name) is down for \(text(since)): \(error); \(waits.en)",
          zh: "投递：\(name) 中断 \(text(since))：\(error)；\(waits.zh)"))
    } else if let oldest = lane.oldest, ago(oldest) >= lateSeconds {
      result.append(.init(en: "delivery: \(name) is late: \(waits.en)", zh: "投递：\(name) 迟缓：\(waits.zh)"))
    }
    if lane.dead > 0 {
      let see = "vigil outbox list --state dead"
      result.append(
        .init(
          en: "delivery: \(lane.dead) to \(name) were given up; see \(see)",
          zh: "投递：发往 \(name) 的 \(lane.dead) 条已放弃；见 \(see)"))
    }
    return result
  }

  /// A receiver's word that an address is none. Told at least once for each such answer; kept in the audit, and the
  /// organisation's contact is unconfirmed from now on.
  func contactBounced(_ address: ContactAddress, _ reason: String, _ dispatch: String) {
    do {
      try bounced(address, reason: reason)
      try store.append(
        AuditEntry(
          time: clock.now(), actor: Actor(name: "vigil", origin: "delivery"), act: "bounce",
          subject: "address/\(address.channel.rawValue)/\(address.to)", after: "\(dispatch): \(reason)"))
    } catch {
      logger.error("a bounce was not kept", metadata: ["error": "\(error)"])
    }
  }
}
