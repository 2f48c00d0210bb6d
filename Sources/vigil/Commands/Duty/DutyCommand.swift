import ArgumentParser
import ControlAPI
import Dashboard
import Records
import Wire

struct DutyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duty", abstract: "The watch: who has it, who is called, what is handed over, what is reported.",
    discussion: """
      vigil duty take
      vigil duty hand over --to bo -m "the tax office calls back at ten"
      vigil duty roster import roster.yaml --dry-run
      vigil duty report zero --period congress
      vigil duty sign 12 --name "Li Wei"
      """,
    subcommands: [
      Status.self, DutyTake.self, DutyHand.self, DutyShifts.self, DutyLog.self, DutyRoster.self, DutyCanary.self,
      DutyReportCommand.self, DutyReports.self, DutySign.self, DutyGuard.self, DutyDrill.self,
    ], defaultSubcommand: Status.self)

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Who has the watch, and what is wrong with the duty.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    func run() async throws {
      let status = try await hub.client().call(API.duty)
      if look.json { return try look.objects([status]) }
      DutyLinesOut(words: tongue.words(hub)).status(status).forEach(Console.out.line)
    }
  }
}

struct DutyTake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "take", abstract: "Takes the watch; prints the note of whoever had it, and confirms it.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Option(help: "Why it is taken although its holder has not handed it over.") var over: String?
  func run() async throws {
    let item = try await hub.client().call(API.takeShift, ShiftTake(over: over))
    if look.json { return try look.objects([item]) }
    DutyLinesOut(words: tongue.words(hub)).taken(item).forEach(Console.out.line)
  }
}

struct DutyHand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hand", abstract: "Hands the watch over.", subcommands: [Over.self])

  struct Over: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the handover note; the watch stays until the next has taken it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "To whom; else whom the roster names.") var to: String?
    @Option(name: .shortAndLong, help: "What the note cannot know.") var message = ""
    func run() async throws {
      let item = try await hub.client().call(API.handOver, ShiftHandOver(to: to, remark: message))
      if look.json { return try look.objects([item]) }
      let words = tongue.words(hub)
      Console.out.write(item.note.map { words($0) } ?? "")
    }
  }
}

struct DutyShifts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shifts", abstract: "Shifts, with how fast each answered.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @OptionGroup var choice: ListChoice
  @Option(help: "At most so many.") var limit = 20
  func run() async throws {
    let request = DutyListRequest(limit: choice.reach(limit, longest: DutyListRequest.longest))
    let items = try await hub.client().call(API.shifts, request).items
    try choice.show(items, .shifts, look, tongue.words(hub).language, limit: limit)
  }
}

struct DutyLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "The log of the duty; with words, writes a line into it.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @OptionGroup var choice: ListChoice
  @Option(help: "At most so many lines.") var limit = 50
  @Argument(help: "A line to write.") var text: [String] = []
  func run() async throws {
    let client = try hub.client()
    let lines: [DutyLine]
    if text.isEmpty {
      lines = try await client.call(
        API.dutyLog, DutyListRequest(limit: choice.reach(limit, longest: DutyListRequest.longest))
      ).items
    } else {
      lines = [try await client.call(API.writeDutyLog, DutyRemark(text: text.joined(separator: " ")))]
    }
    try choice.show(lines, .log, look, tongue.words(hub).language, limit: limit, isNewestLast: true)
  }
}

struct DutyCanary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canary", abstract: "The way of an alert, stage by stage, in the last hour.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  func run() async throws {
    let report = try await hub.client().call(API.canary)
    if look.json { return try look.objects([report]) }
    let out = DutyLinesOut(words: tongue.words(hub))
    out.canary(report).forEach(Console.out.line)
    if !report.stages.isEmpty { try look.list(report.stages, .canary, tongue.words(hub).language) }
  }
}
