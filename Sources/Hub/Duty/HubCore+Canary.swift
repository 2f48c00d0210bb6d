internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// The canary: each minute a packet whose alert goes the whole way, in a lane of its own.
extension HubCore {
  private static let hour = 3600.0
  /// Sensors that were started with the hub read their rules first: no canary is sent for them to miss.
  private static let settling = 15.0

  func beginCanary(_ now: Timestamp) throws {
    guard let target = configuration.duty.canary else { return duty.canary = nil }
    let key = try HubKey.read(configuration.data.path + "/canary.key")
    let runs = try store.canaryRuns(since: now.advanced(seconds: -HubCore.hour))
    duty.canary = CanaryLane(
      target: target, key: key,
      watch: CanaryWatch(
        runs: runs, everySeconds: configuration.duty.canarySeconds, lateSeconds: configuration.duty.canaryLateSeconds))
  }

  func tickCanary(_ now: Timestamp) throws {
    guard var lane = duty.canary else { return }
    var changed: [CanaryRun] = []
    for run in lane.watch.runs where run.stored != nil && run.assigned == nil && !run.skipped.contains(.assigned) {
      changed += assign(run, &lane, now)
    }
    let late = lane.watch.tick(now: now)
    changed += lane.watch.runs.filter { run in late.contains { $0.id == run.id } }
    let isSettled = Double(now.nanoseconds(since: started)) / 1e9 >= HubCore.settling
    if isSettled, lane.watch.isDue(now: now) {
      let id = CanaryLane.freshID()
      lane.watch.sent(id, now: now)
      ailments[.canary] = lane.send(id).map { "the canary's packet to \(lane.target) did not leave: \($0)" }
      changed += lane.watch.runs.suffix(1)
    }
    duty.canary = lane
    if !changed.isEmpty { try store.keep(changed, now: now) }
    tellCanary(late, lane.watch, now)
  }

  /// Who gets an alert that is stored is known by the same look as of every other.
  private func assign(_ run: CanaryRun, _ lane: inout CanaryLane, _ now: Timestamp) -> [CanaryRun] {
    guard duty.isInUse else { return show(lane.watch.skip(.assigned, run.id), &lane, now) }
    guard dutyChain(now).people.contains(where: { $0 != nil }) else { return [] }
    return show(lane.watch.passed(.assigned, run.id, at: now), &lane, now)
  }

  private func show(_ run: CanaryRun?, _ lane: inout CanaryLane, _ now: Timestamp) -> [CanaryRun] {
    guard let run else { return [] }
    if feed.hasListeners {
      feed.publish([.canary(run.id)])
      return [run]
    }
    return [lane.watch.skip(.seen, run.id) ?? run]
  }

  private func tellCanary(_ late: [CanaryRun], _ watch: CanaryWatch, _ now: Timestamp) {
    if let run = late.first {
      tell("canary", true, HubCore.lateness(run), .canaryLate, about: "canary", now)
    } else if watch.runs.last(where: { $0.isLate || $0.stuckBefore == nil }).map({ !$0.isLate }) ?? false {
      tell("canary", false, BilingualText(""), .canaryLate, about: "canary", now)
    }
  }

  private static func lateness(_ run: CanaryRun) -> BilingualText {
    switch run.stuckBefore {
    case .packet?, .sent?:
      BilingualText(en: "the canary is late: no sensor has seen its packet", zh: "链路探测超时：探针未捕获到探测报文")
    case .stored?:
      BilingualText(en: "the canary is late: its alert is not stored", zh: "链路探测超时：告警未入库")
    case .assigned?:
      BilingualText(en: "the canary is late: there is nobody to give it to", zh: "链路探测超时：无人可分派")
    case .seen?, nil:
      BilingualText(en: "the canary is late: no client of the stream has got it", zh: "链路探测超时：客户端未收到")
    }
  }

  // MARK: stages

  func canariesStored(_ canaries: [IngestResult.SeenCanary], _ now: Timestamp) {
    guard var lane = duty.canary else { return }
    var changed: [CanaryRun] = []
    for canary in canaries {
      changed += lane.watch.passed(.packet, canary.id, at: canary.packet, sensor: canary.sensor).map { [$0] } ?? []
      changed += lane.watch.passed(.stored, canary.id, at: now).map { [$0] } ?? []
    }
    duty.canary = lane
    keepRuns(changed, now)
  }

  /// By a client's stream, as it hands the item on.
  func canarySeen(_ id: String, at time: Timestamp) {
    guard var lane = duty.canary, let run = lane.watch.passed(.seen, id, at: time) else { return }
    duty.canary = lane
    keepRuns([run], time)
  }

  private func keepRuns(_ runs: [CanaryRun], _ now: Timestamp) {
    guard !runs.isEmpty else { return }
    do { try store.keep(runs, now: now) } catch { ailments[.canary] = "\(error)" }
  }

  func canaryReport() -> CanaryReport {
    guard let lane = duty.canary else {
      return CanaryReport(
        notMeasured: BilingualText(
          en: "not measured: duty.canary names no address on a monitored network", zh: "未测量：未配置 duty.canary"),
        target: nil, sent: 0, late: 0, stages: [], last: nil)
    }
    let stages = CanaryRun.Stage.allCases.dropFirst().map { stage in
      let sorted = lane.watch.seconds(to: stage).sorted()
      return CanaryReport.Stage(
        stage: stage, count: sorted.count, p50: AnswerMath.rank(sorted, 0.5), p99: AnswerMath.rank(sorted, 0.99),
        most: sorted.last)
    }
    let missing = stages.filter { $0.count == 0 }.map(\.stage.rawValue).joined(separator: ", ")
    return CanaryReport(
      notMeasured: missing.isEmpty
        ? nil : BilingualText(en: "not measured yet: \(missing)", zh: "尚未测得：\(missing)"),
      target: "\(lane.target)", sent: lane.watch.runs.count, late: lane.watch.runs.count(where: \.isLate),
      stages: stages, last: lane.watch.runs.last)
  }
}
