import ArgumentParser
import ControlAPI
import Engines
import Glibc
import Hub
import Records
import Scanner
import Seam
import Sensor
import Wire

struct ScannerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scanner", abstract: "The role that talks to sites: takes jobs from the hub, gives back what it saw.")
  @Option(help: "The configuration.") var config: String?
  @Option(help: "This scanner's name.") var name = "scanner-1"

  func run() throws {
    let configuration = try ConfigurationFile.read(config)
    let data = configuration.data
    try data.make()
    let settings = try configuration.scannerConfiguration()
    // Before root is given up: they lie where the operator put them, not the scanner.
    let templates = try TemplateChoice(configuration).engine()
    try drop(configuration)
    try configuration.checkTrustStores(settings.settings.trustStores)
    // After root is given up: a program of somebody else's never has it.
    let external = ExternalSettings(configuration.scan).ready()
    let boot = UInt64(bitPattern: WallClock.system.now().nanoseconds)
    do throws(SeamError) {
      let spool = try Spool(directory: data.spool + "/" + name, source: name, boot: boot)
      let role = try ScannerRole(
        name: name, socketPath: data.ingestSocket, spool: spool, boot: boot, configuration: settings,
        own: EngineRegistry.all(with: templates), external: external)
      EndFlag.arm()
      Console.out.line("scanner ready")
      try role.run(isOver: { EndFlag.isUp })
    } catch {
      throw OperatorMistake(
        "scanner.\(error.code.rawValue)", error.sentence, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }

  /// It reads what strangers' servers say: as the sensor does, it gives up root first (HOUSE.md).
  private func drop(_ configuration: Configuration) throws {
    let (folder, user) = (configuration.data.spool + "/" + name, configuration.sensor.user)
    do throws(SensorError) {
      try Privileges.prepare(folder: folder, for: user)
      try Privileges.drop(to: user)
      Privileges.seal()
      ParentWatch.arm()
      try Privileges.check(reaches: [folder])
    } catch {
      throw OperatorMistake("scanner.user", error.sentence, hint: error.hint)
    }
  }
}
