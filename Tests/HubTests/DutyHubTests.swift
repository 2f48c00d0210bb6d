import ControlAPI
import Records
import Seam
import Services
import Store
import Testing
import Wire

@testable import Hub

/// The whole hub, through its socket.
@Suite struct DutyHubTests {
  private static func me(_ hub: RunningHub) async throws -> String {
    try await hub.client.call(API.writeDutyLog, DutyRemark(text: "who am I")).author ?? ""
  }

  private static func roster(_ people: [String]) -> String {
    """
    id: city
    zone: Asia/Shanghai
    layers:
      - {step: 1, people: [\(people[0])], rotation: daily, from: 2020-01-01}
      - {step: 2, people: [\(people[1])], rotation: daily, from: 2020-01-01}

    """
  }

  @Test(
    "a roster goes in, the watch is taken, an alert is paged to its holder, and a hub started again pages nobody twice")
  func restarted() async throws {
    let folder = try TestFolder()
    let change: (inout Configuration) -> Void = { $0.watch.acknowledgeCriticalSeconds = 3 }
    var hub = try await RunningHub(folder, change: change)
    let me = try await Self.me(hub)
    // People have no interface of their own yet: their documents are put as the store has them.
    await hub.end()
    let store = try Store(folder: hub.configuration.data.path, rules: .standard)
    try store.put(
      kind: "person",
      [me, "deputy"].map {
        (
          id: $0,
          value: Person(id: $0, name: BilingualText($0), role: .lead, addresses: [.init(.mail, "\($0)@example.gov")])
        )
      })
    store.close()
    hub = try await RunningHub(folder, change: change)
    let put = try await hub.client.call(
      API.setRoster, RosterRequest(name: "roster.yaml", text: Self.roster([me, "deputy"])))
    #expect(put.isInForce && put.remarks == ["step 3 has nobody: the chain is shorter"])
    let taken = try await hub.client.call(API.takeShift, ShiftTake())
    #expect(taken.shift.person == me)
    let wire = try SeamWire(hub.configuration.data.ingestSocket, source: "sensor-1")
    try wire.send(.batch(Lines.batch([Lines.alert(critical: true, second: 0)])))
    while let message = try await wire.receive() { if case .stored(_) = message { break } }
    var sent: [Dispatch] = []
    for _ in 0..<100 where sent.count < 2 {
      await hub.end()
      hub = try await RunningHub(folder, change: change)
      try await Task.sleep(for: .milliseconds(1200))
      sent = try await Self.dispatches(hub)
    }
    let watch = try #require(try await hub.client.call(API.overview).watch)
    #expect(watch.name == me && watch.isTaken)
    await hub.end()
    #expect(Set(sent.map(\.id)).count == sent.count)
    let steps = sent.filter { $0.kind == .page }.map { String($0.address.to.prefix { $0 != "@" }) }
    #expect(Array(steps.prefix(2)) == [me, "deputy"])
  }

  /// Out of a copy: the hub has the store.
  private static func dispatches(_ hub: RunningHub) async throws -> [Dispatch] {
    let folder = try TestFolder()
    _ = try await hub.client.call(API.backup, BackupRequest(path: folder.path + "/vigil.sqlite"))
    let store = try Store(folder: folder.path, rules: .standard)
    defer { store.close() }
    return try store.outbox(limit: 1000).reversed().filter { $0.channel == Dispatch.channel }
      .map { try RecordJSON.decode(Dispatch.self, from: $0.body) }
  }

  @Test("what an operator gets wrong is a sentence: a roster, a shift that is not his, a report that is not there")
  func mistakes() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    func problem(_ body: () async throws -> Void) async -> APIProblem? {
      do { try await body() } catch { return error as? APIProblem }
      return nil
    }
    let roster = await problem {
      _ = try await hub.client.call(
        API.setRoster, RosterRequest(name: "r.yaml", text: "id: a\nzone: Mars/Phobos\nlayers: []\n"))
    }
    #expect(roster?.sentence == "r.yaml:2:7: \"Mars/Phobos\" is no time zone")
    let shift = await problem { _ = try await hub.client.call(API.handOver, ShiftHandOver()) }
    #expect(shift?.sentence == "nobody has the watch" && shift?.code == .refused)
    #expect(shift?.words.zh == "当前无人值班；take it first: vigil duty take")
    let act = await problem { _ = try await hub.client.call(API.acceptChange, id: "none", AcceptRequest()) }
    #expect(act?.words.en == "there is no site none; see vigil sites list")
    #expect(act?.words.zh == "没有站点 none；see vigil sites list")
    let sign = await problem { _ = try await hub.client.call(API.signDutyReport, DutySignature(report: 9, name: "x")) }
    #expect(sign?.code == .notFound)
    let zero = await problem { _ = try await hub.client.call(API.makeDutyReport, DutyReportRequest(kind: .zero)) }
    #expect(zero?.sentence == "no guard period is in force")
    let guardList = await problem { _ = try await hub.client.call(API.guardChecklist, id: "none") }
    #expect(guardList?.code == .notFound)
    await hub.end()
  }
}
