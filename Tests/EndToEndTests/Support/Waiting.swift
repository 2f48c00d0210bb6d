import Foundation
import Glibc
import Testing

/// Waits for a condition: looks every few milliseconds until it holds, at most `seconds`. False: it never held.
func eventually(within seconds: Double, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = Moment.now + seconds
  while Moment.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return try await condition()
}

/// The same, and a failure with `what` where it never held.
func require(
  _ what: Comment, within seconds: Double, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let holds = try await eventually(within: seconds, condition)
  try #require(holds, what, sourceLocation: sourceLocation)
}

enum Moment {
  /// Seconds of the wall clock.
  static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Blocking work on a thread of its own: the cooperative pool is everybody's.
func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// One value under a lock.
final class Guarded<Value>: @unchecked Sendable {
  // Sendable unchecked: the value is only touched under the lock.
  private let lock = NSLock()
  private var value: Value
  init(_ value: Value) { self.value = value }
  func with<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
