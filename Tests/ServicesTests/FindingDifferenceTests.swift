import Records
import Services
import Testing
import Wire

struct FindingDifferenceTests {
  private static let start = AlertFoldTests.start
  private static func row(_ id: Int64, _ severity: Severity, open: Bool, verified: Bool = false) -> PostureEvent.Row {
    PostureEvent.Row(
      id: id, wing: .scanner, site: "s", check: "w", severity: severity, isOpen: open, isVerified: verified)
  }

  private enum Stand: CaseIterable { case none, open, verified, accepted }

  private static func line(_ id: Int64, _ stand: Stand, _ severity: Severity, _ hour: Int) -> PostureEvent? {
    guard stand != .none else { return nil }
    return PostureEvent(
      number: 0, time: start.advanced(seconds: Double(hour) * 3600),
      change: .row(row(id, severity, open: stand == .open, verified: stand == .verified)))
  }

  @Test("Every state before against every state after")
  func table() throws {
    for (place, pair) in Stand.allCases.flatMap({ a in Stand.allCases.map { (a, $0) } }).enumerated() {
      var difference = FindingDifference(
        since: Self.start.advanced(seconds: 5 * 3600), until: Self.start.advanced(seconds: 10 * 3600))
      let id = Int64(place + 1)
      for line in [Self.line(id, pair.0, .high, 1), Self.line(id, pair.1, .high, 7), Self.line(id, .open, .low, 20)] {
        if let line { difference.take(line) }
      }
      let shift = difference.all.first
      switch pair {
      case (.none, .none): #expect(shift == nil)
      case (.none, .open): #expect(shift?.change == .new)
      case (.verified, .open), (.accepted, .open): #expect(shift?.change == .back)
      case (.open, .verified): #expect(shift?.change == .gone)
      case (.open, .accepted): #expect(shift?.change == nil && shift?.isSettled == true)
      case (.open, .open), (.open, .none): #expect(shift?.change == nil && shift?.isOpenAtBothEnds == true)
      default: #expect(shift?.change == nil && shift?.isOpenAtBothEnds == false && shift?.isSettled == false)
      }
    }
  }

  @Test("What came and went between is told as that, and a severity that rose as changed")
  func between() {
    var difference = FindingDifference(
      since: Self.start.advanced(seconds: 5 * 3600), until: Self.start.advanced(seconds: 10 * 3600))
    for line in [
      Self.line(2, .open, .medium, 1), Self.line(1, .open, .high, 6), Self.line(2, .open, .high, 7),
      Self.line(1, .verified, .high, 8),
    ].compactMap(\.self) { difference.take(line) }
    #expect(difference.all.map(\.isPassing) == [true, false])
    #expect(difference.all.map(\.change) == [nil, .changed])
  }

  @Test("Against a model of states, over random logs: nothing open at both ends is new or gone, nothing unseen is gone")
  func walk() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let seed = random.next()
      var walk = SeededRandom(seed: seed)
      var difference = FindingDifference(
        since: Self.start.advanced(seconds: 20 * 3600), until: Self.start.advanced(seconds: 40 * 3600))
      var (before, after): ([Int64: Stand], [Int64: Stand]) = ([:], [:])
      for hour in 0..<60 {
        let id = Int64.random(in: 1...5, using: &walk)
        let stand = [Stand.open, .verified, .accepted].randomElement(using: &walk) ?? .open
        if let line = Self.line(id, stand, .high, hour) { difference.take(line) }
        if hour <= 20 { before[id] = stand }
        if hour <= 40 { after[id] = stand }
      }
      for shift in difference.all {
        let id = shift.after.id
        let expected: FindingChange? =
          switch (before[id], after[id]) {
          case (nil, .open): .new
          case (.verified, .open), (.accepted, .open): .back
          case (.open, .verified): .gone
          default: nil
          }
        #expect(shift.change == expected, "seed \(seed) row \(id)")
      }
      #expect(Set(difference.all.map(\.after.id)) == Set(after.keys), "seed \(seed)")
    }
  }
}

struct PrecisionTests {
  private static func judged(_ verdict: Verdict, _ engines: [String: Int], wing: Wing = .scanner) -> JudgedRow {
    JudgedRow(wing: wing, check: wing == .scanner ? "w" : "1:7", engines: engines, verdict: verdict)
  }

  @Test("Each engine that said yes is judged by the row's verdict, a rule by its own; the other verdicts say nothing")
  func table() throws {
    var rows = [JudgedRow](repeating: Self.judged(.truePositive, ["tls": 95, "nmap": 60]), count: 12)
    rows += [JudgedRow](repeating: Self.judged(.falsePositive, ["nmap": 60]), count: 20)
    rows += [Self.judged(.benign, ["tls": 95]), Self.judged(.fixed, ["tls": 95]), Self.judged(.duplicate, ["tls": 95])]
    rows += [Self.judged(.falsePositive, [:], wing: .sensor)]
    let table = Precision.table(rows)
    #expect(table.map(\.engine) == ["nmap", "tls", nil])
    #expect(table.map(\.truePositives) == [12, 12, 0] && table.map(\.falsePositives) == [20, 0, 1])
    #expect(table.map(\.isOverconfident) == [true, false, false])
    #expect(table[2].interval == nil && table[2].check == "1:7")
  }

  @Test(
    "Wilson's interval, as computed elsewhere",
    arguments: [
      (10, 0, 72.25, 100.0), (0, 10, 0.0, 27.75), (5, 5, 23.66, 76.34), (90, 10, 82.56, 94.48),
    ])
  func wilson(yes: Int, no: Int, low: Double, high: Double) throws {
    let interval = try #require(
      MeasuredPrecision(engine: "e", check: "c", truePositives: yes, falsePositives: no).interval)
    #expect(abs(interval.lowerBound - low) < 0.01 && abs(interval.upperBound - high) < 0.01)
  }

  @Test("Below the named number of verdicts nothing is said")
  func tooFew() {
    let few = MeasuredPrecision.leastVerdicts - 1
    #expect(MeasuredPrecision(engine: "e", check: "c", truePositives: few).interval == nil)
    #expect(MeasuredPrecision(engine: "e", check: "c", truePositives: few + 1).interval != nil)
  }
}
