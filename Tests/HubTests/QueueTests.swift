import ControlAPI
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// Lists, groups and bulk acts, by the hub's socket.
@Suite struct QueueTests {
  private static let inventory = """
    organisations:
      - {id: tax, name: {en: Tax Office, zh: 税务局}}
      - {id: tax-east, name: East, parent: tax}
      - {id: water, name: Water}
    sites:
      - {url: "http://a.example/", organisation: tax-east}
      - {url: "http://b.example/", organisation: water}
    """

  private func welcomed(_ hub: RunningHub, _ source: String) async throws -> SeamWire {
    let wire = try SeamWire(hub.configuration.data.ingestSocket, source: source)
    guard case .welcome? = try await wire.receive() else { throw APIProblem(.failed, "no welcome") }
    return wire
  }

  /// Up to which sequence; nil where the hub says another thing.
  private func stored(_ wire: SeamWire) async throws -> UInt64? {
    guard case .stored(let mark)? = try await wire.receive() else { return nil }
    return mark.last
  }

  private func filled(_ hub: RunningHub, rules: ClosedRange<Int> = 1...30) async throws {
    let wire = try await welcomed(hub, "sensor-1")
    let lines = rules.flatMap { sid in
      (0..<(sid == 1 ? 7 : 1)).map {
        Lines.alert(
          sid: sid, host: sid % 2 == 0 ? "a.example" : "b.example", second: sid + $0,
          source: "198.51.100.\(100 + sid)")
      }
    }
    try wire.send(.batch(Lines.batch(lines, first: 1)))
    #expect(try await stored(wire) == UInt64(lines.count))
  }

  @Test("pages go on behind each other, say how many there are, and are as of one moment")
  func pages() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await filled(hub)
    var request = ListRequest(sort: ["-count", "rule"], limit: 7)
    var page = try await hub.client.call(API.queue, request)
    #expect(page.total == 30 && page.asOf == 30 && page.items.first?.row.count == 7)
    var ids = page.items.map(\.id)
    while let next = page.next {
      request.after = next
      page = try await hub.client.call(API.queue, request)
      #expect(page.total == nil && page.asOf == 30)
      ids += page.items.map(\.id)
    }
    #expect(ids.count == 30 && Set(ids).count == 30)
    request.filter = "state:new"
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.queue, request) }
    let skipped = try await hub.client.call(API.queue, ListRequest(sort: ["-count", "rule"], limit: 5, offset: 12))
    #expect(skipped.items.map(\.id) == Array(ids[12..<17]))
    await hub.end()
  }

  @Test("rows are grouped by rule, by kept counts and by a filter alike; facets and names are asked for")
  func groups() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let imported = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "i.yaml", text: Self.inventory, dryRun: false))
    #expect(imported.problems.isEmpty)
    try await filled(hub)
    let kept = try await hub.client.call(API.queueGroups, GroupRequest(filter: "severity>=high", limit: 1000))
    let counted = try await hub.client.call(API.queueGroups, GroupRequest(filter: "severity>=high rule:*", limit: 1000))
    #expect(
      kept.items.map(\.value) == counted.items.map(\.value) && kept.items.map(\.rows) == counted.items.map(\.rows))
    #expect(kept.items.count == 30 && kept.items.allSatisfy { $0.title?.en == "web shell answered" })
    let sites = try await hub.client.call(API.queueGroups, GroupRequest(by: .site))
    #expect(sites.items.map(\.value) == ["a.example", "b.example"] && sites.items.map(\.rows) == [15, 15])
    for (filter, count) in [
      ("organisation:tax", 15), ("organisation:\"Tax Off*\"", 15), ("organisation:税务局 check:1:2", 1),
      ("organisation:east", 15),
      ("source:198.51.100.107", 1), ("source:198.51.100.1*", 30), ("source:198.51.100.8", 0),
      ("url:/A.php sensor:sensor-1", 30), ("assignee:me", 0),
    ] {
      let page = try await hub.client.call(API.queue, ListRequest(filter: filter))
      #expect(page.items.count == count, "\(filter)")
    }
    await hub.end()
  }

  @Test("an act on a query is on what was there, is told by its number, and is taken back as one")
  func bulk() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await filled(hub)
    let page = try await hub.client.call(API.queue, ListRequest(filter: "state:new", limit: 3))
    let wire = try await welcomed(hub, "sensor-2")
    try wire.send(.batch(Lines.batch([Lines.alert(sid: 99)], source: "sensor-2")))
    #expect(try await stored(wire) == 1)
    let report = try await hub.client.call(
      API.act, ActRequest(query: ActQuery(filter: "state:new", asOf: page.asOf), act: .close, verdict: .benign))
    #expect(report.count == 30 && report.refusals == 0)
    let left = try await hub.client.call(API.queue, ListRequest(filter: "state:new"))
    #expect(left.items.map(\.row.check) == ["1:99"])
    let bulk = try #require(report.bulk)
    _ = try await hub.client.call(API.act, ActRequest(ids: [5], act: .assign, assignee: "zhao"))
    let undone = try await hub.client.call(API.act, ActRequest(bulk: bulk, act: .undo))
    #expect(undone.count == 29 && undone.refused.map(\.id) == [5])
    #expect(try await hub.client.call(API.queue, ListRequest(filter: "state:new")).total == 30)
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.act, ActRequest(bulk: bulk, act: .undo)) }
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.act, ActRequest(bulk: 77, act: .undo)) }
    let audit = try await hub.client.call(API.audit, ListRequest(filter: "act:bulk* on:bulk/\(bulk)"))
    #expect(audit.items.map(\.act) == ["bulk undo", "bulk close"] && audit.items.last?.after == "30 rows of state:new")
    await hub.end()
  }

  @Test("a row's alerts are listed by a filter, page by page")
  func alerts() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await filled(hub)
    let row = try #require(try await hub.client.call(API.queue, ListRequest(filter: "check:1:1")).items.first).id
    var request = ListRequest(filter: "url:/a* -status:404", limit: 3)
    var counts: [Int] = []
    while true {
      let page = try await hub.client.call(API.rowAlerts, id: String(row), request)
      counts.append(page.items.count)
      guard let next = page.next else { break }
      request.after = next
    }
    #expect(counts == [3, 3, 1])
    let none = try await hub.client.call(API.rowAlerts, id: String(row), ListRequest(filter: "status:404"))
    #expect(none.items.isEmpty && none.next == nil)
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.rowAlerts, id: "9999", ListRequest()) }
    #expect(try await hub.client.call(API.queueRow, id: String(row)).alertsKept == 7)
    await hub.end()
  }
}
