import ArgumentParser
import ControlAPI
import Documents
import Hub
import Records

struct SitesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sites", abstract: "The inventory: what is protected, and by whose permission it is scanned.",
    subcommands: [List.self, Show.self, Import.self], defaultSubcommand: List.self)

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
      if !item.isAuthorised { Console.out.line("no valid authorisation: it is not scanned") }
      for line in detail.deductions {
        Console.out.line("  -\(line.points)  \(Table.harmless(line.title.en)) (row \(line.finding))")
      }
      QueueLines.table(detail.alerts, look).print(look.style)
      CoverageLines(entries: detail.coverage, style: look.style).print()
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes over an inventory (CSV or YAML).")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Flag(name: .customLong("dry-run"), help: "Only say what would change.") var dryRun = false
    @Argument(help: "The file.") var file: String

    func run() async throws {
      let text: String
      do throws(DocumentError) { text = try DocumentFile.text(path: file) } catch {
        throw OperatorMistake("sites.file", at: error.position.description, error.message, hint: error.hint)
      }
      let isTable = [".csv", ".tsv"].contains { file.lowercased().hasSuffix($0) }
      let report = try await hub.client().call(
        API.importSites, ImportRequest(form: isTable ? .csv : .yaml, name: file, text: text, dryRun: dryRun))
      if look.json { return try look.objects([report]) }
      report.problems.forEach(Console.error.line)
      let verb = report.dryRun ? "would be" : "were"
      Console.out.line(
        "\(report.added.count) sites \(verb) added, \(report.changed.count) changed, \(report.unchanged) unchanged; "
          + "\(report.organisations) organisations, \(report.authorisations) authorisations")
      if !report.notAuthorised.isEmpty {
        Console.out.line("not authorised, so not scanned: \(report.notAuthorised.prefix(20).joined(separator: ", "))")
      }
      if !report.problems.isEmpty { throw ExitCode(2) }
    }
  }
}
