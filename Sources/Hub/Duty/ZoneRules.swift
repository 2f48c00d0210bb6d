internal import Foundation
internal import Records
internal import Wire

/// The system's time zones as rules: Foundation knows them, whoever reckons with them does not know Foundation.
enum ZoneRules {
  /// Covers a year before `now` and three after: rosters are looked at for half a year.
  static func zone(_ name: String, around now: Timestamp) -> CivilZone? {
    TimeZone(identifier: name).map { rules($0, name, now) }
  }

  /// Where no roster says otherwise.
  static func own(around now: Timestamp) -> CivilZone { rules(.current, TimeZone.current.identifier, now) }

  private static let year = 366.0 * 86_400
  /// Two a year, and room for a country that changes its mind.
  private static let mostChanges = 32

  private static func rules(_ zone: TimeZone, _ name: String, _ now: Timestamp) -> CivilZone {
    let middle = Date(timeIntervalSince1970: Double(now.seconds))
    let begin = middle.addingTimeInterval(-year)
    var changes: [CivilZone.Change] = []
    var date = begin
    while changes.count < mostChanges, let next = zone.nextDaylightSavingTimeTransition(after: date),
      next > date, next < middle.addingTimeInterval(3 * year)
    {
      changes.append(
        .init(
          at: Int64(next.timeIntervalSince1970), offset: Int64(zone.secondsFromGMT(for: next.addingTimeInterval(1)))))
      date = next
    }
    return CivilZone(name: name, offset: Int64(zone.secondsFromGMT(for: begin)), changes: changes)
  }
}
