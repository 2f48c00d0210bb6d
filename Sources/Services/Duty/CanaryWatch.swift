package import Records
package import Wire

/// The canary's runs: sent each minute, followed stage by stage, late when they do not come all the way in time.
package struct CanaryWatch: Sendable {
  /// The last hour and the one that runs.
  package static let mostRuns = 61

  /// Oldest first.
  package private(set) var runs: [CanaryRun]
  private let every: Double
  private let late: Double
  private var next: Timestamp?

  package init(runs: [CanaryRun] = [], everySeconds: Double = 60, lateSeconds: Double = 30) {
    self.runs = Array(runs.suffix(CanaryWatch.mostRuns))
    every = everySeconds
    late = lateSeconds
    next = self.runs.last.map { $0.sent.advanced(seconds: everySeconds) }
  }

  package func isDue(now: Timestamp) -> Bool {
    guard let next else { return true }
    // A clock that was set back must not silence it.
    return now >= next || now.nanoseconds(since: next) < -Int64(every * 2e9)
  }

  package mutating func sent(_ id: String, now: Timestamp) {
    runs.append(CanaryRun(id: id, sent: now))
    if runs.count > CanaryWatch.mostRuns { runs.removeFirst(runs.count - CanaryWatch.mostRuns) }
    next = now.advanced(seconds: every)
  }

  /// Each stage counts once, the first time; an id that is not one of ours changes nothing.
  package mutating func passed(_ stage: CanaryRun.Stage, _ id: String, at time: Timestamp, sensor: String? = nil)
    -> CanaryRun?
  {
    guard let place = runs.lastIndex(where: { $0.id == id }), runs[place][stage] == nil else { return nil }
    switch stage {
    case .sent: return nil
    case .packet:
      runs[place].packet = time
      runs[place].sensor = sensor
    case .stored: runs[place].stored = time
    case .assigned: runs[place].assigned = time
    case .seen: runs[place].seen = time
    }
    return runs[place]
  }

  package mutating func skip(_ stage: CanaryRun.Stage, _ id: String) -> CanaryRun? {
    guard let place = runs.lastIndex(where: { $0.id == id }), runs[place][stage] == nil,
      !runs[place].skipped.contains(stage)
    else { return nil }
    runs[place].skipped.append(stage)
    return runs[place]
  }

  /// Those that have become late and are worth telling: of a row of late ones the first, unless a later one has come all
  /// the way meanwhile.
  package mutating func tick(now: Timestamp) -> [CanaryRun] {
    var told: [CanaryRun] = []
    for place in runs.indices where !runs[place].isLate && runs[place].stuckBefore != nil {
      guard Double(now.nanoseconds(since: runs[place].sent)) / 1e9 > late else { continue }
      runs[place].isLate = true
      let isFirst = place == runs.startIndex || !runs[place - 1].isLate
      if isFirst, !runs[place...].contains(where: { $0.stuckBefore == nil }) { told.append(runs[place]) }
    }
    return told
  }

  // MARK: figures

  /// Seconds from the stage before.
  package func seconds(to stage: CanaryRun.Stage) -> [Double] {
    let stages = CanaryRun.Stage.allCases
    guard let place = stages.firstIndex(of: stage), place > 0 else { return [] }
    return runs.compactMap { run in
      guard let before = run[stages[place - 1]], let after = run[stage] else { return nil }
      return Double(after.nanoseconds(since: before)) / 1e9
    }
  }
}
