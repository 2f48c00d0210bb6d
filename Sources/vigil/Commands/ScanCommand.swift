import ArgumentParser
import ControlAPI
import Engines
import Hub
import Records
import Scanner
import Scheduling
import Wire

struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Scans targets now and prints what was found; the queue is not touched.",
    discussion: """
      A target that the inventory knows is scanned under its authorisation. Any other is scanned only on loopback,
      unless --authorised-by says by whose word; the audit log keeps that.
      """)
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Option(help: "Engines, separated by commas; see vigil engines.") var engines: String?
  @Option(name: .customLong("fail-on"), help: "Status 1 when anything of this severity or worse is found.")
  var failOn: Severity?
  @Option(name: .customLong("authorised-by"), help: "Who permits it, in your words.") var authorisedBy: String?
  @Argument(help: "URLs or hosts.") var targets: [String]

  func run() async throws {
    let chosen = try engineList()
    let scanning = try targets.map { try target($0) }
    let word = try await permission(scanning)
    var settings = Scanner.Configuration()
    settings.vantage = "vigil scan"
    settings.settings.policy = AddressPolicy(allowed: try allowed())
    let printer = ReportPrinter(look: look)
    let reports = Scanner.scan(
      scanning, engines: chosen, authorisation: word, configuration: settings, onReport: { printer.add($0) })
    let worst = reports.flatMap(\.observations).filter { $0.answer == .yes }.map(\.severity).max()
    if let failOn, let worst, worst >= failOn { throw ExitCode(1) }
  }

  private func engineList() throws -> [any ScanEngine] {
    guard let engines else { return EngineRegistry.all }
    return try engines.split(separator: ",").map { name in
      if let engine = EngineRegistry.named(String(name)) { return engine }
      let known = EngineRegistry.all.map(\.name)
      let hint = NearestWord.find(String(name), among: known).map { "did you mean \($0)?" }
      throw OperatorMistake(
        "scan.engine", "there is no engine \(name)", hint: hint ?? "one of \(known.joined(separator: ", "))")
    }
  }

  private func target(_ text: String) throws -> Target {
    do throws(SiteAddress.Malformed) {
      let address = try SiteAddress(parsing: text)
      return Target(
        scheme: address.scheme, host: address.host, address: IPAddress(address.host), port: address.port,
        serverName: IPAddress(address.host) == nil ? address.host : nil, path: address.path)
    } catch {
      throw OperatorMistake("scan.target", at: text, error.description, hint: "write https://host:port/path")
    }
  }

  /// Loopback needs no word. What the hub's inventory authorises needs none; all else needs the operator's.
  private func permission(_ targets: [Target]) async throws -> String {
    let strangers = targets.filter { !ScanCommand.isLoopback($0) }
    if strangers.isEmpty { return "loopback" }
    if let authorisedBy, !authorisedBy.isEmpty {
      try await audit(authorisedBy, targets)
      return authorisedBy
    }
    let known = (try? await hub.client().call(API.authorisations).items) ?? []
    for target in strangers {
      let verdict = AuthorisationVerdict.judge(
        host: target.host, address: target.address, probe: .probe, at: WallClock.system.now(), by: known)
      guard case .granted = verdict else {
        throw OperatorMistake(
          "scan.notAuthorised", at: target.url, "no valid authorisation of the inventory covers this target",
          hint: "add one to the inventory, or say by whose word with --authorised-by")
      }
    }
    return "inventory"
  }

  /// Without a hub there is no audit log, and so no scan by a word alone.
  private func audit(_ word: String, _ targets: [Target]) async throws {
    do {
      _ = try await hub.client().call(API.noteScan, ScanNote(authorisedBy: word, targets: targets.map(\.url)))
    } catch let mistake as OperatorMistake where mistake.code == "client.noHub" {
      throw OperatorMistake(
        "scan.noAudit", at: mistake.place, "no hub answers, so the audit log cannot keep by whose word this is",
        hint: "start one with: vigil hub")
    }
  }

  static func isLoopback(_ target: Target) -> Bool {
    guard let address = target.address else { return target.host == "localhost" || target.host.hasSuffix(".localhost") }
    return AddressPolicy().refusal(of: address) == .loopback
  }

  /// Loopback beside what the configuration allows.
  private func allowed() throws -> [IPPrefix] {
    let configured = try ConfigurationFile.read(hub.config).scan.allow
    return configured + ["127.0.0.0/8", "::1/128"].compactMap { IPPrefix($0) }
  }
}

extension Severity: ExpressibleByArgument {}

/// Prints reports as they come: findings worst first, then what was not determined and why.
struct ReportPrinter: Sendable {
  let look: Look
  private let style: Style

  init(look: Look) {
    self.look = look
    style = look.style
  }

  func add(_ report: JobReport) {
    if look.json {
      for observation in report.observations { (try? RecordJSON.text(observation)).map(Console.out.line) }
      (try? RecordJSON.text(report.outcome)).map(Console.out.line)
      return
    }
    let reason = report.outcome.reason.isEmpty ? "" : ": \(Table.harmless(report.outcome.reason))"
    Console.out.line("\(report.job.target.url) \(report.job.engine) \(report.outcome.status.rawValue)\(reason)")
    for observation in report.observations.sorted(by: { $0.severity > $1.severity }) {
      switch observation.answer {
      case .yes:
        Console.out.line(
          "  \(style.letter(observation.severity)) \(observation.check) \(observation.title.en): "
            + Table.harmless(observation.evidence))
      case .notDetermined(let reason):
        Console.out.line("  ? \(observation.check) not determined: \(Table.harmless(reason))")
      case .no: break
      }
    }
  }
}
