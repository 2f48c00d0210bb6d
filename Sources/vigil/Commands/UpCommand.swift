import ArgumentParser
import ControlAPI
import Glibc
import Hub

struct UpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Runs everything on this machine: hub, sensor and scanner, and the dashboard if asked."
  )

  @Option(help: "The configuration; written with its defaults when it does not exist.") var config: String?
  @Flag(help: "Open the dashboard; the roles' lines go to a file.") var dashboard = false
  @Flag(help: "A demonstration city on loopback, in a data folder of its own.") var demo = false
  @Option(help: "The interface to capture on.") var interface: String?

  func run() throws {
    let path = try demo ? Demo.configuration() : configurationPath()
    let configuration = try Configuration.read(path: path)
    try configuration.data.make()
    let onScreen = dashboard && Console.out.isTerminal
    let log = onScreen ? LineLog(file: configuration.data.log + "/vigil.log") : LineLog()
    log.write("up", kept(configuration, path))
    var supervisor = try Supervisor(roles: try roles(configuration, path, onScreen), log: log)
    throw ExitCode(supervisor.run())
  }

  /// On a fresh machine a commented configuration is written, and said.
  private func configurationPath() throws -> String {
    if let path = config ?? ConfigurationFile.existing, unsafe access(path, F_OK) == 0 { return path }
    let path = config ?? ConfigurationFile.candidates[0]
    let text = ConfigurationKeys.commentedDefault(interface: try Interfaces.ask(named: interface))
    try FileText.write(text, to: path)
    Console.error.line("vigil: wrote \(path) with every key and its default")
    return path
  }

  private func roles(_ configuration: Configuration, _ path: String, _ onScreen: Bool) throws -> [Role] {
    var roles = demo ? Demo.roles(configuration: path) : []
    roles.append(Role(name: "hub", arguments: ["hub", "--config", path]))
    if configuration.sensor.enabled {
      let named = interface ?? configuration.sensor.interface
      if named.isEmpty {
        Console.error.line(
          "vigil: no interface is named, so no packet is captured; name it with --interface or sensor.interface")
      } else {
        roles.append(Role(name: "sensor", arguments: ["sensor", "--config", path, "--interface", named]))
      }
    }
    if configuration.scan.enabled { roles.append(Role(name: "scanner", arguments: ["scanner", "--config", path])) }
    if onScreen {
      roles.append(
        Role(name: "dashboard", arguments: ["dashboard", "--socket", configuration.data.apiSocket], isForeground: true))
    }
    return roles
  }

  /// One line on what is kept, as every start says.
  private func kept(_ configuration: Configuration, _ path: String) -> String {
    let days = Int(configuration.retention.ageSeconds / 86_400)
    let evidence = configuration.sensor.rawEvidence ? "raw evidence" : "masked evidence, no packets and no bodies"
    return "\(path): alerts, findings and audit are kept in \(configuration.data.path) for \(days) days (\(evidence))"
  }
}

/// Writes a small file whole or not at all.
enum FileText {
  /// The folder that `path` lies in is made where it is missing; only that one, not those above it.
  private static func makeFolder(of path: String) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    unsafe _ = mkdir(String(path[..<slash]), 0o700)
  }

  static func write(_ text: String, to path: String) throws(OperatorMistake) {
    makeFolder(of: path)
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw OperatorMistake(
        "file.refused", at: path,
        unsafe "this file cannot be written: \(String(cString: strerror(errno)).lowercased())",
        hint: "name another with --config")
    }
    defer { close(descriptor) }
    Console(descriptor: descriptor).write(text)
  }
}
