internal import Records
internal import Services
internal import Synchronization
internal import Wire

/// What the hub keeps in memory of the duty; all of it is made from the store.
struct DutyDesk {
  var escalation = Escalation()
  var rosters: [Roster] = []
  /// Of the roster in force.
  var table: RosterTable?
  /// When one was put last.
  var rosterSince = Timestamp(nanoseconds: .min)
  var zone = CivilZone(name: "UTC", offset: 0)
  var zoneDay: Int64 = .min
  var shift: Shift?
  /// Rows that changed since the clocks last looked: each decision on them, in order.
  private(set) var changed: [Int64: [QueueRow]] = [:]
  var lastLook = Timestamp(nanoseconds: .min)
  /// What is told already and still holds: each fault is one alert.
  var told: Set<String> = []
  var faults: [String: BilingualText] = [:]
  var clocksSince: Timestamp?
  var blind: Set<String> = []
  var lastBeat = Timestamp(nanoseconds: .min)
  var lastSignal = Timestamp(nanoseconds: .min)
  var drills: [Drill] = []
  var canary: CanaryLane?
  var sources = DutySources()

  /// Somebody is on duty here at all: without a roster and without a shift nobody is called, and nothing is amiss.
  var isInUse: Bool { table != nil || shift != nil }

  /// One that only counted up takes the place of what is known; one that was decided on comes behind it: a row that was
  /// acknowledged and came back within a second was acknowledged all the same.
  mutating func note(_ row: QueueRow) {
    if changed[row.id]?.last?.triage == row.triage { changed[row.id]?.removeLast() }
    changed[row.id, default: []].append(row)
  }

  mutating func forgetChanges() { changed = [:] }
  mutating func forgetChanges(of rows: [Int64]) { for row in rows { changed[row] = nil } }
}

/// What other services tell the duty; nil where this hub has no such service.
struct DutySources: Sendable {
  /// Rows in open incidents: their acknowledgement does not run out meanwhile.
  var rowsInIncidents: (@Sendable () throws -> Set<Int64>)?
  var suppressions: (@Sendable () throws -> [BilingualText])?
  var incidents: (@Sendable () throws -> [BilingualText])?
  var notices: (@Sendable () throws -> [BilingualText])?
  /// Opened in a span.
  var incidentCount: (@Sendable (Timestamp, Timestamp) throws -> Int)?
  var noticeCount: (@Sendable (Timestamp, Timestamp) throws -> Int)?
}

/// Rows that changed since the duty last took them, in order; noted from any thread.
final class ChangedRows: Sendable {
  private let rows = Mutex<[QueueRow]>([])
  func note(_ row: QueueRow) { rows.withLock { $0.append(row) } }
  func take() -> [QueueRow] {
    rows.withLock { rows in
      defer { rows = [] }
      return rows
    }
  }
}

/// By when each row must be acknowledged, as the clocks have it: what the store has too, by which lists are filtered and
/// ordered. Read from any thread.
final class DutyDues: Sendable {
  private let dues = Mutex<[Int64: Timestamp]>([:])
  func replace(_ fresh: [Int64: Timestamp]) { dues.withLock { $0 = fresh } }
  /// What makes these of those that are known; nil of a row: its clock does not run any more.
  func changes(to fresh: [Int64: Timestamp]) -> [(row: Int64, due: Timestamp?)] {
    dues.withLock { known in
      known.keys.filter { fresh[$0] == nil }.sorted().map { ($0, nil) }
        + fresh.filter { known[$0.key] != $0.value }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }
  subscript(row: Int64) -> Timestamp? { dues.withLock { $0[row] } }
}
