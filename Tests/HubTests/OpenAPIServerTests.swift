import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

/// The file of the API held against a hub that runs and has something to tell.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OpenAPIServerTests {
  let validator: SchemaValidator
  init() throws { validator = try SchemaValidator(file: Checkout.folder + "/Documentation/openapi.json") }

  private struct Reply: Sendable {
    var status: Int
    var bytes: Data
  }

  private func ask(_ hub: RunningHub, _ method: String, _ path: String, _ body: String? = nil) throws -> Reply {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let data = body.map { ["--data-binary", $0] } ?? []
    process.arguments =
      [
        "curl", "-s", "-m", "30", "-w", "\n%{http_code}", "--unix-socket", hub.configuration.data.apiSocket, "-X",
        method,
      ]
      + data + ["http://vigil" + path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "\n")))
    let status = try #require(Int(String(decoding: bytes[(end + 1)...], as: UTF8.self)))
    return Reply(status: status, bytes: Data(bytes[..<end]))
  }

  /// An inventory, alerts, a finding, coverage, a sensor, a scanner, acts.
  private func furnish(_ hub: RunningHub) async throws {
    let text = """
      organisations: [{id: tax, name: {en: Tax, zh: 税}, contacts: [{name: Li, rank: primary}]}]
      authorisations:
        - {id: a1, granted_by: city, document: "no. 7", hosts: ["*.example.gov"], networks: [192.0.2.0/24], from: 2020-01-01, until: 2099-01-01}
      sites: [{url: "https://tax.example.gov", organisation: tax, addresses: [192.0.2.7], maintenance: ["sat 01:00-02:00"]}]
      """
    _ = try await hub.client.call(
      API.importSites, ImportRequest(form: .yaml, name: "s.yaml", text: text, dryRun: false))
    let now = WallClock.system.now()
    let wire = try SeamWire(hub.configuration.data.ingestSocket)
    _ = try await wire.receive()
    try wire.send(.batch(Lines.batch([Lines.alert(), Lines.alert(sid: 5, critical: true)])))
    _ = try await wire.receive()
    try wire.send(
      .sensorStatus(
        SensorStatus(
          sensor: "sensor-1", boot: 1, time: now, started: now, interface: "eth0", blind: "no right",
          drops: [DropCount(cause: "kernel", count: 3)])))
    let scanner = try SeamWire(hub.configuration.data.ingestSocket, role: .scanner, source: "scanner-1")
    _ = try await scanner.receive()
    let target = Target(scheme: "https", host: "tax.example.gov", address: IPAddress("192.0.2.7"), port: 443)
    let records = try [Observation.Answer.yes, .notDetermined(reason: "it stalls")].enumerated().map { number, answer in
      let observation = Observation(
        time: now, engine: "tls", check: "tls.certificate.\(number)", title: BilingualText(en: "old", zh: "旧"),
        severity: .high, site: "tax.example.gov", target: target, answer: answer, evidence: "seen")
      return BatchRecord(kind: .observation, bytes: try RecordJSON.encode(observation))
    }
    let outcome = ScanOutcome(
      job: "j", engine: "tls", site: "tax.example.gov", status: .completed, retry: .after(seconds: 5), started: now,
      ended: now)
    try scanner.send(
      .batch(
        RecordBatch(
          source: "scanner-1", boot: 1, first: 1,
          records: records + [BatchRecord(kind: .outcome, bytes: try RecordJSON.encode(outcome))])))
    _ = try await scanner.receive()
    let rows = try await hub.client.call(API.queue, ListRequest()).items
    _ = try await hub.client.call(
      API.act, ActRequest(ids: rows.map(\.row.id), act: .assign, assignee: "li", comment: "mine"))
    _ = try await hub.client.call(
      API.setGuard,
      GuardRequest(period: GuardPeriod(id: "g", name: "congress", from: now, until: now.advanced(seconds: 3600))))
  }

  /// What is asked for, where the usual query or id would find nothing.
  private static let ids = [
    "/v1/queue/{id}": "1", "/v1/sites/{id}": "tax.example.gov", "/v1/sites/{id}/trail": "tax.example.gov",
  ]
  private static let queries = [
    "/v1/findings/diff": "?since=1h", "/v1/report": "?format=json", "/v1/incidents/offers": "?row=1",
  ]

  @Test("Every GET of the table is answered as the file says, by a hub that has something to tell")
  func gets() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await furnish(hub)
    var asked = 0
    for entry in API.table where entry.method == .get && !entry.isStream && !entry.isText {
      let path = entry.path.replacing("{id}", with: Self.ids[entry.path] ?? "1") + (Self.queries[entry.path] ?? "")
      let reply = try ask(hub, "GET", path)
      let schema = try #require(validator.answer(entry.path, "get", status: reply.status), "\(path)")
      let value = try JSONSerialization.jsonObject(with: reply.bytes, options: .fragmentsAllowed)
      #expect(validator.faults(value, schema) == [], "\(path) answered \(reply.status)")
      if Self.ids[entry.path] != nil || !entry.path.contains("{id}") {
        #expect(reply.status == 200, "\(path): \(String(decoding: reply.bytes, as: UTF8.self))")
      }
      asked += 1
      let wrong = try ask(hub, "GET", entry.path.replacing("{id}", with: "1") + "?nosuch=1")
      let problem = try #require(validator.answer(entry.path, "get", status: 400))
      let said = try JSONSerialization.jsonObject(with: wrong.bytes)
      #expect(wrong.status == 400 && validator.faults(said, problem) == [], "\(path)")
    }
    #expect(asked > 25)
    await hub.end()
  }

  private static let bodies = [
    "/v1/queue/acts": "{\"ids\":[1],\"act\":\"acknowledge\"}", "/v1/scans/start": "{\"sites\":[],\"engines\":[]}",
    "/v1/scans/stop": "{\"sites\":[],\"engines\":[]}", "/v1/scans/resume": "{\"sites\":[],\"engines\":[]}",
    "/v1/scans/note": "{\"authorisedBy\":\"me\",\"targets\":[\"x\"]}", "/v1/scans/guards/end": "{\"id\":\"g\"}",
    "/v1/sites/proposals": "{\"ids\":[\"x\"],\"accept\":false}",
  ]

  @Test("Every POST takes what the file says, answers as it says, and refuses as it says")
  func posts() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await furnish(hub)
    for entry in API.table where entry.method == .post {
      for body in [Self.bodies[entry.path], "{}", "[", "{\"ids\":\"x\"}"].compactMap(\.self) {
        let reply = try ask(hub, "POST", entry.path.replacing("{id}", with: "nowhere"), body)
        let schema = try #require(validator.answer(entry.path, "post", status: reply.status), "\(entry.path)")
        let value = try JSONSerialization.jsonObject(with: reply.bytes, options: .fragmentsAllowed)
        #expect(validator.faults(value, schema) == [], "\(entry.path) \(body) answered \(reply.status)")
        guard let sent = try? JSONSerialization.jsonObject(with: Data(body.utf8)),
          let request = validator.request(entry.path)
        else { continue }
        let faults = validator.faults(sent, request)
        if body == Self.bodies[entry.path] {
          #expect(faults == [] && reply.status == 200, "\(entry.path): \(String(decoding: reply.bytes, as: UTF8.self))")
        }
        // What the file says is wanted is wanted.
        if faults.contains(where: { $0.hasSuffix("is missing") }) {
          #expect(reply.status != 200, "\(entry.path) \(body)")
        }
      }
    }
    await hub.end()
  }

  @Test("The stream's lines are as the file says")
  func stream() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    try await furnish(hub)
    let wire = try EventWire(hub.configuration.data.apiSocket, lastID: "a0.r0")
    let events = try await wire.read(.max) { $0.count { $0.name == "alert" } >= 2 }
    let schema = try #require(validator.answer("/v1/stream", "get", status: 200, "text/event-stream"))
    for event in events {
      guard let data = event.data else { continue }
      #expect(validator.faults(try JSONSerialization.jsonObject(with: Data(data.utf8)), schema) == [])
    }
    await hub.end()
  }

  @Test(
    "The validator finds what is wrong: a kind, a value, a missing member, one that nobody documented, a list's item")
  func validates() throws {
    let schema = try #require(validator.answer("/v1/audit", "get", status: 200))
    func faults(_ text: String) throws -> [String] {
      validator.faults(try JSONSerialization.jsonObject(with: Data(text.utf8)), schema)
    }
    let entry = "\"id\":1,\"act\":\"a\",\"subject\":\"s\",\"actor\":{\"name\":\"n\",\"origin\":\"o\"}"
    #expect(try faults("{\"items\":[{\(entry),\"time\":\"2026-01-01T00:00:00Z\"}]}") == [])
    #expect(
      try faults("{\"items\":[{\(entry),\"time\":\"yesterday\"}]}") == ["$.items[0].time: yesterday is no moment"])
    #expect(try faults("{\"items\":[{\(entry)}]}") == ["$.items[0]: time is missing"])
    #expect(
      try faults("{\"items\":[{\(entry),\"time\":\"2026-01-01T00:00:00Z\",\"x\":1}]}") == [
        "$.items[0]: nobody documented x"
      ])
    #expect(try faults("{\"items\":{}}") == ["$.items: no list"])
    #expect(try faults("{\"items\":[],\"total\":true}") == ["$.total: no integer"])
  }
}
