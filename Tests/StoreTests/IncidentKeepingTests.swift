import GRDB
import Records
import Services
import Testing
import Wire

@testable import Store

struct IncidentKeepingTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(folder)
  }

  private func draft(_ title: String = "case") -> Incident {
    Incident(title: title, kind: .attack, opened: Sample.start, openedBy: "li")
  }
  private func open(_ rows: [Int64] = [], year: Int64 = 2026) throws -> Incident {
    try store.openIncident(draft(), rows: rows, sites: [], year: year, by: Sample.actor, at: Sample.start).incident
  }
  @discardableResult private func act(_ act: IncidentAct, _ id: String) throws -> IncidentChange {
    try store.act(act, onIncident: id, by: Sample.actor, at: Sample.start, rule: IncidentMachine.apply)
  }
  private func close(_ id: String) throws {
    for next: IncidentAct in [
      .setLevel(.four, reason: "r"), .setLead("li"), .recordAwareness(Sample.start, reason: "r"),
      .step(.contained, proof: "p", at: nil), .step(.recovered, proof: "p", at: nil),
      .step(.closed, proof: "p", at: nil),
    ] { try act(next, id) }
  }

  @Test("Numbers run by the year, across a restart, and what was refused takes none")
  func numbers() throws {
    #expect(try (1...3).map { _ in try open().id } == ["2026-0001", "2026-0002", "2026-0003"])
    #expect(throws: StoreError.self) { try open([99]) }
    #expect(try open(year: 2027).id == "2027-0001")
    store.close()
    let again = try Store.open(folder)
    let next = try again.openIncident(draft(), rows: [], sites: [], year: 2026, by: Sample.actor, at: Sample.start)
    #expect(next.incident.id == "2026-0004")
    #expect(try again.incidents().map(\.id) == ["2027-0001", "2026-0004", "2026-0003", "2026-0002", "2026-0001"])
    again.close()
  }

  @Test("A row joins one open case, is escalated by it with an audit of its own, and brings its site")
  func joining() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1), Sample.line(sid: 2, host: "b.example")]))
    let first = try open([1])
    #expect(try store.row(1).triage.state == .escalated && store.row(1).incident == first.id)
    #expect(try store.incidentSites(first.id) == ["a.example"])
    #expect(try store.audit(subject: "queue/1").map(\.act) == ["escalate"])
    let refusal = StoreError(
      .refused, "row 1 is in the open incident \(first.id) already", zh: "第 1 行已在未结事件 \(first.id) 中")
    #expect(throws: refusal) { try open([2, 1]) }
    #expect(try store.row(2).triage.state == .new, "what was refused changed nothing")
    try act(.join(rows: [2], sites: ["c"]), first.id)
    #expect(try store.incidentSites(first.id) == ["a.example", "b.example", "c"])
    // The incident outlives what batches do to the row.
    try store.take(Sample.alerts([Sample.line(sid: 1, severity: 1)], first: 3))
    #expect(try store.row(1).incident == first.id && store.row(1).count == 2)
    try act(.remove(rows: [2], sites: ["c"], reason: "another actor"), first.id)
    #expect(try store.row(2).incident == nil)
    #expect(try store.incidentRows(first.id).map { $0.removed == nil } == [true, false])
    #expect(throws: StoreError.self) { try act(.remove(rows: [2], sites: [], reason: "again"), first.id) }
    _ = try open([2])
  }

  @Test("A closed case lets its rows go, and one that is opened again takes those back that no other has")
  func closing() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1), Sample.line(sid: 2)]))
    let first = try open([1, 2])
    try close(first.id)
    #expect(try store.row(1).incident == nil && store.row(2).incident == nil)
    let second = try open([2])
    try act(.reopen(reason: "it came back"), first.id)
    #expect(try store.row(1).incident == first.id && store.row(2).incident == second.id)
  }

  @Test("Retention leaves the rows of an open case, and takes them when it is closed; the case keeps what they were")
  func retention() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1)]))
    let incident = try open([1])
    _ = try store.act(.close(.truePositive), on: 1, by: Sample.actor, at: Sample.start)
    let later = Sample.start.advanced(seconds: 400 * 86_400)
    #expect(try store.retain(RetentionPolicy(), now: later).rows == 0)
    try close(incident.id)
    #expect(try store.retain(RetentionPolicy(), now: later).rows == 1)
    #expect(try store.incidentRows(incident.id).map(\.title.en) == ["rule 1"])
  }

  @Test("Every act is a line of the log and an entry of the audit, with what was before; the log cannot be changed")
  func ledger() throws {
    let incident = try open()
    try act(.setLevel(.two, reason: "seven hours"), incident.id)
    try act(.log("called the operator"), incident.id)
    #expect(throws: StoreError.self) { try act(.step(.closed, proof: "p", at: nil), incident.id) }
    let log = try store.incidentLog(incident.id)
    #expect(log.map(\.kind) == [.opened, .level, .log])
    #expect(log.map(\.text) == ["case", "II: seven hours", "called the operator"])
    let audit = try store.audit(subject: "incident/\(incident.id)")
    #expect(audit.map(\.act) == ["log", "set level", "open incident"])
    #expect(
      audit[1].before == "open, level -, lead -, attack"
        && audit[1].after == "open, level II, lead -, attack; II: seven hours")
    for sql in ["UPDATE incidentLog SET text = ''", "DELETE FROM incidentLog", "DELETE FROM incident"] {
      #expect(throws: (any Error).self) { try store.write { db in try db.execute(sql: sql) } }
    }
  }

  @Test("A write that fails leaves no half of a case")
  func failing() throws {
    try store.take(Sample.alerts([Sample.line(sid: 1)]))
    #expect(throws: StoreError.self) {
      try store.openIncident(draft(), rows: [1, 77], sites: [], year: 2026, by: Sample.actor, at: Sample.start)
    }
    #expect(try store.incidents().isEmpty && store.row(1).incident == nil && store.row(1).triage.state == .new)
    #expect(try store.audit().isEmpty)
  }

  /// What the store must be after any run of acts: who has which row, and which case is open.
  private struct Model {
    var members: [String: Set<Int64>] = [:]
    var open: Set<String> = []
    var held: [Int64: String] = [:]

    mutating func reopen(_ id: String) {
      open.insert(id)
      for row in members[id] ?? [] where held[row] == nil { held[row] = id }
    }
    mutating func close(_ id: String) {
      open.remove(id)
      held = held.filter { $0.value != id }
    }
  }

  @Test("A walk of cases that open, take, lose, close and open again never leaves a row in two", arguments: 0..<8)
  func walk(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let rows = (1...5).map { Int64($0) }
    try store.take(Sample.alerts(rows.map { Sample.line(sid: Int($0)) }))
    var model = Model()
    for step in 0..<60 {
      let picked = Array(rows.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
      let id = model.members.keys.sorted().randomElement(using: &random)
      switch (Int.random(in: 0..<5, using: &random), id) {
      case (0, _), (_, nil):
        let opened = try? open(picked)
        let isFree = picked.allSatisfy { model.held[$0] == nil }
        #expect((opened != nil) == isFree, "seed \(seed) step \(step)")
        guard let opened else { continue }
        model.members[opened.id] = Set(picked)
        model.reopen(opened.id)
      case (1, let id?):
        let isDone = (try? act(.join(rows: picked, sites: []), id)) != nil
        let isFree = model.open.contains(id) && picked.allSatisfy { model.held[$0] == nil || model.held[$0] == id }
        #expect(isDone == isFree, "seed \(seed) step \(step)")
        guard isDone else { continue }
        model.members[id, default: []].formUnion(picked)
        for row in picked { model.held[row] = id }
      case (2, let id?):
        let isDone = (try? act(.remove(rows: picked, sites: [], reason: "r"), id)) != nil
        let isThere = model.open.contains(id) && model.members[id]?.isSuperset(of: picked) ?? false
        #expect(isDone == isThere, "seed \(seed) step \(step)")
        guard isDone else { continue }
        model.members[id]?.subtract(picked)
        for row in picked where model.held[row] == id { model.held[row] = nil }
      case (3, let id?):
        guard model.open.contains(id) else { continue }
        try close(id)
        model.close(id)
      case (_, let id?):
        guard !model.open.contains(id) else { continue }
        try act(.reopen(reason: "r"), id)
        model.reopen(id)
      }
      for row in rows {
        #expect(try store.row(row).incident == model.held[row], "seed \(seed) step \(step) row \(row)")
      }
    }
    #expect(model.members.count >= 2, "seed \(seed)")
  }
}
