import ControlAPI
import Foundation
import Glibc
import Logging
import Records
import Seam
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(3))) struct EventStreamTests {
  @Test(
    "Events are asked for by their type, and by no weight of nothing",
    arguments: [
      (["text/event-stream"], true), (["application/json, text/event-stream;q=0.5"], true),
      (["application/json", "Text/Event-Stream"], true), (["text/event-stream;q=0"], false),
      (["text/event-stream; charset=utf-8; q=0.0"], false), (["*/*"], false), ([], false),
      (["text/event-streams"], false),
      ([", ;,;q=,"], false),
    ] as [([String], Bool)])
  func accept(accept: [String], isAsked: Bool) { #expect(EventStream.isAsked(accept) == isAsked) }

  private static func core(_ store: Store) throws -> HubCore {
    try HubCore(
      configuration: Configuration(), store: store, engines: [],
      tree: try IndicatorReader.read(folder: Checkout.folder + "/Rules/posture"),
      guide: try GradingGuideReader.read(path: Checkout.folder + "/Rules/grading/incidents.yaml"), content: nil,
      notices: try NoticeRulesReader.read(folder: Checkout.folder + "/Rules/notices"), clock: .system,
      logger: Logger(label: "test"))
  }

  /// Of whoever runs the test: the hub's own user.
  private static func scope(_ core: HubCore) async throws -> Scope {
    let user = geteuid()
    let access = await core.access
    let asker = try #require(access.asker(user: user, named: Peer.name(of: user)))
    return Scope(
      id: "", asker: asker, purview: access.purview(of: asker), actor: Actor(name: asker.person.id, origin: "test"),
      role: .viewer, user: user, access: access, clock: .system)
  }

  @Test("An event has the cursor as its id and one line of data; a beat is a comment that moves the place on")
  func form() throws {
    let item = StreamItem(kind: .lagged, cursor: "a3.r1", time: Timestamp(seconds: 1))
    let text = String(decoding: try EventStream.bytes(item), as: UTF8.self)
    #expect(text.hasPrefix("id: a3.r1\nevent: lagged\ndata: {") && text.hasSuffix("}\n\n"))
    #expect(text.split(separator: "\n").count == 3)
    let beat = StreamItem(kind: .beat, cursor: "a4.r1", time: Timestamp(seconds: 1))
    #expect(String(decoding: try EventStream.bytes(beat), as: UTF8.self) == ": beat\nid: a4.r1\n\n")
  }

  @Test("A client that is cut at 200 random places and comes again sees each alert and each new row once")
  func cuts() async throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let (socket, ingest) = (hub.configuration.data.apiSocket, hub.configuration.data.ingestSocket)
    let alerts = 1200
    let sending = Task {
      let wire = try SeamWire(ingest)
      _ = try await wire.receive()
      var random = SeededRandom(seed: seed &+ 1)
      var first = 1
      while first <= alerts {
        let count = min(Int.random(in: 1...60, using: &random), alerts - first + 1)
        let lines = (first..<(first + count)).map { Lines.alert(sid: $0 % 150 + 1) }
        try wire.send(.batch(Lines.batch(lines, first: UInt64(first))))
        _ = try await wire.receive()
        first += count
      }
    }
    var (last, seenAlerts, seenRows, cut) = ("a0.r0", [String: Int](), [Int64: Int](), 0)
    while cut < 200 || seenAlerts.count < alerts {
      let wire = try EventWire(socket, lastID: last)
      let isLastLook = cut >= 200
      let known = seenAlerts.count
      let events = try await wire.read(isLastLook ? .max : Int.random(in: 1...9000, using: &random)) { events in
        isLastLook && known + events.count { $0.name == "alert" } >= alerts
      }
      if let head = wire.head { #expect(head.contains("text/event-stream")) }
      for event in events {
        if let id = event.id { last = id }
        guard let data = event.data else { continue }
        let item = try RecordJSON.decode(StreamItem.self, from: data)
        #expect(item.cursor == event.id && item.kind.rawValue == event.name)
        if item.kind == .alert { seenAlerts[item.cursor, default: 0] += 1 }
        if item.kind == .row, item.change == .made, let row = item.row?.row.id { seenRows[row, default: 0] += 1 }
      }
      cut += 1
      try #require(cut < 2000, "seed \(seed): only \(seenAlerts.count) alerts came")
    }
    try await sending.value
    #expect(seenAlerts.count == alerts && seenAlerts.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    // How many there are is the folding's matter: rules of one source become one row.
    #expect(!seenRows.isEmpty && seenRows.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    print("figure: \(cut) connections cut, \(alerts) alerts and \(seenRows.count) rows seen once each, seed \(seed)")
    await hub.end()
  }

  @Test("The retry comes first, an id that is none is refused, and without the type the stream is lines as before")
  func forms() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let socket = hub.configuration.data.apiSocket
    let events = try await EventWire(socket).read(.max) { !$0.isEmpty }
    #expect(events.first?.retry == "2000")
    let wrong = try EventWire(socket, lastID: "17")
    try await wrong.readHead()
    #expect(wrong.head?.hasPrefix("HTTP/1.1 400") == true)
    let lines = try EventWire(socket, accept: "*/*")
    let beats = try await lines.read(1)
    #expect(beats.isEmpty && lines.head?.contains("application/x-ndjson") == true)
    await hub.end()
  }

  @Test("A client that does not read holds a bounded number of changes, is told that it lags, and misses no alert")
  func slow() async throws {
    let folder = try TestFolder()
    let store = try Store(folder: folder.path + "/data", rules: .standard)
    let core = try Self.core(store)
    _ = try await core.store(Lines.batch((1...20).map { Lines.alert(sid: $0) }))
    let stream = try LiveStream(
      core: core, request: StreamRequest(), context: FilterContext(), scope: try await Self.scope(core))
    var reader = stream.makeAsyncIterator()
    let row = core.item(try #require(try store.rows().first))
    let changes = 60_000
    for _ in 0..<changes {
      core.feed.publish([
        .item(StreamItem(kind: .row, change: .acted, cursor: "", time: WallClock.system.now(), row: row))
      ])
    }
    _ = try await core.store(Lines.batch((1...5).map { Lines.alert(sid: 100 + $0) }, first: 21))
    core.feed.finish()
    var (acted, lagged, alerts) = (0, 0, 0)
    while let piece = try await reader.next() {
      #expect(!piece.isEmpty)
      lagged += piece.count { $0.kind == .lagged }
      alerts += piece.count { $0.kind == .alert }
      acted += piece.count { $0.kind == .row && $0.change == .acted }
    }
    #expect(lagged >= 1)
    #expect(acted <= 2 * ChangeFeed.patience && acted > 0, "\(acted) of \(changes)")
    #expect(alerts == 5)
    store.close()
  }

  @Test("So many clients may listen, one more is refused in a sentence, and those that left make room")
  func crowd() async throws {
    let folder = try TestFolder()
    let store = try Store(folder: folder.path + "/data", rules: .standard)
    let core = try Self.core(store)
    let listeners = (0..<ChangeFeed.mostListeners).map { _ in core.feed.listen() }
    let scope = try await Self.scope(core)
    #expect { try LiveStream(core: core, request: StreamRequest(), context: FilterContext(), scope: scope) } throws: {
      "\($0)" == "256 clients listen to the stream already"
    }
    core.feed.finish()
    #expect(core.feed.listenerCount == 0 && listeners.count == 256)
    _ = try LiveStream(core: core, request: StreamRequest(), context: FilterContext(), scope: scope)
    store.close()
  }

  /// A task that is cancelled holds the runtime's lock on it while the feed is told that it left; a publisher that woke it
  /// under the feed's own lock waited for the first, and the hub stood still.
  @Test("Clients that leave while changes are published hold up nobody", .timeLimit(.minutes(2)))
  func leaving() async {
    let feed = ChangeFeed()
    await withTaskGroup(of: Void.self) { publisher in
      publisher.addTask {
        var round = 0
        while !Task.isCancelled {
          feed.publish([.news])
          round += 1
          if round % 64 == 0 { await Task.yield() }
        }
      }
      await withTaskGroup(of: Void.self) { leaving in
        for _ in 0..<8 {
          leaving.addTask {
            for _ in 0..<5000 {
              let (_, events) = feed.listen()
              let listener = Task { for await _ in events {} }
              await Task.yield()
              listener.cancel()
              await listener.value
            }
          }
        }
      }
      publisher.cancelAll()
    }
    #expect(feed.listenerCount == 0)
  }
}
