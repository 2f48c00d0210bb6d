import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("An act is on what was seen")
struct SightTests {
  private func press(_ text: String, _ model: inout Model) -> [Effect] {
    var parser = InputParser()
    return parser.receive(text.utf8).flatMap { model.update(.key($0)) }
  }

  private func queue(_ model: Model) throws -> Question {
    try #require(model.wants.map(\.question).first { $0.description.hasPrefix("/v1/queue ") })
  }

  /// On screen, and read.
  private func drawn() -> Model {
    var model = Night.model(120, 40)
    model.drew()
    return model
  }

  /// A colleague closes row 17: its neighbour stands in its place.
  private func closeFirst(_ model: inout Model) throws {
    _ = model.update(.answered(try queue(model), Page(items: Array(Night.queue.dropFirst()))))
  }

  @Test(
    "a row that left before the frame was drawn does not hand the key to its neighbour",
    arguments: ["a", "e", "cf", "z\r", "@\r", "mx\r", "u", ".j", "x", "*1", ":ack\r", ":close benign\r"])
  func neighbour(_ keys: String) throws {
    var model = drawn()
    try closeFirst(&model)
    #expect(press(keys, &model) == [])
    #expect(model.notice?.text == Model.moved && model.marks.isEmpty)
  }

  @Test("once another row was drawn it may be meant, after the moment that reading takes")
  func reading() throws {
    var model = drawn()
    try closeFirst(&model)
    model.drew()
    #expect(press("a", &model) == [] && model.notice?.text == Model.moved)
    model.now = model.now.advanced(seconds: 0.4)
    #expect(press("a", &model) == [.act(ActRequest(ids: [18], act: .acknowledge))])
  }

  @Test("keys that walk are not waited for, and a list that changed elsewhere hinders nothing")
  func walking() throws {
    var model = drawn()
    #expect(press("jja", &model) == [.act(ActRequest(ids: [19], act: .acknowledge))])
    let newer = Night.row(30, .critical, BilingualText("new"), site: "x")
    _ = model.update(.answered(try queue(model), Page(items: [newer] + Night.queue)))
    #expect(press("a", &model) == [.act(ActRequest(ids: [19], act: .acknowledge))])
  }

  @Test("a step over rows that were not seen is no target before it is")
  func unseenStep() throws {
    var model = drawn()
    _ = model.update(.answered(try queue(model), Page(items: Night.queue.filter { $0.id != 18 })))
    #expect(press("ja", &model) == [] && model.currentRow == 19 && model.notice?.text == Model.moved)
  }

  @Test("a command is on what was selected when it was begun")
  func command() throws {
    var model = drawn()
    _ = press(":ack", &model)
    try closeFirst(&model)
    model.drew()
    model.now = model.now.advanced(seconds: 5)
    #expect(press("\r", &model) == [] && model.notice?.text == Model.moved)
    #expect(press(":theme light\r", &model) == [] && model.theme == .light)
  }

  @Test("in the feed the selection stays on its alert while others come; where nobody stands the tail runs")
  func feed() throws {
    var model = Night.model(120, 40)
    _ = press("\t", &model)
    let panel = try #require(model.focusedPanel)
    #expect(panel.kind == .feed && model.target == .rows([17]))
    _ = model.update(.streamed([Night.alert("another", seen: 1, row: Night.queue[2])]))
    #expect(model.target == .rows([17]) && model.selection(panel) == 1)
    #expect(press("a", &model) == [.act(ActRequest(ids: [17], act: .acknowledge))])
    #expect(press("ga", &model) == [.act(ActRequest(ids: [19], act: .acknowledge))])
    _ = press("t", &model)
    _ = model.update(.streamed([Night.alert("held", seen: 0.5, row: Night.queue[3])]))
    _ = press("t", &model)
    #expect(model.feed.entries.first?.item?.id == 21 && model.target == .rows([19]))
    _ = press("\t", &model)
    #expect(model.selection(panel) == 0)
    _ = model.update(.streamed([Night.alert("later", seen: 0.1, row: Night.queue[4])]))
    #expect(model.selection(panel) == 0)
  }

  @Test("two alerts of one moment at one site are two entries")
  func twins() {
    var feed = Feed()
    var (one, other) = (Night.alert("x", seen: 1), Night.alert("x", seen: 1))
    one.alert?.flowID = 1
    other.alert?.flowID = 2
    feed.add([one], at: Night.now)
    feed.add([other], at: Night.now)
    #expect(Set(feed.entries.map(\.key)).count == 2)
  }

  @Test("marks are of their pane: another pane's acts are not on them, its title does not count them")
  func marks() throws {
    var model = Night.model(120, 40)
    let queue = try #require(model.definition?.panel("queue"))
    _ = press("xx", &model)
    #expect(model.targets == [17, 18])
    _ = press("\t", &model)
    #expect(model.focusedPanel?.name == "feed" && model.target == .rows([17]) && model.targets == [17])
    let feed = try #require(model.focusedPanel)
    #expect(!PanelTitle.line(feed, model, Night.look()).runs.map(\.text).joined().contains("marked"))
    #expect(press("*1", &model) == [] && model.marks.isEmpty, "what is marked must be seen")
    // Rows that leave are not acted on, though another pane is selected.
    _ = model.update(.answered(try self.queue(model), Page(items: Array(Night.queue.dropFirst()))))
    #expect(model.marks(in: queue) == [18])
  }

  @Test("another filter gives the marks up; what was acted on is marked no more, what was marked since is")
  func unmarked() throws {
    var model = Night.model(120, 40)
    _ = press("xx", &model)
    _ = press("/severity:high\r", &model)
    #expect(model.marks.isEmpty)
    model = Night.model(120, 40)
    _ = press("xxa", &model)
    _ = press("x", &model)
    #expect(model.marks == [17, 18, 19])
    let report = ActReport(done: Array(Night.queue.prefix(2)), refused: [])
    _ = model.update(.acted(ActRequest(ids: [17, 18], act: .acknowledge), report))
    #expect(model.marks == [19])
  }

  @Test("the line of keys offers no act that would be refused")
  func offered() {
    var model = Night.model(120, 40)
    #expect(Golden.rows(View.draw(model, Night.look())).contains("a ack"))
    _ = model.update(.lost(BilingualText("gone"), again: 1))
    let rows = Golden.rows(View.draw(model, Night.look()))
    #expect(!rows.contains("a ack") && rows.contains("enter open"))
  }

  @Test("what is copied is one line that no shell and no terminal obeys")
  func copied() throws {
    var model = Night.model(120, 40)
    var item = Night.queue[0]
    item.row.subject = "x\nrm -rf /\u{1b}[201~\u{202e}"
    _ = model.update(.answered(try queue(model), Page(items: [item])))
    guard case .copy(let text)? = press("y", &model).first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.contains("rm -rf /") && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" })
  }

  @Test("t holds the pane where one stands, and the feed only there")
  func held() throws {
    var model = Night.model(120, 40)
    _ = press("\t\t\t", &model)
    #expect(model.focusedPanel?.name == "sites")
    _ = press("t", &model)
    #expect(!model.feed.isFrozen && model.held == ["overview/sites"])
  }

  @Test("that changes were dropped is said for a minute")
  func lagged() {
    var feed = Feed()
    feed.add([StreamItem(kind: .lagged, cursor: "c", time: Night.now)], at: Night.now)
    #expect(feed.hasLagged(Night.now.advanced(seconds: 59)) && !feed.hasLagged(Night.now.advanced(seconds: 61)))
  }
}
