import Records
import Testing
import Wire

@Suite struct MaintenanceWindowTests {
  /// 2026-11-21 is a Saturday.
  @Test(
    "a window holds its first moment and not its last, in its own zone and over midnight",
    arguments: [
      ("sat 22:00-06:00 UTC", "2026-11-21T22:00:00Z", "2026-11-22T06:00:00Z"),
      ("sat 22:00-06:00 UTC", "2026-11-22T05:59:59Z", "2026-11-22T06:00:00Z"),
      ("sat 22:00-06:00 UTC", "2026-11-22T06:00:00Z", nil), ("sat 22:00-06:00 UTC", "2026-11-21T21:59:59Z", nil),
      ("sat 22:00-06:00 UTC", "2026-11-22T22:00:00Z", nil),
      ("sun 00:00-01:00 +08:00", "2026-11-21T16:00:00Z", "2026-11-21T17:00:00Z"),
      ("sun 00:00-01:00 Asia/Shanghai", "2026-11-21T15:59:59Z", nil),
      ("mon 00:00-24:00 -05:00", "2026-11-24T04:59:59Z", "2026-11-24T05:00:00Z"),
      ("daily 02:00-04:00", "1969-12-31T03:00:00Z", "1969-12-31T04:00:00Z"),
      ("fri-mon 10:00-11:00 UTC", "2026-11-22T10:30:00Z", "2026-11-22T11:00:00Z"),
      ("fri-mon 10:00-11:00 UTC", "2026-11-24T10:30:00Z", nil),
      ("2026-12-01T00:00:00+08:00/2026-12-02T00:00:00+08:00", "2026-11-30T16:00:00Z", "2026-12-01T16:00:00Z"),
      ("2026-12-01T00:00:00Z/2026-12-02T00:00:00Z", "2026-12-02T00:00:00Z", nil),
    ] as [(String, String, String?)]) func contains(text: String, time: String, end: String?) throws
  {
    let window = try #require(MaintenanceWindow(text))
    let time = try #require(Timestamp(text: time))
    #expect(window.end(containing: time) == end.flatMap { Timestamp(text: $0) })
    #expect(window.contains(time) == (end != nil))
    #expect(MaintenanceWindow(window.description) == window)
    #expect(try RecordJSON.decode(MaintenanceWindow.self, from: RecordJSON.encode(window)) == window)
  }

  @Test(
    "what never or always holds, or is no time, is no window",
    arguments: [
      "", "sat", "sat 22:00", "sat 22:00-22:00", "sat 25:00-26:00", "sat 2:00-3:00", "24:00-25:00", "sot 01:00-02:00",
      "sat 24:00-01:00", "sat 01:00-02:00 +15:00", "sat 01:00-02:00 Europe/Paris", "sat 01:00-02:00 UTC x",
      ", 01:00-02:00",
      "2026-12-02T00:00:00Z/2026-12-01T00:00:00Z", "2026-12-02/2026-12-03", "sat 0٣:00-04:00",
      String(repeating: "mon,", count: 60) + "tue 01:00-02:00",
    ]) func refused(text: String)
  {
    #expect(MaintenanceWindow(text) == nil)
  }

  @Test("each minute of a fortnight lies inside exactly as its start and end say") func walk() throws {
    let window = try #require(MaintenanceWindow("tue,sat 23:30-00:30 +05:45"))
    let begin = try #require(Timestamp(text: "2026-11-20T00:00:00Z"))
    var inside = 0
    for minute in 0..<(14 * 1440) {
      let time = begin.advanced(seconds: Double(minute) * 60)
      if window.contains(time) { inside += 1 }
      let start = try #require(window.start(from: time))
      #expect(start >= time && window.contains(start))
      #expect(!window.contains(start.advanced(seconds: -1)))
    }
    #expect(inside == 4 * 60)
  }

  @Test("windows that run into each other end where the last one does; those without a gap give a moment to ask again")
  func union() throws {
    let windows = try ["sat 22:00-24:00", "sun 00:00-02:00", "sun 01:00-03:00"].map {
      try #require(MaintenanceWindow($0))
    }
    let time = try #require(Timestamp(text: "2026-11-21T22:10:00Z"))
    #expect(windows.end(containing: time)?.text == "2026-11-22T03:00:00.000000Z")
    #expect(windows.end(containing: time.advanced(seconds: -3600)) == nil)
    let always = [try #require(MaintenanceWindow("daily 00:00-24:00"))]
    #expect(try #require(always.end(containing: time)) > time.advanced(seconds: 7 * 86_400 - 86_400))
  }
}
