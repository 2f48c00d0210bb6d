internal import Glibc
internal import Wire

/// Dates of certificates as text.
enum CalendarText {
  /// `2026-11-22T03:04:05` in UTC. The whole range of certificates, 1950 to 9999, is served.
  static func second(_ time: Timestamp) -> String {
    var clock = time_t(time.seconds)
    var parts = unsafe tm()
    unsafe gmtime_r(&clock, &parts)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date = unsafe "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    return unsafe "\(date)T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
  }
}
