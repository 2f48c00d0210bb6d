internal import Glibc

/// The kernel's own count of packets that an interface received: it goes on while nobody captures.
enum InterfaceCounter {
  /// 0 where it is not told. From /proc/net/dev, which is of this process's network namespace (/sys may not be).
  static func received(_ interface: String) -> UInt64 {
    guard let file = unsafe fopen("/proc/net/dev", "re") else { return 0 }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while unsafe fgets(&line, 512, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
      let fields = text.split { $0 == " " || $0 == ":" || $0 == "\n" }
      // name: bytes packets errors dropped ...
      if fields.count > 2, fields[0] == interface { return UInt64(fields[2]) ?? 0 }
    }
    return 0
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
