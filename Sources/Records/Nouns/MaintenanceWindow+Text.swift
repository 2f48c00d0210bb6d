internal import Wire

/// The one text of a window; what is printed is read again to the same window.
extension MaintenanceWindow: CustomStringConvertible, Codable {
  /// Longer than any window that says every day by name.
  package static let textLimit = 120

  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= MaintenanceWindow.textLimit else { return nil }
    let moments = text.split(separator: "/", omittingEmptySubsequences: false)
    if moments.count == 2, let from = Timestamp(text: String(moments[0])),
      let until = Timestamp(text: String(moments[1]))
    {
      self.init(.dated(from: from, until: until))
      return
    }
    let words = text.split(separator: " ")
    guard (2...3).contains(words.count), let days = MaintenanceWindow.days(words[0]) else { return nil }
    let hours = words[1].split(separator: "-", omittingEmptySubsequences: false)
    guard hours.count == 2, let from = MaintenanceWindow.minuteOfDay(hours[0]),
      let until = MaintenanceWindow.minuteOfDay(hours[1])
    else { return nil }
    guard let zone = words.count == 3 ? FixedZone(words[2]) : .utc else { return nil }
    self.init(.weekly(days: days, from: from, until: until), zone: zone)
  }

  /// `daily`, or days and ranges of days, in any order: `mon-fri,sun`.
  package static func days(_ text: some StringProtocol) -> Set<Weekday>? {
    if text.lowercased() == "daily" { return Set(Weekday.allCases) }
    var days: Set<Weekday> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Weekday($0) }
      guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
      let length = (last.rawValue - first.rawValue + 7) % 7
      for step in 0...length {
        if let day = Weekday(rawValue: (first.rawValue + step) % 7) { days.insert(day) }
      }
    }
    return days.isEmpty ? nil : days
  }

  /// `02:30`, and `24:00` for the end of the day.
  package static func minuteOfDay(_ text: some StringProtocol) -> Int? {
    let digits = Array(text.utf8)
    guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
    let numbers = [0, 1, 3, 4].map { Int(digits[$0]) - 0x30 }
    guard numbers.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hour, minute) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    return hour * 60 + minute
  }

  static func text(minuteOfDay: Int) -> String {
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return two(minuteOfDay / 60) + ":" + two(minuteOfDay % 60)
  }

  package var description: String {
    switch span {
    case .dated(let from, let until): return "\(from.text)/\(until.text)"
    case .weekly(let days, let from, let until):
      let names =
        days.count == 7 ? "daily" : Weekday.allCases.filter(days.contains).map { "\($0)" }.joined(separator: ",")
      let hours = MaintenanceWindow.text(minuteOfDay: from) + "-" + MaintenanceWindow.text(minuteOfDay: until)
      return "\(names) \(hours) \(zone)"
    }
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = MaintenanceWindow(text) else { throw WireCoding.refused("maintenance window", text, decoder) }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
