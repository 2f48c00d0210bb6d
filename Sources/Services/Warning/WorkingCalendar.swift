package import Wire

/// Which days are worked: weekends are not, but for the days that a year's decree moves. Days are counted since
/// 1970-01-01 where the watch stands.
package struct WorkingCalendar: Sendable, Equatable {
  package var holidays: Set<Int64>
  /// Days of a weekend that are worked.
  package var workdays: Set<Int64>
  /// Years whose decree is known; of others only weekends are.
  package var years: Set<Int64>
  /// Seconds ahead of UTC.
  package var utcOffset: Int64

  /// Nobody is given more: it ends the search of a calendar that has no workday.
  package static let mostDays = 250

  package init(
    holidays: Set<Int64> = [], workdays: Set<Int64> = [], years: Set<Int64> = [], utcOffset: Int64 = 0
  ) {
    self.holidays = holidays
    self.workdays = workdays
    self.years = years
    self.utcOffset = min(max(utcOffset, -86_400), 86_400)
  }

  package func isWorked(_ day: Int64) -> Bool {
    if workdays.contains(day) { return true }
    if holidays.contains(day) { return false }
    // 1970-01-01 was a Thursday.
    let weekday = ((day % 7) + 7 + 3) % 7
    return weekday < 5
  }

  /// The end of the `count`-th worked day after the day of `time`.
  package func end(ofWorkingDay count: Int, after time: Timestamp) -> Timestamp {
    var day = PostureHistory.day(of: time, utcOffset: utcOffset)
    var left = min(max(count, 0), WorkingCalendar.mostDays)
    let last = day + Int64(left) * 10 + 400
    while left > 0, day < last {
      day += 1
      if isWorked(day) { left -= 1 }
    }
    return Timestamp(seconds: (day + 1) * 86_400 - utcOffset)
  }
}
