import ArgumentParser
import ControlAPI
import Dashboard
import Records
import Scheduling

extension SitesCommand {
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One site: why its score is what it is.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "The site's id.") var site: String

    func run() async throws {
      let detail = try await hub.client().call(API.site, id: site)
      if look.json { return try look.objects([detail]) }
      let item = detail.item
      Console.out.line(
        "\(item.site.id)  \(item.site.url)  score \(item.cell.score.map(String.init) ?? "not determined")")
      if HostName.isInternational(item.site.host) { Console.out.line("host  \(HostName.bothForms(item.site.host))") }
      for window in item.site.maintenance { Console.out.line("left alone  \(window)") }
      if !item.isAuthorised { Console.out.line("no valid authorisation: it is not scanned") }
      for line in detail.deductions {
        Console.out.line("  -\(line.points)  \(Table.harmless(line.title.en)) (row \(line.finding))")
      }
      try look.list(detail.alerts, .queue, .en)
      CoverageLines(entries: detail.coverage, style: look.style).print()
    }
  }
}
