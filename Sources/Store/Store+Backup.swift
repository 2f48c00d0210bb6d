internal import GRDB
internal import Glibc
package import Records
package import Wire

extension Store {
  /// Copies the store to `file` while it runs; checked, then put in place at once, 0600. An older backup is replaced
  /// only by a whole one, and nothing else is.
  package func backup(to file: String) throws(StoreError) {
    try BackupPlace.checkTarget(file, store: path)
    let partial = file + BackupPlace.partial
    unsafe _ = unlink(partial)
    do {
      let copy = try DatabaseQueue(path: partial)
      unsafe _ = chmod(partial, 0o600)
      try gate.within { try pool.backup(to: copy) }
      do { try Store.check(copy, path: partial) } catch { throw whose(error, partial) }
      try copy.close()
      guard unsafe rename(partial, file) == 0 else {
        throw StoreError(.unavailable, "the backup \(file) cannot be put in place: \(StoreLock.errorText)")
      }
    } catch {
      unsafe _ = unlink(partial)
      throw StoreError(error, path: file)
    }
  }

  /// Puts a backup in the place of everything, while the store runs. A backup that is damaged or newer than this
  /// program is refused before anything is touched. The entry that says so is in what is put in place, so that no
  /// crash leaves a restored store without it: it names the head of the log that is put away, and its number is
  /// behind that head, since numbers are never used again.
  package func restore(from file: String, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try BackupPlace.checkSource(file)
    let partial = path + ".restore"
    defer { for end in ["", "-wal", "-shm", "-journal"] { unsafe _ = unlink(partial + end) } }
    do {
      let staged = try Store.stage(file, partial)
      try beforeWrite()
      // A store that is damaged is what a restore is for: it is the one write that is not refused.
      try gate.within {
        try pool.writeWithoutTransaction { db in
          let replaced = replacedHead(db)
          let entry = AuditEntry(
            time: now, actor: actor, act: AuditLog.restoreAct, subject: "store", before: replaced.description,
            after: file)
          try staged.write { _ = try AuditLog.append(entry, $0, above: replaced.id) }
          try staged.read { try $0.backup(to: db) }
        }
      }
    } catch {
      throw StoreError(error, path: file)
    }
    condition.isWhole()
    auditHead.write(try auditEnd())
  }

  /// The end of the log that is put away; where it cannot be read any more, what the head file kept of it.
  private func replacedHead(_ db: Database) -> AuditDigest {
    let (end, head) = (try? AuditLog.end(db), auditHead.digest)
    return [end, head].compactMap(\.self).max { $0.id < $1.id } ?? AuditLog.beginning
  }

  /// A copy of the backup as this program writes its tables.
  static func stage(_ file: String, _ partial: String) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    let source = try DatabaseQueue(path: file, configuration: configuration)
    try Store.check(source, path: file)
    guard try !source.read(Schema.isNewer) else {
      throw StoreError(.newer, "the backup \(file) is of a newer vigil", hint: "use that version to restore it")
    }
    unsafe _ = unlink(partial)
    let staged = try DatabaseQueue(path: partial)
    unsafe _ = chmod(partial, 0o600)
    try source.backup(to: staged)
    try Schema.migrator.migrate(staged)
    return staged
  }

  /// A copy that is damaged was damaged on its way, or is a true copy of a damaged store.
  private func whose(_ error: any Error, _ copy: String) -> any Error {
    guard let fault = try? integrityFault() else { return error }
    let own = StoreError(.damaged, "the store \(path) is damaged: \(fault)")
    condition.failed(own)
    return condition.fault ?? own
  }

  private static func check(_ queue: DatabaseQueue, path: String) throws {
    let verdict = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    let isOurs = try queue.read { try $0.tableExists("queueRow") && $0.tableExists("audit") }
    guard verdict == "ok" else { throw StoreError(.damaged, "the file \(path) is damaged: \(verdict ?? "no answer")") }
    guard isOurs else { throw StoreError(.refused, "the file \(path) is not a store of vigil") }
  }

  /// SQLite's own check of every page; nil where all is well. Takes as long as reading the file.
  package func integrityFault() throws(StoreError) -> String? {
    let verdict = try read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") }
    return verdict == "ok" ? nil : verdict ?? "no answer"
  }
}
