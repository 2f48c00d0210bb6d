import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("Back and forth")
struct WalkTests {
  private func press(_ text: String, _ model: inout Model) -> [Effect] {
    var parser = InputParser()
    return parser.receive(text.utf8).flatMap { model.update(.key($0)) }
  }

  @Test("screens and what was opened, back and forth as in a browser")
  func browser() {
    var model = Night.model(120, 40)
    _ = press("25", &model)
    #expect(model.place == .screen("duty"))
    _ = press("[", &model)
    #expect(model.place == .screen("warning"))
    _ = press("[[[", &model)
    #expect(model.place == .screen("overview"), "before the first there is nothing")
    _ = press("]]", &model)
    #expect(model.place == .screen("duty"))
    _ = press("[4", &model)
    #expect(model.place == .screen("response"))
    _ = press("]", &model)
    #expect(model.place == .screen("response"), "a new place forgets what lay ahead")
    #expect(press("qq", &model) == [] && model.place == .screen("overview"))
    #expect(press("q", &model) == [.quit])
  }

  @Test("a screen that is called again is no step")
  func same() {
    var model = Night.model(120, 40)
    _ = press("000", &model)
    #expect(press("q", &model) == [.quit])
  }

  @Test("selection, filter and focus of a screen are there when one comes back")
  func kept() {
    var model = Night.model(120, 40)
    _ = press("jj/severity:high\r", &model)
    Night.answer(&model)
    _ = press("\t5", &model)
    Night.answer(&model)
    _ = press("[", &model)
    #expect(model.focusedPanel?.name == "feed")
    #expect(model.filters == ["overview/queue": "severity:high"])
    #expect(model.panes["overview/queue"]?.key == "19")
  }

  @Test(
    "a detail that was open before is there at once when one steps back to it, with its lines as they were scrolled")
  func details() {
    var model = Night.model(80, 24)
    _ = press("\r", &model)
    #expect(model.place == .row(17) && model.wants.contains { $0.question == .row(17) && $0.isStirred })
    Night.answer(&model)
    _ = press("jj", &model)
    #expect(model.walk.scroll == 2)
    _ = press("o", &model)
    #expect(model.place == .site("tax.example.gov") && model.walk.scroll == 0)
    #expect(!model.wants.contains { $0.question == .row(17) }, "what is not open is not asked")
    _ = press("[", &model)
    #expect(model.place == .row(17) && model.walk.scroll == 2 && model.row != nil)
    _ = press("[]", &model)
    #expect(model.row?.item.id == 17)
  }

  @Test("the number of steps is bounded, and screens that are gone are no places", arguments: [1, 2, 3])
  func bounded(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var walk = Walk(.screen("a"))
    var steps = 0
    for _ in 0..<2000 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: walk.back()
      case 1: walk.forth()
      case 2: walk.keep(screens: ["a", "b"], home: .screen("a"))
      default: walk.go(.screen(["a", "b", "c", "d"].randomElement(using: &random) ?? "a"))
      }
      #expect(walk.screen != nil)
    }
    while walk.hasPast {
      walk.back()
      steps += 1
    }
    #expect(steps < Walk.longest)
    walk.keep(screens: ["e"], home: .screen("e"))
    #expect(walk.present == .screen("e"))
  }
}
