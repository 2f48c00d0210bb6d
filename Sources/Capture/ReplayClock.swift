// CPcap brings the time types of the system headers that it includes.
internal import CPcap  // whose headers the compiler takes timespec from
internal import Glibc
package import Wire

/// The time of a replay, so that tests need not wait for it.
package protocol ReplayClock: Sendable {
  /// Goes on evenly, whatever happens to the wall clock.
  func now() -> Timestamp
  /// Returns after so long, or at once when `descriptor` becomes readable.
  func wait(nanoseconds: Int64, orUntil descriptor: Int32)
}

/// The wall clock as it was at the start, carried on by the monotonic one.
package struct SystemReplayClock: ReplayClock {
  private let offset: Int64

  package init() { offset = Self.read(CLOCK_REALTIME) &- Self.read(CLOCK_MONOTONIC) }

  package func now() -> Timestamp { Timestamp(nanoseconds: Self.read(CLOCK_MONOTONIC) &+ offset) }

  /// Rounded up to a millisecond: a replay that wakes too early would turn in circles.
  package func wait(nanoseconds: Int64, orUntil descriptor: Int32) {
    let milliseconds = Int32(clamping: (max(nanoseconds, 0) &+ 999_999) / 1_000_000)
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&waited, 1, milliseconds)
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
