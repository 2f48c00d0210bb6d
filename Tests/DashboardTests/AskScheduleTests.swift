import ControlAPI
import Testing
import Wire

@testable import Dashboard

@Suite("When the hub is asked")
struct AskScheduleTests {
  private let queue = Question(API.queue, ListRequest())
  private let tasks = Question(API.tasks, Nothing())

  private func wants(_ every: Double = 3) -> [Want] {
    [
      Want(question: .overview, every: every, isStirred: true), Want(question: queue, every: every, isStirred: true),
      Want(question: tasks, every: 30, isStirred: false),
    ]
  }

  /// Asked and answered at once.
  private func round(_ schedule: inout AskSchedule, at now: Double) -> [Question] {
    let asked = schedule.take(at: now)
    for question in asked { _ = schedule.answered(question, at: now) }
    return asked
  }

  @Test("each question is asked at once, then in its own time, and never twice in one time")
  func cadence() {
    var schedule = AskSchedule()
    schedule.want(wants(), at: 0)
    #expect(round(&schedule, at: 0) == [.overview, queue, tasks])
    #expect(round(&schedule, at: 2.9) == [] && schedule.next == 3)
    #expect(round(&schedule, at: 3) == [.overview, queue])
    var counts: [Question: Int] = [:]
    for tick in 31...600 {
      for question in round(&schedule, at: Double(tick) / 10) { counts[question, default: 0] += 1 }
    }
    #expect(counts == [.overview: 19, queue: 19, tasks: 2])
  }

  @Test("what is in flight is not asked again, and no more than a few are in flight")
  func inFlight() {
    var schedule = AskSchedule()
    let many = (1...9).map { Want(question: Question(API.queue, ListRequest(limit: $0)), every: 1, isStirred: false) }
    schedule.want(many, at: 0)
    let first = schedule.take(at: 0)
    #expect(first == many.prefix(AskSchedule.most).map(\.question))
    #expect(schedule.take(at: 5) == [] && schedule.next == nil, "an answer must come first")
    _ = schedule.answered(first[1], at: 5)
    #expect(schedule.next == 0)
    #expect(schedule.take(at: 5) == [many[4].question])
  }

  @Test("what no pane shows is not asked, and a step back does not ask sooner")
  func screens() {
    var schedule = AskSchedule()
    schedule.want(wants(), at: 0)
    _ = round(&schedule, at: 0)
    schedule.want([Want(question: .overview, every: 3, isStirred: true)], at: 1)
    #expect(round(&schedule, at: 3) == [.overview])
    schedule.want(wants(), at: 4)
    #expect(round(&schedule, at: 4) == [queue], "it is over its time; tasks are not")
    schedule.want([], at: 5)
    schedule.want(wants(), at: 5)
    #expect(round(&schedule, at: 5) == [])
  }

  @Test("a hub that is away is asked one question, later and later, and everything when it is back")
  func backOff() {
    var schedule = AskSchedule()
    schedule.want(wants(), at: 0)
    let asked = schedule.take(at: 0)
    #expect(asked.count == 3)
    #expect(schedule.failed(.overview, at: 0) == .hub(again: 0.5))
    #expect(schedule.failed(queue, at: 0) == .known && schedule.failed(tasks, at: 0) == .known)
    var (now, waits) = (0.5, [Double]())
    for _ in 0..<7 {
      #expect(schedule.take(at: now - 0.01) == [])
      #expect(schedule.take(at: now) == [.overview])
      guard case .hub(let wait) = schedule.failed(.overview, at: now) else {
        Issue.record("the probe's failure is said each time")
        return
      }
      waits.append(wait)
      now += wait
    }
    #expect(waits == [1, 2, 4, 8, 15, 15, 15])
    schedule.hurry(at: now - 5)
    schedule.stir(at: now - 5)
    #expect(schedule.take(at: now - 5) == [], "neither keys nor changes hurry a hub that is away")
    #expect(schedule.take(at: now) == [.overview])
    let wasAway = schedule.answered(.overview, at: now)
    #expect(wasAway)
    #expect(Set(round(&schedule, at: now)) == [queue, tasks])
  }

  @Test("one question without an answer leaves the others as they were, and the hub is asked whether it is there")
  func oneSlow() {
    var schedule = AskSchedule()
    schedule.want(wants(), at: 0)
    _ = schedule.take(at: 0)
    _ = schedule.answered(.overview, at: 0)
    #expect(schedule.failed(queue, at: 1) == .question)
    #expect(!schedule.isLost)
    #expect(schedule.take(at: 1) == [.overview])
    let wasAway = schedule.answered(.overview, at: 1)
    #expect(!wasAway, "nobody is told that the hub is back: it was never away")
    #expect(schedule.take(at: 3.9) == [] && schedule.take(at: 4) == [.overview, queue])
  }

  @Test("a storm of changes is one question each moment, and only of what shows rows")
  func stirred() {
    var schedule = AskSchedule()
    schedule.want(wants(60), at: 0)
    _ = round(&schedule, at: 0)
    var asked: [Question] = []
    for tick in 1...100 {
      schedule.stir(at: Double(tick) / 10)
      asked += round(&schedule, at: Double(tick) / 10)
    }
    #expect(!asked.contains(tasks))
    #expect((5...7).contains(asked.count { $0 == queue }), "ten seconds of changes, one and a half between")
  }

  @Test("a random walk never asks twice at once, never goes silent, and forgets what is gone", arguments: [1, 2, 3, 4])
  func walk(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var schedule = AskSchedule(spread: 1.2)
    var (now, flying, wanted) = (0.0, Set<Question>(), [Want]())
    let all = (1...300).map {
      Want(question: Question(API.queue, ListRequest(offset: $0)), every: 2, isStirred: $0 % 2 == 0)
    }
    for _ in 0..<3000 {
      now += Double.random(in: 0...2, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        wanted = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...12, using: &random)))
        schedule.want(wanted, at: now)
      case 1: schedule.stir(at: now)
      case 2: schedule.hurry(at: now)
      default:
        let asked = schedule.take(at: now)
        #expect(flying.isDisjoint(with: asked) && flying.count + asked.count <= AskSchedule.most)
        flying.formUnion(asked)
        for question in flying where Bool.random(using: &random) {
          flying.remove(question)
          if Bool.random(using: &random) {
            _ = schedule.answered(question, at: now)
          } else {
            _ = schedule.failed(question, at: now)
          }
        }
      }
      #expect(wanted.isEmpty || flying.count > 0 || schedule.next != nil, "something is wanted, and nothing comes next")
    }
  }
}
