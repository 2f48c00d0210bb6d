import ArgumentParser
import ControlAPI
import Records

struct TrailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trail", abstract: "One site's line of time: findings before, alerts during, retests after.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Argument(help: "The site's id.") var site: String

  func run() async throws {
    let page = try await hub.client().call(API.trail, id: site)
    if look.json { return try look.objects(page.items) }
    let words = tongue.words(hub)
    var table = Table([
      .init(words("TIME", "时间")), .init(words("PHASE", "阶段")), .init(words("WHAT", "事件")),
      .init(words("SEVERITY", "级别")), .init(words("ROW", "编号"), isRight: true),
      .init(words("TEXT", "内容"), yields: true),
    ])
    for line in page.items {
      table.add([
        .init(line.time.text), .init(words(line.phase.title)), .init(words(line.kind.title)),
        .init(line.severity.map { words($0.title) } ?? "-", severity: line.severity),
        .init(line.row.map { "\($0)" } ?? "-"), .init(words(line.text)),
      ])
    }
    table.print(look.style)
  }
}
