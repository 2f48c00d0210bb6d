import ArgumentParser
import ControlAPI
import Dashboard
import Records

struct IncidentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incidents", abstract: "Cases: level, people, clocks, steps with proof, and a log.",
    subcommands: [
      List.self, Show.self, Offers.self, Open.self, Join.self, Remove.self, Level.self, Lead.self, Member.self,
      Step.self, Reopen.self, Known.self, Fact.self, Mark.self, Kind.self, Operator.self, Log.self, Comment.self,
    ],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Cases, the newest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many.") var limit = 50
    @Argument(help: "For example: open:true level>=III overdue:true site:tax*", completion: .query(.incidents))
    var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.incidents, request)
      try look.list(page.items, .incidents, tongue.words(hub).language, columns: choice.columns)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One case: proposed and set level, clocks, rows, log.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "Its number, as 2026-0007.") var id: String

    func run() async throws {
      let client = try hub.client()
      if look.json { return try look.objects([try await client.call(API.incident, id: id)]) }
      try await look.detail(.incident(id), client, tongue.words(hub).language)
    }
  }

  struct Offers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Open cases that a row may join, the likeliest first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The row's number.") var row: Int64

    func run() async throws {
      let page = try await hub.client().call(API.incidentOffers, OffersRequest(row: row))
      if look.json { return try look.objects(page.items) }
      let words = tongue.words(hub)
      var table = Table([
        .init(words("INCIDENT", "编号")), .init(words("WHY", "理由")), .init(words("TITLE", "标题"), yields: true),
      ])
      for offer in page.items {
        let reasons = offer.reasons.map { words($0.title) }.joined(separator: words(", ", "，"))
        table.add([offer.incident.id, reasons.isEmpty ? "-" : reasons, offer.incident.title])
      }
      table.print(look.style)
    }
  }

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Opens a case, and escalates its rows.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "Else that of the first row.") var title: String?
    @Option(help: "tampering, leak, webshell, outage, attack or other; else by the first row.") var kind: IncidentKind?
    @Option(name: .customLong("site"), help: "A site that it is about; may be said again.") var sites: [String] = []
    @Flag(help: "An exercise: in no statistic.") var drill = false
    @Argument(help: "The rows' numbers.") var rows: [Int64] = []

    func run() async throws {
      let detail = try await hub.client().call(
        API.openIncident, IncidentOpening(title: title, kind: kind, rows: rows, sites: sites, isDrill: drill))
      if look.json { return try look.objects([detail]) }
      try look.list([detail.item], .incidents, tongue.words(hub).language)
    }
  }
}

extension IncidentKind: ExpressibleByArgument {}
extension IncidentLevel: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
extension OperatorKind: ExpressibleByArgument {}
extension IncidentMeasure: ExpressibleByArgument {}
extension IncidentMark.Kind: ExpressibleByArgument {}
extension IncidentState: ExpressibleByArgument {}

/// The case that an act is on, and how it looks after it.
struct ActedIncident: ParsableArguments {
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Argument(help: "Its number, as 2026-0007.") var id: String

  func act(_ request: IncidentActRequest) async throws {
    _ = try request.incidentAct()
    try show(try await hub.client().call(API.actOnIncident, id: id, request))
  }

  func decide(_ request: IncidentDecision) async throws {
    _ = try request.incidentAct()
    try show(try await hub.client().call(API.decideOnIncident, id: id, request))
  }

  private func show(_ detail: IncidentDetail) throws {
    if look.json { return try look.objects([detail]) }
    try look.list([detail.item], .incidents, tongue.words(hub).language)
  }
}
