internal import GRDB
package import Records
package import Wire

/// How a lane of the outbox stands.
package struct OutboxLaneCount: Sendable, Hashable {
  package var lane: String
  package var waiting: Int
  /// Since when the oldest waits.
  package var oldest: Timestamp?
  package var dead: Int
}

/// What a person does to entries, and what all lanes hold. Read from the indices of what waits and what is dead; what was
/// delivered is never counted.
extension Store {
  package func outboxLanes() throws(StoreError) -> [OutboxLaneCount] {
    try read { db in
      var lanes: [String: OutboxLaneCount] = [:]
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT lane, count(*) AS n, min(since) AS oldest FROM outbox INDEXED BY outboxAge WHERE state = 'waiting'
            GROUP BY lane
          """)
      {
        let oldest: Int64? = row["oldest"]
        lanes[row["lane"]] = OutboxLaneCount(
          lane: row["lane"], waiting: row["n"], oldest: oldest.map { Timestamp(nanoseconds: $0) }, dead: 0)
      }
      for row in try Row.fetchAll(
        db, sql: "SELECT lane, count(*) AS n FROM outbox INDEXED BY outboxDead WHERE state = 'dead' GROUP BY lane")
      {
        let lane: String = row["lane"]
        lanes[lane, default: OutboxLaneCount(lane: lane, waiting: 0, oldest: nil, dead: 0)].dead = row["n"]
      }
      return lanes.values.sorted { $0.lane < $1.lane }
    }
  }

  /// Dead ones wait again, as new; false where the entry is not dead. In one transaction with the audit.
  package func retryOutbox(_ id: Int64, by actor: Actor, at now: Timestamp) throws(StoreError) -> Bool {
    try change(
      id, "retry outbox", by: actor, at: now,
      """
      UPDATE outbox SET state = 'waiting', attempts = 0, due = ?1, since = ?1, lastError = NULL
        WHERE id = ?2 AND state = 'dead'
      """)
  }

  /// Takes out what waits or is dead; false where it is neither.
  package func dropOutbox(_ id: Int64, by actor: Actor, at now: Timestamp) throws(StoreError) -> Bool {
    try change(
      id, "drop outbox", by: actor, at: now,
      "UPDATE outbox SET state = 'dropped', due = ?1 WHERE id = ?2 AND state IN ('waiting', 'dead')")
  }

  private func change(
    _ id: Int64, _ act: String, by actor: Actor, at now: Timestamp, _ sql: String
  ) throws(StoreError) -> Bool {
    try write { db in
      let before = try Row.fetchOne(db, sql: "SELECT state, lastError FROM outbox WHERE id = ?", arguments: [id])
      try db.execute(sql: sql, arguments: [now.nanoseconds, id])
      guard db.changesCount > 0, let before else { return false }
      let state: String = before["state"]
      let reason: String? = before["lastError"]
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: act, subject: "outbox/\(id)", before: state + (reason.map { ": " + $0 } ?? "")),
        db)
      return true
    }
  }
}
