internal import Synchronization
package import Wire

/// A clock that moves when the test says so, and never back.
package final class FastClock: Sendable {
  private let moment: Mutex<Timestamp>

  package init(_ start: Timestamp) { moment = Mutex(start) }

  package var now: Timestamp { moment.withLock { $0 } }
  package func advance(_ seconds: Double) { moment.withLock { $0 = $0.advanced(seconds: max(seconds, 0)) } }
  package func set(_ time: Timestamp) { moment.withLock { $0 = max($0, time) } }
}
