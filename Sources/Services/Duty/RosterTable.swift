package import Records
package import Wire

/// Who is on watch at a time by the roster, and the whole chain behind.
///
/// A turn ends when the clock on the wall shows the handover's time: over a change of the clock it is an hour longer or
/// shorter, and where the time is shown twice the first counts.
package struct RosterTable: Sendable {
  package let roster: Roster
  package let zone: CivilZone

  package init(roster: Roster, zone: CivilZone) {
    self.roster = roster
    self.zone = zone
  }

  package func chain(at time: Timestamp) -> WatchChain {
    WatchChain((1...Roster.steps).map { holder(step: $0, at: time).person })
  }

  /// Of a step, from its own beginning to its end; as long as it is one person's for one reason.
  package func turn(step: Int, at time: Timestamp) -> Turn {
    let (person, because, others) = holder(step: step, at: time)
    return Turn(
      step: step, person: person, from: time, until: end(step: step, of: person, after: time), because: because,
      others: others)
  }

  /// Each step's turns in order, without a hole: a gap is a turn of nobody. At most `mostTurns` a step.
  package func turns(from: Timestamp, until: Timestamp) -> [Turn] {
    (1...Roster.steps).flatMap { step in
      roster.layers.contains { $0.step == step } || roster.overrides.contains { $0.step == step }
        ? turns(step: step, from: from, until: until) : []
    }
  }

  /// Half a year of a turn an hour.
  package static let mostTurns = 5000

  private func turns(step: Int, from: Timestamp, until: Timestamp) -> [Turn] {
    var result: [Turn] = []
    var time = from
    while time < until, result.count < RosterTable.mostTurns {
      let (person, because, others) = holder(step: step, at: time)
      let next = min(change(step: step, after: time), until)
      if let last = result.last, last.person == person, last.because == because, last.others == others {
        result[result.count - 1].until = next
      } else {
        result.append(Turn(step: step, person: person, from: time, until: next, because: because, others: others))
      }
      time = next
    }
    return result
  }

  /// When somebody else has it; at most `horizon` ahead.
  private func end(step: Int, of person: String?, after time: Timestamp) -> Timestamp {
    let horizon = time.advanced(seconds: 60 * 86_400)
    var next = change(step: step, after: time)
    while next < horizon, holder(step: step, at: next).person == person { next = change(step: step, after: next) }
    return min(next, horizon)
  }

  private func holder(step: Int, at time: Timestamp) -> (person: String?, because: String, others: [String]) {
    for override in roster.overrides where override.step == step && covers(override, time) {
      guard !override.people.isEmpty else { return (nil, override.reason, []) }
      let turn = index(from: override.from, seconds: 86_400, at: time)
      return (RosterTable.person(override.people, turn), override.reason, [])
    }
    let named = roster.layers.compactMap { layer -> (String, String)? in
      guard layer.step == step, covers(layer, time) else { return nil }
      return (RosterTable.person(layer.people, index(of: layer, at: time)), layer.name)
    }
    guard let first = named.first else { return (nil, "", []) }
    return (first.0, first.1, named.dropFirst().map(\.0).filter { $0 != first.0 })
  }

  private static func person(_ people: [String], _ index: Int64) -> String {
    let count = Int64(people.count)
    return people[Int((index % count + count) % count)]
  }

  // MARK: layers

  private func index(of layer: Roster.Layer, at time: Timestamp) -> Int64 {
    index(from: layer.from, seconds: Int64(layer.turnHours) * 3600, at: time)
  }

  /// Which turn it is, from 0. Reckoned on the wall's clock, then set right by the turns' own beginnings, since the clock
  /// may show an hour twice or not at all.
  private func index(from: LocalMoment, seconds: Int64, at time: Timestamp) -> Int64 {
    let distance = zone.local(time).seconds - from.seconds
    var index = distance >= 0 ? distance / seconds : (distance - seconds + 1) / seconds
    while begin(from, seconds, index) > time { index -= 1 }
    while begin(from, seconds, index + 1) <= time { index += 1 }
    return index
  }

  private func begin(_ from: LocalMoment, _ seconds: Int64, _ index: Int64) -> Timestamp {
    zone.moment(LocalMoment(seconds: from.seconds + index * seconds))
  }

  private func covers(_ override: Roster.Override, _ time: Timestamp) -> Bool {
    zone.moment(override.from) <= time && time < zone.moment(override.until)
  }

  private func covers(_ layer: Roster.Layer, _ time: Timestamp) -> Bool {
    guard !layer.people.isEmpty, zone.moment(layer.from) <= time else { return false }
    guard layer.hours != nil || !layer.days.isEmpty else { return true }
    let today = zone.local(time).day
    return (today - 1...today).contains { day in
      let window = window(layer, day)
      return window.isOn && window.from <= time && time < window.until
    }
  }

  private func window(_ layer: Roster.Layer, _ day: Int64) -> (from: Timestamp, until: Timestamp, isOn: Bool) {
    let hours = layer.hours ?? Roster.DayHours(from: 0, until: 86_400)
    let midnight = day * 86_400
    let until = midnight + hours.until + (hours.until <= hours.from ? 86_400 : 0)
    let isOn = layer.days.isEmpty || layer.days.contains(LocalMoment(seconds: midnight).weekday)
    return (
      zone.moment(LocalMoment(seconds: midnight + hours.from)), zone.moment(LocalMoment(seconds: until)), isOn
    )
  }

  // MARK: changes

  /// The next moment at which anything of the step may change: always later than `time`.
  private func change(step: Int, after time: Timestamp) -> Timestamp {
    var next = time.advanced(seconds: 7 * 86_400)
    func offer(_ moment: Timestamp) { if moment > time, moment < next { next = moment } }
    for override in roster.overrides where override.step == step {
      offer(zone.moment(override.from))
      offer(zone.moment(override.until))
      guard covers(override, time), override.people.count > 1 else { continue }
      offer(begin(override.from, 86_400, index(from: override.from, seconds: 86_400, at: time) + 1))
    }
    for layer in roster.layers where layer.step == step {
      offer(zone.moment(layer.from))
      let seconds = Int64(layer.turnHours) * 3600
      offer(begin(layer.from, seconds, index(of: layer, at: time) + 1))
      guard layer.hours != nil || !layer.days.isEmpty else { continue }
      let today = zone.local(time).day
      for day in today - 1...today + 2 {
        let window = window(layer, day)
        offer(window.from)
        offer(window.until)
      }
    }
    return next
  }
}
