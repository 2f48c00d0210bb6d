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

  /// Opens or makes `vigil.sqlite` in `folder` (made 0700 where it is missing), takes its lock and migrates it.
  package init(
    folder: String, rules: QueueRules, beforeWrite: @escaping @Sendable () throws -> Void = {}
  ) throws(StoreError) {
    guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw StoreError(.unavailable, "the data folder \(folder) cannot be made: \(StoreLock.errorText)")
    }
    path = folder + "/vigil.sqlite"
    lock = try StoreLock(folder + "/store.lock", store: path)
    self.rules = rules
    self.beforeWrite = beforeWrite
    do {
      pool = try DatabasePool(path: path, configuration: Store.configuration)
      guard try !pool.writeWithoutTransaction(Schema.isNewer) else {
        throw StoreError(.newer, "the store \(path) is of a newer vigil", hint: "use that version, or restore a backup")
      }
      try Schema.migrator.migrate(pool)
      _ = unsafe chmod(path, 0o600)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private static var configuration: GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      db.add(function: FindingConfidence.function)
      // A reader may not set it, and only a fresh file takes it.
      if !db.configuration.readonly { try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
    }
    return configuration
  }

  /// Ends all reading and writing, and lets the next hub in.
  package func close() {
    try? pool.close()
    lock.release()
  }

  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      try beforeWrite()
      return try pool.write(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try pool.read(body)
    } catch {
      throw StoreError(error, path: path)
    }
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
