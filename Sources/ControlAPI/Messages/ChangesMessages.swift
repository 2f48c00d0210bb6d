package import Records
package import Wire

/// What has changed: since the caller's last look, or since a time.
package struct ChangesRequest: APIRequest, Equatable {
  /// A span before now (`8h`) or a moment; nil: the last look, else a day ago.
  package var since: String?
  /// `city` (of who sees a part of it that part), `organisation/ID` or `site/ID`.
  package var scope: String
  /// Lines of each list; totals are of all.
  package var limit: Int

  package init(since: String? = nil, scope: String = "city", limit: Int = 20) {
    self.since = since
    self.scope = scope
    self.limit = limit
  }
  package static var queryNames: [String] { ["since", "scope", "limit"] }
  package var query: [(name: String, value: String)] {
    (since.map { [("since", $0)] } ?? []) + [("scope", scope), ("limit", "\(limit)")]
  }
  package init(query: [String: String]) throws(APIProblem) {
    let limit = query["limit"].map { Int($0) } ?? 20
    guard let limit, (1...1000).contains(limit) else { throw APIProblem(.badRequest, "limit is not 1 to 1000") }
    self.init(since: query["since"], scope: query["scope"] ?? "city", limit: limit)
  }
}

/// When somebody has last looked.
package struct LookAnswer: Codable, Sendable, Equatable {
  package var time: Timestamp
  /// The look before; nil: this is the first.
  package var before: Timestamp?
  package init(time: Timestamp, before: Timestamp?) {
    self.time = time
    self.before = before
  }
}

package struct SituationChanges: Codable, Sendable {
  package struct Rows: Codable, Sendable, Equatable {
    package var total: Int
    package var rows: [QueueRow]
    package init(total: Int, rows: [QueueRow]) {
      self.total = total
      self.rows = rows
    }
  }
  package struct Score: Codable, Sendable, Equatable {
    package var site: String
    package var before: Int?
    package var after: Int?
    package init(site: String, before: Int?, after: Int?) {
      self.site = site
      self.before = before
      self.after = after
    }
  }
  /// What nobody looked at: of it this list can say nothing.
  package struct NotLooked: Codable, Sendable, Equatable {
    /// Open findings that no engine has answered since.
    package var findings: Int
    /// Sites that no engine has tested since, and how many of them never.
    package var sites: Int
    package var never: Int
    package var blind: [BlindInterval]
    /// The posture log begins later: what was before it counts as new.
    package var logBegins: Timestamp?
    package init(findings: Int, sites: Int, never: Int, blind: [BlindInterval], logBegins: Timestamp?) {
      self.findings = findings
      self.sites = sites
      self.never = never
      self.blind = blind
      self.logBegins = logBegins
    }
  }

  package var since: Timestamp
  package var until: Timestamp
  /// It is since the caller's own last look.
  package var isSinceLook: Bool
  /// Alert rows that are new, came back, were closed.
  package var made: Rows
  package var returned: Rows
  package var closed: Rows
  package var findings: FindingDiff
  package var score: Score
  /// The widest moves first.
  package var scores: [Score]
  package var scoresMoved: Int
  /// Sites that went down since and are down; that were down and answer again.
  package var down: [String]
  package var up: [String]
  package var incidents: [IncidentLine]
  /// Early warnings that are new, or went on.
  package var early: [EarlyWarning]
  package var notLooked: NotLooked
  package init(
    since: Timestamp, until: Timestamp, isSinceLook: Bool, made: Rows, returned: Rows, closed: Rows,
    findings: FindingDiff, score: Score, scores: [Score], scoresMoved: Int, down: [String], up: [String],
    incidents: [IncidentLine], early: [EarlyWarning], notLooked: NotLooked
  ) {
    self.since = since
    self.until = until
    self.isSinceLook = isSinceLook
    self.made = made
    self.returned = returned
    self.closed = closed
    self.findings = findings
    self.score = score
    self.scores = scores
    self.scoresMoved = scoresMoved
    self.down = down
    self.up = up
    self.incidents = incidents
    self.early = early
    self.notLooked = notLooked
  }
}
