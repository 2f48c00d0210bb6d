internal import Synchronization

/// A counter that several tasks take from.
final class Locked: Sendable {
  private let value: Atomic<Int>
  init(_ value: Int) { self.value = Atomic(value) }
  /// The value after it.
  func decrement() -> Int { value.subtract(1, ordering: .sequentiallyConsistent).newValue }
}
