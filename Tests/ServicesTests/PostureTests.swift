import Records
import Services
import Testing
import Wire

/// A small tree: two dimensions, four indicators, one of them moved by rules, one attacked by one.
enum SmallTree {
  static let tree: IndicatorTree = {
    func indicator(
      _ id: String, _ weight: Int, checks: [String] = [], alerts: [String] = [], attacks: [String] = []
    ) -> Indicator {
      Indicator(
        id: id, title: BilingualText(id), checks: checks, alerts: alerts, attacks: attacks, severity: .high,
        weight: weight, remedy: BilingualText("mend it"))
    }
    let transport = IndicatorClass(
      id: "transport.versions", title: BilingualText("versions"),
      indicators: [
        indicator("transport.versions.old", 8, checks: ["tls.old", "tls.older"], alerts: ["1:9"]),
        indicator("transport.versions.broken", 40, checks: ["tls.broken"]),
      ])
    let exposure = IndicatorClass(
      id: "exposure.files", title: BilingualText("files"),
      indicators: [
        indicator("exposure.files.git", 20, checks: ["git"], attacks: ["1:7"]),
        indicator("exposure.files.logins", 20, alerts: ["1:8"]),
      ])
    return try! IndicatorTree(
      dimensions: [
        Dimension(id: "transport", title: BilingualText("transport"), classes: [transport]),
        Dimension(id: "exposure", title: BilingualText("exposure"), classes: [exposure]),
      ],
      points: [.critical: 40, .high: 20, .medium: 8, .low: 2, .info: 0],
      criticality: [.ordinary: 1, .important: 2, .critical: 4])
  }()

  static func row(
    _ id: Int64, _ site: String, _ check: String, _ severity: Severity, isOpen: Bool = true, isVerified: Bool = false
  ) -> PostureEvent.Change {
    .row(
      PostureEvent.Row(
        id: id, wing: check.hasPrefix("1:") ? .sensor : .scanner, site: site, check: check, severity: severity,
        isOpen: isOpen, isVerified: isVerified))
  }
  static func site(_ id: String, _ organisation: String?, _ criticality: Criticality = .ordinary) -> PostureEvent.Change
  {
    .site(PostureEvent.Member(id: id, organisation: organisation, criticality: criticality))
  }
}

struct PostureTests {
  private func board(_ changes: [PostureEvent.Change]) -> PostureBoard {
    var board = PostureBoard(tree: SmallTree.tree)
    for (index, change) in changes.enumerated() {
      board.apply(PostureEvent(number: Int64(index + 1), time: Timestamp(seconds: Int64(index)), change: change))
    }
    return board
  }

  @Test("A score is a hundred less what its deductions say, each indicator once however many rows show it")
  func deductions() {
    var board = board([
      SmallTree.site("a", nil), .tested(site: "a"), SmallTree.row(1, "a", "tls.old", .medium),
      SmallTree.row(2, "a", "tls.older", .medium), SmallTree.row(3, "a", "git", .high),
      SmallTree.row(4, "a", "1:8", .high), SmallTree.row(5, "a", "no.such.check", .critical),
    ])
    let posture = board.posture(ofSite: "a")
    #expect(posture.score == 100 - 8 - 20 - 20)
    #expect(
      posture.deductions.map(\.indicator) == [
        "exposure.files.git", "exposure.files.logins", "transport.versions.old",
      ])
    #expect(posture.deductions.last?.rows == [1, 2])
    #expect(posture.score(below: "transport") == 92)
    #expect(posture.score(below: "exposure") == 60)
    #expect(posture.score(below: "exposure.files") == 60)
  }

  @Test("A weakness of which an engine is not sure costs what its capped severity costs, never more than the weight")
  func capped() {
    var board = board([
      .tested(site: "a"), SmallTree.row(1, "a", "tls.broken", .low), .tested(site: "b"),
      SmallTree.row(2, "b", "tls.old", .critical),
    ])
    #expect(board.posture(ofSite: "a").score == 98)
    #expect(board.posture(ofSite: "b").score == 92)
  }

  @Test("A site that nobody tested has no score, and is in no mean; the others count by criticality")
  func means() {
    var board = board([
      .organisation(id: "city", parent: nil), .organisation(id: "bureau", parent: "city"),
      .organisation(id: "other", parent: nil), SmallTree.site("a", "bureau", .critical), SmallTree.site("b", "city"),
      SmallTree.site("c", "bureau"), SmallTree.site("d", "other"), .tested(site: "a"), .tested(site: "b"),
      SmallTree.row(1, "a", "tls.broken", .critical), SmallTree.row(2, "c", "git", .high),
    ])
    #expect(board.posture(ofSite: "c").score == nil)
    let city = board.posture(ofOrganisation: "city")
    // (60 * 4 + 100 * 1) / 5
    #expect(city.score == 68 && city.sites == 3 && city.tested == 2)
    #expect(board.posture(ofOrganisation: "bureau").score == 60)
    #expect(board.posture(ofOrganisation: "other").score == nil)
    #expect(board.city().sites == 4)
    #expect(city.dimensions.map(\.score) == [68, 100])
  }

  @Test("Each indicator moves by its own checks and rules alone, there and back")
  func eachMoves() {
    let tree = SmallTree.tree
    for indicator in tree.indicators {
      for mover in indicator.checks + indicator.alerts {
        var board = board([SmallTree.site("a", nil), .tested(site: "a"), SmallTree.row(1, "a", mover, .critical)])
        #expect(board.posture(ofSite: "a").deductions.map(\.indicator) == [indicator.id])
        board.apply(
          PostureEvent(
            number: 9, time: Timestamp(seconds: 9), change: SmallTree.row(1, "a", mover, .critical, isOpen: false)))
        #expect(board.posture(ofSite: "a").score == 100)
      }
    }
  }

  @Test("A tree in which two indicators share a check, or one has nothing that moves it, is refused")
  func refusals() throws {
    let twice = SmallTree.tree.indicators[0]
    func tree(_ indicators: [Indicator]) throws(IndicatorTree.Fault) -> IndicatorTree {
      try IndicatorTree(
        dimensions: [
          Dimension(
            id: "d", title: BilingualText("d"),
            classes: [IndicatorClass(id: "d.c", title: BilingualText("c"), indicators: indicators)])
        ], points: [:], criticality: [:])
    }
    func named(_ id: String, checks: [String], weight: Int = 2) -> Indicator {
      var indicator = twice
      (indicator.id, indicator.checks, indicator.alerts, indicator.weight) = (id, checks, [], weight)
      return indicator
    }
    #expect(throws: IndicatorTree.Fault.self) {
      try tree([named("d.c.a", checks: ["x"]), named("d.c.b", checks: ["x"])])
    }
    #expect(throws: IndicatorTree.Fault.self) { try tree([named("d.c.a", checks: [])]) }
    #expect(throws: IndicatorTree.Fault.self) { try tree([named("e.c.a", checks: ["x"])]) }
    #expect(throws: IndicatorTree.Fault.self) { try tree([named("d.c.a", checks: ["x"], weight: 0)]) }
    #expect(throws: IndicatorTree.Fault.self) {
      try tree([named("d.c.a", checks: ["x"]), named("d.c.a", checks: ["y"])])
    }
  }

  @Test("An attack finds the weakness behind it where the site shows one, and none once it is gone")
  func behind() {
    var board = board([SmallTree.row(1, "a", "git", .high), SmallTree.row(2, "b", "tls.old", .medium)])
    #expect(board.weakness(behind: "1:7", atSite: "a")?.id == 1)
    #expect(board.weakness(behind: "1:7", atSite: "b") == nil)
    #expect(board.weakness(behind: "1:8", atSite: "a") == nil)
    board.apply(
      PostureEvent(
        time: Timestamp(seconds: 5), change: SmallTree.row(1, "a", "git", .high, isOpen: false, isVerified: true)))
    #expect(board.weakness(behind: "1:7", atSite: "a") == nil)
  }

  // MARK: days and ranking

  private let day: Int64 = 86_400

  @Test("Days end at the watch's midnight; days without a line are told too, and a clock that goes back changes none")
  func days() {
    var history = PostureHistory(tree: SmallTree.tree, utcOffset: 8 * 3600)
    func at(_ seconds: Int64, _ change: PostureEvent.Change) -> PostureEvent {
      PostureEvent(time: Timestamp(seconds: seconds), change: change)
    }
    // 15:59:59 UTC is still the same day at +08:00, 16:00:00 is the next.
    #expect(history.take(at(day + 57_599, SmallTree.site("a", nil))).isEmpty)
    #expect(history.take(at(day + 57_599, .tested(site: "a"))).isEmpty)
    let first = history.take(at(day + 57_600, SmallTree.row(1, "a", "git", .high)))
    #expect(first.map(\.day) == [1] && first.first?.sites == ["a": 100])
    #expect(history.take(at(day, SmallTree.row(2, "a", "tls.old", .medium))).isEmpty)
    let more = history.end(before: Timestamp(seconds: 4 * day + 57_600))
    #expect(more.map(\.day) == [2, 3, 4] && more.allSatisfy { $0.city.score == 72 })
    #expect(history.end(before: Timestamp(seconds: 4 * day + 57_601)).isEmpty)
  }

  @Test("However the log is cut into runs, the same lines give the identical days and table", arguments: 0..<8)
  func recomputed(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var events: [PostureEvent] = []
    for organisation in 0..<5 {
      events.append(event(.organisation(id: "o\(organisation)", parent: organisation > 2 ? "o0" : nil), &events))
    }
    for site in 0..<20 {
      events.append(event(SmallTree.site("s\(site)", "o\(site % 5)", .allCases[site % 3]), &events))
      events.append(event(.tested(site: "s\(site)"), &events))
    }
    let checks = SmallTree.tree.indicators.flatMap { $0.checks + $0.alerts }
    for _ in 0..<400 {
      let id = Int64.random(in: 1...60, using: &random)
      let isOpen = Bool.random(using: &random)
      let isVerified = !isOpen && Bool.random(using: &random)
      let check = checks[Int(id) % checks.count]
      events.append(
        event(
          SmallTree.row(id, "s\(id % 20)", check, .allCases[Int(id) % 5], isOpen: isOpen, isVerified: isVerified),
          &events,
          step: Int64.random(in: 0...20_000, using: &random)))
    }
    let whole = run(events)
    #expect(!whole.days.isEmpty)
    let again = run(events)
    #expect(whole.days == again.days && whole.table == again.table)
    // What a store keeps of a subject is its last line: the scores of now are the same.
    var last: [String: PostureEvent] = [:]
    for event in events { last[event.subject] = event }
    var (all, short) = (PostureBoard(tree: SmallTree.tree), PostureBoard(tree: SmallTree.tree))
    events.forEach { all.apply($0) }
    last.values.sorted { $0.number < $1.number }.forEach { short.apply($0) }
    #expect(all.city() == short.city(), "seed \(seed)")
    for site in all.sites { #expect(all.posture(ofSite: site) == short.posture(ofSite: site)) }
  }

  private func event(
    _ change: PostureEvent.Change, _ events: inout [PostureEvent], step: Int64 = 1
  ) -> PostureEvent {
    PostureEvent(
      number: Int64(events.count + 1), time: Timestamp(seconds: (events.last?.time.seconds ?? 1_000_000) + step),
      change: change)
  }

  private func run(_ events: [PostureEvent]) -> (days: [PostureDay], table: [RankingLine]) {
    var history = PostureHistory(tree: SmallTree.tree, utcOffset: 0)
    let end = events.last?.time ?? Timestamp(seconds: 0)
    var ranking = Ranking(
      tree: SmallTree.tree, period: (events.first?.time ?? end)..<end.advanced(seconds: 1))
    var days: [PostureDay] = []
    for event in events {
      days += history.take(event)
      ranking.take(event)
    }
    return (days, ranking.table())
  }

  @Test("The ranking counts what was found and what is gone; accepted findings are in neither number")
  func ranking() {
    let changes: [(Int64, PostureEvent.Change)] = [
      (0, .organisation(id: "good", parent: nil)), (0, .organisation(id: "poor", parent: nil)),
      (0, .organisation(id: "new", parent: nil)), (0, SmallTree.site("g", "good")), (0, SmallTree.site("p", "poor")),
      (0, SmallTree.site("n", "new")), (0, .tested(site: "g")), (0, .tested(site: "p")),
      (1, SmallTree.row(1, "g", "git", .high)), (1, SmallTree.row(2, "p", "git", .high)),
      (20, SmallTree.row(1, "g", "git", .high, isOpen: false, isVerified: true)),
      (21, SmallTree.row(3, "g", "tls.old", .medium)),
      (22, SmallTree.row(3, "g", "tls.old", .medium, isOpen: false)),
      (23, SmallTree.row(4, "p", "tls.broken", .critical)),
      (40, SmallTree.row(2, "p", "git", .high, isOpen: false, isVerified: true)),
    ]
    var ranking = Ranking(tree: SmallTree.tree, period: Timestamp(seconds: 10)..<Timestamp(seconds: 30))
    for (time, change) in changes { ranking.take(PostureEvent(time: Timestamp(seconds: time), change: change)) }
    let table = ranking.table()
    #expect(table.map(\.organisation) == ["good", "poor", "new"])
    #expect(table.map(\.place) == [1, 2, 0])
    #expect(table.map(\.found) == [1, 2, 0])
    #expect(table.map(\.verified) == [1, 0, 0])
    #expect(table.map(\.closureRate) == [100, 0, nil])
    #expect(table[1].posture.score == 40)
  }
}
