import ArgumentParser
import ControlAPI
import Records

extension SitesCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Sites with their posture, worst first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "At most so many.") var limit = 100
    @Argument(help: "For example: organisation:tax* worst>=high") var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: filter.joined(separator: " "), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.sites, request)
      if look.json { return try look.objects(page.items) }
      var table = Table([
        .init("SITE"), .init("ORGANISATION", yields: true), .init("SCORE", isRight: true), .init("WORST"),
        .init("FINDINGS", isRight: true), .init("ALERTS", isRight: true), .init("AUTHORISED"), .init("TESTED"),
      ])
      for item in page.items {
        table.add([
          .init(item.site.id), .init(item.organisation?.en ?? item.site.organisation ?? "-"),
          .init(item.cell.score.map(String.init) ?? "-"),
          .init(item.cell.worst?.rawValue ?? "-", code: item.cell.worst.map(Style.code)),
          .init("\(item.cell.openFindings)"), .init("\(item.cell.openAlerts)"), .init(item.isAuthorised ? "yes" : "no"),
          .init(item.lastTested.map { Moment.short($0) } ?? "never"),
        ])
      }
      table.print(look.style)
    }
  }
}
