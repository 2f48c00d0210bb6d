import ControlAPI
import Records
import Store
import Testing
import Wire

@testable import Hub

@Suite struct StateTests {
  private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_800_000_000 + seconds) }
  private func status(_ second: Int64, boot: UInt64 = 1, bytes: UInt64 = 0, blind: String? = nil) -> SensorStatus {
    SensorStatus(
      sensor: "s", boot: boot, time: at(second), started: at(0), interface: "eth0", blind: blind, packets: bytes / 100,
      bytes: bytes)
  }

  @Test("a silent sensor is told once, and again after it came back")
  func silence() {
    var registry = RoleRegistry(lateSeconds: 10)
    registry.expect(sensor: "s", interface: "eth0", now: at(0))
    #expect(registry.tick(now: at(10)).isEmpty)
    #expect(registry.tick(now: at(11)) == [.init(role: "sensor", name: "s", since: at(0))])
    #expect(registry.tick(now: at(20)).isEmpty)
    #expect(registry.sensorItems(now: at(100)).first?.state == .gone)
    _ = registry.heard(status(30), now: at(30))
    #expect(registry.sensorItems(now: at(31)).first?.state == .seeing)
    #expect(registry.tick(now: at(31)).isEmpty)
    #expect(registry.tick(now: at(41)).map(\.name) == ["s"])
  }

  @Test("a sensor that says it is blind is told once, with its reason")
  func blindness() {
    var registry = RoleRegistry(lateSeconds: 10)
    _ = registry.heard(status(0, blind: "no right"), now: at(0))
    #expect(registry.tick(now: at(1)).map(\.reason) == ["no right"])
    _ = registry.heard(status(2, blind: "no right"), now: at(2))
    #expect(registry.tick(now: at(3)).isEmpty)
  }

  @Test("rates are between two heartbeats of one boot")
  func rates() {
    var registry = RoleRegistry(lateSeconds: 10)
    _ = registry.heard(status(0, bytes: 1000), now: at(0))
    #expect(registry.heard(status(2, bytes: 3000), now: at(2))?.bitsPerSecond == 8000)
    #expect(registry.heard(status(4, boot: 2, bytes: 9000), now: at(4))?.bitsPerSecond == 0)
  }

  @Test("an alert belongs to the site that was asked for, then to the address, then to nobody")
  func attribution() {
    let site = Site(
      id: "tax", url: "https://tax.example/", scheme: "https", host: "tax.example", port: 443, organisation: "o",
      addresses: [IPAddress(v4: 0xc000_0207)])
    let index = SiteIndex(sites: [site], home: [])
    func owner(_ host: String?, _ address: UInt32, _ port: UInt16) -> String {
      let alert = AlertRecord(
        timestamp: at(0), source: IPAddress(v4: 1), destination: IPAddress(v4: address), destinationPort: port,
        signature: .init(sid: 1, message: "m", severity: .high), context: .init(hostname: host))
      let owner = index.owner(of: alert)
      return owner.site ?? owner.subject
    }
    #expect(owner("TAX.example", 5, 80) == "tax")
    #expect(owner("www.tax.example:8443", 5, 80) == "www.tax.example:8443" || owner("www.tax.example", 5, 80) == "tax")
    #expect(owner(nil, 0xc000_0207, 443) == "tax")
    #expect(owner(nil, 0xc000_0207, 80) == "192.0.2.7:80")
    #expect(owner("other.example", 0x0a00_0001, 80) == "10.0.0.1:80")
  }

  @Test("what a server sends out by itself belongs to the site that stands at its address alone")
  func outgoing() throws {
    func site(_ id: String, _ addresses: [String], port: UInt16 = 443) -> Site {
      Site(
        id: id, url: "https://\(id).example/", scheme: "https", host: "\(id).example", port: port,
        addresses: addresses.compactMap { IPAddress($0) })
    }
    let home = try #require(IPPrefix("192.0.2.0/24"))
    let index = SiteIndex(
      sites: [site("tax", ["192.0.2.7"]), site("one", ["192.0.2.8"]), site("two", ["192.0.2.8"])], home: [home])
    func owner(from source: String, to destination: String) -> String? {
      let alert = AlertRecord(
        timestamp: at(0), source: IPAddress(source), destination: IPAddress(destination), sourcePort: 40_000,
        destinationPort: 53, signature: .init(sid: 1, message: "m", severity: .high))
      return index.owner(of: alert).site
    }
    #expect(owner(from: "192.0.2.7", to: "198.51.100.53") == "tax")
    #expect(owner(from: "192.0.2.8", to: "198.51.100.53") == nil, "two sites share it")
    #expect(owner(from: "198.51.100.9", to: "192.0.2.7") == nil, "nobody's port there")
  }

  @Test("the signature is the HMAC of the body (RFC 4231, case 2)")
  func signature() {
    let value = WebhookSignature.value(Array("what do ya want for nothing?".utf8), secret: "Jefe")
    #expect(value == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("a stream's cursor is read as it was written", arguments: ["a0.r0", "a12.r7"])
  func cursor(_ text: String) {
    #expect(StreamCursor(text)?.description == text)
    #expect(StreamCursor(text + "x") == nil)
    #expect(StreamCursor("a-1.r0") == nil)
  }

  @Test("the queue is sorted by what it can be, and says so otherwise")
  func sorting() throws {
    #expect { try plan(ListRequest(sort: ["-cuont"])) } throws: {
      "\($0)" == "the list cannot be sorted by cuont; did you mean count?"
    }
    #expect(
      try plan(ListRequest(sort: ["-count", "due"])).query.sort == [
        SortKey("count", isDescending: true), SortKey("due"),
      ])
  }

  private func plan(_ request: ListRequest) throws -> ListPlan {
    try ListPlan(
      request, .everything, sorts: Store.queueSorts, newest: 7, now: Timestamp(seconds: 9), context: FilterContext(),
      purview: .all)
  }

  @Test("a transaction takes as many records as last about its goal, and never none")
  func pace() {
    var pace = IngestPace()
    for _ in 0..<40 { pace.took(IngestPace.goal * pace.count / 60) }
    #expect((58...62).contains(pace.count))
    for _ in 0..<40 { pace.took(.seconds(9)) }
    #expect(pace.count == IngestPace.bounds.lowerBound)
    for _ in 0..<40 { pace.took(.zero) }
    #expect(pace.count == IngestPace.bounds.upperBound)
  }

  @Test("parts of a batch have the sequences that they have in the whole", arguments: [1, 3, 7, 100])
  func parts(of size: Int) {
    let records = (0..<10).map { BatchRecord(kind: .alert, bytes: [UInt8($0)]) }
    var rest = RecordBatch(source: "s", boot: 3, first: 41, records: records)
    var seen: [UInt64: UInt8] = [:]
    while !rest.records.isEmpty {
      let part = rest.takeFirst(size)
      #expect(part.records.count <= size && part.boot == 3 && part.source == "s")
      for (index, record) in part.records.enumerated() { seen[part.first + UInt64(index)] = record.bytes[0] }
    }
    #expect(seen == Dictionary(uniqueKeysWithValues: (0..<10).map { (UInt64(41 + $0), UInt8($0)) }))
  }

  @Test("a list's cursor goes on where it was, as of then, and is refused where it is of another list or made up")
  func listCursor() throws {
    var request = ListRequest(filter: "state:new", sort: ["-count"])
    let next = try #require(try plan(request).page([1], next: [.integer(-5), .text("é"), .real(0.5)], count: nil).next)
    request.after = next
    request.limit = 3
    let behind = try ListPlan(
      request, .everything, sorts: Store.queueSorts, newest: 99, now: Timestamp(seconds: 1000),
      context: FilterContext(),
      purview: .all)
    #expect(behind.query.after == [.integer(-5), .text("é"), .real(0.5)])
    #expect(behind.newest == 7 && behind.query.now == Timestamp(seconds: 9) && !behind.wantsCount)
    request.filter = "state:closed"
    #expect(throws: APIProblem.self) { try plan(request) }
    for text in ["x", "AAAA", "e30=", String(repeating: "A", count: 5000), "\u{0}"] {
      #expect(throws: APIProblem.self) { try plan(ListRequest(after: text)) }
    }
  }
}
