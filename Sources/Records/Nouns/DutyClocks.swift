package import Wire

/// MODEL's clocks of the watch, in seconds. Configuration with a date: what held when is kept.
package struct DutyClocks: Codable, Sendable, Hashable {
  /// A row that nobody has by then is told.
  package var assign: Double
  package var acknowledgeCritical: Double
  package var acknowledgeHigh: Double
  /// How often the whole chain is paged.
  package var rounds: Int
  package var holdCritical: Double
  package var holdHigh: Double
  package var pagesPerHour: Int
  /// A shift that nobody took so long after it should have begun is told.
  package var take: Double
  /// Multiplies the times above where a guard period holds.
  package var guardFactor: Double

  package init(
    assign: Double = 60, acknowledgeCritical: Double = 300, acknowledgeHigh: Double = 900, rounds: Int = 3,
    holdCritical: Double = 1800, holdHigh: Double = 7200, pagesPerHour: Int = 10, take: Double = 900,
    guardFactor: Double = 0.5
  ) {
    self.assign = assign
    self.acknowledgeCritical = acknowledgeCritical
    self.acknowledgeHigh = acknowledgeHigh
    self.rounds = rounds
    self.holdCritical = holdCritical
    self.holdHigh = holdHigh
    self.pagesPerHour = pagesPerHour
    self.take = take
    self.guardFactor = guardFactor
  }

  /// From whom nobody needs to be called at night has no clock.
  package static let leastSeverity = Severity.high

  package func acknowledge(_ severity: Severity, pace: Double = 1) -> Double {
    (severity == .critical ? acknowledgeCritical : acknowledgeHigh) * pace
  }
  package func hold(_ severity: Severity, pace: Double = 1) -> Double {
    (severity == .critical ? holdCritical : holdHigh) * pace
  }

  /// What held from when on.
  package struct Dated: Codable, Sendable, Hashable {
    package var since: Timestamp
    package var clocks: DutyClocks
    package init(since: Timestamp, clocks: DutyClocks) {
      self.since = since
      self.clocks = clocks
    }
  }
}

/// Somebody is called about a row.
package struct DutyPage: Codable, Sendable, Hashable, Identifiable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// Not acknowledged in time, or just come.
    case waiting
    /// The acknowledgement ran out: the holder is asked, then the lead.
    case holderAsked, leadAsked
    /// Pages over the budget, as one.
    case digest
  }
  /// The same after a restart.
  package var id: String
  package var reason: Reason
  /// 0 of a digest.
  package var row: Int64
  package var severity: Severity
  package var site: String?
  package var person: String
  /// 1 to 3.
  package var step: Int
  /// 1 to `rounds`.
  package var round: Int
  package var time: Timestamp
  /// By when it should have been acknowledged.
  package var deadline: Timestamp?
  package var isDrill: Bool
  /// Of a digest: the rows it stands for, the first `mostRows`, and how many there are.
  package var rows: [Int64]
  package var count: Int
  package static let mostRows = 100

  package init(
    id: String, reason: Reason, row: Int64, severity: Severity, site: String? = nil, person: String, step: Int,
    round: Int, time: Timestamp, deadline: Timestamp? = nil, isDrill: Bool = false, rows: [Int64] = [], count: Int = 1
  ) {
    self.id = id
    self.reason = reason
    self.row = row
    self.severity = severity
    self.site = site
    self.person = person
    self.step = step
    self.round = round
    self.time = time
    self.deadline = deadline
    self.isDrill = isDrill
    self.rows = rows
    self.count = count
  }
}

/// A row was answered: how long that took.
package struct DutyAnswer: Codable, Sendable, Hashable {
  package var row: Int64
  package var severity: Severity
  package var since: Timestamp
  package var time: Timestamp
  package var person: String
  package var isDrill: Bool
  package init(
    row: Int64, severity: Severity, since: Timestamp, time: Timestamp, person: String, isDrill: Bool = false
  ) {
    self.row = row
    self.severity = severity
    self.since = since
    self.time = time
    self.person = person
    self.isDrill = isDrill
  }
  package var seconds: Double { max(Double(time.nanoseconds(since: since)) / 1e9, 0) }
}
