import ArgumentParser
import ControlAPI
import Dashboard
import Records

extension SitesCommand {
  struct Proposals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hosts and addresses that scans met beside the sites: nothing is added before you say so.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "proposed, accepted, declined or all.") var state = "proposed"
    @Option(help: "Of one site.") var site: String?
    @Option(parsing: .upToNextOption, help: "Ids to accept: hosts become sites, addresses their site's.")
    var accept: [String] = []
    @Option(parsing: .upToNextOption, help: "Ids to decline.") var decline: [String] = []
    @Option(help: "At most so many.") var limit = 1000

    func validate() throws {
      guard state == "all" || Proposal.State(rawValue: state) != nil else {
        throw ValidationError("--state is proposed, accepted, declined or all")
      }
      guard (1...ProposalsRequest.mostRows).contains(limit) else {
        throw ValidationError("--limit is 1 to \(ProposalsRequest.mostRows)")
      }
    }

    func run() async throws {
      if !accept.isEmpty || !decline.isEmpty { return try await decide() }
      let request = ProposalsRequest(
        state: Proposal.State(rawValue: state), site: site,
        limit: choice.reach(limit, longest: ProposalsRequest.mostRows))
      let page = try await hub.client().call(API.proposals, request)
      try choice.show(page.items, .proposals, look, tongue.words(hub).language, limit: limit)
    }

    private func decide() async throws {
      var isRefused = false
      for (ids, isAccepted) in [(accept, true), (decline, false)] where !ids.isEmpty {
        let report = try await hub.client().call(
          API.decideProposals, ProposalDecision(ids: ids, accept: isAccepted))
        if look.json {
          try look.objects([report])
        } else {
          try look.list(report.done, .proposals, tongue.words(hub).language, columns: choice.columns)
        }
        for line in report.refused { Console.error.line(Table.harmless(line)) }
        for site in report.notAuthorised {
          Console.error.line("\(Table.harmless(site)) is not authorised, so not scanned")
        }
        isRefused = isRefused || !report.refused.isEmpty
      }
      if isRefused { throw ExitCode(2) }
    }

  }
}
