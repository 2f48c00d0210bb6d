internal import GRDB
internal import Glibc
package import Records
package import Wire

extension Store {
  package func append(_ entry: AuditEntry) throws(StoreError) {
    try write { db in try Store.append(entry, db) }
  }

  /// All or none, in one transaction.
  package func append(_ entries: [AuditEntry]) throws(StoreError) {
    try write { db in for entry in entries { try Store.append(entry, db) } }
  }

  /// In the transaction of the change that it tells.
  static func append(_ entry: AuditEntry, _ db: Database) throws { try AuditLog.append(entry, db) }

  /// The newest first; of one subject, or of all.
  package func audit(subject: String? = nil, limit: Int = 100) throws(StoreError) -> [AuditEntry] {
    try read { db in try Store.audit(db, subject: subject, limit: limit) }
  }

  static func audit(_ db: Database, subject: String?, limit: Int) throws -> [AuditEntry] {
    let filter = subject == nil ? "" : " WHERE subject = ?"
    let arguments: StatementArguments = subject.map { [$0, limit] } ?? [limit]
    return try Row.fetchAll(
      db, sql: "SELECT * FROM audit\(filter) ORDER BY id DESC LIMIT ?", arguments: arguments
    ).map(auditEntry)
  }

  static func auditEntry(_ row: Row) -> AuditEntry {
    AuditEntry(
      id: row["id"], time: Timestamp(nanoseconds: row["time"]),
      actor: Actor(name: row["actor"], origin: row["origin"]), act: row["act"], subject: row["subject"],
      before: row["before"], after: row["after"], hash: row["hash"])
  }

  // MARK: the chain

  /// The last entry of the log.
  package func auditEnd() throws(StoreError) -> AuditDigest { try read { try AuditLog.end($0) } }

  /// Whether an entry that was written is not there any more, as of the last append.
  package var isAuditBroken: Bool { auditHead.contradiction != nil }

  /// Why the head file could not follow the log, or what it contradicts.
  package var auditFault: String? { auditHead.contradiction ?? auditHead.writeFault }

  /// Writes a head that could not be written when its entry was.
  package func catchUpAuditHead() {
    guard auditHead.writeFault != nil else { return }
    try? gate.within { pool.writeWithoutTransaction { auditHead.catchUp($0) } }
  }

  /// Holds the log against its head, which then goes on: at the start, and whenever `auditFault` speaks. What does not
  /// fit is written down in the log itself, where no later walk misses it; the sentence, or nil.
  package func settleAudit(at now: Timestamp) throws(StoreError) -> String? {
    let fault = try read { db in try self.contradiction(db) }
    if let fault {
      let before = auditHead.digest
      try write { db in
        _ = try AuditLog.append(
          AuditEntry(
            time: now, actor: Actor(name: "vigil", origin: "hub"), act: AuditLog.brokenAct, subject: AuditLog.subject,
            before: before?.description, after: fault), db, above: before?.id ?? 0)
      }
    }
    auditHead.write(try auditEnd())
    return fault
  }

  private func contradiction(_ db: Database) throws -> String? {
    if let known = auditHead.contradiction { return known }
    guard let head = auditHead.digest else { return "the head file \(auditHead.path) was missing or could not be read" }
    return try AuditLog.contradiction(db, head)
  }

  /// Walks the whole chain, behind entry `after`, beside all other work. `expected` was noted by an operator.
  package func verifyAudit(after: Int64 = 0, expected: [AuditDigest] = []) throws(StoreError) -> AuditVerdict {
    // Read before the log is: it is never ahead.
    let head = auditHead.digest
    return try read { db in
      try Store.verifyAudit(db, head: head, isHeadWanted: true, headPath: auditHead.path, after, expected)
    }
  }

  /// The same of a file at rest: a store with its head beside it, or a backup, which has none.
  package static func verifyAudit(
    file: String, isBackup: Bool, after: Int64 = 0, expected: [AuditDigest] = []
  ) throws(StoreError) -> AuditVerdict {
    guard unsafe access(file, R_OK) == 0 else {
      throw StoreError(.unavailable, "the file \(file) cannot be read: \(StoreLock.errorText)")
    }
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let path = folder + "/" + AuditHead.name
    let head = isBackup ? nil : AuditHead.read(path)
    do {
      var configuration = GRDB.Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      return try DatabaseQueue(path: file, configuration: configuration).read { db in
        guard try db.tableExists("audit") else {
          throw StoreError(.refused, "the file \(file) is not a store of vigil")
        }
        guard try db.columns(in: "audit").contains(where: { $0.name == "hash" }) else {
          throw StoreError(
            .refused, "the audit log of \(file) is from before there was a chain",
            hint: "a hub that opens or restores it chains it")
        }
        return try verifyAudit(db, head: head, isHeadWanted: !isBackup, headPath: path, after, expected)
      }
    } catch {
      throw StoreError(error, path: file)
    }
  }

  private static func verifyAudit(
    _ db: Database, head: AuditDigest?, isHeadWanted: Bool, headPath: String, _ after: Int64, _ expected: [AuditDigest]
  ) throws -> AuditVerdict {
    guard let start = try AuditLog.digest(db, id: after) else {
      throw StoreError(.notFound, "there is no entry \(after) in the audit log")
    }
    var marks = expected.map { AuditWalk.Mark(digest: $0, noter: "you") }
    if let head { marks.append(AuditWalk.Mark(digest: head, noter: AuditWalk.headNoter)) }
    var walk = AuditWalk(db, behind: start, marks: marks)
    var verdict = try walk.run()
    verdict.head = head
    if verdict.fault == nil, isHeadWanted, head == nil {
      verdict.fault = AuditFault(
        .headMissing, id: verdict.last?.id ?? 0, time: nil,
        "the head file \(headPath) is missing or cannot be read: whether the end was cut off cannot be said")
    }
    return verdict
  }
}
