import Dispatch
import Engines
import Synchronization

/// Work that waits, on threads of its own.
enum Pool {
  private static let width = 16

  /// Returns when `body` has been called with each number below `count`.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Atomic<Int>(0)
    let group = DispatchGroup()
    for _ in 0..<min(width, count) {
      group.enter()
      let thread = Engines.Thread {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { break }
          body(index)
        }
        group.leave()
      }
      precondition(thread.start(), "the system gives a thread")
    }
    group.wait()
  }
}
