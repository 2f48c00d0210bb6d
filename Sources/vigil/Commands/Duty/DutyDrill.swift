import ArgumentParser
import ControlAPI
import Records

struct DutyDrill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill", abstract: "Exercises: marked everywhere, in no statistic, never told outside.",
    subcommands: [List.self, Start.self, Inject.self, End.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Drills, with the times to acknowledge.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    func run() async throws {
      let items = try await hub.client().call(API.drills, DutyListRequest()).items
      if look.json { return try look.objects(items) }
      if items.isEmpty { Console.out.line(tongue.words(hub)("no drill", "无演练")) }
      for item in items {
        DutyLinesOut(words: tongue.words(hub)).drill(item).map(Table.harmless).forEach(Console.out.line)
      }
    }
  }

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Begins a drill.")
    @OptionGroup var act: DrillAct
    @Option(help: "What it is about.") var name = ""
    func run() async throws { try await act.run(.start) { $0.name = name } }
  }

  struct Inject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Makes a marked alert.")
    @OptionGroup var act: DrillAct
    @Option(help: "What the row says.") var title = "exercise"
    @Option(help: "info, low, medium, high or critical.") var severity = Severity.critical
    @Option(help: "At which site, by id.") var site: String?
    func run() async throws {
      try await act.run(.inject) {
        $0.title = title
        $0.severity = severity
        $0.site = site
      }
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a drill, closes its rows and tells the times.")
    @OptionGroup var act: DrillAct
    func run() async throws { try await act.run(.end) }
  }
}

struct DrillAct: ParsableArguments {
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Argument(help: "The drill's id.") var id: String

  func run(_ act: DrillRequest.Act, _ change: (inout DrillRequest) -> Void = { _ in }) async throws {
    var request = DrillRequest(act: act, id: id)
    change(&request)
    let item = try await hub.client().call(API.drill, request)
    if look.json { return try look.objects([item]) }
    DutyLinesOut(words: tongue.words(hub)).drill(item).map(Table.harmless).forEach(Console.out.line)
  }
}

struct DutyGuard: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "The start checklist of a guard period.", subcommands: [Show.self, Tick.self],
    defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "What is ticked by whom, and what is not.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The period's id; see vigil scans guard.") var period: String
    func run() async throws {
      let list = try await hub.client().call(API.guardChecklist, id: period)
      if look.json { return try look.objects([list]) }
      DutyLinesOut(words: tongue.words(hub)).checklist(list).map(Table.harmless).forEach(Console.out.line)
    }
  }

  struct Tick: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ticks a line, by name.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Flag(help: "Takes the tick back.") var undo = false
    @Argument(help: "The period's id.") var period: String
    @Argument(help: "The line's id.") var line: String
    func run() async throws {
      let request = GuardTick(check: line, isTicked: !undo)
      let list = try await hub.client().call(API.tickGuard, id: period, request)
      if look.json { return try look.objects([list]) }
      DutyLinesOut(words: tongue.words(hub)).checklist(list).map(Table.harmless).forEach(Console.out.line)
    }
  }
}
