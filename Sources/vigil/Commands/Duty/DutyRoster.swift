import ArgumentParser
import ControlAPI
import Dashboard
import Documents
import Records

struct DutyRoster: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roster", abstract: "Rosters: the coming weeks, with gaps and overlaps.",
    subcommands: [Show.self, Import.self, Export.self, Remove.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "The coming weeks.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "So many weeks, 1 to 26.") var weeks = 2
    @Argument(help: "A roster's id; else all.") var id: String?
    func run() async throws {
      let items = try await hub.client().call(API.rosters, RosterQuery(id: id, weeks: weeks)).items
      if items.isEmpty, !look.json { Console.out.line(tongue.words(hub)("no roster", "无排班")) }
      try DutyRoster.show(items, look, tongue.words(hub))
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts a roster out of a file, in the place of one with its id.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "So many weeks are shown, 1 to 26.") var weeks = 4
    @Flag(name: .customLong("dry-run"), help: "Only shows what it would mean.") var dryRun = false
    @Argument(help: "YAML or JSON.") var file: String
    func run() async throws {
      let text: String
      do { text = try DocumentFile.text(path: file) } catch { throw OperatorMistake("roster.unreadable", "\(error)") }
      let request = RosterRequest(name: file, text: text, dryRun: dryRun, weeks: weeks)
      try DutyRoster.show([try await hub.client().call(API.setRoster, request)], look, tongue.words(hub))
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A roster as a file that an import reads to the same.")
    @OptionGroup var hub: HubAddress
    @Argument(help: "Its id.") var id: String
    func run() async throws {
      let items = try await hub.client().call(API.rosters, RosterQuery(id: id, weeks: 1)).items
      Console.out.write(items.first?.text ?? "")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a roster away.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "Its id.") var id: String
    func run() async throws {
      let items = try await hub.client().call(API.removeRoster, RosterRemoval(id: id)).items
      try DutyRoster.show(items, look, tongue.words(hub))
    }
  }

  private static func show(_ items: [RosterPreview], _ look: Look, _ words: CommandWords) throws {
    if look.json { return try look.objects(items) }
    for item in items {
      DutyLinesOut(words: words).roster(item).map(Table.harmless).forEach(Console.out.line)
      try look.list(item.turns, .roster, words.language)
    }
  }
}
