package import Wire

/// Who has the watch when: layers of people in rotation, and what is otherwise on some days. A document of the kind
/// `roster` in the store.
package struct Roster: Codable, Sendable, Hashable, Identifiable {
  package var id: String
  package var name: BilingualText
  /// IANA: every time of the roster is what a clock there shows.
  package var zone: String
  /// Of two that cover the same step at the same time the first holds, and the other is told as an overlap.
  package var layers: [Layer]
  /// Before every layer; of two the first.
  package var overrides: [Override]

  /// Watch officer, deputy, lead.
  package static let steps = 3
  /// As many as a large office has, and room: every question walks them.
  package static let mostLayers = 32
  /// A year of leaves and holidays.
  package static let mostOverrides = 200
  package static let mostPeople = 100

  package init(id: String, name: BilingualText, zone: String, layers: [Layer], overrides: [Override] = []) {
    self.id = id
    self.name = name
    self.zone = zone
    self.layers = layers
    self.overrides = overrides
  }

  /// People who follow each other.
  package struct Layer: Codable, Sendable, Hashable {
    package var name: String
    /// 1 has the watch, 2 stands behind, 3 leads.
    package var step: Int
    /// Ids, in the order of their turns.
    package var people: [String]
    /// A turn's length by the clock on the wall: 24 is daily, 168 weekly. Over a change of the clock it is an hour more
    /// or less.
    package var turnHours: Int
    /// When the first turn of the first of the people begins; each later turn is counted from it.
    package var from: LocalMoment
    /// Only between these times of day; nil: round the clock. Over midnight where the first is the later.
    package var hours: DayHours?
    /// 1 is Monday; empty: every day. Of hours over midnight the day on which they begin.
    package var days: [Int]

    package init(
      name: String, step: Int, people: [String], turnHours: Int, from: LocalMoment, hours: DayHours? = nil,
      days: [Int] = []
    ) {
      self.name = name
      self.step = step
      self.people = people
      self.turnHours = turnHours
      self.from = from
      self.hours = hours
      self.days = days
    }
  }

  /// Seconds of the day.
  package struct DayHours: Codable, Sendable, Hashable {
    package var from: Int64
    package var until: Int64
    package init(from: Int64, until: Int64) {
      self.from = from
      self.until = until
    }
  }

  /// A leave, a swap, a holiday.
  package struct Override: Codable, Sendable, Hashable {
    package var step: Int
    /// Day by day from `from` on; empty: nobody.
    package var people: [String]
    package var from: LocalMoment
    package var until: LocalMoment
    package var reason: String
    package init(step: Int, people: [String], from: LocalMoment, until: LocalMoment, reason: String) {
      self.step = step
      self.people = people
      self.from = from
      self.until = until
      self.reason = reason
    }
  }
}

/// Somebody's time at a step of the chain; `person` nil is a gap.
package struct Turn: Codable, Sendable, Hashable {
  package var step: Int
  package var person: String?
  package var from: Timestamp
  package var until: Timestamp
  /// The layer's name, or the override's reason.
  package var because: String
  /// Others whom the roster names for the same step and time.
  package var others: [String]
  package init(
    step: Int, person: String?, from: Timestamp, until: Timestamp, because: String, others: [String] = []
  ) {
    self.step = step
    self.person = person
    self.from = from
    self.until = until
    self.because = because
    self.others = others
  }
}

/// Who answers now: the watch officer, and those behind.
package struct WatchChain: Codable, Sendable, Hashable {
  /// By step, the first at 0; nil where nobody is.
  package var people: [String?]
  package init(_ people: [String?] = []) {
    self.people = people
  }
  package subscript(step: Int) -> String? { people.indices.contains(step - 1) ? people[step - 1] : nil }
  package var isEmpty: Bool { people.allSatisfy { $0 == nil } }
}
