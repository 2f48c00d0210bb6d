internal import Glibc
internal import Synchronization

/// Lets no call into the connections once they are to be closed, and has the close wait for those inside. GRDB gives a
/// connection that was closed to whoever waited for one meanwhile, and SQLite does not bear to be asked about it.
@safe final class StoreGate: Sendable {
  private let isClosed = Atomic(false)
  /// Readers of this lock are all calls, its one writer is the close.
  private nonisolated(unsafe) let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
  private let store: String

  init(store: String) {
    self.store = store
    unsafe lock.initialize(to: pthread_rwlock_t())
    _ = unsafe pthread_rwlock_init(lock, nil)
  }

  deinit {
    _ = unsafe pthread_rwlock_destroy(lock)
    unsafe lock.deallocate()
  }

  func within<T>(_ body: () throws -> T) throws -> T {
    _ = unsafe pthread_rwlock_rdlock(lock)
    defer { _ = unsafe pthread_rwlock_unlock(lock) }
    guard !isClosed.load(ordering: .acquiring) else {
      throw StoreError(.unavailable, "the store \(store) is closed")
    }
    return try body()
  }

  /// Returns when nobody is inside.
  func close() {
    isClosed.store(true, ordering: .releasing)
    _ = unsafe pthread_rwlock_wrlock(lock)
    _ = unsafe pthread_rwlock_unlock(lock)
  }
}
