import ControlAPI
import Records
import Testing
import Wire

@testable import Dashboard

@Suite("Keys and messages into state")
struct UpdateTests {
  /// A key on the overview with the worst row selected, and what it asks for.
  static let actTable: [(String, ActRequest)] = [
    ("a", ActRequest(ids: [17], act: .acknowledge)), ("e", ActRequest(ids: [17], act: .escalate)),
    ("u", ActRequest(ids: [17], act: .undo)), ("cf", ActRequest(ids: [17], act: .close, verdict: .falsePositive)),
    ("z\r", ActRequest(ids: [17], act: .shelve, until: Night.now.advanced(seconds: 7200))),
    ("@\r", ActRequest(ids: [17], act: .assign, assignee: "night-1")),
    ("@\u{15}-\r", ActRequest(ids: [17], act: .assign)),
    ("mseen it\r", ActRequest(ids: [17], act: .comment, comment: "seen it")),
    ("ja", ActRequest(ids: [18], act: .acknowledge)), ("xxa", ActRequest(ids: [17, 18], act: .acknowledge)),
    (":close benign\r", ActRequest(ids: [17], act: .close, verdict: .benign)),
    (":shelve 30m\r", ActRequest(ids: [17], act: .shelve, until: Night.now.advanced(seconds: 1800))),
    (":ack\r", ActRequest(ids: [17], act: .acknowledge)), ("Ga", ActRequest(ids: [22], act: .acknowledge)),
    ("jj*1a", ActRequest(ids: [17, 19, 21], act: .acknowledge)),
  ]

  /// What the list of rows asks.
  private func queue(_ model: Model) -> Question? {
    model.wants.map(\.question).first { $0.description.hasPrefix("/v1/queue ") }
  }

  private func press(_ text: String, _ model: inout Model) -> [Effect] {
    var parser = InputParser()
    return parser.receive(text.utf8).flatMap { model.update(.key($0)) }
  }

  @Test("each act asks the hub for exactly that", arguments: actTable)
  func acts(_ keys: String, _ request: ActRequest) {
    var model = Night.model(120, 40)
    #expect(press(keys, &model) == [.act(request)])
    #expect(model.prompt == nil)
  }

  @Test(
    "nothing is asked read-only or without the hub, and that is said",
    arguments: ["a", "e", "u", "U", "c", "z", "@", "m", ".", ":ack\r", ":case\r", ":take\r"])
  func refused(_ keys: String) {
    var model = Night.model(120, 40)
    model.isReadOnly = true
    #expect(press(keys, &model) == [])
    #expect(
      model.notice
        == Model.Notice(
          text: BilingualText(en: "read-only: this dashboard does not act", zh: "只读：不执行操作"), isProblem: true,
          until: Night.now.advanced(seconds: 6)))
    var lost = Night.model(120, 40)
    _ = lost.update(.lost(BilingualText("gone"), again: 1))
    #expect(press(keys, &lost) == [])
    #expect(lost.notice?.text.en == "not connected: nothing is done")
    #expect(model.prompt == nil && lost.prompt == nil)
  }

  @Test("what is pasted presses nothing; where a text is typed it is put in")
  func pasted() {
    var model = Night.model(120, 40)
    #expect(press("\u{1b}[200~aecfq\r\u{1b}[201~", &model) == [])
    #expect(model.place == .screen("overview") && model.prompt == nil && model.notice == nil)
    #expect(press("c\u{1b}[200~t\u{1b}[201~", &model) == [] && model.prompt != nil)
    _ = model.update(.key(.escape))
    let effects = press("m\u{1b}[200~called\nthe bureau\u{1b}[201~\r", &model)
    #expect(effects == [.act(ActRequest(ids: [17], act: .comment, comment: "called the bureau"))])
  }

  @Test("a verdict is one of the letters; escape asks for nothing")
  func verdict() {
    var model = Night.model(120, 40)
    #expect(press("cq", &model) == [])
    #expect(model.prompt?.problem?.en == "one of these letters, or esc")
    #expect(model.update(.key(.escape)) == [])
    #expect(model.prompt == nil)
  }

  @Test("a time beyond a day is asked for again")
  func shelveTooLong() {
    var model = Night.model(120, 40)
    #expect(press("z\u{15}25h\r", &model) == [])
    #expect(model.prompt?.problem?.en == "\"25h\" is no time up to 24h")
  }

  @Test("a filter goes into the hub's question; a wrong one is told before it is asked")
  func filter() {
    var model = Night.model(120, 40)
    #expect(press("/severty:high\r", &model) == [])
    #expect(model.prompt?.problem?.en == "filter:1: no field is called severty; did you mean severity?")
    #expect(press("\u{15}severity:high\r", &model) == [])
    #expect(
      model.wants.map(\.question.description) == [
        "/v1/overview", "/v1/queue limit=200 filter=(state:new,acknowledged,escalated organisation:*) (severity:high)",
        "/v1/people/me",
      ])
    #expect(model.update(.key(.escape)) == [])
    #expect(model.filters == [:])
  }

  @Test("an answer to an old question is not shown")
  func oldAnswer() throws {
    var model = Night.model(120, 40)
    let old = try #require(queue(model))
    _ = press("/severity:high\r", &model)
    let new = try #require(queue(model))
    #expect(new != old && model.listings["overview/queue"] == nil, "what was asked before is not what is asked now")
    _ = model.update(.answered(new, Page(items: Night.queue)))
    _ = model.update(.answered(old, Page<QueueItem>(items: [])))
    #expect(model.listings["overview/queue"]?.entries.count == 5)
  }

  @Test("the selection stays on its row when others come above it, and on its place when it goes")
  func selection() throws {
    var model = Night.model(120, 40)
    let request = try #require(queue(model))
    _ = press("jj", &model)
    #expect(model.currentRow == 19)
    let newer = Night.row(30, .critical, BilingualText("new"), site: "x")
    _ = model.update(.answered(request, Page(items: [newer] + Night.queue)))
    #expect(model.currentRow == 19)
    _ = model.update(.answered(request, Page(items: [newer] + Night.queue.filter { $0.id != 19 })))
    #expect(model.currentRow == 21)
    _ = model.update(.answered(request, Page<QueueItem>(items: [])))
    #expect(model.currentRow == nil)
    #expect(press("a", &model) == [])
    #expect(model.notice?.text.en == "select a row of the queue first")
  }

  @Test("what the hub did is shown at once; what it refused is said")
  func acted() {
    var model = Night.model(120, 40)
    var item = Night.queue[0]
    item.row.triage.state = .acknowledged
    let request = ActRequest(ids: [17], act: .acknowledge)
    #expect(model.update(.acted(request, ActReport(done: [item], refused: []))) == [.refresh])
    #expect((model.listings["overview/queue"]?.entries.first as? QueueItem)?.row.triage.state == .acknowledged)
    #expect(model.notice?.text == BilingualText(en: "ack: row 17", zh: "确认：第 17 行"))
    let refusal = ActReport(done: [], refused: [.init(id: 17, reason: "it is closed")])
    _ = model.update(.acted(request, refusal))
    #expect(model.notice?.text.en == "row 17: it is closed")
    _ = model.update(.clock(Night.now.advanced(seconds: 7)))
    #expect(model.notice == nil)
  }

  @Test("walking: a row, its site, back, back; a detail that comes late is not shown")
  func walking() {
    var model = Night.model(120, 40)
    #expect(press("\r", &model) == [] && model.wants.contains { $0.question == .row(17) })
    _ = model.update(.answered(.row(18), Samples.findingDetail))
    #expect(model.row == nil)
    _ = model.update(.answered(.row(17), Samples.alertDetail))
    #expect(model.row?.item.id == 17)
    #expect(press("o", &model) == [] && model.wants.contains { $0.question == .site("tax.example.gov") })
    #expect(model.place == .site("tax.example.gov"))
    #expect(press("q", &model) == [])
    #expect(model.place == .row(17))
    #expect(press("q", &model) == [])
    #expect(model.place == .screen("overview"))
    #expect(press("q", &model) == [.quit])
  }

  @Test("tab walks the panes; a site opens from its cell; a frozen feed holds what comes")
  func panes() {
    var model = Night.model(120, 40)
    #expect(model.focusedPanel?.name == "queue")
    _ = press("\t", &model)
    #expect(model.focusedPanel?.name == "feed")
    #expect(press("\r", &model) == [] && model.place == .row(17))
    _ = press("q", &model)
    _ = press("t", &model)
    _ = model.update(.streamed([Night.alert("later", seen: 1)]))
    #expect(model.feed.entries.count == 2 && model.feed.held.count == 1)
    _ = press("t", &model)
    #expect(model.feed.entries.map(\.title.en) == ["later", "web shell answered a command", "ET SCAN Nmap probe"])
    _ = press("\t\t", &model)
    #expect(model.focusedPanel?.name == "sites")
    #expect(press("l\r", &model) == [] && model.place == .site("budget.example.gov"))
  }

  @Test("what streams in is the same on the screen in one piece as one by one, and a row has what was said of it last")
  func pieces() throws {
    let items = (0..<1200).map { number -> StreamItem in
      guard number % 3 == 0 else { return Night.alert("alert \(number)", seen: 1, row: Night.queue[number % 4]) }
      var row = Night.queue[number % 5]
      row.row.count = 1000 + Int64(number)
      return StreamItem(kind: .row, change: .counted, cursor: "c", time: Night.now, row: row)
    }
    var whole = Night.model(120, 40)
    var single = whole
    _ = whole.update(.streamed(items))
    for item in items { _ = single.update(.streamed([item])) }
    #expect(whole.feed.entries == single.feed.entries && whole.feed.entries.count == Feed.longest)
    #expect(View.draw(whole, Night.look(.en, .full)) == View.draw(single, Night.look(.en, .full)))
    let panel = try #require(whole.definition?.panel("queue"))
    let counts = Dictionary(whole.entries(panel).map { ($0.actRow, $0.value(.count)) }) { $1 }
    for row in Night.queue {
      let last = items.last { $0.kind == .row && $0.row?.id == row.id }?.row?.row.count
      #expect(counts[row.id] == last.map { .count($0) })
    }
  }

  @Test("without the hub every figure is old, with its age; with it back, new")
  func staleness() throws {
    var model = Night.model(120, 40)
    let panel = try #require(model.definition?.panel("queue"))
    #expect(!model.isOld && !model.isOld(panel))
    _ = model.update(.lost(BilingualText("gone"), again: 1))
    _ = model.update(.clock(Night.now.advanced(seconds: 12)))
    _ = model.update(.lost(BilingualText("still gone"), again: 8))
    #expect(model.isOld && model.isOld(panel))
    let again = Night.now.advanced(seconds: 20)
    #expect(model.link == .lost(since: Night.now, reason: BilingualText("still gone"), again: again))
    let title = PanelTitle.line(panel, model, Night.look()).runs.map(\.text).joined()
    #expect(title.hasPrefix("queue - 12 s old - "))
    #expect(PanelTitle.line(panel, model, Night.look(.zh)).runs.map(\.text).joined().hasPrefix("待办队列 - 12 秒前"))
    _ = model.update(.connected)
    #expect(!model.isOld(panel), "it is not older than a list may be")
    _ = model.update(.clock(Night.now.advanced(seconds: 60)))
    #expect(model.isOld(panel), "connected, but nothing came for a minute")
    Night.answer(&model)
    #expect(!model.isOld && !model.isOld(panel))
  }

  @Test("a list that the hub refuses keeps what it had, as old, and says why")
  func refusedList() throws {
    var model = Night.model(120, 40)
    let question = try #require(queue(model))
    _ = model.update(.refused(question, BilingualText("the question took too long; narrow it")))
    let text = Golden.rows(View.draw(model, Night.look()))
    #expect(text.contains("! the question took too long; narrow it") && text.contains("tax.example.gov"))
    _ = model.update(.answered(question, Page(items: Night.queue)))
    #expect(!Golden.rows(View.draw(model, Night.look())).contains("took too long"))
  }

  @Test("what the hub refuses, and that it is not there, is said in the screen's language")
  func refusals() {
    var model = Night.model(120, 40)
    let problem = APIProblem(.refused, "nobody has the watch", zh: "当前无人值班", hint: "vigil duty take")
    _ = model.update(.failed(BilingualText(problem)))
    #expect(Golden.rows(View.draw(model, Night.look())).contains("nobody has the watch; vigil duty take"))
    #expect(Golden.rows(View.draw(model, Night.look(.zh))).contains("当前无人值班；vigil duty take"))
    let report = ActReport(done: [], refused: [.init(id: 17, reason: "the row is closed", zh: "该行已关闭")])
    _ = model.update(.acted(ActRequest(ids: [17], act: .acknowledge), report))
    #expect(Golden.rows(View.draw(model, Night.look(.zh))).contains("第 17 行：该行已关闭"))
    let gone = OperatorMistake(
      "client.noHub", at: "/run/api.sock", "no hub answers there", zh: "中枢未应答", hint: "vigil up")
    _ = model.update(.lost(BilingualText(gone), again: 1))
    #expect(Golden.rows(View.draw(model, Night.look(.zh))).contains("/run/api.sock：中枢未应答；vigil up"))
    #expect(Golden.rows(View.draw(model, Night.look())).contains("/run/api.sock: no hub answers there; vigil up"))
  }

  @Test("a file with a mistake keeps its screen as it was, others change, and the foot line says why")
  func hotReload() {
    var model = Night.model(120, 40)
    var changed = TestScreens.installed.filter { $0.id != "overview" }
    for index in changed.indices { changed[index].refreshSeconds = 9 }
    let problem = "overview.yaml:3:1: unknown key \"x\""
    let file = TestScreens.overview.file
    #expect(model.update(.definitions(.init(definitions: changed, wrong: [file], problem: problem))) == [])
    #expect(model.definition == TestScreens.overview)
    #expect(model.definitions.count == 7 && model.definitions.count { $0.refreshSeconds == 9 } == 6)
    #expect(Golden.rows(View.draw(model, Night.look())).hasSuffix("! \(problem)\n"))
    _ = model.update(.definitions(.init(definitions: TestScreens.installed)))
    #expect(model.definitions.allSatisfy { $0.refreshSeconds != 9 } && model.definitionProblem == nil)
  }

  @Test("a screen whose file is gone is left for the overview")
  func screenGone() {
    var model = Night.model(120, 40)
    _ = press("5", &model)
    #expect(model.place == .screen("duty"))
    _ = model.update(.definitions(.init(definitions: TestScreens.installed.filter { $0.id != "duty" })))
    #expect(model.place == .screen("overview") && model.definition != nil)
  }

  @Test("commands complete, and a mistyped one is corrected")
  func commands() {
    var model = Night.model(120, 40)
    #expect(model.completed("esc") == "escalate")
    #expect(model.completed("c") == nil)
    _ = press(":thme light\r", &model)
    #expect(model.notice?.text.en == "no command is called thme; did you mean theme?")
    _ = press(":theme red-green\r", &model)
    #expect(model.theme == .redGreen)
    #expect(press(":q\r", &model) == [.quit])
  }

  @Test("any keys at any size leave a whole screen", arguments: [1, 2, 3, 4, 5, 6])
  func randomWalk(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var model = Night.model(80, 24)
    let keys: [Key] =
      Array("jkgGtxaecz@mu.Uny/:?*1yo012345[]qhl -f中").map { .character($0) } + [
        .enter, .escape, .tab, .backspace, .up, .pageDown,
      ]
    var shown: Grid?
    for step in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        _ = model.update(
          .resized(Size(columns: .random(in: 1...160, using: &random), rows: .random(in: 1...50, using: &random))))
      case 1:
        let row = Night.queue.randomElement(using: &random)
        _ = model.update(.streamed([Night.alert("步骤 \(step)", seen: 1, row: row)]))
      case 2: _ = model.update(step % 2 == 0 ? .lost(BilingualText("x"), again: 1) : .connected)
      case 3: Night.answer(&model)
      default: _ = model.update(.key(keys.randomElement(using: &random) ?? .escape))
      }
      if model.place == .row(17), step % 3 == 0 { _ = model.update(.answered(.row(17), Samples.alertDetail)) }
      let look = Night.look(step % 2 == 0 ? .en : .zh, .full)
      let grid = View.draw(model, look)
      #expect(grid.size == model.size)
      for y in 0..<grid.size.rows {
        guard grid.row(y).reduce(0, { $0 + Int($1.width) }) == grid.size.columns else {
          Issue.record("seed \(seed), step \(step), row \(y)")
          return
        }
      }
      let screen = VirtualScreen(
        shown, FrameWriter.bytes(from: shown, to: grid), size: grid.size,
        ambiguousIsWide: look.capabilities.ambiguousIsWide)
      #expect(screen.matches(grid), "step \(step)")
      shown = grid
    }
  }
}
