internal import Records
package import Wire

/// From when to when a report looks, in days of the hub's own midnight, as the posture's days are.
package struct ReportPeriod: Codable, Sendable, Equatable {
  /// As it was asked for.
  package var text: String
  package var from: Timestamp
  /// Not in it any more. Never later than the moment the report was made.
  package var until: Timestamp
  /// Whether it would have gone on.
  package var isRunning: Bool
  /// Seconds that the hub's clock is ahead of UTC: midnight is there.
  package var utcOffset: Int64

  /// What the posture's days are kept and asked for at most.
  package static let longestDays: Int64 = 400

  package struct Fault: Error, Sendable, Equatable {
    package var sentence: String
    package var hint: String
  }

  /// `2026-10`, `2026-10-05`, `7d` (today and the six days before), or `FROM..UNTIL` of days (both in it) or moments.
  package init(_ text: String, now: Timestamp, utcOffset: Int64) throws(Fault) {
    let offset = min(max(utcOffset, -86_400), 86_400)
    // A year before 1970 is no year of a watch, and one far from it is none of a clock.
    guard let (from, until) = ReportPeriod.bounds(text, now, offset), from.seconds >= -86_400 else {
      throw Fault(
        sentence: "\"\(text.prefix(64))\" is no period",
        hint: "write 2026-10, 2026-10-05, 7d, 2026-10-01..2026-10-15 or two moments with .. between")
    }
    guard from < until else {
      throw Fault(sentence: "the period \(text.prefix(64)) ends before it begins", hint: "write FROM..UNTIL")
    }
    guard from < now else {
      throw Fault(sentence: "the period \(text.prefix(64)) has not begun", hint: "nothing is known of days to come")
    }
    guard until.nanoseconds(since: from) / 86_400_000_000_000 <= ReportPeriod.longestDays else {
      throw Fault(
        sentence: "the period \(text.prefix(64)) is longer than \(ReportPeriod.longestDays) days",
        hint: "ask for parts of it")
    }
    self.text = text
    self.from = from
    self.until = min(until, now)
    isRunning = until > now
    self.utcOffset = offset
  }

  /// Days since 1970-01-01 at the hub's midnight, the running one too.
  package var days: ClosedRange<Int64> {
    let first = ReportPeriod.day(of: from, utcOffset)
    return first...max(first, ReportPeriod.day(of: Timestamp(nanoseconds: until.nanoseconds - 1), utcOffset))
  }

  private static func bounds(_ text: String, _ now: Timestamp, _ offset: Int64) -> (Timestamp, Timestamp)? {
    if let mark = text.firstRange(of: "..") {
      guard let from = moment(text[..<mark.lowerBound], offset, isEnd: false),
        let until = moment(text[mark.upperBound...], offset, isEnd: true)
      else { return nil }
      return (from, until)
    }
    if text.hasSuffix("d"), let count = Int64(text.dropLast()), (1...longestDays).contains(count) {
      let today = day(of: now, offset)
      return (midnight(today - count + 1, offset), midnight(today + 1, offset))
    }
    if text.utf8.count == 7, let first = day(Substring(text + "-01")) {
      // Thirty-one days behind the first lies the next month, whose days before its first are taken off again.
      let next = day(civil(first + 31).prefix(7) + "-01")
      return next.map { (midnight(first, offset), midnight($0, offset)) }
    }
    return day(Substring(text)).map { (midnight($0, offset), midnight($0 + 1, offset)) }
  }

  private static func moment(_ text: Substring, _ offset: Int64, isEnd: Bool) -> Timestamp? {
    if let day = day(text) { return midnight(isEnd ? day + 1 : day, offset) }
    return Timestamp(text: String(text))
  }

  /// Of `2026-10-05`.
  private static func day(_ text: Substring) -> Int64? {
    guard text.utf8.count == 10, let time = Timestamp(text: text + "T00:00:00Z") else { return nil }
    return day(of: time, 0)
  }

  private static func midnight(_ day: Int64, _ offset: Int64) -> Timestamp { Timestamp(seconds: day * 86_400 - offset) }

  package static func day(of time: Timestamp, _ offset: Int64) -> Int64 {
    let seconds = time.seconds + offset
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }

  /// `2026-10-05` of a day since 1970-01-01.
  package static func civil(_ day: Int64) -> String { String(Timestamp(seconds: day * 86_400).text.prefix(10)) }
}
