import ArgumentParser
import ControlAPI
import Records

struct TrailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trail", abstract: "One site's line of time: findings before, alerts during, retests after.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Argument(help: "The site's id.") var site: String

  func run() async throws {
    let page = try await hub.client().call(API.trail, id: site)
    if look.json { return try look.objects(page.items) }
    var table = Table([
      .init("TIME"), .init("PHASE"), .init("WHAT"), .init("SEVERITY"), .init("ROW", isRight: true),
      .init("TEXT", yields: true),
    ])
    for line in page.items {
      table.add([
        .init(line.time.text), .init(line.phase.title.en), .init(line.kind.title.en),
        .init(line.severity?.rawValue ?? "-", code: line.severity.map(Style.code)),
        .init(line.row.map { "\($0)" } ?? "-"), .init(line.text.en),
      ])
    }
    table.print(look.style)
  }
}
