import ArgumentParser
import ControlAPI
import DemoCity
import Glibc
import Synchronization

/// Serves the demonstration city, which `vigil up --demo` starts; or, with `--sites`, a planned city of any size.
struct DemoCityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-city", abstract: "Serves the demonstration city, or a planned one, on loopback.",
    shouldDisplay: false)

  @Option(help: "The folder that vigil up --demo wrote; with --sites one to write.") var folder: String
  @Option(help: "The port of the sites with TLS; 8443, or 9443 with --sites.") var tlsPort: UInt16?
  @Option(help: "The port of the sites without; 8080, or 9080 with --sites.") var plainPort: UInt16?
  @Option(help: "Serve a planned city of so many sites, 1 to 5000.") var sites: Int?
  @Option(help: "The planned city's seed; else one is drawn. It is printed.") var seed: UInt64?
  @Option(help: "Sites of a thousand that stall, reset, answer endlessly or talk no TLS.") var faults = 0
  @Option(help: ArgumentHelp("Every connection and request of the planned city, a line each.", valueName: "file"))
  var log: String?

  func validate() throws {
    if let sites, !(1...CityPlan.largest).contains(sites) {
      throw ValidationError("--sites is 1 to \(CityPlan.largest), not \(sites)")
    }
    if !(0...1000).contains(faults) { throw ValidationError("--faults is 0 to 1000, not \(faults)") }
    if sites == nil, seed != nil || log != nil || faults != 0 {
      throw ValidationError("--seed, --faults and --log are for a planned city: give --sites")
    }
  }

  func run() throws {
    do throws(DemoError) {
      if let sites { try serve(sites) } else { try serveTable() }
    } catch {
      throw OperatorMistake("demo", error.sentence, hint: error.hint)
    }
  }

  private func serveTable() throws(DemoError) {
    let ports = CityPorts(tls: tlsPort ?? 8443, plain: plainPort ?? 8080)
    let server = try CityServer(trust: try CityFolder(path: folder).readAuthority(), ports: ports)
    CitySignals.arm { server.stop() }
    Console.out.line("\(CityTable.sites.count) sites on \(CityTable.network), ports \(ports.tls) and \(ports.plain)")
    server.run()
  }

  private func serve(_ count: Int) throws(DemoError) {
    unsafe mkdir(folder, 0o700)
    let plan = CityPlan(seed: seed ?? UInt64.random(in: 0...UInt64(UInt32.max)), sites: count, faults: faults)
    let city = LiveCity(plan, ports: CityPorts(tls: tlsPort ?? 9443, plain: plainPort ?? 9080))
    let books = PlannedCityFolder(path: folder)
    let server = try PlannedCityServer(trust: try books.write(city), city: city, log: log)
    try server.start()
    CitySignals.arm {
      server.stop()
      CitySignals.leave()
    }
    Console.out.line("city ready: \(plan.openingLine), ports \(city.ports.tls) and \(city.ports.plain)")
    let control = CityControl(server, books)
    while let line = readLine() {
      if line == "quit" { break }
      control.answer(line).forEach(Console.out.line)
    }
    server.stop()
    server.flushLog()
  }
}

/// SIGTERM and SIGINT close the city.
private enum CitySignals {
  /// Set once before the handlers are, and never changed: a handler only reads it.
  nonisolated(unsafe) private static var ending: (@Sendable () -> Void)?

  static func arm(_ end: @escaping @Sendable () -> Void) {
    unsafe ending = end
    for number in [SIGTERM, SIGINT] { _ = signal(number, citySignalArrived) }
  }

  /// The loop of words waits for a line that may never come.
  static func leave() { _exit(0) }

  fileprivate static func arrived() { unsafe ending?() }
}

/// Runs in the signal's context: atomic stores and `write`.
private func citySignalArrived(_: Int32) { CitySignals.arrived() }
