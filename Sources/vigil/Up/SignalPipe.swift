import CLinux
import Glibc
import Synchronization

/// Signals as bytes of a pipe, so that one `poll` waits for them, for the children's lines and for the time.
enum SignalPipe {
  private static let writer = Atomic<Int32>(-1)

  /// Returns the reading end. Only the supervisor calls it, once.
  static func open(_ signals: [Int32]) -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return -1 }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    writer.store(ends[1], ordering: .sequentiallyConsistent)
    for number in signals { _ = signal(number, signalArrived) }
    return ends[0]
  }

  fileprivate static func write(_ number: Int32) {
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe Glibc.write(writer.load(ordering: .relaxed), &byte, 1)
  }
}

/// Runs in the signal's context: one `write`, nothing else.
private func signalArrived(_ number: Int32) {
  let kept = errno
  SignalPipe.write(number)
  errno = kept
}
