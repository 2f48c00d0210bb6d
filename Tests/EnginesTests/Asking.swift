import Foundation
import Glibc
import Records
import Wire

@testable import Engines

/// What an engine says of a server on loopback.
struct Asked {
  var result: EngineResult
  var context: ScanContext

  func answer(_ check: String) -> Observation.Answer? { result.answers.first { $0.check == check }?.answer }
  func evidence(_ check: String) -> String { result.answers.first { $0.check == check }?.evidence ?? "" }
  func isOpen(_ check: String) -> Bool { if case .notDetermined = answer(check) { true } else { false } }
  func fact(_ name: String) -> String? { result.facts.first { $0.name == name }?.value }
  /// The checks that were answered *no*: what the engine calls safe.
  var denied: [String] { result.answers.filter { $0.answer == .no }.map(\.check) }
}

/// The tables that come with the program.
func shippedTables() throws -> ReferenceTables {
  let rules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Rules").path
  return try ReferenceTables.read(endOfSupport: rules + "/end-of-support", grading: rules + "/grading")
}

func settings(trust: Identity? = nil) throws -> ScanContext.Settings {
  var settings = ScanContext.Settings()
  settings.policy = AddressPolicy(allowed: [IPPrefix("127.0.0.0/8")].compactMap(\.self))
  settings.limits = .lab
  settings.limits.exchangeMilliseconds = 1500
  settings.tables = try shippedTables()
  if let trust {
    let path = "/tmp/vigil-trust-\(getpid())-\(UInt64.random(in: 0...(.max))).pem"
    let descriptor = unsafe open(path, O_CREAT | O_WRONLY | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw ServerFailure() }
    _ = unsafe write(descriptor, trust.pem, trust.pem.utf8.count)
    close(descriptor)
    settings.trustFile = path
  }
  return settings
}

func ask(
  _ engine: some ScanEngine, port: UInt16, scheme: String = "https", host: String = "site.test",
  probe: ProbeClass = .probe,
  networks: [IPPrefix] = [], deadline: Int = 15_000, options: ScanOptions = .init(), known: String? = nil,
  settings: ScanContext.Settings
) -> Asked {
  let target = Target(
    scheme: scheme, host: host, address: IPAddress("127.0.0.1"), port: port,
    serverName: IPAddress(host) == nil ? host : nil)
  let job = ScanJob(
    id: "t", engine: engine.name, site: "s", target: target, probeClass: probe, authorisation: "test",
    allowedNetworks: networks,
    deadlineMilliseconds: deadline, options: options, known: known)
  let context = ScanContext(
    job: job, settings: settings, gate: AddressGate(), budget: engine.budget(for: job, settings.limits))
  defer { if let path = settings.trustFile { unsafe unlink(path) } }
  return Asked(result: engine.run(job, context), context: context)
}
