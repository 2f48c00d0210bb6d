import Engines
import Records
import Scanner
import Synchronization
import Testing
import Wire

/// An engine that waits, counts who is on a host at once, and honours the stop.
private final class SlowEngine: ScanEngine {
  let name = "slow"
  let version = "1"
  let title = BilingualText("slow")
  let checks = [Check("slow.check", .low, "slow", "慢"), Check("slow.deep", .low, "deep", "深", .intrusive)]
  func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 1) }
  let milliseconds: Int
  private let busy = Mutex<(hosts: [String: Int], most: Int, total: Int)>(([:], 0, 0))
  var mostOnOneHost: Int { busy.withLock { $0.most } }
  var total: Int { busy.withLock { $0.total } }

  init(milliseconds: Int) { self.milliseconds = milliseconds }
  func applies(to target: Target) -> Bool { true }

  func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    busy.withLock { busy in
      busy.hosts[job.target.host, default: 0] += 1
      busy.total += 1
      busy.most = max(busy.most, busy.hosts[job.target.host] ?? 0)
    }
    defer { busy.withLock { $0.hosts[job.target.host, default: 0] -= 1 } }
    let end = Deadline(milliseconds: milliseconds)
    while !end.isPast, !context.isStopped { pause() }
    let answers = [CheckAnswer("slow.check", .yes, "seen")]
    return EngineResult(status: .completed, answers: completed(answers, job: job, else: "not seen"))
  }

  private func pause() {
    let step = Deadline(milliseconds: 2)
    while !step.isPast {}
  }
}

@Suite(.serialized) struct ScannerTests {
  private func job(_ index: Int, host: String) -> ScanJob {
    ScanJob(
      id: "\(index)", engine: "slow", site: host, target: Target(scheme: "https", host: host, port: 443),
      probeClass: .probe,
      authorisation: "a")
  }

  @Test("every job reports once, and no host has two at a time") func oneAHost() {
    let engine = SlowEngine(milliseconds: 5)
    let box = Box(Mutex([]))
    let scanner = Scanner(configuration: .init(), engines: [engine]) { box.add($0) }
    for index in 0..<40 { scanner.submit(job(index, host: "h\(index % 4)"), lease: Int64(index)) }
    #expect(scanner.wait(milliseconds: 10_000))
    #expect(box.all.compactMap(\.lease).sorted() == (0..<40).map(Int64.init))
    #expect(engine.mostOnOneHost == 1)
    #expect(scanner.status.completed == 40)
  }

  @Test("a stop ends what is meant, within two seconds, and nothing else") func stop() {
    let box = Box(Mutex([]))
    var configuration = Scanner.Configuration()
    configuration.jobs = 2
    let scanner = Scanner(configuration: configuration, engines: [SlowEngine(milliseconds: 600)]) { box.add($0) }
    for index in 0..<4 { scanner.submit(job(index, host: "h\(index)"), lease: Int64(index)) }
    scanner.stop { _, lease in lease != 1 }
    #expect(scanner.wait(milliseconds: 2000))
    let status = Dictionary(uniqueKeysWithValues: box.all.map { ($0.lease ?? -1, $0.outcome.status) })
    #expect(status == [0: .stopped, 1: .completed, 2: .stopped, 3: .stopped])
    #expect(box.all.first { $0.lease == 0 }?.coverage.first?.status == .stopped)
    #expect(scanner.close())
    scanner.submit(job(9, host: "late"))
    #expect(box.all.count == 5)
  }

  @Test("answers become observations, and what was not asked only coverage") func records() throws {
    let reports = Scanner.scan(
      [Target(scheme: "https", host: "h", port: 443)], engines: [SlowEngine(milliseconds: 1)],
      authorisation: "by the chief")
    let report = try #require(reports.first)
    #expect(report.job.authorisation == "by the chief")
    #expect(report.observations.map(\.check) == ["slow.check"])
    #expect(report.observations.first?.answer == .yes)
    #expect(report.outcome.status == .completed)
  }

  @Test("an unknown engine is refused, in a report") func unknown() {
    let box = Box(Mutex([]))
    let scanner = Scanner(configuration: .init(), engines: []) { box.add($0) }
    scanner.submit(job(1, host: "h"))
    #expect(box.all.map(\.outcome.reason) == ["no engine is called slow"])
  }

  private final class Box: Sendable {
    private let reports: Mutex<[ScanReport]>
    init(_ reports: consuming Mutex<[ScanReport]>) { self.reports = reports }
    func add(_ report: ScanReport) { reports.withLock { $0.append(report) } }
    var all: [ScanReport] { reports.withLock { $0 } }
  }
}
