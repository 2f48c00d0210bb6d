import Records
import Testing
import Wire

@testable import Store

@Suite("Texts of rules, kept once")
struct RuleTextTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func batch(_ rules: [RuleText], first: UInt64) throws -> RecordBatch {
    RecordBatch(
      source: "s1", boot: 1, first: first,
      records: try rules.map { BatchRecord(kind: .rule, bytes: try RecordJSON.encode($0)) })
  }

  @Test("an alert that is opened shows its rule as the sensor told it last")
  func told() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line(sid: 7)]))
    let row = try #require(try store.rows().first).id
    #expect(try store.detail(row).rule == nil)
    var rule = RuleText(gid: 1, sid: 7, rev: 1, text: "alert tcp any any -> any any (sid:7;)")
    try store.take(try batch([rule, RuleText(gid: 1, sid: 7, rev: 2, text: "another revision")], first: 2))
    #expect(try store.detail(row).rule == rule)
    rule.text = "alert udp any any -> any any (sid:7;)"
    let again = try store.take(try batch([rule], first: 4))
    #expect(again.unreadable == 0 && again.changes.isEmpty)
    #expect(try store.detail(row).rule == rule)
  }

  @Test("a rule that comes within Suricata's alerts is kept beside them")
  func ofSuricata() throws {
    let store = try Store.open(folder)
    let text = #"alert http any any -> any any (msg:\"a\"; sid:7;)"#
    let line = String(decoding: Sample.line(sid: 7), as: UTF8.self)
      .replacing(#""severity":2}"#, with: #""severity":2,"rule":"\#(text)"}"#)
    try store.take(Sample.alerts([Array(line.utf8), Array(line.utf8)]))
    let detail = try store.detail(try #require(try store.rows().first).id)
    #expect(detail.rule?.text == #"alert http any any -> any any (msg:"a"; sid:7;)"#)
    #expect(detail.alerts.count == 2)
  }

  @Test("a text over the limit is not kept, and of too many those told longest ago go")
  func limits() throws {
    let store = try Store.open(folder)
    let long = RuleText(gid: 1, sid: 1, rev: 1, text: String(repeating: "a", count: RuleText.limit + 1))
    #expect(try store.take(try batch([long], first: 1)).unreadable == 0)
    for sid in 2...5 {
      let rule = RuleText(gid: 1, sid: UInt32(sid), rev: 1, text: "rule \(sid)")
      try store.take(try batch([rule], first: UInt64(sid)), at: Sample.start.advanced(seconds: Double(sid)))
    }
    let kept = try store.write { db in
      #expect(try RuleTextTable.trim(db, to: 2) == 2)
      return try (1...5).filter {
        let signature = AlertRecord.Signature(sid: UInt32($0), rev: 1, message: "", severity: .low)
        return try RuleTextTable.text(db, of: signature) != nil
      }
    }
    #expect(kept == [4, 5])
  }
}
