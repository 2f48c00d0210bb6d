internal import Glibc

/// The kernel's own count of packets that an interface received: it goes on while nobody captures.
enum InterfaceCounter {
  /// 0 where it is not told.
  static func received(_ interface: String) -> UInt64 {
    guard !interface.contains("/"), let file = unsafe fopen("/sys/class/net/\(interface)/statistics/rx_packets", "r")
    else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 32)
    guard unsafe fgets(&line, 32, file) != nil else { return 0 }
    let digits = line.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8(truncatingIfNeeded: $0) }
    return UInt64(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}

/// The wall clock, read at the edge.
enum WallClock {
  static func nanoseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
