import Records
import Services
import Testing
import Wire

/// The three numbers beside the score.
@Suite struct DutyRankingTests {
  private static let tree: IndicatorTree? = try? IndicatorTree(
    dimensions: [], points: Dictionary(uniqueKeysWithValues: Severity.allCases.map { ($0, 10) }),
    criticality: Dictionary(uniqueKeysWithValues: Criticality.allCases.map { ($0, 1) }))

  private func table(_ changes: [(Int64, PostureEvent.Change)]) throws -> [RankingLine] {
    var ranking = Ranking(
      tree: try #require(Self.tree), period: Timestamp(seconds: 0)..<Timestamp(seconds: 1000))
    var world: [(Int64, PostureEvent.Change)] = []
    for id in ["a", "b", "c"] {
      world.append((1, .organisation(id: id, parent: nil)))
      world.append((1, .site(.init(id: "site-" + id, organisation: id, criticality: .ordinary))))
    }
    for (time, change) in world + changes { ranking.take(PostureEvent(time: Timestamp(seconds: time), change: change)) }
    return ranking.table().sorted { $0.organisation < $1.organisation }
  }

  private func row(_ id: Int64, _ organisation: String, open: Bool, verified: Bool = false) -> PostureEvent.Change {
    .row(
      .init(
        id: id, wing: .scanner, site: "site-" + organisation, check: "x", severity: .high, isOpen: open,
        isVerified: verified))
  }
  private func due(_ id: Int64, _ seconds: Int64) -> PostureEvent.Change {
    .deadline(row: id, until: Timestamp(seconds: seconds))
  }

  @Test("closure in time counts what was owed: closed in time, closed late, and what is open past its day")
  func onTime() throws {
    let lines = try table([
      (10, row(1, "a", open: true)), (11, due(1, 500)), (400, row(1, "a", open: false, verified: true)),
      (10, row(2, "a", open: true)), (11, due(2, 500)), (600, row(2, "a", open: false, verified: true)),
      (10, row(3, "a", open: true)), (11, due(3, 500)),
      // Not due yet; without a deadline; extended, and then in time.
      (10, row(4, "a", open: true)), (11, due(4, 5000)),
      (10, row(5, "a", open: true)),
      (10, row(6, "b", open: true)), (11, due(6, 500)), (450, due(6, 700)),
      (650, row(6, "b", open: false, verified: true)),
    ])
    let (a, b, c) = (lines[0].duty, lines[1].duty, lines[2].duty)
    #expect(a?.owed == 3 && a?.onTime == 1 && a?.onTimeRate == 33)
    #expect(b?.owed == 1 && b?.onTime == 1 && b?.onTimeRate == 100)
    #expect(c == LoopLine() && c?.onTimeRate == nil)
    #expect(lines.map { $0.duty?.place } == [2, 1, 0])
  }

  @Test("what comes back after it was verified counts once, and is owed again")
  func once() throws {
    let lines = try table([
      (10, row(1, "a", open: true)), (11, due(1, 500)), (400, row(1, "a", open: false, verified: true)),
      (600, row(1, "a", open: true)), (610, due(1, 900)), (700, row(1, "a", open: false, verified: true)),
    ])
    #expect(lines[0].found == 1 && lines[0].verified == 1)
    #expect(lines[0].duty?.owed == 1 && lines[0].duty?.onTime == 1)
  }

  @Test("a finding that a person took out is in no number, and stands there with the reason")
  func excluded() throws {
    let lines = try table([
      (10, row(1, "a", open: true)), (11, due(1, 500)), (12, row(1, "a", open: false)),
      (12, .exclusion(row: 1, by: "wang", reason: "accepted: old")),
      (10, row(2, "b", open: true)), (12, .exclusion(row: 2, by: "wang", reason: "accepted: old")),
      (300, .exclusion(row: 2, by: "vigil", reason: nil)),
    ])
    #expect(lines[0].found == 0 && lines[0].duty?.owed == 0)
    #expect(lines[0].duty?.excluded == [.init(row: 1, by: "wang", reason: "accepted: old")])
    #expect(lines[1].found == 1 && lines[1].duty?.excluded == [])
  }

  @Test("satisfaction is of those who answered; the silent are counted beside it")
  func satisfaction() throws {
    let lines = try table([
      (10, .rating(intake: 1, organisation: "a", .satisfied)), (11, .rating(intake: 2, organisation: "a", .mostly)),
      (12, .rating(intake: 3, organisation: "a", .dissatisfied)),
      (13, .rating(intake: 4, organisation: "a", .noAnswer)),
      (14, .rating(intake: 5, organisation: "b", .noAnswer)), (15, .rating(intake: 5, organisation: "b", .satisfied)),
      (2000, .rating(intake: 6, organisation: "a", .dissatisfied)),
    ])
    #expect(lines[0].duty?.satisfaction == 67 && lines[0].duty?.silence == 25)
    #expect(lines[1].duty?.satisfaction == 100 && lines[1].duty?.unanswered == 0)
  }
}
