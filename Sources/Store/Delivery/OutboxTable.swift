internal import GRDB
internal import Records
internal import Wire

/// The outbox in lanes: what the columns beside the entry's own are made of, and the migration that added them.
enum OutboxTable {
  /// `dispatch` is the id that a receiver knows it by: one id is kept once for each address, however often it is added.
  static let schema = """
    ALTER TABLE outbox ADD COLUMN lane TEXT NOT NULL DEFAULT '';
    ALTER TABLE outbox ADD COLUMN sequence TEXT;
    ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE outbox ADD COLUMN dispatch TEXT;
    ALTER TABLE outbox ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
    UPDATE outbox SET lane = channel, since = created;
    DROP INDEX outboxDue;
    CREATE INDEX outboxLane ON outbox(lane, urgent DESC, id) WHERE state = 'waiting';
    CREATE INDEX outboxSequence ON outbox(lane, sequence, id) WHERE state = 'waiting' AND sequence IS NOT NULL;
    CREATE INDEX outboxAge ON outbox(lane, since) WHERE state = 'waiting';
    CREATE INDEX outboxDead ON outbox(lane) WHERE state = 'dead';
    CREATE UNIQUE INDEX outboxOnce ON outbox(dispatch) WHERE dispatch IS NOT NULL;
    """

  /// Where an entry goes, by what it carries.
  struct Place {
    var lane: String
    var sequence: String?
    var isUrgent = false
    var dispatch: String?
    var state: OutboxEntry.State
    var reason: String?

    init(_ entry: OutboxEntry) {
      lane = entry.channel
      state = entry.state
      reason = entry.lastError
      guard entry.channel == Dispatch.channel else { return }
      guard let dispatch = entry.dispatch else {
        state = .dead
        reason = "the body is no dispatch"
        return
      }
      lane = dispatch.lane
      sequence = dispatch.sequence
      isUrgent = dispatch.isUrgent
      self.dispatch = "\(dispatch.id) \(dispatch.lane) \(dispatch.address.to)"
      if dispatch.isDrill {
        state = .withheld
        reason = "drill"
      }
    }
  }

  static func entry(_ row: Row) -> OutboxEntry {
    OutboxEntry(
      id: row["id"], channel: row["channel"], body: row["body"], created: Timestamp(nanoseconds: row["created"]),
      attempts: row["attempts"], due: Timestamp(nanoseconds: row["due"]),
      state: OutboxEntry.State(rawValue: row["state"]) ?? .dead, lastError: row["lastError"],
      since: Timestamp(nanoseconds: row["since"]), lane: row["lane"])
  }
}
