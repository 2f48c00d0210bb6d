package import Wire

/// A lead's word that some alerts are not shown, or not more than so many, until a day that must come.
///
/// Every named part must hold; at least one is named. It removes nothing: what it hides is kept, counted and listed.
package struct Suppression: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case suppress, threshold }
  /// New rows and returns that a threshold lets through.
  package struct Limit: Codable, Sendable, Hashable {
    package enum Per: String, Codable, Sendable, CaseIterable { case rule, site }
    package var most: Int
    package var seconds: Int64
    package var per: Per
    package init(most: Int, seconds: Int64, per: Per) {
      self.most = most
      self.seconds = seconds
      self.per = per
    }
  }

  package var id: String
  /// `gid:sid`.
  package var rule: String?
  package var site: String?
  /// With all below it.
  package var organisation: String?
  package var network: IPPrefix?
  /// Of the queue's language, on the row that the alert would make.
  package var filter: String?
  /// Set: a threshold.
  package var limit: Limit?
  package var reason: String
  package var author: String
  package var created: Timestamp
  package var until: Timestamp
  /// Rows judged succeeded or compromised stay hidden too.
  package var hidesSuccess: Bool
  package var endedBy: String?
  /// The end was said a day before.
  package var isAnnounced: Bool

  package init(
    id: String, rule: String? = nil, site: String? = nil, organisation: String? = nil, network: IPPrefix? = nil,
    filter: String? = nil, limit: Limit? = nil, reason: String, author: String, created: Timestamp, until: Timestamp,
    hidesSuccess: Bool = false, endedBy: String? = nil, isAnnounced: Bool = false
  ) {
    self.id = id
    self.rule = rule
    self.site = site
    self.organisation = organisation
    self.network = network
    self.filter = filter
    self.limit = limit
    self.reason = reason
    self.author = author
    self.created = created
    self.until = until
    self.hidesSuccess = hidesSuccess
    self.endedBy = endedBy
    self.isAnnounced = isAnnounced
  }

  package var kind: Kind { limit == nil ? .suppress : .threshold }
  package func holds(at now: Timestamp) -> Bool { endedBy == nil && now < until }
}

/// What a suppression hid on one day of traffic time (UTC).
package struct SuppressionDay: Codable, Sendable, Hashable {
  /// Its first moment.
  package var day: Timestamp
  package var alerts: Int64
  package var rows: Int64
  package init(day: Timestamp, alerts: Int64, rows: Int64) {
    self.day = day
    self.alerts = alerts
    self.rows = rows
  }
}

/// What a suppression would have hidden of what is kept.
package struct SuppressionTrial: Codable, Sendable, Hashable {
  /// A row that nobody would have seen and that mattered.
  package struct Alarm: Codable, Sendable, Hashable {
    package enum Why: String, Codable, Sendable, CaseIterable { case succeeded, compromised, escalated, truePositive }
    package var row: Int64
    package var title: BilingualText
    package var site: String?
    package var why: Why
    package init(row: Int64, title: BilingualText, site: String?, why: Why) {
      self.row = row
      self.title = title
      self.site = site
      self.why = why
    }
  }
  package var since: Timestamp
  package var alerts: Int64 = 0
  package var rows: Int64 = 0
  package var days: [SuppressionDay] = []
  /// By alerts, the most first, at most 20.
  package var sites: [Facet.Entry] = []
  /// At most 50 of `alarmCount`.
  package var alarms: [Alarm] = []
  package var alarmCount = 0
  /// Nil where everything was looked at; else why not.
  package var leftOut: String?
  package init(since: Timestamp) { self.since = since }
}
