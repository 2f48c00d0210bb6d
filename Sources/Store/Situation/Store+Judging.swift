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
    guard row.wing == .sensor else {
      throw ActRefusal("row \(row.id) is a finding: only attacks have an outcome", "第 \(row.id) 行是隐患，只有攻击才研判结果")
    }
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

  /// By what the members are now, not one by one: a storm has twenty thousand, and a person waits.
  private func spread(
    _ db: Database, _ act: QueueAct, _ gathering: Int64, _ actor: Actor, _ now: Timestamp
  ) throws -> [(TriageState, Int64)] {
    try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [gathering])
    var lines: [(TriageState, Int64)] = []
    let kinds = try QueueTable.triages(db, "parent = ?", [gathering])
    for triage in kinds {
      guard case .success(let next) = rules.apply(act, triage, actor, now), next != triage else { continue }
      let (which, values) = try QueueTable.isLike(triage)
      let ids = try Int64.fetchAll(
        db, sql: "SELECT id FROM queueRow WHERE parent = ? AND \(which) ORDER BY id", arguments: [gathering] + values)
      try db.execute(
        sql: "INSERT OR IGNORE INTO gatherUndo SELECT parent, id, ? FROM queueRow WHERE parent = ? AND \(which)",
        arguments: [try RecordJSON.text(triage), gathering] + values)
      lines += ids.map { (triage.state, $0) }
    }
    for triage in kinds {
      guard case .success(let next) = rules.apply(act, triage, actor, now), next != triage else { continue }
      let text = try RecordJSON.text(triage)
      try saveTriage(
        db, next, from: triage, "id IN (SELECT row FROM gatherUndo WHERE gathering = ? AND before = ?)",
        [gathering, text], at: now)
    }
    return lines
  }

  /// `undone`: the gathering row's triage that is taken back. A member that joined meanwhile took it over, and goes on
  /// with the gathering row.
  private func unspread(
    _ db: Database, _ gathering: QueueRow, _ undone: Triage, _ now: Timestamp
  ) throws -> [(TriageState, Int64)] {
    let changed = "parent = ? AND changedAt IS ?"
    let values: StatementArguments = [gathering.id, undone.changedAt?.nanoseconds]
    let ids = try Int64.fetchAll(db, sql: "SELECT id FROM queueRow WHERE \(changed) ORDER BY id", arguments: values)
    let joined = "\(changed) AND id NOT IN (SELECT row FROM gatherUndo WHERE gathering = ?)"
    try saveTriage(db, gathering.triage, from: undone, joined, values + [gathering.id], at: now)
    let befores = try String.fetchAll(
      db, sql: "SELECT DISTINCT before FROM gatherUndo WHERE gathering = ?", arguments: [gathering.id])
    for before in befores {
      let kept = "\(changed) AND id IN (SELECT row FROM gatherUndo WHERE gathering = ? AND before = ?)"
      let triage = try RecordJSON.decode(Triage.self, from: before)
      try saveTriage(db, triage, from: undone, kept, values + [gathering.id, before], at: now)
    }
    try db.execute(sql: "DELETE FROM gatherUndo WHERE gathering = ?", arguments: [gathering.id])
    return ids.map { (undone.state, $0) }
  }

  /// The posture log hears of each row only where it opens or closes.
  private func saveTriage(
    _ db: Database, _ triage: Triage, from before: Triage, _ which: String, _ values: StatementArguments,
    at now: Timestamp
  ) throws {
    if triage.isOpen != before.isOpen {
      let rows = try Row.fetchCursor(
        db, sql: "SELECT * FROM queueRow WHERE \(which) AND site IS NOT NULL ORDER BY id", arguments: values)
      while let row = try rows.next() {
        var value = QueueTable.row(row)
        value.triage = triage
        try PostureLog.note(db, value, at: now)
      }
    }
    try QueueTable.saveTriage(db, triage, which, values)
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

  private static func has(_ db: Database, _ row: Int64, within purview: Purview) throws -> Bool {
    if purview.isAll { return true }
    let own = rows(within: purview)
    return try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM queueRow WHERE id = ? AND \(own.sql))",
      arguments: [row] + StatementArguments(own.arguments)) ?? false
  }

  /// What was done to the row, and to the one that it is folded under.
  static func audit(_ db: Database, of row: QueueRow, within purview: Purview) throws -> [AuditEntry] {
    let own = try audit(db, subject: "queue/\(row.id)", limit: 100)
    guard let parent = row.parent, try has(db, parent, within: purview) else { return own }
    let above = try audit(db, subject: "queue/\(parent)", limit: 100)
    return Array((own + above).sorted { $0.id > $1.id }.prefix(100))
  }

  static func alertsKept(_ db: Database, gathering: Int64) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT sum(alertsKept) FROM queueRow WHERE parent = ?", arguments: [gathering]) ?? 0
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
