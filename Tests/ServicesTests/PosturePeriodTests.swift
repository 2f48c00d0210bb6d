import Records
import Services
import Testing
import Wire

struct PosturePeriodTests {
  private static let period = Timestamp(seconds: 100)..<Timestamp(seconds: 200)

  private func folded(_ events: [(Int64, PostureEvent.Change)]) -> PosturePeriod {
    var period = PosturePeriod(tree: SmallTree.tree, period: Self.period)
    for (index, event) in events.enumerated() {
      period.take(PostureEvent(number: Int64(index + 1), time: Timestamp(seconds: event.0), change: event.1))
    }
    return period
  }

  private func finding(_ id: Int64, isOpen: Bool = true, isVerified: Bool = false) -> PostureEvent.Change {
    SmallTree.row(id, "a", "git", .high, isOpen: isOpen, isVerified: isVerified)
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    /// When, and 1: found, 0: seen to be gone, -1: settled by a person.
    let course: [(Int64, Int)]
    var isThere = true
    var isOpen = false
    var isNew = false
    var cameBack = false
    var gone: Int64?
    var begun: Int64 = 0
  }
  static let cases: [Case] = [
    Case(testDescription: "found before, still there", course: [(10, 1)], isOpen: true, begun: 10),
    Case(testDescription: "found in it", course: [(150, 1)], isOpen: true, isNew: true, begun: 150),
    Case(testDescription: "found after it", course: [(250, 1)], isThere: false),
    Case(testDescription: "found at its last moment's end", course: [(200, 1)], isThere: false),
    Case(testDescription: "found at its first moment", course: [(100, 1)], isOpen: true, isNew: true, begun: 100),
    Case(testDescription: "gone before it", course: [(10, 1), (50, 0)], isThere: false),
    Case(testDescription: "gone in it", course: [(10, 1), (150, 0)], gone: 150, begun: 10),
    Case(testDescription: "gone after it", course: [(10, 1), (250, 0)], isOpen: true, begun: 10),
    Case(testDescription: "found and gone in it", course: [(120, 1), (150, 0)], isNew: true, gone: 150, begun: 120),
    Case(testDescription: "settled in it", course: [(10, 1), (150, -1)], begun: 10),
    Case(testDescription: "settled before it", course: [(10, 1), (50, -1)], isThere: false),
    Case(
      testDescription: "gone before, back in it", course: [(10, 1), (50, 0), (150, 1)], isOpen: true, isNew: true,
      cameBack: true, begun: 150),
    Case(
      testDescription: "gone and back in it, and gone again", course: [(10, 1), (120, 0), (140, 1), (160, 0)],
      isNew: true, cameBack: true, gone: 160, begun: 140),
    Case(testDescription: "never open", course: [(150, 0)], isThere: false),
    Case(
      testDescription: "settled, then seen to be gone", course: [(10, 1), (120, -1), (150, 0)], gone: 150, begun: 10),
  ]

  @Test(
    "A finding of a period is what was open at any moment of it, and its end says what became of it", arguments: cases)
  func lives(_ one: Case) {
    let events = one.course.map { ($0.0, finding(7, isOpen: $0.1 == 1, isVerified: $0.1 == 0)) }
    let life = folded(events).findings[7]
    #expect((life != nil) == one.isThere)
    guard let life else { return }
    #expect(life.row.isOpen == one.isOpen && life.isNew == one.isNew && life.cameBack == one.cameBack)
    #expect(life.gone == one.gone.map { Timestamp(seconds: $0) })
    #expect(life.begun == Timestamp(seconds: one.begun))
  }

  @Test("Both boards are those of a fold that ends there, for random logs")
  func boards() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      var events: [(Int64, PostureEvent.Change)] = []
      for second in Int64(0)..<300 where Int.random(in: 0..<3, using: &random) == 0 {
        let id = Int64.random(in: 1...6, using: &random)
        let change: PostureEvent.Change =
          switch Int.random(in: 0..<5, using: &random) {
          case 0: SmallTree.site("a", "o")
          case 1: .tested(site: "a")
          case 2: .removed(.site("a"))
          default: finding(id, isOpen: Bool.random(using: &random), isVerified: Bool.random(using: &random))
          }
        events.append((second, change))
      }
      var period = folded(events)
      for (board, limit) in [(period.before, Int64(100)), (period.end, 200)] {
        var (board, wanted) = (board, PostureBoard(tree: SmallTree.tree))
        for (index, event) in events.enumerated() where event.0 < limit {
          wanted.apply(PostureEvent(number: Int64(index + 1), time: Timestamp(seconds: event.0), change: event.1))
        }
        #expect(board.city() == wanted.city(), "seed \(seed)")
        #expect(board.posture(ofSite: "a") == wanted.posture(ofSite: "a"), "seed \(seed)")
      }
      #expect(period.logBegan == events.first.map { Timestamp(seconds: $0.0) })
      // What is open at the end is in the list, whatever came before.
      let open = period.findings.filter { $0.value.row.isOpen }
      for (id, life) in open { #expect(life.row.id == id && life.gone == nil, "seed \(seed)") }
      period.take(PostureEvent(number: 999, time: Timestamp(seconds: 200), change: finding(99)))
      #expect(period.findings[99] == nil)
    }
  }
}
