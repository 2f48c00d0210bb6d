package import Wire

/// When a site must not be scanned, and what is seen of it alarms nobody: every week at the same hours, or once.
///
/// Its text, also in JSON and in tables: `sat,sun 22:00-06:00 +08:00`, `daily 02:00-04:00 UTC`, or two moments,
/// `2026-12-01T00:00:00Z/2026-12-02T00:00:00Z`. Half open: the first moment is inside, the last is not.
package struct MaintenanceWindow: Sendable, Hashable {
  package enum Weekday: Int, Sendable, CaseIterable { case mon, tue, wed, thu, fri, sat, sun }

  package enum Span: Sendable, Hashable {
    /// Minutes after midnight of the zone. An `until` not after `from` is of the next day; the weekday is that of
    /// the beginning. 24:00 is 1440.
    case weekly(days: Set<Weekday>, from: Int, until: Int)
    case dated(from: Timestamp, until: Timestamp)
  }

  package let span: Span
  package let zone: FixedZone

  /// Nil where it would never or always hold.
  package init?(_ span: Span, zone: FixedZone = .utc) {
    switch span {
    case .weekly(let days, let from, let until):
      guard !days.isEmpty, (0..<1440).contains(from), (0...1440).contains(until), from != until else { return nil }
    case .dated(let from, let until): guard from < until else { return nil }
    }
    self.span = span
    self.zone = zone
  }

  package func contains(_ time: Timestamp) -> Bool { end(containing: time) != nil }

  /// When the occurrence that holds `time` ends; nil outside of it.
  package func end(containing time: Timestamp) -> Timestamp? {
    switch span {
    case .dated(let from, let until): return from <= time && time < until ? until : nil
    case .weekly(let days, let from, let until):
      let local = time.seconds + zone.seconds
      let midnight = local - local.remainder(modulo: 86_400)
      // Yesterday's occurrence may reach into today.
      for day in [midnight, midnight - 86_400] where days.contains(Weekday(dayBeginning: day)) {
        let last = day + Int64(until > from ? until : until + 1440) * 60
        if day + Int64(from) * 60 <= local, local < last { return Timestamp(seconds: last - zone.seconds) }
      }
      return nil
    }
  }

  /// When the next occurrence begins, `time` itself included; nil where there is none any more.
  package func start(from time: Timestamp) -> Timestamp? {
    switch span {
    case .dated(let from, _): return from >= time ? from : nil
    case .weekly(let days, let from, _):
      let local = time.seconds + zone.seconds
      let midnight = local - local.remainder(modulo: 86_400)
      for day in (0...7).map({ midnight + $0 * 86_400 }) where days.contains(Weekday(dayBeginning: day)) {
        let start = Timestamp(seconds: day + Int64(from) * 60 - zone.seconds)
        if start >= time { return start }
      }
      return nil
    }
  }
}

extension [MaintenanceWindow] {
  package func contains(_ time: Timestamp) -> Bool { contains { $0.contains(time) } }

  /// When the last of the windows that hold `time`, one running into the next, is over; nil outside of all. Those
  /// that never leave a gap end nowhere: said is then a moment at least a week ahead, when to ask again.
  package func end(containing time: Timestamp) -> Timestamp? {
    var end: Timestamp?
    for _ in 0..<(8 * count) {
      guard let next = compactMap({ $0.end(containing: end ?? time) }).max() else { break }
      end = next
    }
    return end
  }
}

/// Hours and minutes east of UTC, the same all year.
///
/// China has one zone and no summer time (since 1992), so that an inventory needs no zone database; where clocks
/// change, the windows must be given in UTC or twice.
package struct FixedZone: Sendable, Hashable, CustomStringConvertible {
  package let minutes: Int
  package static let utc = FixedZone(known: 0)
  package static let china = FixedZone(known: 480)
  private static let names = [
    "utc": utc, "z": utc, "gmt": utc, "asia/shanghai": china, "asia/hong_kong": china, "asia/macau": china,
  ]

  private init(known minutes: Int) { self.minutes = minutes }

  /// From UTC-12:00 to UTC+14:00, all that are in use.
  package init?(minutes: Int) {
    guard (-720...840).contains(minutes) else { return nil }
    self.minutes = minutes
  }

  /// `UTC`, `+08:00`, `Asia/Shanghai`.
  package init?(_ text: some StringProtocol) {
    if let known = FixedZone.names[text.lowercased()] {
      self = known
      return
    }
    guard let sign = text.first, sign == "+" || sign == "-",
      let minutes = MaintenanceWindow.minuteOfDay(text.dropFirst())
    else { return nil }
    self.init(minutes: sign == "-" ? -minutes : minutes)
  }

  package var seconds: Int64 { Int64(minutes) * 60 }
  package var description: String {
    minutes == 0
      ? "UTC" : (minutes < 0 ? "-" : "+") + MaintenanceWindow.text(minuteOfDay: minutes < 0 ? -minutes : minutes)
  }
}

extension MaintenanceWindow.Weekday {
  /// The first of January 1970 was a Thursday.
  init(dayBeginning seconds: Int64) {
    let index = (seconds / 86_400 + 3).remainder(modulo: 7)
    self = MaintenanceWindow.Weekday(rawValue: Int(index)) ?? .mon
  }

  package init?(_ text: some StringProtocol) {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let word = text.lowercased()
    guard let index = names.firstIndex(where: { word == $0 || (word.hasPrefix($0) && word.hasSuffix("day")) }) else {
      return nil
    }
    self.init(rawValue: index)
  }
}

extension Int64 {
  /// 0..<modulus, also of negative numbers.
  fileprivate func remainder(modulo modulus: Int64) -> Int64 {
    let rest = self % modulus
    return rest < 0 ? rest + modulus : rest
  }
}
