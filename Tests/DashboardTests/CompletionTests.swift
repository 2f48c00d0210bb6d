import Testing
import Wire

@testable import Dashboard

@Suite("Completing what is typed")
struct CompletionTests {
  /// What stands there, `tab`s, and what stands there then.
  static let table: [(String, String, String)] = [
    ("/sev", "\t", "severity>="), ("/severity>=", "\t", "severity>="), ("/severity>=h", "\t", "severity>=high"),
    ("/state:new,ack", "\t", "state:new,acknowledged"), ("/(outcome:succ", "\t", "(outcome:succeeded"),
    ("/-site:tax", "\t", "-site:tax.example.gov"), ("/overdue:t", "\t", "overdue:true"),
    ("/state:new sev", "\t", "state:new severity>="), ("/s", "\t\t", "severity>="), ("/s", "\t\t\t", "state:"),
    ("/who:n", "\t", "who:night-2"), ("/zzz", "\t", "zzz"), (":esc", "\t", "escalate "),
    (":theme re", "\t", "theme red-green "),
    (":close fal", "\t", "close falsePositive "), (":screen du", "\t", "screen duty "),
    (":set org", "\t", "set organisation "),
    (":handover ni", "\t", "handover night-"), (":judge succ", "\t", "judge succeeded "),
    (":join 20", "\t", "join 2026-0007 "), (":filter severity>=cr", "\t", "filter severity>=critical "),
    ("@\u{15}li", "\t", "li"),
  ]

  @Test("as far as it is certain, then one after the other", arguments: table.indices)
  func completed(_ index: Int) {
    let (typed, tabs, wanted) = Self.table[index]
    var model = Night.model(120, 40)
    // What a row may join is known once it is open.
    if typed.hasPrefix(":join") { _ = model.go(.row(17)) }
    Night.answer(&model)
    var parser = InputParser()
    for key in parser.receive((typed + tabs).utf8) { _ = model.update(.key(key)) }
    #expect(model.prompt?.text == wanted, "\(typed)")
    _ = View.draw(model, Night.look(.zh))
  }

  @Test("whatever is completed is a filter that holds, or the beginning of one", arguments: [1, 2, 3])
  func holds(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      var model = Night.model(120, 40)
      _ = model.type("/")
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let pieces = ["s", "w", "or ", "(", "-", "site:", "who:", "state:", "n", ",", "2", "severity>=", "c", ") "]
        model.prompt?.text += pieces.randomElement(using: &random) ?? ""
        for _ in 0..<Int.random(in: 0...3, using: &random) { _ = model.update(.key(.tab)) }
      }
      let text = try #require(model.prompt?.text)
      #expect(text.count < 400)
      _ = View.draw(model, Night.look())
      _ = model.update(.key(.enter))
    }
  }
}
