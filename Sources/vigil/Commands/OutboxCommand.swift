import ArgumentParser
import ControlAPI
import Dashboard
import Records
import Wire

struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "What leaves by mail, chat, webhook, syslog and file.",
    subcommands: [Lanes.self, List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: Lanes.self)

  struct Lanes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lanes", abstract: "Each way out: at work or down, and what waits.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice

    func run() async throws {
      let lanes = try await hub.client().call(API.outboxLanes).items
      if lanes.isEmpty, !look.json {
        return Console.out.line("no way out is set up: see delivery in the configuration")
      }
      try choice.show(lanes, .lanes, look, tongue.words(hub).language)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Messages, the newest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "waiting, delivered, dead, withheld or dropped.") var state: String?
    @Option(help: "Those of one lane, as vigil outbox tells it.") var lane: String?
    @Option(help: "Those below this id.") var before: Int64?
    @Option(help: "At most so many, up to 1000.") var limit = 100

    func run() async throws {
      let chosen = state.flatMap { OutboxEntry.State(rawValue: $0) }
      guard state == nil || chosen != nil else {
        throw OperatorMistake(
          "outbox.state", at: "--state", "\"\(state ?? "")\" is no state",
          hint: "one of \(OutboxEntry.State.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      let fetched = choice.query == nil ? limit : OutboxRequest.longest
      let request = OutboxRequest(state: chosen, lane: lane, before: before, limit: fetched)
      let items = try await hub.client().call(API.outbox, request).items
      try choice.show(items, .outbox, look, tongue.words(hub).language, limit: limit)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One message: its text, its tries, who did what to it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its id.") var id: Int64

    func run() async throws {
      let detail = try await hub.client().call(API.outboxMessage, id: String(id))
      if look.json { return try look.objects([detail]) }
      let item = detail.item
      var lines = [
        "\(item.id) \(item.state.rawValue) \(item.lane) \(item.kind?.rawValue ?? "row") \(item.to ?? "")",
        "since \(item.since.text), due \(item.due.text), \(item.attempts) tries",
      ]
      if let error = item.lastError { lines.append("why: \(error)") }
      if let subject = detail.subject { lines += ["", subject] }
      if let text = detail.text {
        lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      }
      for entry in detail.audit {
        lines.append("\(entry.time.text) \(entry.actor.name): \(entry.act) (\(entry.before ?? ""))")
      }
      for line in lines { Console.out.line(Table.harmless(line)) }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Has messages that were given up tried again.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var which: WhichMessages
    func run() async throws { try await which.ask(API.retryOutbox, hub, look, "waits again") }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes messages out that wait or were given up.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var which: WhichMessages
    func run() async throws { try await which.ask(API.dropOutbox, hub, look, "dropped") }
  }
}

/// Messages by id, or the dead ones of a lane.
struct WhichMessages: ParsableArguments {
  @Option(name: .customLong("dead-of"), help: "All that were given up in this lane.") var deadOf: String?
  @Argument(help: "Messages by id.") var ids: [Int64] = []

  func validate() throws {
    if ids.isEmpty == (deadOf == nil) { throw ValidationError("name messages or give --dead-of LANE") }
  }

  /// Exit status 1 where one was refused.
  func ask(
    _ endpoint: Endpoint<OutboxAct, OutboxReport>, _ hub: HubAddress, _ look: Look, _ verb: String
  ) async throws {
    let report = try await hub.client().call(endpoint, OutboxAct(ids: ids, deadOf: deadOf))
    if look.json {
      try look.objects([report])
    } else {
      for id in report.done { Console.out.line("\(id) \(verb)") }
      for refusal in report.refused { Console.complain("\(refusal.id): \(refusal.reason)") }
    }
    if !report.refused.isEmpty { throw ExitCode(1) }
  }
}
