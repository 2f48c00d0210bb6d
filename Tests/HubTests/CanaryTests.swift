import ControlAPI
import Records
import Services
import Store
import Testing
import Wire

@testable import Hub

@Suite struct CanaryTests {
  private static func line(_ name: String, at seconds: Double) -> [UInt8] {
    Array(
      """
      {"timestamp":"\(DutyBench.start.advanced(seconds: seconds).text)","event_type":"alert","src_ip":"192.168.0.1","src_port":40000,\
      "dest_ip":"127.0.0.1","dest_port":53,"proto":"UDP","app_proto":"dns","alert":{"action":"allowed","gid":1,\
      "signature_id":\(CanaryLane.sid),"rev":1,"signature":"VIGIL CANARY","category":"x","severity":2},\
      "dns":{"queries":[{"type":"query","rrname":"\(name)","rrtype":"A"}]}}
      """.utf8)
  }

  private static func bench() async throws -> DutyBench {
    try await DutyBench { $0.duty.canary = IPAddress("127.0.0.1") }
  }

  @Test("the canary's alert passes every stage in a lane of its own: no row, no alert, no count")
  func wholeWay() async throws {
    let bench = try await Self.bench()
    await bench.at(14)
    #expect(await bench.core.canaryReport().sent == 0, "sensors that start with the hub are not there yet")
    await bench.at(15)
    let lane = try #require(await bench.core.duty.canary)
    let run = try #require(lane.watch.runs.last)
    bench.clock.set(DutyBench.start.advanced(seconds: 16))
    _ = try await bench.core.store(Lines.batch([Self.line(lane.name(run.id), at: 15.25)]))
    let listener = bench.core.feed.listen()
    await bench.at(17)
    guard case .canary(let id)? = await listener.events.first(where: { if case .canary = $0 { true } else { false } })
    else {
      Issue.record("no canary came to the stream")
      return
    }
    await bench.core.canarySeen(id, at: DutyBench.start.advanced(seconds: 17.5))
    let report = await bench.core.canaryReport()
    #expect(report.stages.map(\.p50) == [0.25, 0.75, 1, 0.5] && report.late == 0 && report.notMeasured == nil)
    #expect(try bench.store.rows().isEmpty)
    #expect(try bench.store.alerts().isEmpty)
    #expect(try bench.store.counters(since: Timestamp(nanoseconds: 0)).rows.isEmpty)
    #expect(try bench.store.counters(since: Timestamp(nanoseconds: 0)).hours.isEmpty)
    try await bench.restart()
    #expect(await bench.core.canaryReport().stages.map(\.count) == [1, 1, 1, 1], "the last hour outlives the hub")
  }

  @Test("who does not know the hub's key makes no canary: what he makes is an alert like any other")
  func forged() async throws {
    let bench = try await Self.bench()
    await bench.at(15)
    let lane = try #require(await bench.core.duty.canary)
    let run = try #require(lane.watch.runs.last)
    let mac = lane.name(run.id).dropFirst(17).prefix(32)
    let other = CanaryLane(target: lane.target, key: [UInt8](repeating: 7, count: 32), watch: lane.watch)
    let names = [
      other.name(run.id), "0000000000000000.\(mac).canary.vigil.invalid", "\(run.id).canary.vigil.invalid",
      "\(run.id).\(mac.dropLast()).canary.vigil.invalid", "\(run.id).\(mac).canary.vigil.invalid.example",
    ]
    for (place, name) in names.enumerated() {
      _ = try await bench.core.store(Lines.batch([Self.line(name, at: 15.1)], first: UInt64(place + 1)))
    }
    #expect(try bench.store.rows().map(\.count) == [Int64(names.count)])
    #expect(await bench.core.canaryReport().stages.map(\.count) == [0, 0, 0, 0])
  }

  @Test("a packet that no sensor saw is one alert with the stage where it stuck, and its return is in the log")
  func lost() async throws {
    let bench = try await Self.bench()
    for second in [15.0, 46, 75, 106] { await bench.at(second) }
    let rows = try bench.store.rows()
    #expect(rows.map(\.check) == ["9000:53"] && rows[0].count == 1)
    #expect(rows[0].title.en == "the canary is late: no sensor has seen its packet")
    await bench.at(135)
    let lane = try #require(await bench.core.duty.canary)
    let run = try #require(lane.watch.runs.last)
    _ = try await bench.core.store(Lines.batch([Self.line(lane.name(run.id), at: 135)]))
    await bench.at(136)
    #expect(try bench.store.dutyLines().contains { $0.text.en == "the canary comes all the way again" })
  }

  @Test("without an address nothing is sent, and it is said that nothing is measured")
  func notMeasured() async throws {
    let bench = try await DutyBench()
    await bench.at(0)
    let report = await bench.core.canaryReport()
    #expect(report.notMeasured?.zh == "未测量：未配置 duty.canary" && report.stages.isEmpty && report.sent == 0)
  }
}
