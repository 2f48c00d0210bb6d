import ArgumentParser
import ControlAPI
import Records

struct SituationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "situation", abstract: "Where the city, an organisation or a site stands, and what has changed.",
    subcommands: [Show.self, Changes.self, Looked.self, Warnings.self], defaultSubcommand: Show.self)

  /// `city`, `organisation ID`, `site ID`, or with a slash between.
  static func scope(_ words: [String]) throws(OperatorMistake) -> (kind: String, id: String) {
    let parts = words.count == 1 ? words[0].split(separator: "/", maxSplits: 1).map(String.init) : words
    switch (parts.first, parts.count) {
    case (nil, _), ("city", 1): return ("city", "")
    case ("organisation", 2), ("site", 2): return (parts[0], parts[1])
    default:
      throw OperatorMistake(
        "situation.scope", "\"\(words.joined(separator: " "))\" is no scope", hint: "city, organisation ID or site ID")
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Posture, top risks, sources and targets, coverage, blindness, early picture, open cases.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "Hours looked back, 1 to 168.") var hours = 24
    @Option(help: "Lines of each list, 1 to 100.") var limit = 10
    @Argument(help: "city, organisation ID or site ID.") var scope: [String] = ["city"]

    func run() async throws {
      let scope = try SituationCommand.scope(scope)
      let request = SituationRequest(hours: hours, limit: limit)
      let client = try hub.client()
      let report: SituationReport =
        switch scope.kind {
        case "organisation": try await client.call(API.organisationSituation, id: scope.id, request)
        case "site": try await client.call(API.siteSituation, id: scope.id, request)
        default: try await client.call(API.situation, request)
        }
      if look.json { return try look.objects([report]) }
      let words = tongue.words(hub)
      SituationLines(words: words, style: look.ink(words.language)).print(report)
    }
  }

  struct Changes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What is new, back, gone, moved or down since your last look, and what nobody looked at.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "A span such as 8h or a moment; else your last look.") var since: String?
    @Option(help: "Lines of each list, 1 to 1000.") var limit = 20
    @Flag(help: "Remembers that you have looked now.") var seen = false
    @Argument(help: "city, organisation ID or site ID.") var scope: [String] = ["city"]

    func run() async throws {
      let scope = try SituationCommand.scope(scope)
      let name = scope.kind == "city" ? "city" : "\(scope.kind)/\(scope.id)"
      let client = try hub.client()
      let changes = try await client.call(API.changes, ChangesRequest(since: since, scope: name, limit: limit))
      if seen { _ = try await client.call(API.look, Nothing()) }
      if look.json { return try look.objects([changes]) }
      ChangesLines(words: tongue.words(hub), style: look.style).print(changes)
    }
  }

  struct Looked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "look", abstract: "Remembers that you have looked now.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption

    func run() async throws {
      let answer = try await hub.client().call(API.look, Nothing())
      if look.json { return try look.objects([answer]) }
      let words = tongue.words(hub)
      let before = answer.before.map { words(", before: \($0.text)", "，上次：\($0.text)") } ?? ""
      Console.out.line(words("looked \(answer.time.text)", "已查看 \(answer.time.text)") + before)
    }
  }

  struct Warnings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Campaigns in their beginning, and weaknesses that were exploited with every site that has them.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption

    func run() async throws {
      let page = try await hub.client().call(API.earlyWarnings, SituationRequest())
      if look.json { return try look.objects(page.items) }
      SituationLines(words: tongue.words(hub), style: look.style).print(page.items, isWhole: true)
    }
  }
}
