internal import GRDB
package import Records
package import Wire

/// The clocks of the duty: their state, and whom they called.
extension Store {
  /// What a second of the duty changed, with what is told: all of it or nothing.
  package struct DutyChanges: Sendable {
    package struct Call: Sendable {
      package var page: DutyPage
      /// Nil where the person has no address: the page is kept as one that could not leave.
      package var entry: OutboxEntry?
      package init(page: DutyPage, entry: OutboxEntry?) {
        self.page = page
        self.entry = entry
      }
    }
    /// JSON of the clocks' own.
    package var cases: [(row: Int64, json: String)] = []
    package var ended: [Int64] = []
    /// Nil: the clock of the row does not run any more.
    package var dues: [(row: Int64, due: Timestamp?)] = []
    /// Nil: forgotten.
    package var budgets: [(person: String, json: String?)] = []
    package var calls: [Call] = []
    package var answers: [DutyAnswer] = []
    package var assigned: [(row: Int64, person: String)] = []
    package var lines: [DutyLine] = []
    package init() {}
    package var isEmpty: Bool {
      cases.isEmpty && ended.isEmpty && dues.isEmpty && budgets.isEmpty && calls.isEmpty && answers.isEmpty
        && assigned.isEmpty
        && lines.isEmpty
    }
  }

  /// The rows that were assigned, as they are now. A page whose id is known, or whose row was answered meanwhile, is not
  /// sent again.
  package func keep(duty changes: DutyChanges, at now: Timestamp) throws(StoreError) -> [QueueRow] {
    try write { db in
      for value in changes.cases {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO dutyCase VALUES (?, ?)").execute(
          arguments: [value.row, value.json])
      }
      for row in changes.ended {
        try db.cachedStatement(sql: "DELETE FROM dutyCase WHERE row = ?").execute(arguments: [row])
      }
      for value in changes.dues {
        guard let due = value.due else {
          try db.cachedStatement(sql: "DELETE FROM dutyDue WHERE row = ?").execute(arguments: [value.row])
          continue
        }
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO dutyDue VALUES (?, ?)").execute(
          arguments: [value.row, due.nanoseconds])
      }
      for budget in changes.budgets {
        try db.execute(sql: "DELETE FROM dutyBudget WHERE person = ?", arguments: [budget.person])
        guard let json = budget.json else { continue }
        try db.execute(sql: "INSERT INTO dutyBudget VALUES (?, ?)", arguments: [budget.person, json])
      }
      for call in changes.calls { try Store.keep(call, db) }
      for answer in changes.answers {
        try db.cachedStatement(sql: "INSERT INTO dutyAnswer (time, row, isDrill, json) VALUES (?, ?, ?, ?)").execute(
          arguments: [answer.time.nanoseconds, answer.row, answer.isDrill, RecordJSON.text(answer)])
      }
      for line in changes.lines { try Store.append(line, db) }
      return try changes.assigned.compactMap { try Store.assign($0.row, to: $0.person, db, at: now) }
    }
  }

  private static func keep(_ call: DutyChanges.Call, _ db: Database) throws {
    let page = call.page
    if page.reason == .waiting {
      let state = try String.fetchOne(
        db.cachedStatement(sql: "SELECT state FROM queueRow WHERE id = ?"), arguments: [page.row])
      guard state == TriageState.new.rawValue else { return }
    }
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO dutyPage VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(
      arguments: [
        page.id, page.time.nanoseconds, page.person, page.row, page.reason.rawValue, page.isDrill, call.entry != nil,
        RecordJSON.text(page),
      ])
    if db.changesCount == 1, let entry = call.entry { try Store.add(entry, db) }
  }

  /// A machine's act: who changed the row last, and what a machine said of it, stay as they were.
  private static func assign(_ id: Int64, to person: String, _ db: Database, at now: Timestamp) throws -> QueueRow? {
    guard let found = try? QueueTable.row(db, id: id) else { return nil }
    var row = QueueTable.row(found)
    guard row.triage.state == .new, row.triage.assignee == nil else { return nil }
    let before = row.triage
    row.triage.assignee = person
    try QueueTable.saveTriage(db, row.triage, of: row, at: now)
    try Store.append(
      AuditEntry(
        time: now, actor: Actor(name: "vigil", origin: "duty"), act: "assign", subject: "queue/\(id)",
        before: RecordJSON.text(before), after: RecordJSON.text(row.triage)), db)
    return row
  }

  package func dutyCases() throws(StoreError) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT json FROM dutyCase ORDER BY row") }
  }

  /// By row.
  package func dutyDues() throws(StoreError) -> [Int64: Timestamp] {
    try read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT row, due FROM dutyDue")
      return Dictionary(
        rows.map { ($0["row"], Timestamp(nanoseconds: $0["due"])) }, uniquingKeysWith: { first, _ in first })
    }
  }

  package func dutyBudgets() throws(StoreError) -> [(person: String, json: String)] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT person, json FROM dutyBudget").map { ($0["person"], $0["json"]) }
    }
  }

  /// New rows that nobody has, worst first.
  package func unassigned(minimum: Severity, limit: Int) throws(StoreError) -> [QueueRow] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM queueRow WHERE state = 'new' AND assignee IS NULL AND severity >= ?
            ORDER BY severity DESC, id LIMIT ?
          """, arguments: [minimum.rank, limit]
      ).map { QueueTable.row($0) }
    }
  }

  package func pages(from: Timestamp, until: Timestamp, limit: Int = 10_000) throws(StoreError) -> [(
    page: DutyPage, isSent: Bool
  )] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT json, isSent FROM dutyPage WHERE time >= ? AND time < ? ORDER BY time, id LIMIT ?",
        arguments: [from.nanoseconds, until.nanoseconds, limit]
      ).map { (try RecordJSON.decode(DutyPage.self, from: $0["json"] as String), $0["isSent"]) }
    }
  }

  package func answers(from: Timestamp, until: Timestamp, isDrill: Bool = false) throws(StoreError) -> [DutyAnswer] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT json FROM dutyAnswer WHERE time >= ? AND time < ? AND isDrill = ? ORDER BY time, id",
        arguments: [from.nanoseconds, until.nanoseconds, isDrill]
      ).map { try RecordJSON.decode(DutyAnswer.self, from: $0) }
    }
  }

  // MARK: log

  package func append(_ line: DutyLine) throws(StoreError) { try write { try Store.append(line, $0) } }

  static func append(_ line: DutyLine, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT INTO dutyLine (time, author, kind, en, zh) VALUES (?, ?, ?, ?, ?)").execute(
      arguments: [line.time.nanoseconds, line.author, line.kind.rawValue, line.text.en, line.text.zh])
  }

  /// The newest first.
  package func dutyLines(limit: Int = 100, before id: Int64 = .max) throws(StoreError) -> [DutyLine] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM dutyLine WHERE id < ? ORDER BY id DESC LIMIT ?", arguments: [id, limit]
      ).map { row in
        DutyLine(
          id: row["id"], time: Timestamp(nanoseconds: row["time"]), author: row["author"],
          kind: DutyLine.Kind(rawValue: row["kind"]) ?? .remark, text: BilingualText(en: row["en"], zh: row["zh"]))
      }
    }
  }
}
