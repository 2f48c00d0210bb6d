import Engines
import Records
import Synchronization
import Testing
import Wire

/// Every zone of the table, asked by the dns engine in a closed world of names.
@Suite struct NamesTests {
  @Test("every truth of the zones is found or not determined with a right reason, and nothing is invented")
  func names() async throws {
    let farm = try NamesFarm()
    defer { farm.stop() }
    let ledgers = await NamesScan.ledgers(farm)
    let sums = [
      ledgers.reduce(0) { $0 + $1.truths }, ledgers.reduce(0) { $0 + $1.found },
      ledgers.reduce(0) { $0 + $1.notDetermined }, ledgers.reduce(0) { $0 + $1.missed.count },
      ledgers.reduce(0) { $0 + $1.invented.count },
    ]
    let table = ledgers.flatMap(\.lines) + [NamesLedger.line("\(ledgers.count) zones", sums)]
    print(([NamesLedger.head] + table).joined(separator: "\n"))
    let checks = Set(EngineRegistry.named("dns")?.checks.map(\.id) ?? [])
    let moved = ledgers.reduce(into: Set<String>()) { $0.formUnion($1.moved) }
    print("names: checks that no zone moves to yes: \(checks.subtracting(moved).sorted())")
    #expect(ledgers.count == farm.zones.count)
    #expect(checks == Set(NamesQuestions.all.keys), "every check of the engine has its truth")
    #expect(checks.subtracting(moved) == [], "every check is moved by some zone")
    for ledger in ledgers {
      #expect(ledger.missed == [], "\(ledger.zone.zone)")
      #expect(ledger.invented == [], "\(ledger.zone.zone)")
    }
  }

  private static func zone(_ change: (inout NameZone) -> Void) -> NameZone {
    var zone = NameZone(
      name: "made-up", zone: "made-up.example", target: "www.made-up.example", signed: "ecdsa", validity: "now",
      delegation: "right", tampered: false, servers: ["north", "south"], transfer: false, a: ["192.0.2.7"],
      aaaa: ["2001:db8::7"], alias: "none", hasTLSA: false, known: [:], weak: [], idle: [], open: [:], either: [],
      sees: .all, reasons: [])
    change(&zone)
    return zone
  }

  private static func facts(_ zone: NameZone) -> [Fact] {
    NamesQuestions.facts(of: zone).map { Fact($0.key, $0.value) }
  }

  private static func judged(
    _ check: String, _ answer: Observation.Answer, _ change: (inout NameZone) -> Void = { _ in }
  ) -> NamesLedger {
    let zone = zone(change)
    var ledger = NamesLedger(zone)
    ledger.judge(EngineResult(status: .completed, answers: [CheckAnswer(check, answer)], facts: facts(zone)))
    return ledger
  }

  @Test("the judge lets neither a miss, nor an invention, nor an evasion pass") func judge() {
    let facts = NamesQuestions.facts(of: Self.zone { _ in }).count
    #expect(facts == 5 && Self.judged("dns.ns.single", .no).found == 1 + facts)
    #expect(Self.judged("dns.ns.single", .yes).invented.count == 1)
    #expect(Self.judged("dns.ns.single", .no) { $0.servers = ["north"] }.missed.count == 1)
    #expect(Self.judged("dns.ns.single", .notDetermined(reason: "timed out")).missed.count == 1)
    #expect(Self.judged("dns.ns.single", .notDetermined(reason: "does not apply: no idea")).missed.count == 1)
    #expect(Self.judged("dns.changed", .notDetermined(reason: "does not apply: first look")).found == 1 + facts)
    #expect(Self.judged("dns.changed", .no).invented.count == 1)
    #expect(
      Self.judged("dns.ns.lame", .notDetermined(reason: "it timed out")) { $0.servers = ["silent"] }.notDetermined == 1)
    #expect(Self.judged("dns.ns.lame", .no) { $0.servers = ["silent"] }.invented.count == 1)
    #expect(Self.judged("dns.spf.missing", .no) { $0.sees = .nothing }.invented.count == 1)
    #expect(
      Self.judged("dns.dnssec.bogus", .notDetermined(reason: "does not validate")) { $0.tampered = true }.missed.count
        == 1)
    #expect(Self.judged("dns.not.mapped", .no).unmapped == ["dns.not.mapped"])
    var ledger = NamesLedger(Self.zone { _ in })
    ledger.judge(EngineResult(status: .completed, facts: [Fact("zone", "example")]))
    #expect(ledger.invented.count == 1 && ledger.missed.count == facts - 1)
  }
}

/// The engine on the farm's zones, directly: no scheduler, no limits.
enum NamesScan {
  /// Zones asked at once: nearly all of the time is waiting for servers that do not answer.
  private static let width = 8
  /// Milliseconds for a zone whose servers never answer: every question would take its own time.
  private static let mutePatience = 15_000

  static func ledgers(_ farm: NamesFarm) async -> [NamesLedger] {
    await each(farm) { zone, result in
      var ledger = NamesLedger(zone)
      ledger.judge(result)
      return ledger
    }
  }

  /// What `body` makes of the engine's answers about each zone, in the table's order.
  static func each<T: Sendable>(
    _ farm: NamesFarm, _ body: @escaping @Sendable (NameZone, EngineResult) -> T
  ) async -> [T] {
    let settings = farm.settings
    // Those that make us wait begin first.
    let order = farm.zones.indices.sorted { slowness(farm.zones[$0]) < slowness(farm.zones[$1]) }
    let waiting = Mutex(order)
    let done = Mutex([Int: T]())
    return await withCheckedContinuation { continuation in
      let threads = Mutex(width)
      for _ in 0..<width {
        let thread = Engines.Thread {
          while let index = waiting.withLock({ $0.popLast() }) {
            let made = body(farm.zones[index], ask(farm.zones[index], farm, settings))
            done.withLock { $0[index] = made }
          }
          guard
            threads.withLock({ left in
              left -= 1
              return left == 0
            })
          else { return }
          continuation.resume(returning: done.withLock { $0.sorted { $0.key < $1.key }.map(\.value) })
        }
        precondition(thread.start(), "the system gives a thread")
      }
    }
  }

  private static func slowness(_ zone: NameZone) -> Int {
    zone.sees == .nothing ? 2 : zone.servers.contains("silent") || zone.servers.contains("garbage") ? 1 : 0
  }

  private static func ask(_ zone: NameZone, _ farm: NamesFarm, _ settings: ScanContext.Settings) -> EngineResult {
    guard let engine = EngineRegistry.named("dns") else { return EngineResult(status: .refused) }
    let job = job(zone, farm)
    let context = ScanContext(
      job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
    return engine.run(job, context)
  }

  static func job(_ zone: NameZone, _ farm: NamesFarm) -> ScanJob {
    let known = zone.known.isEmpty ? nil : try? RecordJSON.text(["sets": zone.known])
    let target = Target(scheme: "https", host: zone.target, port: farm.port, serverName: zone.target)
    return ScanJob(
      id: zone.name, engine: "dns", site: zone.name, target: target, probeClass: .intrusive, authorisation: "the farm",
      deadlineMilliseconds: zone.sees == .nothing ? mutePatience : 0, known: known)
  }
}
