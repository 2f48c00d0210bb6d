import ArgumentParser
import ControlAPI
import Dashboard
import Records

struct FindingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings", abstract: "Weaknesses of sites and platforms, of all engines as one.",
    subcommands: [
      List.self, Show.self, Diff.self, Import.self, Accept.self, False.self, Claim.self, Retest.self,
    ], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Findings, worst first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many.") var limit = 50
    @Argument(
      help: "For example: site:tax* check:tls.* disagree:yes engine:nmap since:2d", completion: .query(.findings))
    var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.findings, request)
      try look.list(page.items, .findings, tongue.words(hub).language, columns: choice.columns)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One finding, and what each engine says of it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The finding's number.") var id: Int64

    func run() async throws {
      let client = try hub.client()
      let detail = try await client.call(API.queueRow, id: String(id))
      guard let finding = detail.finding else {
        throw OperatorMistake(
          "findings.alert", "row \(id) is of alerts, not a finding", hint: "see it with vigil alerts show \(id)")
      }
      if look.json { return try look.objects([FindingItem(finding: finding)]) }
      try await look.detail(.row(id), client, tongue.words(hub).language)
    }
  }

  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What is new, back, changed or gone between two moments, by the hub's log.",
      discussion: """
        What nobody looked at in between is shown apart as not covered, never as gone. The words are those of
        vigil scan --baseline FILE --diff.
        """)
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "From when: a span before now such as 2d, or a moment.") var since: String
    @Option(help: "Until when; without it until now.") var until: String?
    @Option(help: "One site, with what its platform shows there.") var site: String?
    @Option(help: "One organisation, with all below it.") var organisation: String?
    @Option(help: "At most so many lines.") var limit = 200

    func validate() throws {
      if site != nil, organisation != nil { throw ValidationError("--site and --organisation exclude one another") }
    }

    func run() async throws {
      let diff = try await hub.client().call(
        API.findingDiff,
        FindingDiffRequest(
          since: since, until: until, site: site, organisation: organisation,
          limit: min(max(limit, 1), ListRequest.longestPage)))
      if look.json { return try look.objects([diff]) }
      FindingLines.diff(diff).print(look.style)
      if Console.out.isTerminal { Console.error.line(FindingLines.sum(diff)) }
    }
  }
}
