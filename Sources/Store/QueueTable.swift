internal import GRDB
internal import Records
internal import Wire

/// Rows of the queue between SQLite and values.
enum QueueTable {
  static func row(_ row: Row) -> QueueRow {
    QueueRow(
      id: row["id"], wing: Wing(rawValue: row["wing"]) ?? .sensor, key: FoldKey(rawValue: row["key"]),
      title: BilingualText(en: row["titleEn"], zh: row["titleZh"]), severity: Severity(rank: row["severity"]),
      outcome: Outcome(rank: row["outcome"]), triage: triage(row), site: row["site"],
      organisation: row["organisation"], subject: row["subject"], check: row["checkName"], count: row["count"],
      firstSeen: Timestamp(nanoseconds: row["firstSeen"]), lastSeen: Timestamp(nanoseconds: row["lastSeen"]),
      findingState: (row["findingState"] as String?).flatMap { FindingState(rawValue: $0) },
      comments: row["comments"], platform: row["platform"], incident: row["incident"],
      place: (row["place"] as String?).flatMap { RowPlace(rawValue: $0) } ?? .shown,
      parent: row["parent"], gathering: gathering(row), hiddenBy: row["hiddenBy"])
  }

  private static func gathering(_ row: Row) -> Gathering? {
    (row["gathering"] as String?).flatMap { GatherAxis(rawValue: $0) }.map {
      Gathering(axis: $0, members: row["members"] ?? 0, source: row["gatheredSource"])
    }
  }

  private static func triage(_ row: Row) -> Triage {
    func time(_ column: String) -> Timestamp? { (row[column] as Int64?).map { Timestamp(nanoseconds: $0) } }
    return Triage(
      state: TriageState(rawValue: row["state"]) ?? .new, assignee: row["assignee"],
      verdict: (row["verdict"] as String?).flatMap { Verdict(rawValue: $0) }, shelvedUntil: time("shelvedUntil"),
      acknowledgedAt: time("acknowledgedAt"), changedBy: row["changedBy"], changedAt: time("changedAt"),
      returned: row["returned"],
      judged: (row["judged"] as String?).flatMap { try? RecordJSON.decode(PersonJudgement.self, from: $0) })
  }

  /// `known`: for who reads the same rows again and again.
  static func group(_ row: Row, _ known: GroupBodies? = nil) throws -> AlertGroup {
    let text = row["body"] as String
    var body = try known?.body(row["id"], text) ?? RecordJSON.decode(GroupBody.self, from: text)
    body.rate.acknowledged = row["acknowledgedHits"]
    return AlertGroup(
      row: self.row(row), signature: body.signature, facets: body.facets, rate: body.rate,
      weakness: body.weakness, machine: body.machine, judgements: body.judgements ?? [],
      hidesSuccess: body.hidesSuccess)
  }

  static func finding(_ row: Row) throws -> Finding {
    var finding = try RecordJSON.decode(Finding.self, from: row["body"] as String)
    finding.row = self.row(row)
    return finding
  }

  /// The newest row of a key. `read` has the row of the statement itself: the columns of a copy are found by comparing
  /// all names.
  static func latest<T>(_ db: Database, _ key: FoldKey, _ read: (Row) throws -> T) throws -> T? {
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT * FROM queueRow WHERE key = ? ORDER BY id DESC LIMIT 1"),
      arguments: [key.rawValue])
    return try rows.next().map(read)
  }
  static func isKnown(_ db: Database, _ key: FoldKey) throws -> Bool { try latest(db, key) { _ in true } ?? false }
  static func row(_ db: Database, id: Int64) throws -> Row {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM queueRow WHERE id = ?"), arguments: [id])
    else { throw StoreError.noRow(id) }
    return row
  }

  static func body(_ group: AlertGroup) throws -> String { try GroupBody.text(group) }
  /// The answers have a table of their own: a hosting's finding has thousands.
  static func body(_ finding: Finding) throws -> String {
    var finding = finding
    finding.answers = []
    return try RecordJSON.text(finding)
  }

  /// Writes all that a fold may change, and its line of the posture log; gives the id, fresh where the row had none.
  static func save(_ db: Database, _ row: QueueRow, body: String, at now: Timestamp) throws -> Int64 {
    var row = row
    row.id = try write(db, row, body: body)
    try PostureLog.note(db, row, at: now)
    return row.id
  }

  private static func write(_ db: Database, _ row: QueueRow, body: String) throws -> Int64 {
    let triage = row.triage
    let values: StatementArguments = [
      row.wing.rawValue, row.key.rawValue, row.title.en, row.title.zh, row.severity.rank, row.outcome.rank,
      triage.state.rawValue, triage.assignee, triage.verdict?.rawValue, triage.shelvedUntil?.nanoseconds,
      triage.acknowledgedAt?.nanoseconds, triage.changedBy, triage.changedAt?.nanoseconds, triage.returned, row.site,
      row.organisation, row.subject, row.check, row.count, row.firstSeen.nanoseconds, row.lastSeen.nanoseconds,
      row.findingState?.rawValue, body, row.platform, row.place.rawValue, row.parent, row.gathering?.axis.rawValue,
      row.gathering?.source, row.gathering?.members ?? 0, row.hiddenBy, try text(triage.judged),
    ]
    guard row.id != 0 else {
      try db.cachedStatement(sql: insert).execute(arguments: values)
      return db.lastInsertedRowID
    }
    try db.cachedStatement(sql: update).execute(arguments: values + [row.id])
    return row.id
  }

  static func saveTriage(_ db: Database, _ triage: Triage, of row: QueueRow, at now: Timestamp) throws {
    var row = row
    row.triage = triage
    try PostureLog.note(db, row, at: now)
    try db.cachedStatement(
      sql: """
        UPDATE queueRow SET state = ?, assignee = ?, verdict = ?, shelvedUntil = ?, acknowledgedAt = ?, changedBy = ?,
          changedAt = ?, returned = ?, judged = ?, outcome = ? WHERE id = ?
        """
    ).execute(arguments: [
      triage.state.rawValue, triage.assignee, triage.verdict?.rawValue, triage.shelvedUntil?.nanoseconds,
      triage.acknowledgedAt?.nanoseconds, triage.changedBy, triage.changedAt?.nanoseconds, triage.returned,
      try text(triage.judged), row.outcome.rank, row.id,
    ])
  }

  /// The same on all rows that `which` names.
  static func saveTriage(_ db: Database, _ triage: Triage, _ which: String, _ values: StatementArguments) throws {
    let names = triageColumns.map { $0 + " = ?" }.joined(separator: ", ")
    try db.execute(
      sql: "UPDATE queueRow SET \(names) WHERE \(which)", arguments: try arguments(of: triage) + values)
  }

  /// The different triages among the rows that `which` names.
  static func triages(_ db: Database, _ which: String, _ values: StatementArguments) throws -> [Triage] {
    try Row.fetchAll(
      db, sql: "SELECT DISTINCT \(triageColumns.joined(separator: ", ")) FROM queueRow WHERE \(which)",
      arguments: values
    ).map { triage($0) }
  }

  /// Whether a row has this triage.
  static func isLike(_ triage: Triage) throws -> (String, StatementArguments) {
    (triageColumns.map { $0 + " IS ?" }.joined(separator: " AND "), try arguments(of: triage))
  }

  private static let triageColumns = [
    "state", "assignee", "verdict", "shelvedUntil", "acknowledgedAt", "changedBy", "changedAt", "returned", "judged",
  ]
  private static func arguments(of triage: Triage) throws -> StatementArguments {
    [
      triage.state.rawValue, triage.assignee, triage.verdict?.rawValue, triage.shelvedUntil?.nanoseconds,
      triage.acknowledgedAt?.nanoseconds, triage.changedBy, triage.changedAt?.nanoseconds, triage.returned,
      try text(triage.judged),
    ]
  }

  private static let columns = [
    "wing", "key", "titleEn", "titleZh", "severity", "outcome", "state", "assignee", "verdict", "shelvedUntil",
    "acknowledgedAt", "changedBy", "changedAt", "returned", "site", "organisation", "subject", "checkName", "count",
    "firstSeen", "lastSeen", "findingState", "body", "platform", "place", "parent", "gathering", "gatheredSource",
    "members", "hiddenBy", "judged",
  ]

  private static func text(_ word: PersonJudgement?) throws -> String? { try word.map { try RecordJSON.text($0) } }
  private static let insert =
    "INSERT INTO queueRow (\(columns.joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
  private static let update =
    "UPDATE queueRow SET \(columns.map { $0 + " = ?" }.joined(separator: ", ")) WHERE id = ?"
}
