import ArgumentParser
import ControlAPI

struct APICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api", abstract: "The hub's API, for other programs.", subcommands: [OpenAPI.self])

  struct OpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "openapi", abstract: "Prints the API as an OpenAPI 3.1 file; no hub is asked.")

    func run() async throws {
      Console.out.write(String(decoding: try OpenAPIDocument.bytes(), as: UTF8.self))
    }
  }
}
