internal import Glibc
internal import Synchronization

/// The open sockets of a job, so that a stop can end them all from another thread.
final class ConnectionRegistry: Sendable {
  private struct State {
    var open: Set<Int32> = []
    var isStopped = false
  }
  private let state = Mutex(State())

  var isStopped: Bool { state.withLock { $0.isStopped } }
  var count: Int { state.withLock { $0.open.count } }

  /// False once stopped.
  func add(_ descriptor: Int32) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.open.insert(descriptor)
      return true
    }
  }

  /// Under the lock, so that `stop` never shuts a descriptor that was given to someone else meanwhile.
  func close(_ descriptor: Int32) {
    state.withLock { state in
      state.open.remove(descriptor)
      _ = Glibc.close(descriptor)
    }
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.open { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}
