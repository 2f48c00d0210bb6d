import ArgumentParser
import ControlAPI
import DemoCity
import Glibc
import Synchronization

/// Serves the demonstration city; `vigil up --demo` starts it.
struct DemoCityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-city", abstract: "Serves the demonstration city on loopback.", shouldDisplay: false)

  @Option(help: "The folder that vigil up --demo wrote.") var folder: String
  @Option(help: "The port of the sites with TLS.") var tlsPort: UInt16 = 8443
  @Option(help: "The port of the sites without.") var plainPort: UInt16 = 8080

  func run() throws {
    do {
      let server = try CityServer(
        trust: try CityFolder(path: folder).readAuthority(), ports: CityPorts(tls: tlsPort, plain: plainPort))
      CitySignals.arm(server)
      Console.out.line("\(CityTable.sites.count) sites on \(CityTable.network), ports \(tlsPort) and \(plainPort)")
      server.run()
    } catch {
      throw OperatorMistake("demo", error.sentence, hint: error.hint)
    }
  }
}

/// SIGTERM and SIGINT close the city.
private enum CitySignals {
  /// Set once before the handlers are, and never changed: a handler only reads it.
  nonisolated(unsafe) private static var server: CityServer?

  static func arm(_ city: CityServer) {
    unsafe server = city
    for number in [SIGTERM, SIGINT] { _ = signal(number, citySignalArrived) }
  }

  fileprivate static func arrived() { unsafe server?.stop() }
}

/// Runs in the signal's context: one atomic store and one `write`.
private func citySignalArrived(_: Int32) { CitySignals.arrived() }
