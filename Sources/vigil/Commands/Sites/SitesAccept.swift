import ArgumentParser
import ControlAPI
import Records

extension SitesCommand {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes what has changed on a site as right; the next look keeps it as the baseline.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(
      help: ArgumentHelp(
        "Only what this engine found, several times for several; else all that know the site.", valueName: "name"))
    var engine: [String] = []
    @Argument(help: "The site's id.") var site: String

    func run() async throws {
      let report = try await hub.client().call(API.acceptChange, id: site, AcceptRequest(engines: engine))
      if look.json { return try look.objects([report]) }
      Console.out.line("accepted for \(report.site): \(report.engines.joined(separator: ", ")); they look again soon")
      report.waits.map { Console.complain("but not yet: \($0)") }
    }
  }
}
