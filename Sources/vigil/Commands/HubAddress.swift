import ArgumentParser
import ControlAPI
import Glibc
import Hub

/// Which hub a command asks: `--socket`, else that of `--config`, else $VIGIL_SOCKET, else the one that answers in
/// the usual data folder or the demonstration's.
struct HubAddress: ParsableArguments {
  @Option(help: "The hub's API socket.") var socket: String?
  @Option(help: "The configuration whose data folder the hub has.") var config: String?

  func client(timeoutMilliseconds: Int = 30_000) throws -> Client {
    Client(socket: try path(), timeoutMilliseconds: timeoutMilliseconds)
  }

  func path() throws -> String {
    if let socket { return socket }
    if let config { return try Configuration.read(path: config).data.apiSocket }
    if let named = DataFolder.environment("VIGIL_SOCKET") { return named }
    var candidates: [String] = []
    if let found = ConfigurationFile.existing, let configuration = try? Configuration.read(path: found) {
      candidates.append(configuration.data.apiSocket)
    }
    candidates += [DataFolder(path: DataFolder.usual).apiSocket, Demo.data.apiSocket]
    return candidates.first(where: SocketFile.answers) ?? candidates[0]
  }
}

/// Where the configuration is looked for when none is named.
enum ConfigurationFile {
  static var candidates: [String] {
    let home = DataFolder.environment("XDG_CONFIG_HOME") ?? (DataFolder.environment("HOME") ?? "") + "/.config"
    return ["vigil.yaml", home + "/vigil/vigil.yaml", "/etc/vigil/vigil.yaml"]
  }
  static var existing: String? { candidates.first { unsafe access($0, R_OK) == 0 } }

  /// The named one, the first that exists, or the defaults.
  static func read(_ named: String?) throws -> Configuration {
    guard let path = named ?? existing else { return Configuration() }
    return try Configuration.read(path: path)
  }
}
