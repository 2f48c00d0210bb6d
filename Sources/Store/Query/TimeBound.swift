internal import Dispatch
internal import GRDB
internal import GRDBSQLite

/// A statement that ends when its time is up: SQLite asks every few thousand steps whether it should go on.
enum TimeBound {
  /// Some tenths of a millisecond of work.
  private static let steps: Int32 = 4000

  /// Throws `tooSlow` where `body` took longer. Only for reading: a reader's connection is its own.
  static func run<T>(_ db: Database, seconds: Double, _ body: () throws -> T) throws -> T {
    var deadline = DispatchTime.now().uptimeNanoseconds &+ UInt64(max(seconds, 0.001) * 1e9)
    return try unsafe withUnsafeMutablePointer(to: &deadline) { deadline in
      unsafe sqlite3_progress_handler(db.sqliteConnection, steps, isTimeUp, deadline)
      defer { unsafe sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
        throw StoreError(
          .tooSlow, "this would look at more rows than can be looked at in \(seconds.formatted) s",
          hint: "narrow it: a time (since:2d), a site, a severity; or sort by the list's own order")
      }
    }
  }
}

private func isTimeUp(_ deadline: UnsafeMutableRawPointer?) -> Int32 {
  guard let deadline = unsafe deadline else { return 0 }
  return unsafe deadline.load(as: UInt64.self) < DispatchTime.now().uptimeNanoseconds ? 1 : 0
}

extension Double {
  /// `2`, `0.5`.
  fileprivate var formatted: String { self == rounded() ? String(Int(self)) : String(self) }
}
