package import Records
package import Wire

/// How the watch stands.
package struct DutyStatus: Codable, Sendable, Equatable {
  package var time: Timestamp
  /// IANA: the days and hours of the duty are of this zone.
  package var zone: String
  /// The roster in force; nil: none, and then nobody is called.
  package var roster: String?
  package var watch: Watch?
  /// Who is called now, step by step.
  package var chain: WatchChain
  package var shift: ShiftItem?
  /// Rows that wait for an acknowledgement, and those that somebody holds.
  package var waiting: Int
  package var held: Int
  package var clocks: DutyClocks
  /// Since when these clocks hold.
  package var clocksSince: Timestamp?
  /// What is wrong with the duty itself, in sentences.
  package var faults: [BilingualText]
  package var guards: [String]
  package var drills: [Drill]
  package init(
    time: Timestamp, zone: String, roster: String?, watch: Watch?, chain: WatchChain, shift: ShiftItem?, waiting: Int,
    held: Int, clocks: DutyClocks, clocksSince: Timestamp?, faults: [BilingualText], guards: [String], drills: [Drill]
  ) {
    self.time = time
    self.zone = zone
    self.roster = roster
    self.watch = watch
    self.chain = chain
    self.shift = shift
    self.waiting = waiting
    self.held = held
    self.clocks = clocks
    self.clocksSince = clocksSince
    self.faults = faults
    self.guards = guards
    self.drills = drills
  }
}

/// Who has the watch.
package struct Watch: Codable, Sendable, Equatable {
  package var name: String
  package var since: Timestamp
  /// When the roster gives it to somebody else, and to whom.
  package var until: Timestamp?
  package var next: String?
  /// False: the roster says so, and nobody took it.
  package var isTaken: Bool
  /// Of this shift.
  package var answers: AnswerStatistics?
  package init(
    name: String, since: Timestamp, until: Timestamp? = nil, next: String? = nil, isTaken: Bool = true,
    answers: AnswerStatistics? = nil
  ) {
    self.name = name
    self.since = since
    self.until = until
    self.next = next
    self.isTaken = isTaken
    self.answers = answers
  }
}

/// A shift with how fast its rows were answered, and its handover note as text.
package struct ShiftItem: Codable, Sendable, Equatable, Identifiable {
  package var shift: Shift
  package var answers: AnswerStatistics
  package var note: BilingualText?
  package init(shift: Shift, answers: AnswerStatistics, note: BilingualText?) {
    self.shift = shift
    self.answers = answers
    self.note = note
  }
  package var id: Int64 { shift.id }
}

package struct ShiftTake: APIRequest, Equatable {
  /// Why the watch is taken although its holder has not handed it over; nil: it was, or nobody has it.
  package var over: String?
  package init(over: String? = nil) { self.over = over }
}

package struct ShiftHandOver: APIRequest, Equatable {
  /// Nil: whom the roster names next.
  package var to: String?
  package var remark: String
  package init(to: String? = nil, remark: String = "") {
    self.to = to
    self.remark = remark
  }
}

/// A list of the duty, the newest first.
package struct DutyListRequest: APIRequest, Equatable {
  package var limit: Int
  package static let longest = 1000
  package init(limit: Int = 50) { self.limit = limit }
  package static var queryNames: [String] { ["limit"] }
  package var query: [(name: String, value: String)] { [("limit", String(limit))] }
  package init(query: [String: String]) throws(APIProblem) {
    let text = query["limit"] ?? "50"
    guard let limit = Int(text), (1...DutyListRequest.longest).contains(limit) else {
      throw APIProblem(.badRequest, "limit is \(text.prefix(32)), not 1 to \(DutyListRequest.longest)")
    }
    self.init(limit: limit)
  }
}

package struct DutyRemark: APIRequest, Equatable {
  package var text: String
  package init(text: String) { self.text = text }
}

// MARK: rosters

package struct RosterQuery: APIRequest, Equatable {
  /// Nil: all of them.
  package var id: String?
  package var weeks: Int
  package static let mostWeeks = 26
  package init(id: String? = nil, weeks: Int = 4) {
    self.id = id
    self.weeks = weeks
  }
  package static var queryNames: [String] { ["id", "weeks"] }
  package var query: [(name: String, value: String)] { (id.map { [("id", $0)] } ?? []) + [("weeks", String(weeks))] }
  package init(query: [String: String]) throws(APIProblem) {
    let text = query["weeks"] ?? "4"
    guard let weeks = Int(text), (1...RosterQuery.mostWeeks).contains(weeks) else {
      throw APIProblem(.badRequest, "weeks is \(text.prefix(32)), not 1 to \(RosterQuery.mostWeeks)")
    }
    self.init(id: query["id"], weeks: weeks)
  }
}

/// A roster as a file (YAML or JSON).
package struct RosterRequest: APIRequest, Equatable {
  package var name: String
  package var text: String
  /// Only says what it would mean.
  package var dryRun: Bool
  package var weeks: Int
  package init(name: String, text: String, dryRun: Bool = false, weeks: Int = 4) {
    self.name = name
    self.text = text
    self.dryRun = dryRun
    self.weeks = weeks
  }
}

package struct RosterRemoval: APIRequest, Equatable {
  package var id: String
  package init(id: String) { self.id = id }
}

/// A roster with the weeks that it makes.
package struct RosterPreview: Codable, Sendable, Equatable, Identifiable {
  package var roster: Roster
  package var isInForce: Bool
  package var isKept: Bool
  /// Each step's turns in order; `person` nil is a gap, `others` not empty an overlap.
  package var turns: [Turn]
  /// What a lead should look at: gaps, overlaps, people whom Vigil does not know or cannot reach.
  package var remarks: [String]
  /// As a file that an import reads to the same.
  package var text: String
  package init(
    roster: Roster, isInForce: Bool, isKept: Bool, turns: [Turn], remarks: [String], text: String
  ) {
    self.roster = roster
    self.isInForce = isInForce
    self.isKept = isKept
    self.turns = turns
    self.remarks = remarks
    self.text = text
  }
  package var id: String { roster.id }
}

// MARK: reports, guard periods

package struct DutyReportRequest: APIRequest, Equatable {
  package var kind: DutyReport.Kind
  /// Of a daily report: `2026-11-25`; nil: yesterday.
  package var day: String?
  /// Of a zero or closing report: the guard period; nil: the one in force.
  package var period: String?
  package init(kind: DutyReport.Kind, day: String? = nil, period: String? = nil) {
    self.kind = kind
    self.day = day
    self.period = period
  }
}

package struct DutyReportItem: Codable, Sendable, Equatable, Identifiable {
  package var report: DutyReport
  /// Markdown.
  package var text: BilingualText
  package init(report: DutyReport, text: BilingualText) {
    self.report = report
    self.text = text
  }
  package var id: Int64 { report.id }
}

package struct DutySignature: APIRequest, Equatable {
  package var report: Int64
  /// The name under it: whoever signs writes it.
  package var name: String
  package var remark: String?
  package init(report: Int64, name: String, remark: String? = nil) {
    self.report = report
    self.name = name
    self.remark = remark
  }
}

/// A guard period's start checklist.
package struct GuardChecklist: Codable, Sendable, Equatable {
  package var period: GuardPeriod
  package var checks: [GuardCheck]
  package init(period: GuardPeriod, checks: [GuardCheck]) {
    self.period = period
    self.checks = checks
  }
}

package struct GuardTick: APIRequest, Equatable {
  package var check: String
  /// False takes the tick back.
  package var isTicked: Bool
  package init(check: String, isTicked: Bool = true) {
    self.check = check
    self.isTicked = isTicked
  }
}

// MARK: drills, canary

package struct DrillRequest: APIRequest, Equatable {
  package enum Act: String, Codable, Sendable, CaseIterable { case start, inject, end }
  package var act: Act
  package var id: String
  /// Of `start`.
  package var name: String
  /// Of `inject`.
  package var title: String
  package var severity: Severity
  package var site: String?
  package init(
    act: Act, id: String, name: String = "", title: String = "exercise", severity: Severity = .critical,
    site: String? = nil
  ) {
    self.act = act
    self.id = id
    self.name = name
    self.title = title
    self.severity = severity
    self.site = site
  }
}

package struct DrillItem: Codable, Sendable, Equatable, Identifiable {
  package var drill: Drill
  package var answers: AnswerStatistics
  /// How long each row waited, in seconds; nil where nobody has answered.
  package var rows: [Row]
  package var pages: Int
  package struct Row: Codable, Sendable, Equatable {
    package var row: Int64
    package var seconds: Double?
    package var person: String?
    package init(row: Int64, seconds: Double?, person: String?) {
      self.row = row
      self.seconds = seconds
      self.person = person
    }
  }
  package init(drill: Drill, answers: AnswerStatistics, rows: [Row], pages: Int) {
    self.drill = drill
    self.answers = answers
    self.rows = rows
    self.pages = pages
  }
  package var id: String { drill.id }
}

/// The canary's last hour.
package struct CanaryReport: Codable, Sendable, Equatable {
  package struct Stage: Codable, Sendable, Equatable {
    package var stage: CanaryRun.Stage
    package var count: Int
    /// Seconds from the stage before; nil: not measured.
    package var p50: Double?
    package var p99: Double?
    package var most: Double?
    package init(stage: CanaryRun.Stage, count: Int, p50: Double?, p99: Double?, most: Double?) {
      self.stage = stage
      self.count = count
      self.p50 = p50
      self.p99 = p99
      self.most = most
    }
  }
  /// Why nothing is measured, or what of it is not; nil where all of it is.
  package var notMeasured: BilingualText?
  package var target: String?
  package var sent: Int
  package var late: Int
  package var stages: [Stage]
  package var last: CanaryRun?
  package init(
    notMeasured: BilingualText?, target: String?, sent: Int, late: Int, stages: [Stage], last: CanaryRun?
  ) {
    self.notMeasured = notMeasured
    self.target = target
    self.sent = sent
    self.late = late
    self.stages = stages
    self.last = last
  }
}
