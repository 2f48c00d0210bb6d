package import Records
package import Wire

/// Everything that the overview screen needs.
package struct Overview: Codable, Sendable {
  package var time: Timestamp
  package var city: String
  package var language: String
  package var posture: Posture
  /// Worst severity first; 24 buckets of an hour each, the running hour last.
  package var severities: [SeverityHours]
  package var queue: QueueCounts
  package var sensors: [SensorItem]
  package var scanners: [ScannerItem]
  package var scans: ScanOverview
  package var watch: Watch?
  /// What the officer must know now, in sentences (a blind sensor, a stop in force, a full disk).
  package var warnings: [BilingualText]
  /// Rules, templates and tables with their ages; nil where the hub was not told of any.
  package var content: [ContentItem]?
  /// Open incidents; nil from a hub that has none of them.
  package var incidents: IncidentCounts?
  package var situation: SituationGlance?
  package init(
    time: Timestamp, city: String, language: String, posture: Posture, severities: [SeverityHours],
    queue: QueueCounts, sensors: [SensorItem], scanners: [ScannerItem], scans: ScanOverview, watch: Watch?,
    warnings: [BilingualText], content: [ContentItem]? = nil, incidents: IncidentCounts? = nil,
    situation: SituationGlance? = nil
  ) {
    self.situation = situation
    self.incidents = incidents
    self.content = content
    self.time = time
    self.city = city
    self.language = language
    self.posture = posture
    self.severities = severities
    self.queue = queue
    self.sensors = sensors
    self.scanners = scanners
    self.scans = scans
    self.watch = watch
    self.warnings = warnings
  }
}

package struct Posture: Codable, Sendable, Equatable {
  /// 0-100; nil while no site was ever tested.
  package var score: Int?
  /// Against a day ago; nil where that is not known.
  package var change: Int?
  /// One a site, worst first within its organisation.
  package var cells: [SiteCell]
  package init(score: Int?, change: Int? = nil, cells: [SiteCell]) {
    self.score = score
    self.change = change
    self.cells = cells
  }
}

package struct SiteCell: Codable, Sendable, Hashable {
  package var site: String
  package var organisation: String?
  /// Nil while it was never tested.
  package var score: Int?
  /// Of open rows.
  package var worst: Severity?
  package var openAlerts: Int
  package var openFindings: Int
  package init(
    site: String, organisation: String?, score: Int?, worst: Severity?, openAlerts: Int, openFindings: Int
  ) {
    self.site = site
    self.organisation = organisation
    self.score = score
    self.worst = worst
    self.openAlerts = openAlerts
    self.openFindings = openFindings
  }
}

package struct SeverityHours: Codable, Sendable, Equatable {
  package var severity: Severity
  package var total: Int
  package var hours: [Int]
  package init(severity: Severity, hours: [Int]) {
    self.severity = severity
    self.total = hours.reduce(0, +)
    self.hours = hours
  }
}

package struct QueueCounts: Codable, Sendable, Equatable {
  package var new: Int
  package var acknowledged: Int
  package var escalated: Int
  package var shelved: Int
  package var overdue: Int
  /// There are more than `overdue`: counting stopped.
  package var overdueIsMore: Bool?
  /// Of open rows, by severity, info first.
  package var bySeverity: [Int]
  package init(
    new: Int = 0, acknowledged: Int = 0, escalated: Int = 0, shelved: Int = 0, overdue: Int = 0,
    bySeverity: [Int] = [0, 0, 0, 0, 0], overdueIsMore: Bool = false
  ) {
    self.overdueIsMore = overdueIsMore ? true : nil
    self.new = new
    self.acknowledged = acknowledged
    self.escalated = escalated
    self.shelved = shelved
    self.overdue = overdue
    self.bySeverity = bySeverity
  }
}

/// A sensor as the hub knows it: its last heartbeat, and rates between the last two.
package struct SensorItem: Codable, Sendable, Hashable {
  package enum State: String, Codable, Sendable, CaseIterable { case seeing, blind, late, gone }
  package var status: SensorStatus
  package var state: State
  /// Why it does not see, or nil.
  package var reason: String?
  package var bitsPerSecond: Double
  package var packetsPerSecond: Double
  package var dropped: UInt64
  package init(
    status: SensorStatus, state: State, reason: String?, bitsPerSecond: Double, packetsPerSecond: Double
  ) {
    self.status = status
    self.state = state
    self.reason = reason
    self.bitsPerSecond = bitsPerSecond
    self.packetsPerSecond = packetsPerSecond
    self.dropped = status.drops.reduce(0) { $0 &+ $1.count }
  }
  /// `3 lost: spool full`, or nil where nothing was lost.
  package var loss: BilingualText? {
    let lost = status.drops.filter { $0.count > 0 }
    guard !lost.isEmpty else { return nil }
    return BilingualText(
      en: lost.map { "\($0.count) lost: \($0.title.en)" }.joined(separator: ", "),
      zh: lost.map { "丢失 \($0.count)：\($0.title.zh)" }.joined(separator: "，"))
  }
}

package struct ScannerItem: Codable, Sendable, Hashable {
  package var status: ScannerStatus
  package var isLate: Bool
  package init(status: ScannerStatus, isLate: Bool) {
    self.status = status
    self.isLate = isLate
  }
}

package struct ScanReport: Codable, Sendable, Equatable {
  /// The sites it holds for; empty with `all` set: every one.
  package var sites: [String]
  package var all: Bool
  /// Leases that were taken back, or jobs made due.
  package var jobs: Int
  /// Sites that were left out, and why.
  package var refused: [String]
  package init(sites: [String], all: Bool, jobs: Int, refused: [String] = []) {
    self.sites = sites
    self.all = all
    self.jobs = jobs
    self.refused = refused
  }
}

package struct AcceptReport: Codable, Sendable, Equatable {
  package var site: String
  /// Whose next look takes what it finds as the new baseline.
  package var engines: [String]
  /// Why that look will not come soon; nil where it will.
  package var waits: String?
  package init(site: String, engines: [String], waits: String?) {
    self.site = site
    self.engines = engines
    self.waits = waits
  }
}

package struct SiteItem: Codable, Sendable, Hashable, Identifiable {
  package var site: Site
  package var organisation: BilingualText?
  package var cell: SiteCell
  package var isAuthorised: Bool
  package var lastTested: Timestamp?
  package init(
    site: Site, organisation: BilingualText?, cell: SiteCell, isAuthorised: Bool, lastTested: Timestamp?
  ) {
    self.site = site
    self.organisation = organisation
    self.cell = cell
    self.isAuthorised = isAuthorised
    self.lastTested = lastTested
  }
  package var id: String { site.id }
}

package struct SiteDetail: Codable, Sendable {
  package struct Deduction: Codable, Sendable, Hashable {
    package var points: Int
    package var finding: Int64
    package var title: BilingualText
    package init(points: Int, finding: Int64, title: BilingualText) {
      self.points = points
      self.finding = finding
      self.title = title
    }
  }
  package var item: SiteItem
  package var deductions: [Deduction]
  package var findings: [FindingItem]
  package var alerts: [QueueItem]
  package var coverage: [CoverageEntry]
  package var authorisations: [Authorisation]
  package init(
    item: SiteItem, deductions: [Deduction], findings: [FindingItem], alerts: [QueueItem],
    coverage: [CoverageEntry], authorisations: [Authorisation]
  ) {
    self.item = item
    self.deductions = deductions
    self.findings = findings
    self.alerts = alerts
    self.coverage = coverage
    self.authorisations = authorisations
  }
}
