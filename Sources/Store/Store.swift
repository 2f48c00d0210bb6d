internal import GRDB
internal import Glibc
package import Records

/// Store: everything that is kept, in one SQLite file (WAL), owned by one hub.
///
/// It turns batches into rows of the queue (folding by `QueueRules` inside the transaction), acts into audited
/// changes, and answers the queries of lists and screens. It computes no counter that it can keep, decides nothing
/// about triage or findings, and talks to nobody. Called by Hub, from any thread; every call is one transaction.
///
/// `synchronous = FULL`: a batch that was acknowledged is deleted by its sender, so it must outlive a loss of power
/// here. One flush per batch of hundreds of records costs little; NORMAL would survive a SIGKILL only.
package final class Store: Sendable {
  let pool: DatabasePool
  let rules: QueueRules
  /// What a test does before each write, to make it fail.
  let beforeWrite: @Sendable () throws -> Void
  package let path: String
  private let lock: StoreLock
  let auditHead: AuditHead
  let condition: StoreCondition
  let bodies = GroupBodies()
  let checkpoints: Checkpoints
  let gate: StoreGate

  /// Opens or makes `vigil.sqlite` in `folder` (made 0700 where it is missing), takes its lock and migrates it.
  package init(
    folder: String, rules: QueueRules, beforeWrite: @escaping @Sendable () throws -> Void = {}
  ) throws(StoreError) {
    guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw StoreError(.unavailable, "the data folder \(folder) cannot be made: \(StoreLock.errorText)")
    }
    path = folder + "/vigil.sqlite"
    lock = try StoreLock(folder + "/store.lock", store: path)
    auditHead = AuditHead(folder: folder)
    condition = StoreCondition(folder: folder, store: path)
    gate = StoreGate(store: path)
    self.rules = rules
    self.beforeWrite = beforeWrite
    do {
      pool = try DatabasePool(path: path, configuration: Store.configuration)
      guard try !pool.writeWithoutTransaction(Schema.isNewer) else {
        throw StoreError(.newer, "the store \(path) is of a newer vigil", hint: "use that version, or restore a backup")
      }
      try Store.checkMarked(condition, pool, path)
      // A store without a chain has no head yet; of any other a missing head is told (`settleAudit`).
      if auditHead.digest == nil, try !pool.read({ try Schema.has(AuditLog.migration, $0) }) {
        auditHead.write(AuditLog.beginning)
      }
      try Schema.migrator.migrate(pool)
      pool.add(transactionObserver: auditHead, extent: .databaseLifetime)
      _ = unsafe chmod(path, 0o600)
      checkpoints = try Checkpoints(path: path)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  static let busySeconds = 1.0
  private static var configuration: GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.maximumReaderCount = 4
    // Nobody else writes this file. Whoever locks it nevertheless holds up the hub's answers for so long, each time.
    configuration.busyMode = .timeout(Store.busySeconds)
    configuration.prepareDatabase { db in
      addFunctions(to: db)
      // A reader may not set it, and only a fresh file takes it; of any other it would write the first page anew each
      // time, which a full disk does not bear.
      if !db.configuration.readonly, try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") == 0 {
        try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      }
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Checkpoints.pagesOfTheWriter)")
    }
    return configuration
  }

  /// What the statements of lists call.
  static func addFunctions(to db: Database) {
    db.add(function: FindingConfidence.function)
    db.add(function: MomentOfText.function)
  }

  /// Ends all reading and writing, and lets the next hub in. What lies in the log of the last transactions is put into
  /// the file, so that who copies the file of a hub at rest has it all; a full disk leaves it there, for the next start.
  /// Who calls it afterwards is told that it is closed.
  package func close() {
    let isWell = condition.fault == nil
    gate.close()
    if isWell { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
    checkpoints.close()
    try? pool.close()
    lock.release()
  }

  /// A store that an earlier run found damaged is read whole before it is trusted again.
  private static func checkMarked(_ condition: StoreCondition, _ pool: DatabasePool, _ path: String) throws {
    guard condition.isMarked else { return }
    let verdict = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard verdict == "ok" else {
      throw StoreError(
        .damaged, "the store \(path) is damaged: \(verdict ?? "no answer")",
        hint: "put the last backup in its place: vigil restore --offline FILE")
    }
    condition.isWhole()
  }

  /// Why the last write failed, or that the file is damaged; nil where all is well.
  package var fault: StoreError? { condition.fault }

  /// Writes nothing and asks whether it could; for a hub that has nothing to write, and a fault to get rid of.
  package func probe() -> StoreError? {
    do {
      try write { db in
        try db.execute(sql: "INSERT OR REPLACE INTO document VALUES ('probe', 'all', hex(randomblob(2048)))")
        try db.execute(sql: "DELETE FROM document WHERE kind = 'probe'")
      }
      return nil
    } catch { return error }
  }

  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try condition.check()
    do {
      try beforeWrite()
      let result = try gate.within { try pool.write(body) }
      condition.worked()
      return result
    } catch {
      throw failed(error)
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try gate.within { try pool.read(body) }
    } catch {
      throw failed(error)
    }
  }

  func failed(_ error: any Error) -> StoreError {
    let error = StoreError(error, path: path)
    condition.failed(error)
    return error
  }
}

/// The lock that keeps a second hub away; the kernel takes it back when the process dies.
final class StoreLock: Sendable {
  private let descriptor: Int32
  init(_ path: String, store: String) throws(StoreError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.unavailable, "the lock \(path) cannot be opened: \(StoreLock.errorText)")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes: every property is set, so it runs although this initialiser throws.
      throw StoreError(
        .locked, "the store \(store) is in use by another hub", hint: "end that hub, or name another data folder")
    }
  }
  func release() { flock(descriptor, LOCK_UN) }
  deinit { Glibc.close(descriptor) }

  static var errorText: String { unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)" }
}
