import ControlAPI
import Foundation
import Records
import Seam
import Testing
import Wire

@testable import Hub

@Suite(.serialized, .timeLimit(.minutes(2))) struct MetricsTests {
  private func scrape(_ hub: RunningHub) async throws -> ParsedMetrics {
    let folder = hub.configuration.data.apiSocket
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["curl", "-s", "-i", "--unix-socket", folder, "http://vigil/v1/metrics"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.components(separatedBy: "\r\n\r\n")
    try #require(parts.count == 2)
    #expect(parts[0].lowercased().contains("content-type: text/plain; version=0.0.4; charset=utf-8"))
    return try ParsedMetrics(parts[1])
  }

  @Test("The hub's figures follow the grammar, count what happened, and have every family of the table in its order")
  func figures() async throws {
    let folder = try TestFolder()
    let hub = try await RunningHub(folder)
    let wire = try SeamWire(hub.configuration.data.ingestSocket, source: "s\"1\\\n")
    _ = try await wire.receive()
    let batch = Lines.batch([Lines.alert(), Lines.alert(sid: 5, critical: true), Array("{".utf8)], source: "s\"1\\\n")
    for _ in 0..<2 {
      try wire.send(.batch(batch))
      _ = try await wire.receive()
    }
    let now = WallClock.system.now()
    try wire.send(
      .sensorStatus(
        SensorStatus(
          sensor: "s\"1\\\n", boot: 1, time: now, started: now, interface: "eth0", packets: 17, bytes: 1700,
          drops: [DropCount(cause: "kernel", count: 3)])))
    let id = try #require(try await hub.client.call(API.queue, ListRequest()).items.first).row.id
    _ = try await hub.client.call(API.act, ActRequest(ids: [id], act: .acknowledge))
    await #expect(throws: APIProblem.self) { try await hub.client.call(API.queueRow, id: "77") }

    var metrics = try await scrape(hub)
    for _ in 0..<200 where metrics.value("vigil_sensor_packets_total") == nil { metrics = try await scrape(hub) }
    #expect(metrics.order == MetricFamily.all.map(\.name))
    for family in MetricFamily.all { #expect(metrics.types[family.name] == family.kind.rawValue) }
    #expect(metrics.value("vigil_ingest_batches_total", ["result": "stored"]) == 2)
    #expect(metrics.value("vigil_ingest_alerts_total") == 2)
    #expect(metrics.value("vigil_ingest_duplicates_total") == 3)
    #expect(metrics.value("vigil_ingest_unreadable_total") == 1)
    let sensor = ["sensor": "s\"1\\\n"]
    #expect(metrics.value("vigil_sensor_packets_total", sensor) == 17)
    #expect(metrics.value("vigil_sensor_dropped_total", sensor.merging(["cause": "kernel"]) { a, _ in a }) == 3)
    #expect(metrics.value("vigil_sensor_state", ["state": "seeing"]) == 1)
    #expect(metrics.value("vigil_queue_rows", ["severity": "critical", "state": "acknowledged"]) == 1)
    #expect(
      metrics.value("vigil_http_requests_total", ["endpoint": "/v1/queue/acts", "method": "POST", "status": "200"]) == 1
    )
    #expect(metrics.value("vigil_http_requests_total", ["endpoint": "/v1/queue/{id}", "status": "404"]) == 1)
    #expect(
      metrics.value("vigil_audit_head_id")
        == Double(try await hub.client.call(API.audit, ListRequest()).items.first?.id ?? -1))
    #expect(metrics.value("vigil_store_fault") == 0 && (metrics.value("vigil_store_bytes") ?? 0) > 4096)
    #expect(metrics.value("vigil_build_info", ["version": Hub.version]) == 1)
    histograms(metrics)
    await hub.end()
  }

  /// Buckets rise, and the last is the count.
  private func histograms(_ metrics: ParsedMetrics) {
    let name = "vigil_http_request_duration_seconds"
    let counts = metrics.samples.filter { $0.name == name + "_count" }
    #expect(!counts.isEmpty)
    for count in counts {
      let buckets = metrics.samples.filter { sample in
        sample.name == name + "_bucket" && count.labels.allSatisfy { sample.labels[$0.key] == $0.value }
      }
      let bounds = buckets.compactMap { $0.labels["le"] }
      #expect(bounds.count == RequestMeter.bounds.count + 1 && bounds.last == "+Inf")
      #expect(bounds.dropLast().compactMap(Double.init) == RequestMeter.bounds)
      #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.value <= $1.value })
      #expect(buckets.last?.value == count.value)
      #expect(metrics.value("vigil_http_requests_total", count.labels) == count.value)
      #expect(metrics.value(name + "_sum", count.labels) ?? -1 >= 0)
    }
  }

  @Test("Documentation/metrics.md has every family, and no other")
  func documentation() throws {
    let page = try String(contentsOf: URL(filePath: Checkout.folder + "/Documentation/metrics.md"), encoding: .utf8)
    #expect(
      page.split(separator: "\n").filter { $0.hasPrefix("| `vigil_") }.map(String.init) == MetricFamily.all.map(\.line))
  }

  @Test("Names are stable: counters end in _total, and nothing else does")
  func names() {
    for family in MetricFamily.all {
      #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
      #expect(family.name.wholeMatch(of: /vigil_[a-z_]+/) != nil && !family.labels.contains("le"))
    }
    #expect(Set(MetricFamily.all.map(\.name)).count == MetricFamily.all.count)
  }

  @Test(
    "No byte of a name ends a label or a line",
    arguments: [("a\"b", "a\\\"b"), ("a\\", "a\\\\"), ("a\nb", "a\\nb"), ("政", "政"), ("\r\n", "\r\\n")])
  func escaping(text: String, escaped: String) { #expect(MetricText.escaped(text) == escaped) }

  @Test("Numbers are written whole where they are, and the odd ones by their names")
  func numbers() {
    #expect(
      [1.0, -3, 0.25, .infinity, -.infinity, .nan, 1e300].map(MetricText.number) == [
        "1", "-3", "0.25", "+Inf", "-Inf", "NaN", "1e+300",
      ])
  }
}
