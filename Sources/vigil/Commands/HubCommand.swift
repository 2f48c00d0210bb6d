import ArgumentParser
import ContentBundle
import ControlAPI
import Documents
import Engines
import Glibc
import Hub

struct HubCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hub", abstract: "The role that owns the store, the queue and the API.")
  @Option(help: "The configuration.") var config: String?

  func run() async throws {
    umask(0o077)
    let configuration = try ConfigurationFile.read(config)
    let places = try ContentPlaces(configuration.data)
    let tree = try IndicatorReader.read(folder: try HubCommand.indicators(configuration, places))
    let content = HubContent(
      folder: places.folder, state: places.state, shipped: try ContentPlaces.shipped(), version: Hub.version,
      shippedPosture: configuration.rules.posture == nil ? InstalledFiles.path("Rules/posture") : nil)
    let engines = EnginesCommand.items(EngineRegistry.all(with: try TemplateChoice(configuration).engine()))
    let process = HubProcess(configuration: configuration, engines: engines, tree: tree, content: content)
    try await process.run { socket in Console.out.line("hub ready on \(socket)") }
  }

  /// Where the indicator tree is: a hub without one would call every site sound.
  private static func indicators(_ configuration: Configuration, _ places: ContentPlaces) throws -> String {
    guard let folder = configuration.rules.posture ?? places.path(.posture) else {
      throw OperatorMistake(
        "posture.folder", "the indicator tree is not installed", hint: "name its folder by rules.posture")
    }
    return folder
  }
}
