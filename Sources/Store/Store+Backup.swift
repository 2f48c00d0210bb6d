internal import GRDB
internal import Glibc
package import Records
package import Wire

extension Store {
  /// Copies the store to `file` while it runs; checked, then put in place at once, 0600. An existing file is
  /// replaced only by a whole one.
  package func backup(to file: String) throws(StoreError) {
    let partial = file + ".partial"
    unsafe _ = unlink(partial)
    do {
      let copy = try DatabaseQueue(path: partial)
      unsafe _ = chmod(partial, 0o600)
      try pool.backup(to: copy)
      try Store.check(copy, path: partial)
      try copy.close()
      guard unsafe rename(partial, file) == 0 else {
        throw StoreError(.unavailable, "the backup \(file) cannot be put in place: \(StoreLock.errorText)")
      }
    } catch {
      unsafe _ = unlink(partial)
      throw StoreError(error, path: file)
    }
  }

  /// Puts a backup in the place of everything, while the store runs; audited in what it brings back. A backup that
  /// is damaged or newer than this program is refused before anything is touched.
  package func restore(from file: String, by actor: Actor, at now: Timestamp) throws(StoreError) {
    guard unsafe access(file, R_OK) == 0 else {
      throw StoreError(.unavailable, "the backup \(file) cannot be read: \(StoreLock.errorText)")
    }
    do {
      var configuration = GRDB.Configuration()
      configuration.readonly = true
      let source = try DatabaseQueue(path: file, configuration: configuration)
      try Store.check(source, path: file)
      guard try !source.read(Schema.isNewer) else {
        throw StoreError(.newer, "the backup \(file) is of a newer vigil", hint: "use that version to restore it")
      }
      try beforeWrite()
      try source.backup(to: pool)
      try Schema.migrator.migrate(pool)
    } catch {
      throw StoreError(error, path: file)
    }
    try append(AuditEntry(time: now, actor: actor, act: "restore", subject: "store", after: file))
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
