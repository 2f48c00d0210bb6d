internal import Glibc
internal import Records
internal import Wire

/// The watch's own days: midnight is where the hub stands.
enum LocalTime {
  /// Seconds ahead of UTC, by the system's zone.
  static func utcOffset(at time: Timestamp) -> Int64 {
    var seconds = time_t(time.seconds)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return 0 }
    return Int64(unsafe parts.tm_gmtoff)
  }

  /// `2026-11-25` of a day since 1970-01-01.
  static func text(day: Int64) -> String {
    let (seconds, isOver) = day.multipliedReportingOverflow(by: 86_400)
    return String((isOver ? Timestamp(nanoseconds: 0) : Timestamp(seconds: seconds)).text.prefix(10))
  }
}
