import ArgumentParser
import ControlAPI
import Records

extension SitesCommand {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The whole inventory as a file that an import reads to the same.")
    @OptionGroup var hub: HubAddress
    @Option(help: "csv, yaml or json.") var form = ImportRequest.Form.yaml

    func run() async throws {
      Console.out.write(try await hub.client().call(API.exportSites, ExportRequest(form: form)).text)
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What to look at: permissions that end, sites not scanned and why, names that deceive, no contacts.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look

    func run() async throws {
      let page = try await hub.client().call(API.checkSites, Nothing())
      if look.json { return try look.objects(page.items) }
      var table = Table([.init("WHAT"), .init("ON", yields: true), .init("WHY")])
      for remark in page.items { table.add([remark.kind.rawValue, remark.subject, remark.text.en]) }
      table.print(look.style)
      let total = page.total ?? page.items.count
      if total > page.items.count { Console.error.line("\(total) in all, the first \(page.items.count) are shown") }
    }
  }

  struct Duplicates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sites that may be one, with the reason. Nothing is put together.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look

    func run() async throws {
      let page = try await hub.client().call(API.duplicateSites, Nothing())
      if look.json { return try look.objects(page.items) }
      var table = Table([.init("REASON"), .init("SITES", yields: true)])
      for item in page.items { table.add([item.reason.label.en, item.sites.joined(separator: " ")]) }
      table.print(look.style)
    }
  }
}

extension ImportRequest.Form: ExpressibleByArgument {}
