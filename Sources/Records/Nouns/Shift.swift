package import Wire

/// Somebody's watch, from taking it to the moment when the next has taken it over.
package struct Shift: Codable, Sendable, Hashable, Identifiable {
  /// 0 before it is stored.
  package var id: Int64
  package var person: String
  package var since: Timestamp
  /// Nil while it is the watch.
  package var until: Timestamp?
  /// Whose place was taken without a handover, and why; nil where it was handed over or nobody had it.
  package var takenOver: String?
  /// What the holder hands over; stands until somebody confirms it by taking the watch.
  package var note: HandoverNote?
  /// Who confirmed it.
  package var confirmedBy: String?

  package init(
    id: Int64 = 0, person: String, since: Timestamp, until: Timestamp? = nil, takenOver: String? = nil,
    note: HandoverNote? = nil, confirmedBy: String? = nil
  ) {
    self.id = id
    self.person = person
    self.since = since
    self.until = until
    self.takenOver = takenOver
    self.note = note
    self.confirmedBy = confirmedBy
  }
}

/// What the next must know, made from what is kept. A list that is nil is one that this hub does not keep: the note says
/// so instead of "none".
package struct HandoverNote: Codable, Sendable, Hashable {
  package struct Count: Codable, Sendable, Hashable {
    package var severity: Severity
    package var outcome: Outcome
    package var count: Int
    package init(severity: Severity, outcome: Outcome, count: Int) {
      self.severity = severity
      self.outcome = outcome
      self.count = count
    }
  }
  package struct Item: Codable, Sendable, Hashable {
    package var row: Int64
    package var severity: Severity
    package var outcome: Outcome
    package var state: TriageState
    package var subject: String
    package var title: BilingualText
    package var holder: String?
    /// By when it must be acknowledged, or until when the acknowledgement holds.
    package var due: Timestamp?
    package var isDrill: Bool
    package init(
      row: Int64, severity: Severity, outcome: Outcome, state: TriageState, subject: String, title: BilingualText,
      holder: String?, due: Timestamp?, isDrill: Bool
    ) {
      self.row = row
      self.severity = severity
      self.outcome = outcome
      self.state = state
      self.subject = subject
      self.title = title
      self.holder = holder
      self.due = due
      self.isDrill = isDrill
    }
  }
  package struct Due: Codable, Sendable, Hashable {
    package var time: Timestamp
    package var text: BilingualText
    package init(time: Timestamp, text: BilingualText) {
      self.time = time
      self.text = text
    }
  }

  package var time: Timestamp
  package var by: String
  /// Whom the roster names, or the holder chose.
  package var to: String?
  /// The holder's own words.
  package var remark: String
  package var since: Timestamp
  /// Open rows, drills left out.
  package var counts: [Count]
  /// High and critical ones, worst first, the first `mostItems`.
  package var items: [Item]
  package var more: Int
  package var suppressions: [BilingualText]?
  package var incidents: [BilingualText]?
  package var notices: [BilingualText]?
  package var stops: [BilingualText]
  package var ailing: [BilingualText]
  /// In the next shift.
  package var due: [Due]
  package static let mostItems = 100

  package init(
    time: Timestamp, by: String, to: String?, remark: String, since: Timestamp, counts: [Count], items: [Item],
    more: Int, suppressions: [BilingualText]?, incidents: [BilingualText]?, notices: [BilingualText]?,
    stops: [BilingualText], ailing: [BilingualText], due: [Due]
  ) {
    self.time = time
    self.by = by
    self.to = to
    self.remark = remark
    self.since = since
    self.counts = counts
    self.items = items
    self.more = more
    self.suppressions = suppressions
    self.incidents = incidents
    self.notices = notices
    self.stops = stops
    self.ailing = ailing
    self.due = due
  }
}

/// One line of the duty's log: by an officer, or by Vigil (`author` nil). Never changed.
package struct DutyLine: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case remark, shift, page, fault, roster, watchGap, canary, drill, report, guardPeriod
  }
  package var id: Int64
  package var time: Timestamp
  package var author: String?
  package var kind: Kind
  package var text: BilingualText
  package static let longest = 4000
  package init(id: Int64 = 0, time: Timestamp, author: String? = nil, kind: Kind, text: BilingualText) {
    self.id = id
    self.time = time
    self.author = author
    self.kind = kind
    self.text = text
  }
}

/// How fast rows were answered: of a shift or a drill.
package struct AnswerStatistics: Codable, Sendable, Hashable {
  package var count: Int
  /// Seconds; nil where nothing was answered.
  package var median: Double?
  package var p95: Double?
  /// Rows that were called for again before they were answered.
  package var late: Int
  package init(count: Int, median: Double?, p95: Double?, late: Int) {
    self.count = count
    self.median = median
    self.p95 = p95
    self.late = late
  }
}
