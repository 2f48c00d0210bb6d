internal import GRDB
package import Records
package import Wire

/// Which rows of the queue, in which order.
package struct QueueQuery: Sendable, Hashable {
  package enum Order: String, Sendable, CaseIterable {
    /// The worst first: severity, outcome, last seen.
    case urgency
    /// The newest first.
    case lastSeen
    case id
  }
  package var wing: Wing?
  package var minimumSeverity: Severity?
  /// Empty: every state.
  package var states: Set<TriageState>
  package var site: String?
  package var organisation: String?
  package var assignee: String?
  /// Seen at or after.
  package var since: Timestamp?
  /// First seen before.
  package var until: Timestamp?
  /// Found in title, subject or check, whatever the case of ASCII letters.
  package var text: String?
  package var purview: Purview
  /// Empty: wherever they stand.
  package var places: Set<RowPlace>
  /// Members of this gathering row.
  package var parent: Int64?
  package var order: Order
  package var limit: Int
  package var offset: Int
  package init(
    wing: Wing? = nil, minimumSeverity: Severity? = nil, states: Set<TriageState> = [], site: String? = nil,
    organisation: String? = nil, assignee: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
    text: String? = nil, purview: Purview = .all, places: Set<RowPlace> = [], parent: Int64? = nil,
    order: Order = .urgency, limit: Int = 100, offset: Int = 0
  ) {
    self.places = places
    self.parent = parent
    self.wing = wing
    self.minimumSeverity = minimumSeverity
    self.states = states
    self.site = site
    self.organisation = organisation
    self.assignee = assignee
    self.since = since
    self.until = until
    self.text = text
    self.purview = purview
    self.order = order
    self.limit = limit
    self.offset = offset
  }
  /// Everything that someone still owes work on.
  package static let open = QueueQuery(states: [.new, .acknowledged, .escalated])
}

/// One row with all that belongs to it.
package struct QueueDetail: Codable, Sendable, Hashable {
  package var row: QueueRow
  /// Of the sensor's rows.
  package var group: AlertGroup?
  /// Of the sensor's rows, where a sensor told it.
  package var rule: RuleText?
  /// Of the scanner's rows.
  package var finding: Finding?
  /// The newest alerts, newest first.
  package var alerts: [AlertRecord]
  /// How many are kept; the row's count is of all that came.
  package var alertsKept: Int64
  /// The newest observations, newest first.
  package var observations: [Observation]
  package var comments: [Comment]
  package var audit: [AuditEntry]
}

package struct QueueCounters: Codable, Sendable, Hashable {
  package struct Cell: Codable, Sendable, Hashable {
    package var wing: Wing
    package var severity: Severity
    package var state: TriageState
    package var count: Int
  }
  package struct Hour: Codable, Sendable, Hashable {
    /// Its first moment.
    package var start: Timestamp
    package var wing: Wing
    package var severity: Severity
    package var count: Int64
  }
  package var rows: [Cell]
  package var hours: [Hour]
  package func count(severity: Severity, states: Set<TriageState> = [.new]) -> Int {
    rows.reduce(0) { $0 + ($1.severity == severity && states.contains($1.state) ? $1.count : 0) }
  }
}

extension Store {
  package func rows(_ query: QueueQuery = .open) throws(StoreError) -> [QueueRow] {
    let (sql, arguments) = Store.statement(query)
    return try read { db in
      try Array(
        Row.fetchCursor(db, sql: "SELECT * FROM queueRow" + sql, arguments: arguments).map { QueueTable.row($0) })
    }
  }

  package func row(_ id: Int64) throws(StoreError) -> QueueRow {
    try read { db in QueueTable.row(try QueueTable.row(db, id: id)) }
  }

  /// What was done to the gathering row above it is told where that lies within `purview` too.
  package func detail(
    _ id: Int64, within purview: Purview = .all, alerts: Int = 50
  ) throws(StoreError) -> QueueDetail {
    try read { db in
      let row = try QueueTable.row(db, id: id)
      let value = QueueTable.row(row)
      let group = value.wing == .sensor ? try QueueTable.group(row) : nil
      return QueueDetail(
        row: value, group: group, rule: try group.flatMap { try RuleTextTable.text(db, of: $0.signature) },
        finding: value.wing == .scanner ? try Store.finding(db, row) : nil,
        alerts: try value.gathering == nil
          ? Store.alerts(db, row: id, limit: alerts) : Store.alerts(db, gathering: id, limit: alerts),
        alertsKept: try value.gathering == nil ? row["alertsKept"] : Store.alertsKept(db, gathering: id),
        observations: try Store.observations(db, row: id, limit: alerts), comments: try Store.comments(db, row: id),
        audit: try Store.audit(db, of: value, within: purview))
    }
  }

  /// Kept, not computed; hours at or after `since`.
  package func counters(since: Timestamp) throws(StoreError) -> QueueCounters {
    try read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM rowCount WHERE count <> 0").map { row in
        QueueCounters.Cell(
          wing: Wing(rawValue: row["wing"]) ?? .sensor, severity: Severity(rank: row["severity"]),
          state: TriageState(rawValue: row["state"]) ?? .new, count: row["count"])
      }
      let hours = try Row.fetchAll(
        db, sql: "SELECT * FROM hourCount WHERE hour >= ? ORDER BY hour, wing, severity",
        arguments: [since.seconds / 3600]
      ).map { row in
        QueueCounters.Hour(
          start: Timestamp(seconds: (row["hour"] as Int64) * 3600), wing: Wing(rawValue: row["wing"]) ?? .sensor,
          severity: Severity(rank: row["severity"]), count: row["count"])
      }
      return QueueCounters(rows: rows, hours: hours)
    }
  }

  private static func statement(_ query: QueueQuery) -> (String, StatementArguments) {
    var terms: [String] = []
    var arguments: StatementArguments = []
    func term(_ sql: String, _ values: StatementArguments) {
      terms.append(sql)
      arguments += values
    }
    if let wing = query.wing { term("wing = ?", [wing.rawValue]) }
    if let severity = query.minimumSeverity { term("severity >= ?", [severity.rank]) }
    if !query.states.isEmpty {
      let states = query.states.map(\.rawValue).sorted()
      term("state IN (\(states.map { _ in "?" }.joined(separator: ",")))", StatementArguments(states))
      // Said again in the index's own words, so that SQLite may use it.
      if !query.states.contains(.closed) { term("state <> 'closed'", []) }
    }
    if let own = Store.term(query.purview) { term(own.sql, own.arguments) }
    if query.places == [.shown] {
      term("place = 'shown'", [])
    } else if !query.places.isEmpty {
      let places = query.places.map(\.rawValue).sorted()
      term("place IN (\(places.map { _ in "?" }.joined(separator: ",")))", StatementArguments(places))
    }
    if let parent = query.parent { term("parent = ?", [parent]) }
    if let site = query.site { term(Store.shownAtSite, [site, site]) }
    if let organisation = query.organisation { term("organisation = ?", [organisation]) }
    if let assignee = query.assignee { term("assignee = ?", [assignee]) }
    if let since = query.since { term("lastSeen >= ?", [since.nanoseconds]) }
    if let until = query.until { term("firstSeen < ?", [until.nanoseconds]) }
    if let text = query.text, !text.isEmpty {
      let pattern = "%" + text.map { "%_\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "%"
      let places = ["titleEn", "titleZh", "subject", "checkName"].map { $0 + " LIKE ? ESCAPE '\\'" }
      term("(" + places.joined(separator: " OR ") + ")", [pattern, pattern, pattern, pattern])
    }
    let filter = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    arguments += [max(query.limit, 0), max(query.offset, 0)]
    return (filter + " ORDER BY \(order(query.order)) LIMIT ? OFFSET ?", arguments)
  }

  /// Its own, and what its hosting shows there.
  private static let shownAtSite = """
    (site = ? OR (platform IS NOT NULL AND id IN (SELECT row FROM answer WHERE place = ? AND holds = 1)))
    """

  private static func order(_ order: QueueQuery.Order) -> String {
    switch order {
    case .urgency: "severity DESC, outcome DESC, lastSeen DESC, id DESC"
    case .lastSeen: "lastSeen DESC, id DESC"
    case .id: "id"
    }
  }

  /// Single alerts, newest first; of one row, or of all.
  package func alerts(row: Int64? = nil, limit: Int = 100) throws(StoreError) -> [AlertRecord] {
    try read { db in try Store.alerts(db, row: row, limit: limit) }
  }

  static func alerts(_ db: Database, row: Int64?, limit: Int) throws -> [AlertRecord] {
    let filter = row.map { " WHERE row = \($0)" } ?? ""
    return try Row.fetchAll(db, sql: "SELECT * FROM alert\(filter) ORDER BY id DESC LIMIT ?", arguments: [limit])
      .compactMap(alert)
  }

  private static func alert(_ row: Row) throws -> AlertRecord? {
    let text: String = row["text"]
    guard row["isEVE"] else { return try RecordJSON.decode(AlertRecord.self, from: text) }
    guard case .alert(var alert) = AlertRecord.read(eve: text) else { return nil }
    alert.client = (row["client"] as String?).flatMap { IPAddress($0) }
    return alert
  }

  /// A row's alerts, or its members', that `matches` takes, newest first, from before `id` on. Read one by one: after
  /// `seconds` the slice ends with what was found, and `next` is behind the last that was looked at.
  package func alerts(
    row: Int64, before id: Int64, limit: Int, seconds: Double, _ matches: (AlertRecord) -> Bool
  ) throws(StoreError) -> ListSlice<AlertRecord> {
    let start = ContinuousClock.now
    return try read { db in
      let lines = try Row.fetchCursor(
        db,
        sql: """
          SELECT * FROM alert WHERE (row = ? OR row IN (SELECT id FROM queueRow WHERE parent = ?)) AND id < ?
            ORDER BY id DESC
          """, arguments: [row, row, id])
      var slice = ListSlice<AlertRecord>(items: [])
      while let line = try lines.next() {
        if let alert = try Store.alert(line), matches(alert) { slice.items.append(alert) }
        guard slice.items.count < limit, start.duration(to: .now) < .seconds(seconds) else {
          slice.next = [.integer(line["id"])]
          return slice
        }
      }
      return slice
    }
  }

  static func observations(_ db: Database, row: Int64, limit: Int) throws -> [Observation] {
    try String.fetchAll(
      db, sql: "SELECT json FROM observation WHERE row = ? ORDER BY id DESC LIMIT ?", arguments: [row, limit]
    ).map { try RecordJSON.decode(Observation.self, from: $0) }
  }

  static func comments(_ db: Database, row: Int64) throws -> [Comment] {
    try Row.fetchAll(db, sql: "SELECT * FROM comment WHERE row = ? ORDER BY id", arguments: [row]).map { row in
      Comment(time: Timestamp(nanoseconds: row["time"]), author: row["author"], text: row["text"])
    }
  }
}
