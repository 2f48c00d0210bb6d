import ArgumentParser
import ControlAPI
import Dashboard
import Records

extension SitesCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Sites with their posture, worst first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many.") var limit = 100
    @Argument(help: "For example: organisation:tax* worst>=high", completion: .query(.sites)) var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.sites, request)
      try look.list(page.items, .inventory, tongue.words(hub).language, columns: choice.columns)
    }
  }
}
