internal import GRDB
internal import Glibc
internal import Synchronization

/// Brings what lies in the write-ahead log into the file, on a connection of its own: SQLite's own way has the
/// transaction that fills a thousand pages copy and flush them all, and who waits for the writer waits for that
/// (https://www.sqlite.org/wal.html, "Checkpointing"; Documentation/decisions/0069-who-waits-for-a-checkpoint.md).
final class Checkpoints: Sendable {
  /// Where nobody asks, the writer does it: a log of 256 MiB of 4 KiB pages.
  static let pagesOfTheWriter = 65_536
  /// A longer log is begun anew, which is the writer's to do, once few pages are left to copy: 16 MiB.
  static let pagesOfALog = 4096
  /// What may be left to copy while the writer is held up.
  private static let rest = 64
  private static let rounds = 4
  /// Readers of an old page hold the writer up for so long, and then go first: between two of them it is tried again.
  private static let readersMilliseconds = 5
  /// Less than a second with the pauses: the next call is then.
  fileprivate static let tries = 40
  fileprivate static let pauseMicroseconds: UInt32 = 15_000
  /// Nil once it is closed: SQLite is not to be asked about a connection that is no more.
  private let connection: Mutex<DatabaseQueue?>

  init(path: String) throws {
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    connection = Mutex(try DatabaseQueue(path: path, configuration: configuration))
  }

  /// Whether the log is long, and is to be begun anew.
  func run() throws -> Bool {
    try connection.withLock { try $0?.writeWithoutTransaction(Checkpoints.copy) } ?? false
  }

  private static func copy(_ db: Database) throws -> Bool {
    var state = try db.checkpoint(.passive)
    guard state.walFrameCount > pagesOfALog else { return false }
    for _ in 0..<rounds where state.walFrameCount - state.checkpointedFrameCount > rest {
      state = try db.checkpoint(.passive)
    }
    return true
  }

  /// On the writer's connection and in its turn, so that no transaction comes upon a lock and sleeps.
  static func beginAnew(_ db: Database) throws {
    try db.execute(sql: "PRAGMA busy_timeout = \(readersMilliseconds)")
    defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Int(Store.busySeconds * 1000))") }
    try db.checkpoint(.restart)
  }

  /// Waits for one that is under way.
  func close() {
    connection.withLock { queue in
      try? queue?.close()
      queue = nil
    }
  }
}

extension Store {
  /// To be called now and then, on a thread that may wait for the disk; who writes meanwhile does not wait for it.
  package func checkpoint() throws(StoreError) {
    guard condition.fault == nil else { return }
    do {
      for _ in 0..<Checkpoints.tries {
        if try gate.within(copyLog) { return }
        usleep(Checkpoints.pauseMicroseconds)
      }
    } catch {
      let error = StoreError(error, path: path)
      // A log that cannot be copied yet takes further transactions: whether they fail is theirs to say.
      if error.code == .damaged { throw failed(error) }
    }
  }

  /// Whether nothing is left to do now: the log is short, or begins anew. Else somebody reads an old page, or has the file
  /// locked.
  private func copyLog() throws -> Bool {
    do {
      if try checkpoints.run() { try pool.writeWithoutTransaction(Checkpoints.beginAnew) }
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY { return false }
  }
}
