import Records
import Services
import Testing
import Wire

@Suite struct CanaryWatchTests {
  private static let start = Timestamp(seconds: 1_795_000_000)
  private static func at(_ seconds: Double) -> Timestamp { start.advanced(seconds: seconds) }

  @Test("a run that comes all the way is never late, and each stage counts once")
  func whole() {
    var watch = CanaryWatch()
    #expect(watch.isDue(now: Self.at(0)))
    watch.sent("a", now: Self.at(0))
    #expect(!watch.isDue(now: Self.at(59)) && watch.isDue(now: Self.at(60)))
    for (place, stage) in [CanaryRun.Stage.packet, .stored, .assigned, .seen].enumerated() {
      #expect(watch.passed(stage, "a", at: Self.at(Double(place + 1))) != nil)
      #expect(watch.passed(stage, "a", at: Self.at(20)) == nil, "the second time counts nothing")
    }
    #expect(watch.tick(now: Self.at(1000)).isEmpty)
    #expect(watch.seconds(to: .stored) == [1])
    #expect(watch.passed(.packet, "unknown", at: Self.at(2)) == nil)
  }

  @Test("a run that is stuck is told once, with the stage that it did not reach; those behind it are not told again")
  func stuck() {
    var watch = CanaryWatch()
    watch.sent("a", now: Self.at(0))
    _ = watch.passed(.packet, "a", at: Self.at(1))
    #expect(watch.tick(now: Self.at(30)).isEmpty)
    #expect(watch.tick(now: Self.at(31)).map(\.stuckBefore) == [.stored])
    #expect(watch.tick(now: Self.at(32)).isEmpty)
    watch.sent("b", now: Self.at(60))
    #expect(watch.tick(now: Self.at(100)).isEmpty, "still the same trouble")
    watch.sent("c", now: Self.at(120))
    for stage in [CanaryRun.Stage.packet, .stored, .assigned, .seen] { _ = watch.passed(stage, "c", at: Self.at(121)) }
    watch.sent("d", now: Self.at(180))
    #expect(watch.tick(now: Self.at(300)).map(\.id) == ["d"], "after a good one it is told again")
  }

  @Test("one that was lost while a later one came all the way is counted as late, and nobody is called for it")
  func overtaken() {
    var watch = CanaryWatch()
    watch.sent("a", now: Self.at(0))
    watch.sent("b", now: Self.at(5))
    for stage in [CanaryRun.Stage.packet, .stored, .assigned, .seen] { _ = watch.passed(stage, "b", at: Self.at(6)) }
    #expect(watch.tick(now: Self.at(31)).isEmpty)
    #expect(watch.runs.map(\.isLate) == [true, false])
  }

  @Test("without a listener the last stage is not missed but not measured")
  func unwatched() {
    var watch = CanaryWatch()
    watch.sent("a", now: Self.at(0))
    for stage in [CanaryRun.Stage.packet, .stored, .assigned] { _ = watch.passed(stage, "a", at: Self.at(1)) }
    #expect(watch.skip(.seen, "a") != nil)
    #expect(watch.tick(now: Self.at(100)).isEmpty)
    #expect(watch.seconds(to: .seen).isEmpty)
  }
}
