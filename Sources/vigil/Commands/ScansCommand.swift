import ArgumentParser
import ControlAPI
import Records

struct ScansCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scans", abstract: "Scans as a whole: how fresh, stop, resume, begin now, guard periods.",
    subcommands: [Status.self, Start.self, Stop.self, Resume.self, GuardCommand.self], defaultSubcommand: Status.self)

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Freshness, what runs, what is due and how late, what is held and why.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look

    func run() async throws {
      let scans = try await hub.client().call(API.scans)
      if look.json { return try look.objects([scans]) }
      ScanStatusLines(scans: scans, style: look.style).print()
    }
  }

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Makes sites due now.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var which: WhichSites
    func run() async throws { try await which.ask(API.startScans, hub, look, "due now") }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends every connection of all or some sites, and stays in force until resume.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var which: WhichSites
    func run() async throws { try await which.ask(API.stopScans, hub, look, "stopped") }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a stop back.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var which: WhichSites
    func run() async throws { try await which.ask(API.resumeScans, hub, look, "resumed") }
  }
}

/// `--all`, or the sites named; nothing is all.
struct WhichSites: ParsableArguments {
  @Flag(help: "Every site; so it is when none is named.") var all = false
  @Argument(help: "Sites by id.") var sites: [String] = []

  func validate() throws {
    if all, !sites.isEmpty { throw ValidationError("name sites or give --all, not both") }
  }

  func ask(_ endpoint: Endpoint<ScanRequest, ScanReport>, _ hub: HubAddress, _ look: Look, _ verb: String) async throws
  {
    let report = try await hub.client().call(endpoint, ScanRequest(sites: sites))
    if look.json { return try look.objects([report]) }
    Console.out.line(
      "\(verb): \(report.all ? "all sites" : report.sites.joined(separator: ", ")) (\(report.jobs) jobs)")
    report.refused.forEach(Console.complain)
    if !report.refused.isEmpty { throw ExitCode(1) }
  }
}
