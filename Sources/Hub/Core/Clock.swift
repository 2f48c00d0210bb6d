internal import Glibc
package import Wire

/// The wall clock, read at the edge only; tests give their own.
package struct WallClock: Sendable {
  package let now: @Sendable () -> Timestamp
  package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }
  package static let system = WallClock {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}
