package import Records
package import Wire

/// The schedule of every (site, engine), as one value. Not `Sendable` work: its owner (Hub) serialises the calls.
///
/// Invariants, kept here and walked at random by the tests: one lease a host, also over a restart; no lease without an
/// authorisation that is valid now; no lease on a stopped site; no gate over its limit; every pair is either leased,
/// ready, waiting at a gate or for its time, or says in the coverage why not.
///
///     waiting (TimeHeap) -> ready (ReadyQueue) -> admitted -> leased -> waiting
///                             ^    |
///                             +-- at a gate (Gate): woken when a job there ends
package struct Scheduler: Sendable {
  package struct Key: Hashable, Sendable, Codable {
    package var site: String
    package var engine: String
    package init(site: String, engine: String) {
      self.site = site
      self.engine = engine
    }
  }

  /// Why a pair that is due waits for a moment, not for a turn.
  package enum Hold: String, Sendable, Codable, CaseIterable { case notAuthorised, refusedAddress, maintenance, frozen }

  /// What a (site, engine) has behind and before it.
  package struct Entry: Hashable, Sendable, Codable {
    package var due: Timestamp
    /// More than its class: a retest, a person's wish.
    package var raised: Urgency?
    package var step = 0
    package var failures = 0
    /// Leases that ran out without an outcome since the last one.
    package var deaths = 0
    package var lastTested: Timestamp?
    /// The worst *yes* of the last whole scan.
    package var worst: Severity?
    /// Of engines with light looks: when the next whole one is due.
    package var wholeDue: Timestamp?
    /// The scanner whose finding waits for a second look, at best by another.
    package var confirms: String?
    package var held: Hold?

    package init(due: Timestamp) { self.due = due }
  }

  enum State: UInt8, Sendable { case waiting, ready, atGate, stopped, leased }

  /// A (site, engine) at work.
  struct Pair: Sendable {
    let key: Key
    let site: Int
    let profile: EngineProfile
    let organisation: Int
    let gates: [Int]
    var entry: Entry
    var state = State.waiting
    /// Of the only queue place that counts.
    var mark: UInt32 = 0
    /// The gate that woke it: where it cannot go through, the next one there is woken instead.
    var wokenBy: Int?
    var lease: Int64?
    /// What came while its job was out: it runs once more after.
    var wish: Urgency?
    /// The worst *yes* of the job that is out.
    var seen: Severity?
    var permit: Permit?
  }

  /// An authorisation that was found, and how long nothing better can come.
  struct Permit: Sendable {
    var authorisation: Authorisation
    var until: Timestamp
  }

  package internal(set) var configuration: SchedulingConfiguration
  package internal(set) var inventory = Inventory()
  package internal(set) var leases: [Int64: Lease] = [:]
  var stopList = StopList()
  package internal(set) var guards: [GuardPeriod] = []
  package internal(set) var coverage = CoverageLedger()
  var pairs: [Pair] = []
  var index: [Key: Int] = [:]
  var places: [Place] = []
  var placeOf: [String: Int] = [:]
  var gates = GateTable()
  var due = TimeHeap()
  var ready = ReadyQueue()
  var leaseEnds = TimeHeap()
  /// Entries and leases of a snapshot, until the inventory comes.
  var restored: [Key: Entry] = [:]
  var restoredLeases: [Lease] = []
  /// When a guard period next begins or ends.
  var guardChange: Timestamp?
  /// Scanners by their last wish for work: who else could take a second look.
  var holders: [String: Timestamp] = [:]
  var changes = Changes()
  var random: SeededRandom
  package internal(set) var nextLease: Int64

  /// `nextLease` goes on from the snapshot, so that an id never names two leases.
  package init(configuration: SchedulingConfiguration = .init(), seed: UInt64, nextLease: Int64 = 1) {
    self.configuration = configuration
    random = SeededRandom(seed: seed)
    self.nextLease = nextLease
  }

  package func entry(_ key: Key) -> Entry? { index[key].map { pairs[$0].entry } ?? restored[key] }

  /// What the store must keep since the last call, apart from what scanners tell of their own jobs.
  package mutating func takeCoverage() -> [CoverageEntry] { coverage.takeChanges() }

  /// Authorisations of the inventory that end within `days` (30 by MODEL.md), soonest first.
  package func expiringAuthorisations(now: Timestamp, days: Double = 30) -> [Authorisation] {
    let horizon = now.advanced(seconds: days * 86_400)
    return inventory.authorisations.filter { $0.until > now && $0.until <= horizon }.sorted { $0.until < $1.until }
  }

  /// The next moment at which `lease` may give something; nil where nothing waits for a time.
  package var nextDue: Timestamp? {
    [ready.isEmpty ? nil : Timestamp(nanoseconds: 0), due.first, leaseEnds.first].compactMap(\.self).min()
  }

  // MARK: moves between the queues

  mutating func schedule(_ pair: Int, _ entry: Entry) {
    pairs[pair].entry = entry
    pairs[pair].state = .waiting
    pairs[pair].mark &+= 1
    due.push(Int64(pair) << 32 | Int64(pairs[pair].mark), entry.due)
    changes.touch(pair)
  }

  mutating func makeReady(_ pair: Int, atHead: Bool = false) {
    pairs[pair].state = .ready
    pairs[pair].mark &+= 1
    ready.push(
      waiting(pair), urgency(pair), organisation: pairs[pair].organisation, atHead: atHead)
  }

  func waiting(_ pair: Int) -> Waiting {
    Waiting(pair: pair, mark: pairs[pair].mark, cost: pairs[pair].profile.cost)
  }

  func urgency(_ pair: Int) -> Urgency {
    let usual: Urgency = pairs[pair].profile.isWatch ? .watch : .routine
    return pairs[pair].entry.raised.map { min($0, usual) } ?? usual
  }

  mutating func jittered(_ seconds: Double) -> Double {
    seconds * (1 + configuration.jitter * (2 * random.unit() - 1))
  }

  /// Of the watch: never later than the cadence that people were told, by which the minutes of an outage are counted.
  mutating func early(_ seconds: Double) -> Double { seconds * (1 - configuration.jitter * random.unit()) }

  mutating func cover(_ pair: Int, _ status: CoverageEntry.Status, _ reason: String, _ now: Timestamp) {
    let key = pairs[pair].key
    coverage.record(CoverageEntry(site: key.site, engine: key.engine, status: status, reason: reason, time: now))
  }
}
