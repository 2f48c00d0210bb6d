import Engines
import Records
import Testing
import Wire

@testable import Scanner

@Suite("Sites that keep engines waiting") struct SilencesTests {
  private static func job(_ engine: String, host: String = "a.test", port: UInt16 = 443) -> ScanJob {
    ScanJob(
      id: engine, engine: engine, target: Target(scheme: "https", host: host, port: port), probeClass: .probe,
      authorisation: "test")
  }
  private static func counted(
    connections: Int = 1, isAnswered: Bool = false, isUnended: Bool = false, _ causes: [String: Int] = ["timed out": 1]
  ) -> ScanContext.Counters {
    var counted = ScanContext.Counters()
    (counted.connections, counted.isAnswered, counted.unended) = (connections, isAnswered, isUnended ? 1 : 0)
    counted.causes = causes
    return counted
  }
  private static let second: Int64 = 1_000_000_000

  @Test("who said nothing to one engine is not asked by the others for a minute, at that port alone") func silence() {
    var silences = Silences()
    silences.note(Self.job("tls"), Self.counted(), at: 0)
    #expect(
      silences.reason(Self.job("http"), at: 3 * Self.second) == "timed out: tls asked 3 s before and no byte came")
    #expect(silences.reason(Self.job("tls"), at: 3 * Self.second) == nil, "it asks again itself")
    #expect(silences.reason(Self.job("http", port: 8443), at: 3 * Self.second) == nil)
    #expect(silences.reason(Self.job("http", host: "b.test"), at: 3 * Self.second) == nil)
    #expect(silences.reason(Self.job("http"), at: 60 * Self.second) == nil)
  }

  @Test("who answered, refused, or was not connected to is asked") func others() {
    for counted in [
      Self.counted(isAnswered: true), Self.counted(connections: 0), Self.counted(["connection refused": 2]),
    ] {
      var silences = Silences()
      silences.note(Self.job("tls"), counted, at: 0)
      #expect(silences.reason(Self.job("http"), at: Self.second) == nil)
    }
    var silences = Silences()
    silences.note(Self.job("tls"), Self.counted(), at: 0)
    silences.note(Self.job("availability"), Self.counted(isAnswered: true), at: Self.second)
    #expect(silences.reason(Self.job("http"), at: 2 * Self.second) == nil, "it answers again")
  }

  @Test("a page that did not end is not waited for whole by the next engine") func unended() {
    var silences = Silences()
    silences.note(Self.job("availability"), Self.counted(isAnswered: true, isUnended: true), at: 0)
    func limits(_ engine: String, _ usual: Int, at now: Int64) -> [Int] {
      var limits = ScanContext.Limits()
      limits.exchangeMilliseconds = usual
      silences.shorten(&limits, of: Self.job(engine), at: now)
      return [limits.exchangeMilliseconds, limits.unendedBefore]
    }
    #expect(limits("http", 8000, at: Self.second) == [3000, 1])
    #expect(limits("http", 1000, at: Self.second) == [1000, 1])
    #expect(limits("availability", 8000, at: Self.second) == [8000, 0])
    #expect(limits("http", 8000, at: 61 * Self.second) == [8000, 0])
    #expect(silences.reason(Self.job("http"), at: Self.second) == nil, "it is asked all the same")
  }
}
