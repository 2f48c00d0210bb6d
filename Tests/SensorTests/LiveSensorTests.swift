import Capture
import Decode
import Documents
import Flow
import Foundation
import Records
import Seam
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Sensor

/// Packets from memory; when they are out it is idle so often, then it ends.
private final class MemorySource: PacketSource {
  let name = "mem0"
  private(set) var statistics = CaptureStatistics()
  private let packets: [CapturedPacket]
  private var place = 0
  private var idles: Int
  private let whenIdle: () -> Void

  init(_ packets: [CapturedPacket], idles: Int = 0, whenIdle: @escaping () -> Void = {}) {
    self.packets = packets
    self.idles = idles
    self.whenIdle = whenIdle
  }

  func dispatch(limit: Int, _ body: (PacketHeader, RawSpan) -> Void) throws(CaptureError) -> DispatchOutcome {
    guard place < packets.count else {
      guard idles > 0 else { return .end }
      idles -= 1
      whenIdle()
      return .idle
    }
    let end = min(place + limit, packets.count)
    for index in place..<end {
      let packet = packets[index]
      let header = PacketHeader(
        timestamp: Timestamp(nanoseconds: Int64(packet.nanoseconds)), capturedLength: packet.bytes.count,
        wireLength: packet.bytes.count, linkType: .ethernet, number: UInt64(index + 1))
      packet.bytes.withWire { body(header, $0) }
    }
    defer { place = end }
    statistics.packets += UInt64(end - place)
    return .packets(end - place)
  }

  func stop() {}
}

@Suite("A live sensor between its source and its hub")
struct LiveSensorTests {
  let folder: WorkFolder
  init() throws { folder = try WorkFolder() }

  private static let rule =
    #"alert http any any -> any any (msg:"bad"; flow:established,to_server; http.uri; content:"/bad"; sid:1;)"#

  private func loaded() throws -> RuleLoading.Result {
    var result = RuleLoading.Result()
    result.rules = try Tap.compile(Self.rule)
    result.totals.loaded = 1
    return result
  }

  private func configuration(_ change: (inout LiveSensor.Configuration) -> Void = { _ in }) -> LiveSensor.Configuration
  {
    var configuration = LiveSensor.Configuration(name: "s1", eveFolder: folder.path)
    configuration.settings.eve = .full
    configuration.masking = Masking(key: Array("sixteen bytes or more".utf8))
    change(&configuration)
    return configuration
  }

  private func client(_ boot: UInt64 = 1) throws -> SeamClient {
    let spool = try Spool(directory: folder.file("spool"), source: "s1", boot: boot)
    return try SeamClient(
      configuration: .init(
        socketPath: folder.file("hub.sock"), role: .sensor, firstPauseMilliseconds: 5, longestPauseMilliseconds: 20),
      spool: spool, onEvent: { _, _ in })
  }

  private func run(_ source: any PacketSource, seam: SeamClient? = nil, page: StatusPage? = nil, boot: UInt64 = 1)
    throws
  {
    let sensor = try LiveSensor(
      configuration: configuration(), source: source, rules: try loaded(), seam: seam, page: page, boot: boot,
      requests: RequestFlags())
    try sensor.run()
  }

  private func requests(_ count: Int) -> [CapturedPacket] {
    Talks.http((0..<count).map { ("/bad/\($0)?password=hunter2-password", "") })
  }

  @Test("every alert reaches the hub once, masked, as it stands in the file; a status comes along")
  func alerts() throws {
    let hub = try TinyHub(folder.file("hub.sock"))
    defer { hub.stop() }
    let seam = try client()
    try seam.start()
    try run(MemorySource(requests(50)), seam: seam)
    let sent = hub.texts(.alert)
    let written = try folder.text("eve.json").split(separator: "\n").map(String.init)
    #expect(sent.count == 50)
    #expect(sent == written.filter { $0.contains(#""event_type":"alert""#) })
    #expect(!sent.contains { $0.contains("hunter2") } && !written.contains { $0.contains("hunter2") })
    #expect(written.allSatisfy { $0.contains(#""in_iface":"mem0""#) || $0.contains(#""event_type":"stats""#) })
    let status = try #require(
      hub.state.withLock { $0.messages }.compactMap { message -> SensorStatus? in
        if case .sensorStatus(let status) = message { status } else { nil }
      }.last)
    #expect(status.sensor == "s1" && status.interface == "mem0" && status.rulesLoaded == 1)
  }

  @Test("without a hub the alerts wait in the spool; the next boot sends them and states the blind interval")
  func hubAway() throws {
    let pagePath = folder.file("status")
    do {
      let seam = try client(1)
      try seam.start()
      // The sensor that has no hub ends as if it was killed: nobody waits for the spool to drain.
      let sensor = try LiveSensor(
        configuration: configuration(), source: MemorySource(requests(3)), rules: try loaded(), seam: seam,
        page: try StatusPage(path: pagePath, boot: 1, started: Timestamp(seconds: 1)), boot: 1, requests: RequestFlags()
      )
      try sensor.run()
      #expect(seam.spool.byteCount > 0)
    }
    let hub = try TinyHub(folder.file("hub.sock"))
    defer { hub.stop() }
    let seam = try client(2)
    try seam.start()
    let page = try StatusPage(path: pagePath, boot: 2, started: Timestamp(seconds: 2))
    try run(MemorySource([]), seam: seam, page: page, boot: 2)
    #expect(hub.texts(.alert).count == 3)
    let blind = try #require(hub.texts(.blindness).first)
    #expect(blind.contains("the sensor was stopped") && blind.contains(#""sensor":"s1""#))
  }

  @Test("a source that drops, doubles, corrupts, cuts and reorders harms nothing but the data", arguments: 1...4)
  func faults(seed: Int) throws {
    var plan = FaultPlan()
    plan.seed = UInt64(seed)
    (plan.drop, plan.duplicate, plan.corrupt, plan.truncate, plan.reorder) = (0.1, 0.1, 0.2, 0.1, 0.2)
    let packets = requests(20) + Talks.tls() + Talks.dns() + Talks.ping()
    try run(FaultInjectingSource(MemorySource(packets), plan))
    let lines = try folder.text("eve.json").split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines { #expect(throws: Never.self) { try JSONDocument.parse(String(line), file: "eve.json") } }
  }

  @Test("asked to stop it ends, and writes what it knows of the flows that live")
  func stopping() throws {
    let flags = RequestFlags()
    let source = MemorySource(Talks.http(close: false), idles: .max) { flags.raise(.stop) }
    let sensor = try LiveSensor(
      configuration: configuration(), source: source, rules: try loaded(), seam: nil, page: nil, boot: 1,
      requests: flags)
    try sensor.run()
    let text = try folder.text("eve.json")
    #expect(text.contains(#""event_type":"flow""#) && text.contains(#""event_type":"stats""#))
    #expect(text.hasSuffix("\n"))
  }

  @Test("asked to reopen its log, it goes on in a new file")
  func reopening() throws {
    let flags = RequestFlags()
    let path = folder.file("eve.json")
    let moved = folder.file("eve.json.1")
    var step = 0
    let source = MemorySource(Talks.http(close: false), idles: 3) {
      step += 1
      guard step == 1 else { return }
      try? FileManager.default.moveItem(atPath: path, toPath: moved)
      flags.raise(.reopenLogs)
    }
    let sensor = try LiveSensor(
      configuration: configuration(), source: source, rules: try loaded(), seam: nil, page: nil, boot: 1,
      requests: flags)
    try sensor.run()
    #expect(try folder.text("eve.json.1").contains(#""event_type":"http""#))
    #expect(try folder.text("eve.json").contains(#""event_type":"stats""#))
  }
}
