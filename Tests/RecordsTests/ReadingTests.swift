import Testing
import Wire

@testable import Records

struct ReadingTests {
  static let line = #"""
    {"timestamp":"2026-11-22T03:04:05.678901+0000","flow_id":18446744073709551615,"host":"s1","event_type":"alert","src_ip":"192.0.2.1","src_port":40000,"dest_ip":"2001:db8::1","dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":2010935,"rev":3,"signature":"ET \"SCAN\"","category":"Misc","severity":2,"metadata":{"signature_severity":["Critical"]}},"http":{"hostname":"example.org","url":"/a","http_method":"GET","status":404,"length":0},"app_proto":"http","x":[1,{"y":[]},null,true,-1.5e3]}
    """#

  @Test("An EVE alert is read with its signature, its ends and its context")
  func alert() throws {
    guard case .alert(let alert) = AlertRecord.read(eve: ReadingTests.line) else {
      Issue.record("not an alert")
      return
    }
    #expect(alert.timestamp == Timestamp(seconds: 1_795_316_645, nanoseconds: 678_901_000))
    #expect(alert.flowID == .max)
    #expect(alert.source == IPAddress("192.0.2.1"))
    #expect(alert.destination == IPAddress("2001:db8::1"))
    #expect(alert.destinationPort == 80)
    #expect(alert.signature.id == "1:2010935")
    #expect(alert.signature.message == #"ET "SCAN""#)
    #expect(alert.signature.severity == .critical)
    #expect(alert.context.status == 404)
    #expect(alert.requestedHost == "example.org")
    #expect(alert.context.sensor == "s1")
    #expect(alert.raw == ReadingTests.line)
    #expect(try RecordJSON.decode(AlertRecord.self, from: RecordJSON.text(alert)) == alert)
  }

  @Test("Every truncation of a line is broken, and none of them traps")
  func truncations() {
    let bytes = Array(ReadingTests.line.utf8)
    for end in 0..<bytes.count {
      let reading = unsafe Array(bytes.prefix(end)).withUnsafeBytes { unsafe AlertRecord.read(eve: $0) }
      guard case .broken = reading else {
        Issue.record("cut at \(end): \(reading)")
        return
      }
    }
  }

  @Test(
    "What is no alert says what it is",
    arguments: [
      (#"{"event_type":"flow","x":1}"#, AlertRecord.Reading.other(eventType: "flow")),
      ("{}", .other(eventType: "")),
      ("[]", .broken("not a JSON object")),
      ("", .broken("not a JSON object")),
      (#"{"event_type":"alert"}"#, .broken("an alert without a readable timestamp")),
      (
        #"{"event_type":"alert","timestamp":"2026-11-22T03:04:05Z","alert":5}"#,
        .broken("an alert without a signature_id")
      ),
    ])
  func others(line: String, expected: AlertRecord.Reading) {
    #expect(AlertRecord.read(eve: line) == expected)
  }

  @Test("A deeply nested line is refused, not followed")
  func depth() {
    let line = #"{"a":"# + String(repeating: "[", count: 100_000)
    #expect(AlertRecord.read(eve: line) == .broken("not a JSON object"))
  }

  @Test("The protected end is the one inside the home networks")
  func protected() throws {
    guard case .alert(let alert) = AlertRecord.read(eve: ReadingTests.line) else { return }
    let home = [try #require(IPPrefix("192.0.2.0/24"))]
    #expect(alert.protectedEnd(home: home).address == alert.source)
    #expect(alert.protectedEnd(home: []).address == alert.destination)
  }

  @Test(
    "Times are read in every form that EVE and RFC 3339 have",
    arguments: [
      ("2026-11-22T03:04:05.678901+0000", "2026-11-22T03:04:05.678901Z"),
      ("2026-11-22T03:04:05Z", "2026-11-22T03:04:05.000000Z"),
      ("2026-11-22T11:04:05.123456789+08:00", "2026-11-22T03:04:05.123456789Z"),
      ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
      ("2000-02-29t00:00:00z", "2000-02-29T00:00:00.000000Z"),
    ])
  func times(text: String, expected: String) throws {
    let time = try #require(Timestamp(text: text))
    #expect(time.text == expected)
    #expect(Timestamp(text: time.text) == time)
  }

  @Test(
    "What is no time is refused",
    arguments: [
      "", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
      "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00+99:00",
    ])
  func noTimes(text: String) { #expect(Timestamp(text: text) == nil) }
}
