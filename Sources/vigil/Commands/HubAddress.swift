import ArgumentParser
import ControlAPI
import Documents
import Glibc
import Hub

/// Which hub a command asks: `--hub` over the network, `--socket`, else that of `--config`, else $VIGIL_SOCKET, else the
/// one that answers in the usual data folder or the demonstration's. On a socket the hub knows the user by the kernel;
/// a token counts in the user's place.
struct HubAddress: ParsableArguments {
  @Option(help: "The hub's API socket.", completion: .file()) var socket: String?
  @Option(help: "The configuration whose data folder the hub has.", completion: .file(extensions: ["yaml"]))
  var config: String?
  @Option(name: .customLong("hub"), help: "A hub on another machine, https://HOST:PORT; wants --token-file.")
  var url: String?
  @Option(
    name: .customLong("token-file"), help: "A file with a token, which nobody else may read.", completion: .file())
  var tokenFile: String?
  @Option(
    name: .customLong("hub-ca"), help: "A file (PEM) with the authority of that hub's certificate; else the system's.",
    completion: .file(extensions: ["pem", "crt"]))
  var authorities: String?

  func validate() throws {
    guard let url else {
      if authorities != nil { throw ValidationError("--hub-ca goes with --hub") }
      return
    }
    if socket != nil || config != nil { throw ValidationError("give --hub, --socket or --config, not two of them") }
    guard url.hasPrefix("https://"), url.utf8.count > "https://".utf8.count else {
      throw ValidationError("--hub is \(url), not https://HOST:PORT: a token does not go in the clear")
    }
    if tokenFile == nil { throw ValidationError("--hub wants --token-file") }
  }

  func client(timeoutMilliseconds: Int = 30_000) throws -> Client {
    Client(try place(), timeoutMilliseconds: timeoutMilliseconds)
  }

  func place() throws -> HubPlace {
    let token = try tokenFile.map(HubAddress.token)
    guard let url else { return HubPlace(.socket(try path()), token: token) }
    let plain = url.hasSuffix("/") ? String(url.dropLast()) : url
    return HubPlace(.network(url: plain, authorities: authorities), token: token)
  }

  /// The socket of a hub of this machine.
  func path() throws -> String {
    guard url == nil else {
      throw OperatorMistake(
        "hub.far", at: "--hub", "this reads files beside the hub", hint: "call it on the hub's own machine")
    }
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

  private static func token(_ path: String) throws -> String {
    var state = stat()
    guard unsafe stat(path, &state) == 0 else {
      throw OperatorMistake("hub.tokenFile", at: path, "this file cannot be read", hint: "see vigil people token add")
    }
    guard state.st_mode & 0o077 == 0 else {
      throw OperatorMistake(
        "hub.tokenFile", at: path, "others may read this token", hint: "chmod 0600 \(path), and make a new token")
    }
    let text = try DocumentFile.text(path: path)
    let line = String(text.prefix { !$0.isNewline })
    guard !line.isEmpty, line.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw OperatorMistake("hub.tokenFile", at: path, "the first line is no token", hint: "see vigil people token add")
    }
    return line
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
