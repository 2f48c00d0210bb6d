internal import GRDB
internal import Records
internal import Wire

/// What follows from a finding's change, in the transaction of the change.
enum FindingTable {
  static func save(_ db: Database, _ finding: Finding, at now: Timestamp) throws {
    let before = try QueueTable.finding(QueueTable.row(db, id: finding.row.id))
    _ = try QueueTable.save(db, finding.row, body: QueueTable.body(finding), at: now)
    try follow(db, finding, over: before, at: now)
  }

  /// A verified weakness is looked at again on day 7 and day 30; one that is out of the count says why.
  static func follow(_ db: Database, _ after: Finding, over before: Finding?, at now: Timestamp) throws {
    let settled = [FindingState.accepted, .falsePositive].contains(after.state) ? after.settlement : nil
    if let settled {
      try PostureLog.note(
        db,
        .exclusion(row: after.row.id, by: settled.by, reason: "\(after.state.rawValue): \(settled.reason)"), at: now)
    } else if before?.settlement != nil {
      try PostureLog.note(db, .exclusion(row: after.row.id, by: "vigil", reason: nil), at: now)
    }
    if after.state == .verified, before?.state != .verified, let verified = after.verifiedAt {
      try RetestTable.lookAgain(db, after.row.id, verified)
    }
  }

  /// An analyst's verdict takes a finding out of the count as well.
  static func exclude(
    _ db: Database, _ row: QueueRow, over before: Triage, by actor: Actor, at now: Timestamp
  ) throws {
    guard row.wing == .scanner, row.triage.verdict != before.verdict else { return }
    if row.triage.verdict == .falsePositive {
      try PostureLog.note(
        db, .exclusion(row: row.id, by: actor.name, reason: "closed in the queue as a false positive"), at: now)
    } else if before.verdict == .falsePositive {
      try PostureLog.note(db, .exclusion(row: row.id, by: actor.name, reason: nil), at: now)
    }
  }
}
