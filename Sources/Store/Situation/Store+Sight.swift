internal import GRDB
package import Records
package import Wire

/// What sensors could see, hour by hour, and when they saw nothing.
extension Store {
  /// Bytes of flows that ended; of `ended`, which a sensor told by their ends, `attributed` are known sites' and of
  /// `untold` nobody can say.
  package struct SightSum: Sendable, Hashable {
    package var sight = TrafficSight()
    package var ended: UInt64 = 0
    package var attributed: UInt64 = 0
    package var untold: UInt64 = 0
    package init() {}
  }

  package func add(_ sum: SightSum, sensor: String, at now: Timestamp) throws(StoreError) {
    func whole(_ value: UInt64) -> Int64 { Int64(clamping: value) }
    try write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO sightHour VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            flows = flows + excluded.flows, bytes = bytes + excluded.bytes, encrypted = encrypted + excluded.encrypted,
            oneSided = oneSided + excluded.oneSided, unknown = unknown + excluded.unknown,
            ended = ended + excluded.ended, attributed = attributed + excluded.attributed,
            untold = untold + excluded.untold
          """
      ).execute(arguments: [
        now.seconds / 3600, sensor, whole(sum.sight.flows), whole(sum.sight.bytes), whole(sum.sight.encryptedBytes),
        whole(sum.sight.oneSidedBytes), whole(sum.sight.unknownBytes), whole(sum.ended), whole(sum.attributed),
        whole(sum.untold),
      ])
    }
  }

  /// By sensor.
  package func sights(since: Timestamp) throws(StoreError) -> [String: SightSum] {
    try read { db in
      var result: [String: SightSum] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sensor, sum(flows) AS flows, sum(bytes) AS bytes, sum(encrypted) AS encrypted,
              sum(oneSided) AS oneSided, sum(unknown) AS unknown, sum(ended) AS ended, sum(attributed) AS attributed,
              sum(untold) AS untold
            FROM sightHour WHERE hour >= ? GROUP BY sensor
          """, arguments: [since.seconds / 3600])
      while let row = try rows.next() {
        func value(_ name: String) -> UInt64 { UInt64(clamping: (row[name] as Int64?) ?? 0) }
        var sum = SightSum()
        sum.sight.flows = value("flows")
        sum.sight.bytes = value("bytes")
        sum.sight.encryptedBytes = value("encrypted")
        sum.sight.oneSidedBytes = value("oneSided")
        sum.sight.unknownBytes = value("unknown")
        (sum.ended, sum.attributed, sum.untold) = (value("ended"), value("attributed"), value("untold"))
        result[row["sensor"]] = sum
      }
      return result
    }
  }
}
