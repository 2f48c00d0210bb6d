import ArgumentParser
import ControlAPI
import Glibc
import Hub

struct HubCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hub", abstract: "The role that owns the store, the queue and the API.")
  @Option(help: "The configuration.") var config: String?

  func run() async throws {
    umask(0o077)
    try await HubProcess(configuration: try ConfigurationFile.read(config), engines: EnginesCommand.items).run {
      socket in
      Console.out.line("hub ready on \(socket)")
    }
  }
}
