import ArgumentParser
import ControlAPI

struct SitesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sites", abstract: "The inventory: what is protected, and by whose permission it is scanned.",
    subcommands: [
      List.self, Show.self, Import.self, Export.self, Check.self, Duplicates.self, Proposals.self, Notice.self,
      Accept.self,
    ], defaultSubcommand: List.self)
}
