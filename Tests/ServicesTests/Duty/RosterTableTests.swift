import Records
import Services
import Testing
import Wire

@Suite struct RosterTableTests {
  /// Berlin's clock in 2026: forward on 29 March at 01:00 UTC, back on 25 October at 01:00 UTC.
  private static let berlin = CivilZone(
    name: "Europe/Berlin", offset: 3600,
    changes: [.init(at: 1_774_746_000, offset: 7200), .init(at: 1_792_890_000, offset: 3600)])
  private static let shanghai = CivilZone(name: "Asia/Shanghai", offset: 8 * 3600)

  private static func time(_ text: String) -> Timestamp { Timestamp(text: text) ?? Timestamp(nanoseconds: 0) }
  private static func local(_ text: String) -> LocalMoment { LocalMoment(text: text) ?? LocalMoment(seconds: 0) }

  private static func table(
    _ layers: [Roster.Layer], _ overrides: [Roster.Override] = [], zone: CivilZone = shanghai
  ) -> RosterTable {
    RosterTable(
      roster: Roster(id: "city", name: BilingualText("city"), zone: zone.name, layers: layers, overrides: overrides),
      zone: zone)
  }

  @Test("a daily turn ends when the wall's clock shows the handover, the clock of another zone notwithstanding")
  func daily() {
    let table = Self.table([
      .init(name: "all", step: 1, people: ["ann", "bo", "cy"], turnHours: 24, from: Self.local("2026-11-02T08:00"))
    ])
    let cases = [
      ("2026-11-01T23:59:59Z", nil), ("2026-11-02T00:00:00Z", "ann"), ("2026-11-02T23:59:59Z", "ann"),
      ("2026-11-03T00:00:00Z", "bo"), ("2026-11-04T12:00:00Z", "cy"), ("2026-11-05T00:00:00Z", "ann"),
    ]
    for (text, person) in cases { #expect(table.chain(at: Self.time(text))[1] == person, "\(text)") }
  }

  @Test("a night's turn is an hour shorter when the clock goes forward and an hour longer when it goes back")
  func daylightSaving() throws {
    let table = Self.table(
      [
        .init(name: "all", step: 1, people: ["ann", "bo"], turnHours: 12, from: Self.local("2026-03-01T08:00"))
      ], zone: Self.berlin)
    let spring = table.turns(from: Self.time("2026-03-28T19:00:00Z"), until: Self.time("2026-03-29T06:00:00Z"))
    #expect(spring.map(\.person) == ["bo"])
    #expect(spring[0].until == Self.time("2026-03-29T06:00:00Z"))
    #expect(table.chain(at: Self.time("2026-03-29T05:59:59Z"))[1] == "bo")
    #expect(table.chain(at: Self.time("2026-03-29T06:00:00Z"))[1] == "ann")
    // 08:00 is 06:00 UTC in summer and 07:00 in winter.
    #expect(table.chain(at: Self.time("2026-10-25T06:59:59Z"))[1] == "bo")
    #expect(table.chain(at: Self.time("2026-10-25T07:00:00Z"))[1] == "ann")
    let autumn = table.turns(from: Self.time("2026-10-24T12:00:00Z"), until: Self.time("2026-10-25T12:00:00Z"))
    let night = try #require(autumn.first { $0.person == "bo" })
    #expect(night.until.nanoseconds(since: night.from) == 13 * 3600 * 1_000_000_000)
  }

  @Test("a handover in the hour that is left out falls behind it, and in the hour shown twice it falls into the first")
  func handoverInTheHourOfChange() {
    let table = Self.table(
      [
        .init(name: "all", step: 1, people: ["ann", "bo"], turnHours: 24, from: Self.local("2026-03-01T02:30"))
      ], zone: Self.berlin)
    // 02:30 on 29 March is not shown: it counts as 03:30, 01:30 UTC.
    let before = table.chain(at: Self.time("2026-03-29T01:29:59Z"))[1]
    #expect(table.chain(at: Self.time("2026-03-29T01:30:00Z"))[1] != before)
    // 02:30 on 25 October is shown at 00:30 and at 01:30 UTC.
    let evening = table.chain(at: Self.time("2026-10-25T00:29:59Z"))[1]
    let after = table.chain(at: Self.time("2026-10-25T00:30:00Z"))[1]
    #expect(evening != after)
    #expect(table.chain(at: Self.time("2026-10-25T01:15:00Z"))[1] == after, "02:15 for the second time")
    #expect(table.chain(at: Self.time("2026-10-25T01:30:00Z"))[1] == after)
    let turns = table.turns(from: Self.time("2026-10-24T00:00:00Z"), until: Self.time("2026-10-27T00:00:00Z"))
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0.person != $1.person }, "nobody's turn is cut in two")
  }

  @Test("a week's turn of the second step and a lead who never changes stand behind")
  func chain() {
    let table = Self.table([
      .init(name: "watch", step: 1, people: ["ann", "bo"], turnHours: 24, from: Self.local("2026-11-02T08:00")),
      .init(name: "deputy", step: 2, people: ["cy", "di"], turnHours: 168, from: Self.local("2026-11-02T08:00")),
      .init(name: "lead", step: 3, people: ["eve"], turnHours: 24, from: Self.local("2026-11-02T08:00")),
    ])
    #expect(table.chain(at: Self.time("2026-11-10T00:00:00Z")).people == ["ann", "di", "eve"])
    let lead = table.turn(step: 3, at: Self.time("2026-11-10T00:00:00Z"))
    #expect(lead.until == Self.time("2027-01-09T00:00:00Z"), "a turn that does not end is told for sixty days")
  }

  @Test("hours over midnight and days of the week leave gaps, two layers at once are an overlap, and both are told")
  func gapsAndOverlaps() {
    let table = Self.table([
      .init(
        name: "day", step: 1, people: ["ann"], turnHours: 24, from: Self.local("2026-11-02"),
        hours: .init(from: 8 * 3600, until: 20 * 3600), days: [1, 2, 3, 4, 5]),
      .init(
        name: "night", step: 1, people: ["bo"], turnHours: 24, from: Self.local("2026-11-02"),
        hours: .init(from: 19 * 3600, until: 8 * 3600), days: [1, 2, 3, 4, 5]),
    ])
    // Friday 6 November to Monday 9 November, in Shanghai.
    let turns = table.turns(from: Self.time("2026-11-06T00:00:00Z"), until: Self.time("2026-11-09T01:00:00Z"))
    #expect(turns.map(\.person) == ["ann", "ann", "bo", nil, "ann"])
    #expect(turns.map(\.others) == [[], ["bo"], [], [], []])
    let gap = turns[3]
    #expect(gap.from == Self.time("2026-11-07T00:00:00Z") && gap.until == Self.time("2026-11-09T00:00:00Z"))
  }

  @Test("an override holds before every layer: a leave, a holiday day by day, a vacancy")
  func overrides() {
    let table = Self.table(
      [.init(name: "all", step: 1, people: ["ann"], turnHours: 24, from: Self.local("2026-09-01T08:00"))],
      [
        .init(
          step: 1, people: ["bo", "cy"], from: Self.local("2026-10-01T08:00"),
          until: Self.local("2026-10-04T08:00"), reason: "National Day"),
        .init(
          step: 1, people: [], from: Self.local("2026-10-05T08:00"), until: Self.local("2026-10-05T12:00"),
          reason: "the office moves"),
      ])
    let turns = table.turns(from: Self.time("2026-09-30T12:00:00Z"), until: Self.time("2026-10-05T12:00:00Z"))
    #expect(turns.map(\.person) == ["ann", "bo", "cy", "bo", "ann", nil, "ann"])
    #expect(turns[5].because == "the office moves")
  }

  @Test("walked second by second or by its turns, a roster gives the same people", arguments: 0..<20 as Range<UInt64>)
  func walk(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let from = Self.local("2026-10-20T00:00")
    let layers = (0..<3).map { place in
      Roster.Layer(
        name: "l\(place)", step: 1, people: (0..<Int.random(in: 1...3, using: &random)).map { "p\(place)\($0)" },
        turnHours: [1, 5, 8, 12, 24, 168].randomElement(using: &random) ?? 24,
        from: LocalMoment(seconds: from.seconds + Int64.random(in: 0...200_000, using: &random) / 1800 * 1800),
        hours: Bool.random(using: &random)
          ? .init(
            from: Int64.random(in: 0..<24, using: &random) * 3600 + 1800,
            until: Int64.random(in: 0..<24, using: &random) * 3600)
          : nil, days: Bool.random(using: &random) ? [1, 3, 5, 7] : [])
    }
    let table = Self.table(layers, zone: Self.berlin)
    let start = Self.time("2026-10-23T00:00:00Z")
    let end = start.advanced(seconds: 4 * 86_400)
    let turns = table.turns(from: start, until: end)
    #expect(turns.first?.from == start && turns.last?.until == end)
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0.until == $1.from })
    var place = 0
    for offset in stride(from: 0.0, to: 4 * 86_400, by: 299) {
      let time = start.advanced(seconds: offset)
      while turns[place].until <= time { place += 1 }
      #expect(table.chain(at: time)[1] == turns[place].person, "seed \(seed), \(time.text)")
    }
  }
}
