import Foundation
import Records
import Synchronization
import Testing
import Wire

@testable import Seam

/// A hub of one thread: stores what comes once, and loses connections when it is told to.
private final class LoopbackHub: Sendable {
  struct State {
    var stored: [UInt64: UInt64] = [:]
    var records: [[UInt8]] = []
    var messages: [SeamMessage] = []
    var duplicates = 0
    /// Batches to take before the connection is cut without an answer.
    var patience: Int
    var isOver = false
  }
  let state: Mutex<State>
  private let listener: Descriptor
  private let toSend: [SeamMessage]

  init(_ path: String, patience: Int = .max, sends: [SeamMessage] = []) throws {
    listener = try UnixSocket.listen(path).get()
    toSend = sends
    state = Mutex(State(patience: patience))
    Thread.detachNewThread { self.run() }
  }
  func stop() { state.withLock { $0.isOver = true } }

  private func run() {
    while !state.withLock({ $0.isOver }) {
      var descriptor = pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, 20) > 0 else { continue }
      let raw = accept(listener.raw, nil, nil)
      if raw >= 0 { serve(Descriptor(raw)) }
    }
  }

  private func serve(_ socket: Descriptor) {
    var decoder = FrameDecoder()
    UnixSocket.setNonBlocking(socket.raw)
    while !state.withLock({ $0.isOver }) {
      var descriptor = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, 20) > 0 else { continue }
      guard case .bytes(let bytes) = UnixSocket.receive(socket) else { return }
      decoder.receive(bytes)
      while let message = try? decoder.next() {
        guard let answers = answer(message) else { return }
        var output: [UInt8] = []
        for answer in answers { try? FrameCodec.encode(answer, into: &output) }
        _ = UnixSocket.send(socket, output[...])
      }
    }
  }

  private func answer(_ message: SeamMessage) -> [SeamMessage]? {
    state.withLock { state in
      switch message {
      case .hello(let hello):
        let marks = state.stored.map { SeamMessage.StoredMark(source: hello.source, boot: $0.key, last: $0.value) }
        return [.welcome(.init(marks: marks))] + toSend
      case .batch(let batch):
        state.patience -= 1
        let known = Int(max(Int64(state.stored[batch.boot] ?? 0) - Int64(batch.first) + 1, 0))
        state.duplicates += min(known, batch.records.count)
        state.records += batch.records.dropFirst(known).map(\.bytes)
        state.stored[batch.boot] = max(state.stored[batch.boot] ?? 0, batch.last)
        if state.patience < 0 {
          state.patience = 2
          return nil
        }
        return [.stored(.init(source: batch.source, boot: batch.boot, last: batch.last))]
      default:
        state.messages.append(message)
        return []
      }
    }
  }
}

struct SeamClientTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func client(
    batchBytes: Int = 512 * 1024, _ onEvent: @escaping @Sendable (SeamClient, SeamClient.Event) -> Void = { _, _ in }
  ) throws -> SeamClient {
    let spool = try Spool(directory: folder.path + "/spool", source: "s1", boot: 5)
    let configuration = SeamClient.Configuration(
      socketPath: folder.path + "/hub.sock", role: .sensor, firstPauseMilliseconds: 5, longestPauseMilliseconds: 20,
      batchBytes: batchBytes)
    return try SeamClient(configuration: configuration, spool: spool, onEvent: onEvent)
  }

  @Test("Every record arrives once and in order, and a clean end leaves no file")
  func all() throws {
    let hub = try LoopbackHub(folder.path + "/hub.sock")
    let client = try client()
    try client.start()
    for index in 0..<2000 { _ = client.append(.alert, Bytes.big(UInt32(index))) }
    client.stop(drainMilliseconds: 10_000)
    hub.stop()
    #expect(hub.state.withLock { $0.records } == (0..<2000).map { Bytes.big(UInt32($0)) })
    #expect(folder.files("spool") == ["lock"])
  }

  @Test("A hub that keeps losing the connection after storing gets every record, and stores each once")
  func lossy() throws {
    let hub = try LoopbackHub(folder.path + "/hub.sock", patience: 2)
    let client = try client(batchBytes: 200)
    try client.start()
    for index in 0..<500 { _ = client.append(.alert, Bytes.big(UInt32(index))) }
    client.stop(drainMilliseconds: 20_000)
    hub.stop()
    #expect(hub.state.withLock { $0.records } == (0..<500).map { Bytes.big(UInt32($0)) })
  }

  @Test("Without a hub, records wait in the spool for the next boot, and the loss is told once")
  func away() throws {
    let losses = Atomic<Int>(0)
    let client = try client { _, event in
      if case .disconnected = event { losses.add(1, ordering: .relaxed) }
    }
    try client.start()
    for index in 0..<10 { _ = client.append(.alert, Bytes.big(UInt32(index))) }
    client.stop(drainMilliseconds: 100)
    #expect(losses.load(ordering: .relaxed) == 1)
    #expect(client.spool.byteCount > 0)
  }

  @Test("Messages go both ways: a command is answered, only the newest status is kept")
  func messages() throws {
    let now = Timestamp(seconds: 1)
    let command = SeamMessage.command(.init(id: 3, name: .status, deadline: now))
    let hub = try LoopbackHub(folder.path + "/hub.sock", sends: [command])
    let answered = DispatchSemaphore(value: 0)
    let client = try client { client, event in
      guard case .message(.command(let command)) = event else { return }
      client.send(.reply(.init(id: command.id, succeeded: true, text: "fine")))
      answered.signal()
    }
    for packets in 1...5 {
      client.send(
        .sensorStatus(
          SensorStatus(
            sensor: "s1", boot: 5, time: now, started: now, interface: "lo", packets: UInt64(packets))))
    }
    try client.start()
    #expect(answered.wait(timeout: .now() + 10) == .success)
    _ = client.append(.alert, [1])
    client.stop(drainMilliseconds: 10_000)
    hub.stop()
    let got = hub.state.withLock { $0.messages }
    #expect(got.contains(.reply(.init(id: 3, succeeded: true, text: "fine"))))
    // A connection that was lost and made anew gets its command again, and answers again: the status goes once.
    let statuses = got.compactMap { message -> UInt64? in
      guard case .sensorStatus(let status) = message else { return nil }
      return status.packets
    }
    #expect(statuses == [5])
  }
}

struct StatusPageTests {
  @Test("What a killed boot had processed is read by the next")
  func survives() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/status"
    do {
      let page = try StatusPage(path: path, boot: 1, started: Timestamp(seconds: 10))
      #expect(page.previous == nil)
      page.advance(packet: 17, time: Timestamp(seconds: 12), now: Timestamp(seconds: 13))
      page.count(bytes: 1, alerts: 2, drops: 3)
    }
    let next = try StatusPage(path: path, boot: 2, started: Timestamp(seconds: 20))
    let previous = try #require(next.previous)
    #expect(previous.lastPacket == 17 && previous.alive == Timestamp(seconds: 13) && !previous.endedCleanly)
    #expect(previous.alerts == 2)
    next.end(now: Timestamp(seconds: 21))
    #expect(try #require(next.snapshot).endedCleanly)
    #expect(try #require(next.snapshot).lastPacket == 0)
  }
}
