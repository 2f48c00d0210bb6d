package import Records
package import Wire

/// A row whose clock runs: who was called how often while nobody took it, then how long the one who took it may be silent.
package struct DutyCase: Codable, Sendable, Hashable {
  package enum Stage: String, Codable, Sendable { case waiting, held }
  package var row: Int64
  package var severity: Severity
  package var site: String?
  package var isDrill: Bool
  package var stage: Stage
  /// The first of the clock's moments: when it came, or came back.
  package var since: Timestamp
  /// Steps of the chain that were called, over all rounds; those that were passed over count.
  package var called = 0
  /// It is told that nobody can be called, or that nobody came.
  package var isTold = false
  /// Who was given it.
  package var assigned: String?

  /// Of `held`: by whom, acknowledged when, and from when the silence counts.
  package var holder: String?
  package var acknowledged: Timestamp?
  package var heldSince: Timestamp?
  /// 1: the holder was asked; 2: the lead too.
  package var asked = 0
  package var pausedSince: Timestamp?
  package var comments = 0

  init(_ row: QueueRow, since: Timestamp) {
    self.row = row.id
    severity = row.severity
    site = row.site
    isDrill = row.isDrill
    stage = .waiting
    self.since = since
    assigned = row.triage.assignee
    comments = row.comments
  }

  /// Which part of its time a guard period leaves.
  package func acknowledgeSeconds(_ clocks: DutyClocks, _ pace: Double) -> Double {
    clocks.acknowledge(severity, pace: pace)
  }

  /// By when it must be acknowledged; of a held one until when the acknowledgement holds.
  package func due(_ clocks: DutyClocks, pace: Double = 1) -> Timestamp? {
    switch stage {
    case .waiting: since.advanced(seconds: clocks.acknowledge(severity, pace: pace))
    case .held:
      pausedSince == nil ? heldSince?.advanced(seconds: clocks.hold(severity, pace: pace)) : nil
    }
  }

  /// How many steps must have been called by now: the first at once, another after each time that passed.
  package func expected(_ clocks: DutyClocks, pace: Double, now: Timestamp) -> Int {
    let period = clocks.acknowledge(severity, pace: pace)
    let passed = Double(now.nanoseconds(since: since)) / 1e9
    guard passed >= 0 else { return 1 }
    return Int(min(passed / period, Double(DutyCase.mostCalls(clocks)) - 1)) + 1
  }

  package static func mostCalls(_ clocks: DutyClocks) -> Int { clocks.rounds * Roster.steps }
}
