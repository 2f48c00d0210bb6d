import ControlAPI
import Hub
import Records
import Wire

/// Times as people give and read them.
enum Moment {
  /// `2h` from now, or a moment.
  static func ahead(_ text: String) throws(OperatorMistake) -> Timestamp {
    if let span = DurationText.nanoseconds(text) {
      let (sum, over) = WallClock.system.now().nanoseconds.addingReportingOverflow(span)
      if !over { return Timestamp(nanoseconds: sum) }
    }
    if let time = TimeText.parse(text) { return time }
    throw OperatorMistake(
      "time", "\"\(text)\" is no time", hint: "write a span such as 2h or a moment such as 2026-11-22T03:04:05Z")
  }

  /// `20m` before now, or a moment.
  static func past(_ text: String) throws(OperatorMistake) -> Timestamp {
    if let span = DurationText.nanoseconds(text) {
      let (sum, over) = WallClock.system.now().nanoseconds.subtractingReportingOverflow(span)
      if !over { return Timestamp(nanoseconds: sum) }
    }
    if let time = TimeText.parse(text) { return time }
    throw OperatorMistake(
      "time", "\"\(text)\" is no time", hint: "write a span such as 20m or a moment such as 2026-11-22T03:04:05Z")
  }

  /// `12:03`, or with the day where it is not today.
  static func short(_ time: Timestamp, now: Timestamp = WallClock.system.now()) -> String {
    let text = time.text
    let clock = String(text.dropFirst(11).prefix(5))
    return text.prefix(10) == now.text.prefix(10) ? clock : String(text.dropFirst(5).prefix(5)) + " " + clock
  }

  /// `11m` ahead, `-2m` when it has passed.
  static func countdown(_ due: Timestamp, now: Timestamp = WallClock.system.now()) -> String {
    let seconds = due.nanoseconds(since: now) / 1_000_000_000
    let size = abs(seconds)
    let text =
      size < 60 ? "\(size)s" : size < 3600 ? "\(size / 60)m" : size < 86_400 ? "\(size / 3600)h" : "\(size / 86_400)d"
    return seconds < 0 ? "-" + text : text
  }
}
