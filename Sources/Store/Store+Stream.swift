internal import GRDB
package import Records

/// Alerts in the order they were stored: what the live stream reads, from where each of its readers stands.
extension Store {
  package struct NumberedAlert: Sendable, Hashable {
    package var id: Int64
    package var row: Int64
    package var alert: AlertRecord
  }

  /// The oldest first, behind `id`.
  package func alerts(after id: Int64, limit: Int) throws(StoreError) -> [NumberedAlert] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM alert WHERE id > ? ORDER BY id LIMIT ?", arguments: [id, limit])
        .compactMap { row in
          let text: String = row["text"]
          guard row["isEVE"] else {
            let alert = try RecordJSON.decode(AlertRecord.self, from: text)
            return NumberedAlert(id: row["id"], row: row["row"], alert: alert)
          }
          guard case .alert(let alert) = AlertRecord.read(eve: text) else { return nil }
          return NumberedAlert(id: row["id"], row: row["row"], alert: alert)
        }
    }
  }

  /// Rows that were made behind row `id`, the oldest first.
  package func rows(after id: Int64, limit: Int) throws(StoreError) -> [QueueRow] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM queueRow WHERE id > ? ORDER BY id LIMIT ?", arguments: [id, limit])
        .map { QueueTable.row($0) }
    }
  }

  /// The newest alert and row; with a time, the newest before it. Zero where there is none.
  package func streamEnd(before nanoseconds: Int64 = .max) throws(StoreError) -> (alert: Int64, row: Int64) {
    try read { db in
      let alert = try Int64.fetchOne(
        db, sql: "SELECT max(id) FROM alert WHERE time < ?", arguments: [nanoseconds])
      let row = try Int64.fetchOne(
        db, sql: "SELECT max(id) FROM queueRow WHERE firstSeen < ?", arguments: [nanoseconds])
      return (alert ?? 0, row ?? 0)
    }
  }
}
