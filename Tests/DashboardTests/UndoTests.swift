import ControlAPI
import Records
import Synchronization
import Testing
import Wire

@testable import Dashboard

@Suite("What is taken back, and in which order acts are asked")
struct UndoTests {
  private func press(_ text: String, _ model: inout Model) -> [Effect] {
    var parser = InputParser()
    return parser.receive(text.utf8).flatMap { model.update(.key($0)) }
  }

  private func model(changedBy who: String?, returned: String? = nil) throws -> Model {
    var model = Night.model(120, 40)
    let question = try #require(model.wants.map(\.question).first { $0.description.hasPrefix("/v1/queue ") })
    var items = Night.queue
    items[0].row.triage = Triage(
      state: .closed, verdict: .benign, changedBy: who, changedAt: Night.ago(180), returned: returned)
    _ = model.update(.answered(question, Page(items: items)))
    return model
  }

  @Test("one's own last act is taken back at once, and how the row stands again is said")
  func own() throws {
    var model = try model(changedBy: "night-1")
    let officer = model.officer
    model = try self.model(changedBy: officer)
    let request = ActRequest(ids: [17], act: .undo)
    #expect(press("u", &model) == [.act(request)])
    _ = model.update(.acted(request, ActReport(done: [Night.queue[0]], refused: [])))
    #expect(model.notice?.text == BilingualText(en: "undo: row 17, again new", zh: "撤销：第 17 行，恢复为新"))
  }

  @Test("what somebody else did is taken back only after it was said who and what")
  func others() throws {
    for (keys, effects) in [("u", 0), ("uy", 1), ("un", 0), (":undo\ry", 1)] {
      var model = try model(changedBy: "day-2")
      #expect(press(keys, &model).count == effects, "\(keys)")
    }
    var model = try model(changedBy: "day-2")
    _ = press("u", &model)
    guard case .confirm(.act(let request), let title)? = model.prompt?.purpose else {
      Issue.record("it is not asked once more")
      return
    }
    #expect(request == ActRequest(ids: [17], act: .undo))
    #expect(title.en == "undo what day-2 did 3m ago: row 17 is closed")
    _ = model.update(.key(.escape))
    model = try self.model(changedBy: "day-2")
    _ = press("xxu", &model)
    guard case .confirm(_, let both)? = model.prompt?.purpose else {
      Issue.record("it is not asked once more")
      return
    }
    #expect(both.en == "undo 2 rows, 1 not changed by you")
  }

  @Test("what a machine brought back is not put away unasked")
  func machine() throws {
    var model = try model(changedBy: nil, returned: "severity rose to high")
    #expect(press("u", &model) == [])
    guard case .confirm(_, let title)? = model.prompt?.purpose else {
      Issue.record("it is not asked once more")
      return
    }
    #expect(title.en.contains("severity rose to high"))
  }

  @Test("an act on more than ten rows from the menu is asked once more", arguments: [".n\r", ":join 2026-0007\r"])
  func many(_ keys: String) throws {
    var model = Night.model(120, 40)
    try Night.list(1...11, &model)
    #expect(press("**" + keys, &model) == [])
    guard case .ask(let deed)? = press("y", &model).first else {
      Issue.record("\(keys) asks nothing")
      return
    }
    #expect(deed.request.contains("[1,2,3,4,5,6,7,8,9,10,11]"))
  }

  @Test("acts are asked one after the other; what is on its way when one leaves is waited for, not for ever")
  func order() async {
    let questions = Questions(
      client: Client(socket: "/nowhere", timeoutMilliseconds: 100), mailbox: Mailbox())
    let (gate, open) = AsyncStream<Void>.makeStream()
    let said = Order()
    questions.line(BilingualText("first")) {
      for await _ in gate {}
      said.add("first")
      return .connected
    }
    questions.line(BilingualText("second")) {
      said.add("second")
      return .connected
    }
    #expect(await questions.finish(within: .milliseconds(50)).map(\.en) == ["first", "second"])
    #expect(said.all == [])
    open.finish()
    #expect(await questions.finish(within: .seconds(60)) == [])
    #expect(said.all == ["first", "second"])
    #expect(await questions.finish(within: .zero) == [])
  }
}

private final class Order: Sendable {
  private let words = Mutex<[String]>([])
  var all: [String] { words.withLock { $0 } }
  func add(_ word: String) { words.withLock { $0.append(word) } }
}
