package import Records
package import Wire

extension Scheduler {
  /// What must outlive the process. Leases do too: a host that a living scanner holds is not given twice because the
  /// hub was away.
  package struct Snapshot: Sendable, Hashable, Codable {
    package struct Line: Sendable, Hashable, Codable {
      package var key: Key
      package var entry: Entry
      package init(key: Key, entry: Entry) { (self.key, self.entry) = (key, entry) }
    }
    package struct Head: Sendable, Hashable, Codable {
      package var nextLease: Int64
      package var random: SeededRandom
      package init(nextLease: Int64, random: SeededRandom) { (self.nextLease, self.random) = (nextLease, random) }
    }
    package var lines: [Line]
    package var leases: [Lease]
    package var head: Head
    /// Kept where people's acts are, with their audit.
    package var stops: [ScanStop]
    package var guards: [GuardPeriod]

    package init(
      lines: [Line], leases: [Lease], head: Head, stops: [ScanStop] = [], guards: [GuardPeriod] = []
    ) {
      self.lines = lines
      self.leases = leases
      self.head = head
      self.stops = stops
      self.guards = guards
    }
  }

  /// What changed since the last call: all that a store writes, however large the inventory is.
  package struct SnapshotChanges: Sendable, Hashable {
    package var lines: [Snapshot.Line]
    package var removed: [Key]
    package var given: [Lease]
    package var ended: [Int64]
    package var head: Snapshot.Head
    package var isEmpty: Bool { lines.isEmpty && removed.isEmpty && given.isEmpty && ended.isEmpty }
  }

  struct Changes: Sendable {
    var touched: Set<Int> = []
    var removed: [Key] = []
    var given: [Lease] = []
    var ended: [Int64] = []
    mutating func touch(_ pair: Int) { touched.insert(pair) }
  }

  package mutating func takeChanges() -> SnapshotChanges {
    let ended = Set(changes.ended)
    let result = SnapshotChanges(
      lines: changes.touched.sorted().map { Snapshot.Line(key: pairs[$0].key, entry: pairs[$0].entry) },
      removed: changes.removed, given: changes.given.filter { !ended.contains($0.id) }, ended: changes.ended, head: head
    )
    changes = Changes()
    return result
  }

  private var head: Snapshot.Head { Snapshot.Head(nextLease: nextLease, random: random) }

  package var snapshot: Snapshot {
    let lines =
      pairs.isEmpty
      ? restored.map { Snapshot.Line(key: $0.key, entry: $0.value) }
      : pairs.map { Snapshot.Line(key: $0.key, entry: $0.entry) }
    return Snapshot(
      lines: lines.sorted { ($0.key.site, $0.key.engine) < ($1.key.site, $1.key.engine) },
      leases: (leases.isEmpty ? restoredLeases : Array(leases.values)).sorted { $0.id < $1.id }, head: head,
      stops: stops,
      guards: guards)
  }

  /// Goes on where `snapshot` stood; call `replace` with the inventory next. Lease ids go on above every id that is
  /// known, and above `leastLease`.
  package init(
    restoring snapshot: Snapshot, configuration: SchedulingConfiguration = .init(), leastLease: Int64 = 1
  ) {
    let next = max(snapshot.head.nextLease, leastLease, (snapshot.leases.map(\.id).max() ?? 0) + 1)
    self.init(configuration: configuration, seed: 0, nextLease: next)
    random = snapshot.head.random
    stopList = StopList(snapshot.stops)
    guards = snapshot.guards
    restored = Dictionary(snapshot.lines.map { ($0.key, $0.entry) }, uniquingKeysWith: { first, _ in first })
    restoredLeases = snapshot.leases
  }

  /// The ledger's last words after a restart, so that what is known is not told again.
  package mutating func restore(coverage entries: [CoverageEntry]) {
    for entry in entries where entry.check == "*" { coverage.record(entry) }
    _ = coverage.takeChanges()
  }
}
