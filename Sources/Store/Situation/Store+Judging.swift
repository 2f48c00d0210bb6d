internal import GRDB
internal import Records
internal import Wire

/// A person's word on an outcome, and an act on a gathering row on the rows under it.
extension Store {
  /// The row with `triage` and the outcome that follows from it. A word is taken with what the machine knew by then.
  func judged(_ db: Database, _ row: QueueRow, _ triage: Triage, from before: Triage, isNew: Bool) throws -> QueueRow {
    var row = row
    row.triage = triage
    guard triage.judged != before.judged else { return row }
    guard row.wing == .sensor else { throw ActRefusal("row \(row.id) is a finding: only attacks have an outcome") }
    var group = try QueueTable.group(QueueTable.row(db, id: row.id))
    let machine = group.machine ?? before.judged?.machine ?? group.row.outcome
    if isNew { row.triage.judged?.machine = machine }
    row.outcome = PersonJudgement.effective(row.triage.judged, machine: machine)
    group.row = row
    if rules.gather.mustShow(group), let parent = row.parent { row = try release(db, group, from: parent) }
    return row
  }

  private func release(_ db: Database, _ member: AlertGroup, from parent: Int64) throws -> QueueRow {
    var (member, gathering) = (member, try QueueTable.group(QueueTable.row(db, id: parent)))
    rules.gather.release(&member, &gathering)
    try db.execute(
      sql: "UPDATE queueRow SET place = ?, parent = NULL WHERE id = ?",
      arguments: [member.row.place.rawValue, member.row.id])
    try db.execute(
      sql: "UPDATE queueRow SET members = ?, count = ? WHERE id = ?",
      arguments: [gathering.row.gathering?.members ?? 0, gathering.row.count, parent])
    return member.row
  }

  // MARK: members

  /// What is done to a gathering row is done to all its members that it can be done to; undo takes it back from those
  /// that have not changed since. One line of the audit log names them, with what they were.
  func spread(
    _ db: Database, _ act: QueueAct, from row: QueueRow, before: Triage, by actor: Actor, at now: Timestamp
  ) throws {
    let lines: [(state: TriageState, row: Int64)]
    switch act {
    case .comment, .judge: return
    case .undo: lines = try unspread(db, row, before, now)
    default: lines = try spread(db, act, row.id, actor, now)
    }
    guard !lines.isEmpty else { return }
    try Store.append(
      AuditEntry(
        time: now, actor: actor, act: "\(act.name) members", subject: "queue/\(row.id)", before: Store.ranges(lines),
        after: row.triage.state.rawValue), db)
  }

  private func spread(
    _ db: Database, _ act: QueueAct, _ gathering: Int64, _ actor: Actor, _ now: Timestamp
  ) throws -> [(TriageState, Int64)] {
    try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [gathering])
    var lines: [(TriageState, Int64)] = []
    for member in try members(db, gathering) {
      guard case .success(let triage) = rules.apply(act, member.triage, actor, now), triage != member.triage else {
        continue
      }
      try db.cachedStatement(sql: "INSERT INTO gatherUndo VALUES (?, ?, ?)").execute(
        arguments: [gathering, member.id, RecordJSON.text(member.triage)])
      try QueueTable.saveTriage(db, triage, of: member, at: now)
      lines.append((member.triage.state, member.id))
    }
    return lines
  }

  /// `undone`: the gathering row's triage that is taken back. A member that joined meanwhile took it over, and goes on
  /// with the gathering row.
  private func unspread(
    _ db: Database, _ gathering: QueueRow, _ undone: Triage, _ now: Timestamp
  ) throws -> [(TriageState, Int64)] {
    var lines: [(TriageState, Int64)] = []
    for member in try members(db, gathering.id) where member.triage.changedAt == undone.changedAt {
      let kept = try String.fetchOne(
        db.cachedStatement(sql: "SELECT before FROM gatherUndo WHERE gathering = ? AND row = ?"),
        arguments: [gathering.id, member.id])
      let triage = try kept.map { try RecordJSON.decode(Triage.self, from: $0) } ?? gathering.triage
      try QueueTable.saveTriage(db, triage, of: member, at: now)
      lines.append((member.triage.state, member.id))
    }
    try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [gathering.id])
    return lines
  }

  private func members(_ db: Database, _ gathering: Int64) throws -> [QueueRow] {
    try Row.fetchAll(db, sql: "SELECT * FROM queueRow WHERE parent = ? ORDER BY id", arguments: [gathering])
      .map { QueueTable.row($0) }
  }

  /// `new 3-9,12; acknowledged 10`.
  static func ranges(_ lines: [(state: TriageState, row: Int64)]) -> String {
    TriageState.allCases.compactMap { state in
      var parts: [(Int64, Int64)] = []
      for line in lines where line.state == state {
        if let last = parts.last, last.1 &+ 1 == line.row {
          parts[parts.count - 1].1 = line.row
        } else {
          parts.append((line.row, line.row))
        }
      }
      let text = parts.map { $0.0 == $0.1 ? "\($0.0)" : "\($0.0)-\($0.1)" }.joined(separator: ",")
      return parts.isEmpty ? nil : "\(state.rawValue) \(text)"
    }.joined(separator: "; ")
  }

  /// What was done to the row, and to the one that it is folded under.
  static func audit(_ db: Database, of row: QueueRow) throws -> [AuditEntry] {
    let own = try audit(db, subject: "queue/\(row.id)", limit: 100)
    guard let parent = row.parent else { return own }
    let above = try audit(db, subject: "queue/\(parent)", limit: 100)
    return Array((own + above).sorted { $0.id > $1.id }.prefix(100))
  }

  /// The newest alerts of the members that were seen last.
  static func alerts(_ db: Database, gathering: Int64, limit: Int) throws -> [AlertRecord] {
    let members = try Int64.fetchAll(
      db, sql: "SELECT id FROM queueRow WHERE parent = ? ORDER BY lastSeen DESC LIMIT 20", arguments: [gathering])
    return Array(
      try members.flatMap { try alerts(db, row: $0, limit: limit) }.sorted { $0.timestamp > $1.timestamp }.prefix(limit)
    )
  }
}
