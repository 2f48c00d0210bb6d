package import Wire

/// A stretch in which something was not seen.
package struct BlindSpan: Codable, Sendable, Hashable {
  package enum Cause: String, Codable, Sendable, CaseIterable {
    /// A sensor said so, or said nothing.
    case sensor
    /// The hub itself was not there.
    case hub
    /// Sites that nobody looked at.
    case coverage
    /// Nothing is captured here at all.
    case noSensor
  }
  package var cause: Cause
  /// The sensor, the hub, or what is wrong with the sites.
  package var source: String
  package var from: Timestamp
  package var until: Timestamp
  package var reason: String
  /// Of coverage: which ones, the first `mostSites`, and how many.
  package var sites: [String]
  package var siteCount: Int
  /// Of a sensor: packets that the link carried meanwhile, where it can be said.
  package var packets: UInt64?
  package static let mostSites = 500
  package init(
    cause: Cause, source: String, from: Timestamp, until: Timestamp, reason: String, sites: [String] = [],
    siteCount: Int = 0, packets: UInt64? = nil
  ) {
    self.packets = packets
    self.cause = cause
    self.source = source
    self.from = from
    self.until = until
    self.reason = reason
    self.sites = sites
    self.siteCount = siteCount
  }
}

/// What happened in a span, from what is kept.
package struct DutyReport: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case daily, zero, closing }
  /// What a zero report may say.
  package enum Verdict: String, Codable, Sendable, CaseIterable { case zero, notZero, notDetermined }

  /// 0 before it is kept.
  package var id: Int64
  package var kind: Kind
  package var from: Timestamp
  package var until: Timestamp
  package var made: Timestamp
  package var zone: String
  /// The guard period of a zero or closing report.
  package var period: String?
  /// Of a zero report.
  package var verdict: Verdict?
  /// Rows that came, by severity, info first; drills are not in it.
  package var rows: [Int]
  /// Of them, attacks that succeeded or worse, and true positives of high severity: what "zero" is about.
  package var events: [Int64]
  /// High or critical, and nobody has judged them.
  package var unsettled: [Int64]
  package var acknowledged: AnswerStatistics
  package var pages: Int
  package var digests: Int
  package var shifts: [Shift]
  package var blind: [BlindSpan]
  /// Sites of the inventory, those tested in the span, and those without permission.
  package var sites: Int
  package var sitesTested: Int
  /// Nil where this hub keeps none.
  package var incidents: Int?
  package var notices: Int?
  /// Of a closing report: what of the checklist was not ticked.
  package var unticked: [BilingualText]
  package var signedBy: String?
  package var signedAt: Timestamp?
  package var remark: String?

  package init(
    id: Int64 = 0, kind: Kind, from: Timestamp, until: Timestamp, made: Timestamp, zone: String,
    period: String? = nil, verdict: Verdict? = nil, rows: [Int], events: [Int64], unsettled: [Int64],
    acknowledged: AnswerStatistics, pages: Int, digests: Int, shifts: [Shift], blind: [BlindSpan], sites: Int,
    sitesTested: Int, incidents: Int? = nil, notices: Int? = nil, unticked: [BilingualText] = [],
    signedBy: String? = nil, signedAt: Timestamp? = nil, remark: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.from = from
    self.until = until
    self.made = made
    self.zone = zone
    self.period = period
    self.verdict = verdict
    self.rows = rows
    self.events = events
    self.unsettled = unsettled
    self.acknowledged = acknowledged
    self.pages = pages
    self.digests = digests
    self.shifts = shifts
    self.blind = blind
    self.sites = sites
    self.sitesTested = sitesTested
    self.incidents = incidents
    self.notices = notices
    self.unticked = unticked
    self.signedBy = signedBy
    self.signedAt = signedAt
    self.remark = remark
  }
}

/// One line of a guard period's start checklist, with who ticked it.
package struct GuardCheck: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var text: BilingualText
  package var tickedBy: String?
  package var tickedAt: Timestamp?
  package init(id: String, text: BilingualText, tickedBy: String? = nil, tickedAt: Timestamp? = nil) {
    self.id = id
    self.text = text
    self.tickedBy = tickedBy
    self.tickedAt = tickedAt
  }
}
