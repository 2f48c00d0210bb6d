package import Records
package import Wire

/// Part of a list.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
  package var items: [Item]
  /// How many there are in all; nil where counting would cost.
  package var total: Int?
  /// There are more than so many: counting stopped.
  package var moreThan: Int?
  /// What a request gives as `after` to go on behind the last item, in the same list as of the same moment; nil at the
  /// end, and of lists that are given whole.
  package var next: String?
  /// Of the queue: the newest row when the list was asked for. An act on a query holds for what was there then.
  package var asOf: Int64?
  package init(
    items: [Item], total: Int? = nil, moreThan: Int? = nil, next: String? = nil, asOf: Int64? = nil
  ) {
    self.items = items
    self.total = total
    self.moreThan = moreThan
    self.next = next
    self.asOf = asOf
  }
}

package struct Health: Codable, Sendable, Equatable {
  /// `good`, or `ailing` with reasons.
  package var state: String
  package var reasons: [String]
  /// What ails nothing yet and should be mended: old content, a role that has not followed.
  package var notes: [String]?
  package init(reasons: [String], notes: [String] = []) {
    self.notes = notes.isEmpty ? nil : notes
    self.state = reasons.isEmpty ? "good" : "ailing"
    self.reasons = reasons
  }
}

package struct Version: Codable, Sendable, Equatable {
  package var version: String
  package var api: String
  package var city: String
  package var started: Timestamp
  package var pid: Int32
  package init(version: String, city: String, started: Timestamp, pid: Int32) {
    self.version = version
    self.api = API.version
    self.city = city
    self.started = started
    self.pid = pid
  }
}

/// A row with its clock.
package struct QueueItem: Codable, Sendable, Hashable, Identifiable {
  package var row: QueueRow
  /// By when it must be acknowledged; nil where no clock runs.
  package var due: Timestamp?
  package init(row: QueueRow, due: Timestamp?) {
    self.row = row
    self.due = due
  }
  package var id: Int64 { row.id }
}

package struct QueueDetail: Codable, Sendable {
  package var item: QueueItem
  package var group: AlertGroup?
  /// The network rule as its sensor runs it; nil of findings, and until a sensor told it.
  package var rule: RuleText?
  package var finding: Finding?
  package var comments: [Comment]
  /// The newest first, at most 50.
  package var alerts: [AlertRecord]
  package var audit: [AuditEntry]
  /// How many single alerts are kept; the row's count is of all that came. Nil of findings.
  package var alertsKept: Int64?
  package init(
    item: QueueItem, group: AlertGroup?, rule: RuleText? = nil, finding: Finding?, comments: [Comment],
    alerts: [AlertRecord], audit: [AuditEntry], alertsKept: Int64? = nil
  ) {
    self.rule = rule
    self.alertsKept = group == nil ? nil : alertsKept
    self.item = item
    self.group = group
    self.finding = finding
    self.comments = comments
    self.alerts = alerts
    self.audit = audit
  }
}

/// Rows of the queue that have something in common.
package struct QueueGroupItem: Codable, Sendable, Hashable {
  /// What they have in common (a rule's gid:sid, a site's id, ...); empty where they have none.
  package var value: String
  /// Of a rule.
  package var title: BilingualText?
  package var rows: Int
  package var new: Int
  package var worst: Severity
  /// What was folded into them, and when the last came; nil where the answer is from kept counts.
  package var count: Int64?
  package var lastSeen: Timestamp?
  package init(
    value: String, title: BilingualText?, rows: Int, new: Int, worst: Severity, count: Int64?, lastSeen: Timestamp?
  ) {
    self.value = value
    self.title = title
    self.rows = rows
    self.new = new
    self.worst = worst
    self.count = count
    self.lastSeen = lastSeen
  }
}

package struct ActReport: Codable, Sendable, Equatable {
  package struct Refusal: Codable, Sendable, Equatable {
    package var id: Int64
    package var reason: String
    /// The reason in Chinese, where it is known.
    package var zh: String?
    package init(id: Int64, reason: String, zh: String? = nil) {
      self.id = id
      self.reason = reason
      self.zh = zh
    }
    package var words: BilingualText { BilingualText(en: reason, zh: zh ?? reason) }
  }
  /// The rows as they are now; of a bulk act the first `shown`, as of `refused`.
  package var done: [QueueItem]
  package var refused: [Refusal]
  /// Of an act on more than one row: what takes it back as one (`ActRequest.bulk`).
  package var bulk: Int64?
  /// All that were done and all that refused; nil where all are shown.
  package var count: Int?
  package var refusals: Int?
  package static let shown = 1000
  package init(done: [QueueItem], refused: [Refusal]) {
    self.done = done
    self.refused = refused
  }
}

package struct EngineItem: Codable, Sendable, Hashable {
  package var name: String
  package var summary: String
  package var probeClass: ProbeClass
  /// By their ids.
  package var checks: [String]
  package init(name: String, summary: String, probeClass: ProbeClass, checks: [String] = []) {
    self.name = name
    self.summary = summary
    self.probeClass = probeClass
    self.checks = checks
  }
}

package struct BackupReport: Codable, Sendable, Equatable {
  package var path: String
  package var bytes: Int64
  package init(path: String, bytes: Int64) {
    self.path = path
    self.bytes = bytes
  }
}

package struct CursorAnswer: Codable, Sendable, Equatable {
  /// Nil for a source that was never followed.
  package var cursor: IngestCursor?
  package init(cursor: IngestCursor?) { self.cursor = cursor }
}

/// One line of the live stream. Exactly one of the optional members is set, by `kind`.
package struct StreamItem: Codable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// An alert was stored; `alert` and the row that took it.
    case alert
    /// A row is new or changed; `row`.
    case row
    case sensor
    case scanner
    /// Nothing happened for a while: the connection stands.
    case beat
    /// Changes of rows were lost because the reader was too slow. Alerts and new rows never are.
    case lagged
  }
  /// What happened to the row of a `row` item.
  package enum Change: String, Codable, Sendable, CaseIterable { case made, returned, counted, acted }
  package var kind: Kind
  package var change: Change?
  /// Give it as `since` to go on behind this item.
  package var cursor: String
  package var time: Timestamp
  package var alert: AlertRecord?
  package var row: QueueItem?
  package var sensor: SensorItem?
  package var scanner: ScannerItem?
  package init(
    kind: Kind, change: Change? = nil, cursor: String, time: Timestamp, alert: AlertRecord? = nil,
    row: QueueItem? = nil, sensor: SensorItem? = nil, scanner: ScannerItem? = nil
  ) {
    self.kind = kind
    self.change = change
    self.cursor = cursor
    self.time = time
    self.alert = alert
    self.row = row
    self.sensor = sensor
    self.scanner = scanner
  }
}
