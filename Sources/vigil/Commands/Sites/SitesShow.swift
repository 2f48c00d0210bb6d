import ArgumentParser
import ControlAPI
import Dashboard

extension SitesCommand {
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One site: why its score is what it is.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The site's id.") var site: String

    func run() async throws {
      let client = try hub.client()
      if look.json { return try look.objects([try await client.call(API.site, id: site)]) }
      try await look.detail(.site(site), client, tongue.words(hub).language)
    }
  }
}
