import Glibc
import Records
import Testing
import Wire

@testable import Engines

/// Paces by a clock that the test turns, and the gate's count of open connections.
@Suite struct GateTests {
  private static let one = IPAddress(v4: 0xc000_0201)
  private static let two = IPAddress(v4: 0xc000_0202)
  private static let second: Int64 = 1_000_000_000

  struct Ask: CustomTestStringConvertible, Sendable {
    var name: String
    var perSecond: Double
    /// Milliseconds at which a turn is asked for, and what is left to wait then.
    var turns: [(at: Int64, left: Int64)]
    var testDescription: String { name }
  }

  @Test(
    "turns are evenly spaced, whenever they are asked for",
    arguments: [
      Ask(name: "ten a second", perSecond: 10, turns: [(0, 0), (0, 100), (40, 60), (99, 1), (100, 0), (101, 99)]),
      Ask(name: "one a second, idle in between", perSecond: 1, turns: [(0, 0), (5000, 0), (5000, 1000), (6000, 0)]),
      Ask(name: "half a one: a slow job", perSecond: 0.5, turns: [(0, 0), (1999, 1), (2000, 0)]),
      Ask(name: "no pace", perSecond: .infinity, turns: [(0, 0), (0, 0), (0, 0)]),
      Ask(name: "nothing a second is a day, not a trap", perSecond: 0, turns: [(0, 0), (0, 86_400_000)]),
      Ask(name: "less than nothing as well", perSecond: -3, turns: [(0, 0), (1000, 86_399_000)]),
    ])
  func spacing(_ ask: Ask) {
    var table = PaceTable()
    for turn in ask.turns {
      let left = table.turn(.connect(Self.one), ask.perSecond, now: turn.at * 1_000_000)
      #expect(left == turn.left * 1_000_000, "at \(turn.at) ms")
    }
  }

  @Test("connects, requests, queries and a platform's requests are counted apart, and so are addresses") func apart() {
    var table = PaceTable()
    let paces: [AddressGate.Pace] = [
      .connect(Self.one), .connect(Self.two), .request(Self.one), .query(Self.one), .platform("p"),
    ]
    for pace in paces { #expect(table.turn(pace, 1, now: 0) == 0) }
    for pace in paces { #expect(table.turn(pace, 1, now: 1) == Self.second - 1) }
  }

  @Test("no second ever sees more than its pace, however turns are asked for", arguments: [1.0, 3, 10])
  func noBurst(perSecond: Double) {
    var table = PaceTable()
    var seed: UInt64 = 20_261_125
    var begun: [Int64] = []
    var now: Int64 = 0
    while now < 20 * Self.second {
      if table.turn(.connect(Self.one), perSecond, now: now) == 0 { begun.append(now) }
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      now += Int64(seed >> 33) % 30_000_000
    }
    for start in begun {
      let within = begun.count { $0 >= start && $0 < start + Self.second }
      #expect(within <= Int(perSecond.rounded(.up)), "from \(start)")
    }
    #expect(begun.count >= Int(perSecond) * 15, "the pace is used")
  }

  @Test("idle paces are forgotten when there are too many, running ones are not") func bounded() {
    var table = PaceTable()
    for index in 0..<UInt32(PaceTable.limit) {
      _ = table.turn(.connect(IPAddress(v4: index)), 1, now: Int64(index))
    }
    #expect(table.count == PaceTable.limit)
    let late = Self.second + 10
    _ = table.turn(.connect(Self.one), 1, now: late)
    #expect(table.count < PaceTable.limit)
    #expect(table.turn(.connect(Self.one), 1, now: late + 1) == Self.second - 1)
  }

  @Test("a third connection to an address waits until one is closed; another address does not") func open() {
    let gate = AddressGate()
    var limits = ScanContext.Limits.lab
    limits.openPerAddress = 2
    func enter(_ address: IPAddress) -> Bool {
      gate.enter(address, limits, Deadline(milliseconds: 60), stopped: { false })
    }
    #expect(enter(Self.one) && enter(Self.one))
    #expect(!enter(Self.one))
    #expect(enter(Self.two))
    gate.leave(Self.one)
    #expect(enter(Self.one))
  }

  @Test("a request waits for the answer to the one before, a second beyond its pace at most")
  func answered() {
    var table = PaceTable()
    let (pace, patience) = (AddressGate.Pace.sending(Self.one), Self.second)
    func left(_ milliseconds: Int64) -> Int64 {
      table.turn(pace, 1, now: milliseconds * 1_000_000, patience: patience) / 1_000_000
    }
    #expect(left(0) == 0)
    #expect(left(10) == 1990, "not answered")
    table.answered(pace, taken: 0)
    #expect(left(20) == 980, "answered: only the pace is left")
    #expect(left(1000) == 0)
    #expect(left(2999) == 1 && left(3000) == 0, "the one before never was")
    table.answered(pace, taken: 1_000_000_000)
    #expect(left(4000) == 1000, "an answer that comes late is of no other request")
  }

  @Test(
    "however long requests are held up on their way, no ten seconds see more than eleven",
    arguments: UInt64(1)...20)
  func arrivals(seed: UInt64) {
    var table = PaceTable()
    var random = SeededRandom(seed: seed)
    var arrived: [Int64] = []
    var awaited: [(taken: Int64, at: Int64)] = []
    for now in stride(from: 0, to: 200 * Self.second, by: 10_000_000) {
      for answer in awaited where answer.at <= now { table.answered(.sending(Self.one), taken: answer.taken) }
      awaited.removeAll { $0.at <= now }
      guard table.turn(.sending(Self.one), 1, now: now, patience: AddressGate.patience) == 0 else { continue }
      // As long as its pace and the patience a request may lie in a queue on either side, or its answer.
      let lag = Int64.random(in: 0..<2 * Self.second, using: &random)
      arrived.append(now + Int64.random(in: 0...lag, using: &random))
      awaited.append((now, now + lag))
    }
    for start in arrived {
      #expect(arrived.count { $0 >= start && $0 < start + 10 * Self.second } <= 11, "seed \(seed)")
    }
  }

  @Test("a stop ends a wait at once") func stopped() {
    let gate = AddressGate()
    #expect(gate.pass(.query(Self.one), 0.001, Deadline(milliseconds: 1000), stopped: { false }))
    let begin = MonotonicClock.nanoseconds()
    #expect(!gate.pass(.query(Self.one), 0.001, Deadline(milliseconds: 60_000), stopped: { true }))
    #expect(MonotonicClock.nanoseconds() - begin < 5 * Self.second)
  }

  @Test("a slow job has half the pace, twice the patience and twice the time") func slow() {
    func context(_ isSlow: Bool) -> ScanContext {
      let job = ScanJob(
        id: "t", engine: "tls", target: Target(scheme: "https", host: "h", port: 443), probeClass: .probe,
        authorisation: "t", options: ScanOptions(isSlow: isSlow))
      return ScanContext(job: job, settings: .init(), gate: AddressGate(), budget: ScanBudget(connections: 1))
    }
    let (usual, slow) = (context(false), context(true))
    #expect(usual.settings.limits.connectsPerSecond == 10 && slow.settings.limits.connectsPerSecond == 5)
    #expect(slow.settings.limits.requestsPerSecond == 0.5)
    #expect(slow.settings.limits.requestsPerSecondAndPlatform == 2.5)
    #expect(slow.settings.limits.queriesPerSecond == 5)
    #expect(slow.settings.limits.connectMilliseconds == 10_000)
    #expect(slow.settings.limits.exchangeMilliseconds == 16_000)
    #expect(slow.settings.limits.openPerAddress == usual.settings.limits.openPerAddress)
    #expect(slow.deadline.remaining > usual.deadline.remaining + 15_000)
  }
}
