import ArgumentParser
import ControlAPI
import Records
import Wire

struct GuardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "Guard periods: sites looked at oftener, heavy scans frozen, from when to when.",
    subcommands: [List.self, Set.self, End.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The guard periods there are.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws { try GuardCommand.show(try await hub.client().call(API.guards).items, look) }
  }

  struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Puts a guard period, in the place of one with its id.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "When it begins, as 2026-10-01T00:00:00+08:00.") var from: String
    @Option(help: "When it ends.") var until: String
    @Option(help: "What it is for.") var name = ""
    @Option(name: .customLong("site"), help: "A site by id; may be given again. No site, tag or organisation: all.")
    var sites: [String] = []
    @Option(name: .customLong("tag"), help: "Sites with this tag.") var tags: [String] = []
    @Option(name: .customLong("organisation"), help: "Sites of this organisation and those below it.")
    var organisations: [String] = []
    @Option(help: "Every interval is multiplied by it, 0.1 to 1.") var factor = 0.5
    @Option(name: .customLong("freeze"), help: "An engine that does not run meanwhile; else ports, tls, templates.")
    var frozen: [String] = []
    @Flag(name: .customLong("freeze-none"), help: "Every engine runs on.") var freezesNone = false
    @Argument(help: "Its id, short.") var id: String

    func validate() throws {
      if freezesNone, !frozen.isEmpty { throw ValidationError("give --freeze or --freeze-none, not both") }
    }

    func run() async throws {
      let period = GuardPeriod(
        id: id, name: name, from: try moment(from, "--from"), until: try moment(until, "--until"), sites: sites,
        tags: tags, organisations: organisations, cadenceFactor: factor,
        frozenEngines: freezesNone ? [] : frozen.isEmpty ? GuardPeriod.usuallyFrozen : frozen)
      try GuardCommand.show(try await hub.client().call(API.setGuard, GuardRequest(period: period)).items, look)
    }

    private func moment(_ text: String, _ option: String) throws -> Timestamp {
      guard let moment = Timestamp(text: text) else {
        throw OperatorMistake(
          "guard.time", at: option, "\"\(text)\" is no moment", hint: "for example 2026-10-01T00:00:00+08:00")
      }
      return moment
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a guard period now.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its id.") var id: String
    func run() async throws {
      try GuardCommand.show(try await hub.client().call(API.endGuard, GuardEnd(id: id)).items, look)
    }
  }

  private static func show(_ periods: [GuardPeriod], _ look: Look) throws {
    if look.json { return try look.objects(periods) }
    if periods.isEmpty { return Console.out.line("no guard period") }
    for period in periods { Console.out.line(ScanStatusLines.words(period)) }
  }
}
