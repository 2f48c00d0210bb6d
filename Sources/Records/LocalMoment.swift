package import Wire

/// What a clock on the wall shows: a date and a time of day without a zone, as seconds since 1970-01-01T00:00 there.
package struct LocalMoment: Codable, Sendable, Hashable, Comparable {
  package var seconds: Int64
  package init(seconds: Int64) { self.seconds = seconds }

  /// `2026-11-02T08:00`, `2026-11-02T08:00:00` or `2026-11-02`, which is its midnight.
  package init?(text: String) {
    let whole: String =
      switch text.utf8.count {
      case 10: text + "T00:00:00Z"
      case 16: text + ":00Z"
      case 19: text + "Z"
      default: ""
      }
    guard let moment = Timestamp(text: whole) else { return nil }
    seconds = moment.seconds
  }

  /// `2026-11-02T08:00`; with seconds where it has any.
  package var text: String {
    let whole = Timestamp(seconds: seconds).secondText
    return String(seconds % 60 == 0 ? whole.prefix(16) : whole[...])
  }
  /// Days since 1970-01-01.
  package var day: Int64 { seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400 }
  package var secondOfDay: Int64 { seconds - day * 86_400 }
  /// 1 is Monday, 7 is Sunday; 1970-01-01 was a Thursday.
  package var weekday: Int { Int(((day + 3) % 7 + 7) % 7) + 1 }

  package static func < (a: LocalMoment, b: LocalMoment) -> Bool { a.seconds < b.seconds }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let moment = LocalMoment(text: text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a local time"))
    }
    self = moment
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// A time zone as a list of changes, so that what is reckoned with it is pure. Whoever makes it covers the years asked.
package struct CivilZone: Sendable, Hashable {
  package struct Change: Sendable, Hashable {
    /// Seconds since 1970 in UTC.
    package var at: Int64
    /// Seconds ahead of UTC from then on.
    package var offset: Int64
    package init(at: Int64, offset: Int64) {
      self.at = at
      self.offset = offset
    }
  }
  /// Its IANA name.
  package let name: String
  /// Before the first change.
  package let offset: Int64
  /// In order.
  package let changes: [Change]

  package init(name: String, offset: Int64, changes: [Change] = []) {
    self.name = name
    self.offset = offset
    self.changes = changes.sorted { $0.at < $1.at }
  }

  private func offset(atSeconds seconds: Int64) -> Int64 {
    changes.last { $0.at <= seconds }?.offset ?? offset
  }

  /// What the clock shows.
  package func local(_ time: Timestamp) -> LocalMoment {
    LocalMoment(seconds: time.seconds + offset(atSeconds: time.seconds))
  }

  /// When the clock shows it. Shown twice (the clock was set back): the first. Never shown (it was set forward): as far
  /// behind the jump as it lies in the hour that was left out.
  package func moment(_ local: LocalMoment) -> Timestamp {
    let before = offset(atSeconds: local.seconds - 86_400)
    let after = offset(atSeconds: local.seconds + 86_400)
    for offset in [before, after] where self.offset(atSeconds: local.seconds - offset) == offset {
      return Timestamp(seconds: local.seconds - offset)
    }
    return Timestamp(seconds: local.seconds - before)
  }
}
