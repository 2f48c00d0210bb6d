import ControlAPI
import Foundation
import Glibc
import Records
import Scheduling
import Seam
import Synchronization
import Testing
import Wire

@testable import Hub

/// The faults that are not the store's own: the clock, a receiver that hangs, a log that somebody wrote in.
/// (A full disk, a lock and a corrupted page: EndToEndTests/StoreFaultTests.)
@Suite(.serialized, .timeLimit(.minutes(3))) struct HubFaultTests {
  /// A clock that a test sets.
  private final class SetClock: Sendable {
    private let shift = Mutex(0.0)
    func set(back seconds: Double) { shift.withLock { $0 -= seconds } }
    var clock: WallClock { WallClock { WallClock.system.now().advanced(seconds: self.shift.withLock { $0 }) } }
  }

  private func eventually(_ what: Testing.Comment, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<1200 {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record(what)
  }

  @Test(
    "A clock set back an hour: said, kept, sensors are missed in time, messages leave, acts and batches go on; then over"
  )
  func clockSetBack() async throws {
    let folder = try TestFolder()
    let time = SetClock()
    let port = try Listener()
    let hub = try await RunningHub(folder, clock: time.clock) {
      $0.watch.lateSeconds = 2
      $0.webhook = Configuration.Webhook(url: "http://127.0.0.1:\(port.number)/hook", secret: "key")
      $0.webhook?.timeoutSeconds = 1
    }
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    let now = time.clock.now()
    try wire.send(.sensorStatus(SensorStatus(sensor: "sensor-1", boot: 1, time: now, started: now, interface: "eth0")))
    try wire.send(.batch(Lines.batch([Lines.alert(critical: true)])))
    #expect(try await wire.receive() == .stored(.init(source: "sensor-1", boot: 1, last: 1)))

    time.set(back: 3600)
    try await eventually("the hub says that its clock was set back") {
      try await hub.client.call(API.health).reasons.contains { $0.hasPrefix("the clock was set back by 3") }
    }
    try wire.send(.batch(Lines.batch([Lines.alert(sid: 2)], first: 2)))
    #expect(try await wire.receive() == .stored(.init(source: "sensor-1", boot: 1, last: 2)))
    let rows = try await hub.client.call(API.queue, ListRequest(filter: "wing:sensor")).items
    #expect(try await hub.client.call(API.act, ActRequest(ids: rows.map(\.row.id), act: .acknowledge)).refused.isEmpty)
    // Silent for two seconds is silent, whatever the clock says.
    try await eventually("the silent sensor is missed") {
      try await hub.client.call(API.queue, ListRequest(filter: "\"no sign of life\"")).items.count == 1
    }
    try await eventually("an alert of the hub's own says it") {
      try await hub.client.call(API.queue, ListRequest(filter: "\"clock was set back\"")).items.count == 1
    }
    let entry = try #require(try await hub.client.call(API.audit, ListRequest(filter: "act:clock*")).items.first)
    #expect(entry.act == "clock set back" && entry.before ?? "" > entry.after ?? "")
    #expect(try await hub.client.call(API.verifyAudit, AuditVerifyRequest()).fault == nil)

    // The message that was to be tried again at a moment that now lies an hour ahead is tried now.
    port.answers()
    try await eventually("the message is delivered") { port.served >= 1 }
    time.set(back: -3700)
    try await eventually("moments come once again") {
      try await !hub.client.call(API.health).reasons.contains { $0.hasPrefix("the clock was set back") }
    }
    await hub.end()
  }

  @Test("A hub that starts under a clock that was set back while it was away says so too")
  func clockSetBackWhileAway() async throws {
    let folder = try TestFolder()
    let time = SetClock()
    var hub = try await RunningHub(folder, clock: time.clock)
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(.batch(Lines.batch([Lines.alert()])))
    _ = try await wire.receive()
    await hub.end()
    time.set(back: 3600)
    hub = try await RunningHub(folder, clock: time.clock)
    try await eventually("the hub says that its clock was set back") {
      try await hub.client.call(API.health).reasons.contains { $0.hasPrefix("the clock was set back by 3") }
    }
    await hub.end()
  }

  @Test("A receiver that hangs: said with how often, answers and batches go on, and the message leaves when it is back")
  func hangingReceiver() async throws {
    let folder = try TestFolder()
    let port = try Listener()
    let hub = try await RunningHub(folder) {
      $0.webhook = Configuration.Webhook(url: "http://127.0.0.1:\(port.number)/hook", secret: "key")
      $0.webhook?.timeoutSeconds = 1
    }
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(.batch(Lines.batch((1...3).map { Lines.alert(sid: $0, critical: true) })))
    _ = try await wire.receive()
    try await eventually("the hub says that messages wait") {
      try await hub.client.call(API.health).notes?.contains { $0.contains("delivery: webhook is down") } ?? false
    }
    #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.contains("delivery: webhook is down") })
    try wire.send(.batch(Lines.batch([Lines.alert(sid: 9)], first: 4)))
    #expect(try await wire.receive() == .stored(.init(source: "sensor-1", boot: 1, last: 4)))
    let rows = try await hub.client.call(API.queue, ListRequest()).items
    #expect(rows.count == 4)
    #expect(try await hub.client.call(API.act, ActRequest(ids: rows.map(\.row.id), act: .acknowledge)).done.count == 4)
    port.answers()
    try await eventually("all three are delivered") { port.served >= 3 }
    try await eventually("nothing waits") { try await hub.client.call(API.health).notes == nil }
    await hub.end()
  }

  @Test("Who cuts off the end of the audit beside a working hub is told of in health and overview, and walks find it")
  func auditCut() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    for name in ["a", "b", "c"] {
      _ = try await hub.client.call(API.noteScan, ScanNote(authorisedBy: name, targets: ["x"]))
    }
    let verdict = try await hub.client.call(API.verifyAudit, AuditVerifyRequest())
    let last = try #require(verdict.last)
    #expect(verdict.fault == nil && verdict.head == last)
    #expect(try await hub.client.call(API.audit, ListRequest()).items.first?.hash == last.hash)
    let script = """
      import sqlite3,sys
      c=sqlite3.connect(sys.argv[1]); c.execute("DROP TRIGGER auditKept")
      c.execute("DELETE FROM audit WHERE id=(SELECT max(id) FROM audit)"); c.commit()
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, hub.configuration.data.store]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try await hub.client.call(API.verifyAudit, AuditVerifyRequest()).fault?.kind == .truncated)
    _ = try await hub.client.call(API.noteScan, ScanNote(authorisedBy: "d", targets: ["x"]))
    try await eventually("the hub says that the end was cut off") {
      try await hub.client.call(API.health).reasons.contains { $0.contains("run `vigil audit verify`") }
    }
    #expect(try await hub.client.call(API.verifyAudit, AuditVerifyRequest()).fault?.id == last.id)
    #expect(try await hub.client.call(API.verifyAudit, AuditVerifyRequest(expected: [last])).fault != nil)
    await #expect(throws: APIProblem.self) {
      try await hub.client.call(API.verifyAudit, AuditVerifyRequest(after: 999))
    }
    await hub.end()
  }
}

/// A receiver on loopback that takes connections and says nothing, until it is told to answer. A thread of its own.
private final class Listener: Sendable {
  let number: UInt16
  private let descriptor: Int32
  private let isAnswering = Atomic(false)
  private let count = Atomic(0)

  init() throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listening, pointer, length) == 0 && listen(listening, 64) == 0
          && getsockname(listening, pointer, &length) == 0
      }
    }
    try #require(status)
    descriptor = listening
    number = UInt16(bigEndian: address.sin_port)
    run()
  }

  private func run() {
    let (accepting, own) = (descriptor, Reference(self))
    Thread.detachNewThread {
      var held: [Int32] = []
      while true {
        let connection = accept(accepting, nil, nil)
        guard connection >= 0 else { break }
        guard let listener = own.value, listener.isAnswering.load(ordering: .relaxed) else {
          held.append(connection)
          continue
        }
        listener.answer(connection)
      }
      for connection in held { close(connection) }
    }
  }

  private final class Reference: @unchecked Sendable {
    weak var value: Listener?
    init(_ value: Listener) { self.value = value }
  }

  var served: Int { count.load(ordering: .relaxed) }
  func answers() { isAnswering.store(true, ordering: .relaxed) }

  private func answer(_ connection: Int32) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    guard unsafe recv(connection, &bytes, bytes.count, 0) > 0 else { return _ = close(connection) }
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    unsafe _ = Glibc.send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
    count.add(1, ordering: .relaxed)
    close(connection)
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}
