internal import GRDB
package import Records
package import Wire

/// The posture log and the days made from it.
extension Store {
  /// Brings the log up to what is kept already: a store from before there was a log begins it here. Changes nothing
  /// where the log has it all.
  package func beginPosture(at now: Timestamp) throws(StoreError) {
    let kept = try inventory()
    try write { db in
      try PostureLog.note(db, kept, at: now)
      try HostingSettlement(db, kept, now: now).run()
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT * FROM queueRow
            WHERE (site IS NOT NULL OR platform IS NOT NULL) AND state <> 'closed' ORDER BY id
          """)
      while let row = try rows.next() { try PostureLog.note(db, QueueTable.row(row), at: now) }
      let tested = try String.fetchAll(
        db, sql: "SELECT DISTINCT site FROM engineCoverage WHERE tested IS NOT NULL ORDER BY site")
      for site in tested { try PostureLog.note(db, .tested(site: site), at: now) }
    }
  }

  /// What the log comes to: the last line of each subject. Folded, it gives the scores of now.
  package func postureState() throws(StoreError) -> [PostureEvent] { try read { try PostureLog.state($0) } }

  /// Each line after `number`, in order, up to the log's end; a page of `PostureLog.page` lines is held at a time.
  package func eachPostureEvent(after number: Int64 = 0, _ body: (PostureEvent) -> Void) throws(StoreError) {
    var through = number
    while true {
      let events = try postureLog(after: through)
      for event in events { body(event) }
      guard let last = events.last, events.count == PostureLog.page else { return }
      through = last.number
    }
  }

  private func postureLog(after number: Int64) throws(StoreError) -> [PostureEvent] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(sql: "SELECT number, time, json FROM postureLog WHERE number > ? ORDER BY number LIMIT ?"),
        arguments: [number, PostureLog.page]
      ).map(PostureLog.event)
    }
  }

  /// The newest lines about a site, in the log's order.
  package func postureLog(site: String, limit: Int) throws(StoreError) -> [PostureEvent] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT number, time, json FROM postureLog WHERE site = ? ORDER BY number DESC LIMIT ?",
        arguments: [site, limit]
      ).reversed().map(PostureLog.event)
    }
  }

  /// Keeps what days ended with; a day that is kept already stays as it was told.
  package func keep(postureDays days: [(day: Int64, json: String)]) throws(StoreError) {
    guard !days.isEmpty else { return }
    try write { db in
      for (day, json) in days {
        try db.execute(sql: "INSERT OR IGNORE INTO postureDay VALUES (?, ?)", arguments: [day, json])
      }
    }
  }

  /// From `first` on, in order.
  package func postureDays(
    from first: Int64, newestFirst: Bool = false, limit: Int = 400
  ) throws(StoreError) -> [(day: Int64, json: String)] {
    try read { db in
      let order = newestFirst ? "DESC" : "ASC"
      return try Row.fetchAll(
        db, sql: "SELECT day, json FROM postureDay WHERE day >= ? ORDER BY day \(order) LIMIT ?",
        arguments: [first, limit]
      ).map { ($0["day"], $0["json"]) }
    }
  }
}
