package import Records
package import Wire

/// Part of a list.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
  package var items: [Item]
  /// How many there are in all; nil where counting would cost.
  package var total: Int?
  package init(items: [Item], total: Int? = nil) {
    self.items = items
    self.total = total
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
  package var finding: Finding?
  package var comments: [Comment]
  /// The newest first, at most 50.
  package var alerts: [AlertRecord]
  package var audit: [AuditEntry]
  package init(
    item: QueueItem, group: AlertGroup?, finding: Finding?, comments: [Comment], alerts: [AlertRecord],
    audit: [AuditEntry]
  ) {
    self.item = item
    self.group = group
    self.finding = finding
    self.comments = comments
    self.alerts = alerts
    self.audit = audit
  }
}

package struct ActReport: Codable, Sendable, Equatable {
  package struct Refusal: Codable, Sendable, Equatable {
    package var id: Int64
    package var reason: String
    package init(id: Int64, reason: String) {
      self.id = id
      self.reason = reason
    }
  }
  /// The rows as they are now.
  package var done: [QueueItem]
  package var refused: [Refusal]
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
