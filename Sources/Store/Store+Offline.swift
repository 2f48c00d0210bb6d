internal import GRDB
internal import Glibc
package import Records
package import Wire

/// A backup put in the place of a store that no hub has open, or can open.
extension Store {
  /// What was there is kept beside it under another name, whose path is answered: a damaged file still has records.
  package static func restore(
    folder: String, from file: String, by actor: Actor, at now: Timestamp
  ) throws(StoreError) -> String? {
    let path = folder + "/vigil.sqlite"
    let lock = try StoreLock(folder + "/store.lock", store: path)
    defer { lock.release() }
    try BackupPlace.checkSource(file)
    let head = AuditHead(folder: folder)
    let partial = path + ".restore"
    do {
      let staged = try stage(file, partial)
      let end = try staged.write { db in
        try AuditLog.append(
          AuditEntry(
            time: now, actor: actor, act: AuditLog.restoreAct, subject: "store",
            before: (head.digest ?? AuditLog.beginning).description, after: file), db, above: head.digest?.id ?? 0)
      }
      try staged.close()
      let kept = try putAway(path, "\(path).\(now.seconds)")
      guard unsafe rename(partial, path) == 0 else {
        throw StoreError(.unavailable, "\(partial) cannot be put in place: \(StoreLock.errorText)")
      }
      head.write(end)
      StoreCondition(folder: folder, store: path).isWhole()
      return kept
    } catch {
      throw StoreError(error, path: file)
    }
  }

  /// With its log of the last transactions; nil where there was nothing.
  private static func putAway(_ path: String, _ other: String) throws -> String? {
    for end in ["-wal", "-shm", ""] where unsafe access(path + end, F_OK) == 0 {
      guard unsafe rename(path + end, other + end) == 0 else {
        throw StoreError(.unavailable, "\(path + end) cannot be put away: \(StoreLock.errorText)")
      }
    }
    return unsafe access(other, F_OK) == 0 ? other : nil
  }
}
