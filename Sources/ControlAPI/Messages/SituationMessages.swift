package import Records
package import Wire

/// How far back, and how many of each list.
package struct SituationRequest: APIRequest, Equatable {
  package var hours: Int
  package var limit: Int
  /// Hours of counters are kept for a month; a week is what one answer adds up.
  package static let longest = 168
  package static let mostLines = 100

  package init(hours: Int = 24, limit: Int = 10) {
    self.hours = hours
    self.limit = limit
  }
  package static var queryNames: [String] { ["hours", "limit"] }
  package var query: [(name: String, value: String)] { [("hours", "\(hours)"), ("limit", "\(limit)")] }
  package init(query: [String: String]) throws(APIProblem) {
    let (hours, limit) = (query["hours"].map { Int($0) } ?? 24, query["limit"].map { Int($0) } ?? 10)
    guard let hours, (1...SituationRequest.longest).contains(hours) else {
      throw APIProblem(.badRequest, "hours is not 1 to \(SituationRequest.longest)")
    }
    guard let limit, (1...SituationRequest.mostLines).contains(limit) else {
      throw APIProblem(.badRequest, "limit is not 1 to \(SituationRequest.mostLines)")
    }
    self.init(hours: hours, limit: limit)
  }
}

/// Where the city, an organisation or a site stands.
package struct SituationReport: Codable, Sendable {
  /// `city`, `organisation/ID` or `site/ID`; `part`: the organisations of who asks, where they are several.
  package var scope: String
  package var title: BilingualText
  package var time: Timestamp
  package var hours: Int
  package var posture: MeanPosture
  /// Against the end of the last kept day; nil where that is not known.
  package var change: Int?
  /// The last 30 ends of days, the oldest first.
  package var days: [PostureScoreDay]
  package var risks: [RiskItem]
  /// Nil of an organisation and a site: sources are kept for the city only.
  package var sources: TopList?
  package var targets: TopList
  package var coverage: [EngineReach]
  /// Of the city's sensors, whatever the scope.
  package var blindness: Blindness
  package var early: [EarlyWarning]
  /// Open ones that a site of the scope is in.
  package var incidents: [IncidentItem]

  package init(
    scope: String, title: BilingualText, time: Timestamp, hours: Int, posture: MeanPosture, change: Int?,
    days: [PostureScoreDay], risks: [RiskItem], sources: TopList?, targets: TopList, coverage: [EngineReach],
    blindness: Blindness, early: [EarlyWarning], incidents: [IncidentItem]
  ) {
    self.scope = scope
    self.title = title
    self.time = time
    self.hours = hours
    self.posture = posture
    self.change = change
    self.days = days
    self.risks = risks
    self.sources = sources
    self.targets = targets
    self.coverage = coverage
    self.blindness = blindness
    self.early = early
    self.incidents = incidents
  }
}

/// One weakness among the gravest, with all that makes it so.
package struct RiskItem: Codable, Sendable, Hashable, Identifiable {
  /// The finding's row.
  package var id: Int64
  package var check: String
  package var title: BilingualText
  package var severity: Severity
  package var site: String?
  package var platform: String?
  package var organisation: String?
  /// `points` by severity x `weight` by criticality x `factor` by what attacks came to.
  package var score: Double
  package var points: Int
  package var weight: Int
  package var factor: Double
  /// Alerts on this very weakness in the time looked at; nil: none.
  package var attacks: Int64?
  package var outcome: Outcome?
  package init(
    id: Int64, check: String, title: BilingualText, severity: Severity, site: String?, platform: String?,
    organisation: String?, score: Double, points: Int, weight: Int, factor: Double, attacks: Int64?, outcome: Outcome?
  ) {
    self.id = id
    self.check = check
    self.title = title
    self.severity = severity
    self.site = site
    self.platform = platform
    self.organisation = organisation
    self.score = score
    self.points = points
    self.weight = weight
    self.factor = factor
    self.attacks = attacks
    self.outcome = outcome
  }

  package var explanation: BilingualText {
    let hits = attacks ?? 0
    let sum = IncidentFact.plain(score)
    return BilingualText(
      en: "\(severity.title.en) (\(points)) x criticality (\(weight)) x "
        + (hits > 0 ? "\(hits) alerts on it, \(outcome?.rawValue ?? "") (\(factor))" : "not attacked (1)")
        + " = \(sum)",
      zh: "\(severity.title.zh)（\(points)）× 重要程度（\(weight)）× "
        + (hits > 0 ? "遭 \(hits) 次告警，\(outcome?.rawValue ?? "")（\(factor)）" : "未遭攻击（1）") + " = \(sum)")
  }
}

/// What came most often, out of summaries of bounded size kept by the hour.
package struct TopList: Codable, Sendable, Equatable {
  package var entries: [Facet.Entry]
  /// All alerts of the time; nil where the list is a part of a wider one.
  package var total: Int64?
  /// A count is never too high, and short by at most this. What came oftener than this is in the summaries.
  package var short: Int64
  package init(entries: [Facet.Entry], total: Int64?, short: Int64) {
    self.entries = entries
    self.total = total
    self.short = short
  }
}

/// How much of the sites one engine has seen lately.
package struct EngineReach: Codable, Sendable, Equatable, Identifiable {
  package struct Reason: Codable, Sendable, Equatable {
    package var reason: String
    package var sites: Int
    package init(reason: String, sites: Int) {
      self.reason = reason
      self.sites = sites
    }
  }
  package var engine: String
  /// Sites that it is to look at.
  package var sites: Int
  package var fresh: Int
  package var stale: Int
  package var never: Int
  /// Why sites are not fresh, the most frequent first.
  package var reasons: [Reason]
  package var id: String { engine }
  /// 0-100; nil where it is to look at none.
  package var share: Double? { sites > 0 ? 100 * Double(fresh) / Double(sites) : nil }
  package init(engine: String, sites: Int, fresh: Int, stale: Int, never: Int, reasons: [Reason]) {
    self.engine = engine
    self.sites = sites
    self.fresh = fresh
    self.stale = stale
    self.never = never
    self.reasons = reasons
  }
}

/// What the watch could not see.
package struct Blindness: Codable, Sendable, Equatable {
  /// Of bytes in flows that ended; in percent. Nil: no flow ended, or the sensor does not tell it.
  package struct Shares: Codable, Sendable, Equatable {
    package var flows: UInt64
    package var bytes: UInt64
    package var encrypted: Double?
    package var oneSided: Double?
    package var unknown: Double?
    /// To ends that are no site's; of what the sensor told by ends.
    package var unattributed: Double?
    /// Of ends beyond those that a sensor tells: whose nobody can say.
    package var notDetermined: Double?
    package init(
      flows: UInt64, bytes: UInt64, encrypted: Double?, oneSided: Double?, unknown: Double?, unattributed: Double?,
      notDetermined: Double?
    ) {
      self.flows = flows
      self.bytes = bytes
      self.encrypted = encrypted
      self.oneSided = oneSided
      self.unknown = unknown
      self.unattributed = unattributed
      self.notDetermined = notDetermined
    }
  }
  package struct Sensor: Codable, Sendable, Equatable {
    package var sensor: String
    /// Nil: it is not here now.
    package var state: SensorItem.State?
    package var reason: String?
    /// Records that wait to be sent: how far it is behind.
    package var spoolBytes: UInt64
    package var lost: String?
    package var shares: Shares
    package init(
      sensor: String, state: SensorItem.State?, reason: String?, spoolBytes: UInt64, lost: String?, shares: Shares
    ) {
      self.sensor = sensor
      self.state = state
      self.reason = reason
      self.spoolBytes = spoolBytes
      self.lost = lost
      self.shares = shares
    }
  }
  package var sensors: [Sensor]
  package var all: Shares
  package var intervals: [BlindInterval]
  package init(sensors: [Sensor], all: Shares, intervals: [BlindInterval]) {
    self.sensors = sensors
    self.all = all
    self.intervals = intervals
  }
}

/// Of the city's situation what the overview shows, of the last 24 h, at most ten seconds old.
package struct SituationGlance: Codable, Sendable, Equatable {
  package var time: Timestamp
  package var sources: TopList
  package var targets: TopList
  package var sight: Blindness.Shares
  /// The first few early warnings, and how many there are.
  package var early: [BilingualText]
  package var earlyCount: Int
  package init(
    time: Timestamp, sources: TopList, targets: TopList, sight: Blindness.Shares, early: [BilingualText],
    earlyCount: Int
  ) {
    self.time = time
    self.sources = sources
    self.targets = targets
    self.sight = sight
    self.early = early
    self.earlyCount = earlyCount
  }
}
