import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("Parts of a detail that are late or refused")
struct PartTests {
  private func text(_ model: Model, _ look: Look = Night.look()) -> [DetailLine] {
    DetailLines.all(model, columns: 100, look)
  }
  private func words(_ lines: [DetailLine]) -> [String] { lines.map { $0.line.runs.map(\.text).joined() } }

  @Test("a part that was refused the first time says why, not that it is waited for", arguments: Language.allCases)
  func refused(_ language: Language) {
    var model = Night.model(120, 40)
    _ = model.go(.site("tax.example.gov"))
    let site = Question.site("tax.example.gov")
    _ = model.update(.answered(site, Night.answer(site) ?? Nothing()))
    let waiting = Label.waiting.text(language)
    #expect(words(text(model, Night.look(language))).contains(waiting))
    _ = model.update(.refused(.trail("tax.example.gov"), BilingualText("the trail is not for your role")))
    let lines = words(text(model, Night.look(language)))
    #expect(!lines.contains(waiting) && lines.contains("! the trail is not for your role"))
  }

  @Test("what is late is dim with its age, though the rest of the detail is of now")
  func late() throws {
    var model = Night.model(120, 40)
    let place = Model.Place.site("tax.example.gov")
    _ = model.go(place)
    Night.answer(&model)
    let title = "history: before, during, after"
    let fresh = text(model)
    #expect(words(fresh).contains(title) && !words(fresh).contains { $0.contains(" old") })
    _ = model.update(.clock(Night.now.advanced(seconds: 300)))
    for want in model.wants where want.question != .trail("tax.example.gov") {
      guard let value = want.question == .overview ? Night.overview() : Night.answer(want.question) else { continue }
      _ = model.update(.answered(want.question, value))
    }
    let lines = text(model)
    let begin = try #require(words(lines).firstIndex { $0.hasPrefix(title) })
    #expect(words(lines)[begin].hasSuffix(" old"), "\(words(lines)[begin])")
    #expect(lines[begin + 1].line.runs.allSatisfy { $0.role == .dim })
    #expect(words(lines).count { $0.contains(" old") } == 1 && !model.isDetailOld)
    _ = model.update(.refused(.trail("tax.example.gov"), BilingualText("it took too long")))
    #expect(words(text(model)).last == "! it took too long")
  }
}
