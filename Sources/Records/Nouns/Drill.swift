package import Wire

/// An exercise: alerts that the hub makes itself, marked everywhere, in no statistic, never told outside.
package struct Drill: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: String
  package var by: String
  package var from: Timestamp
  package var until: Timestamp?
  /// Rows that it made.
  package var rows: [Int64]
  package init(
    id: String, name: String, by: String, from: Timestamp, until: Timestamp? = nil, rows: [Int64] = []
  ) {
    self.id = id
    self.name = name
    self.by = by
    self.from = from
    self.until = until
    self.rows = rows
  }

  /// A generator of its own: no rule has it, and the store takes it from the hub alone. So a row's check tells a drill.
  package static let gid: UInt32 = 9001
  package static let checkPrefix = "9001:"
  package static let mark = BilingualText(en: "[DRILL]", zh: "【演练】")
  /// Of one exercise: more would be a flood for its own sake.
  package static let mostRows = 200
}

extension QueueRow {
  package var isDrill: Bool { wing == .sensor && check.hasPrefix(Drill.checkPrefix) }
}

/// One look along the whole way of an alert: each stage with the moment when it was passed, nil where it was not.
package struct CanaryRun: Codable, Sendable, Hashable, Identifiable {
  package enum Stage: String, Codable, Sendable, CaseIterable {
    /// The packet left the hub; a sensor saw it; its alert was stored; who would get it was known; a client had it.
    case sent, packet, stored, assigned, seen
  }
  package var id: String
  package var sent: Timestamp
  package var packet: Timestamp?
  package var stored: Timestamp?
  package var assigned: Timestamp?
  package var seen: Timestamp?
  package var sensor: String?
  /// Told as late.
  package var isLate: Bool
  /// Stages that could not be passed: nobody listened to the stream, nobody is on duty here.
  package var skipped: [Stage]
  package init(
    id: String, sent: Timestamp, packet: Timestamp? = nil, stored: Timestamp? = nil, assigned: Timestamp? = nil,
    seen: Timestamp? = nil, sensor: String? = nil, isLate: Bool = false, skipped: [Stage] = []
  ) {
    self.id = id
    self.sent = sent
    self.packet = packet
    self.stored = stored
    self.assigned = assigned
    self.seen = seen
    self.sensor = sensor
    self.isLate = isLate
    self.skipped = skipped
  }

  package subscript(stage: Stage) -> Timestamp? {
    switch stage {
    case .sent: sent
    case .packet: packet
    case .stored: stored
    case .assigned: assigned
    case .seen: seen
    }
  }
  /// The first stage that it has not passed; nil where it came all the way, or as far as it could.
  package var stuckBefore: Stage? {
    Stage.allCases.first { self[$0] == nil && !skipped.contains($0) }
  }
}
