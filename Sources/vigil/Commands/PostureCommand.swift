import ArgumentParser
import ControlAPI
import Records

struct PostureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posture", abstract: "Scores of the city, of organisations and of sites, and what explains them.",
    subcommands: [Show.self, Rank.self, Indicators.self, Check.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A score with its dimensions, its costliest weaknesses and its days.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "Days of history, 1 to 400.") var days = 14
    @Argument(help: "city, organisation/ID or site/ID.") var scope = "city"

    func run() async throws {
      let report = try await hub.client().call(API.posture, PostureRequest(scope: scope, days: days))
      if look.json { return try look.objects([report]) }
      let mean = report.mean
      Console.out.line(
        "\(Table.harmless(report.title.en))  score \(PostureCommand.text(mean.score)), "
          + "\(mean.tested) of \(mean.sites) sites tested"
          + (mean.platforms.map { ", with \($0) platforms" } ?? ""))
      for dimension in report.dimensions {
        Console.out.line("  \(PostureCommand.padded(dimension.score))  \(dimension.title.en)")
      }
      deductions(report)
      sites(report)
      hostings(report)
      let past = report.days.map { "\($0.day) \(PostureCommand.text($0.score))" }
      if !past.isEmpty { Console.out.line("before: " + past.joined(separator: ", ")) }
    }

    private func deductions(_ report: PostureReport) {
      var table = Table([
        .init("POINTS", isRight: true), .init("SITES", isRight: true), .init("INDICATOR"),
        .init("REMEDY", yields: true),
      ])
      for line in report.deductions.prefix(20) {
        table.add(["-\(line.points)", "\(line.sites)", line.indicator, line.remedy.en])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }

    private func hostings(_ report: PostureReport) {
      var table = Table([.init("SCORE", isRight: true), .init("PLATFORM"), .init("WEAK", yields: true)])
      for platform in report.platforms {
        let weak = platform.deductions.map(\.indicator).joined(separator: " ")
        table.add([PostureCommand.text(platform.score), platform.site, weak])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }

    private func sites(_ report: PostureReport) {
      guard report.mean.sites > 1 else { return }
      var table = Table([.init("SCORE", isRight: true), .init("SITE"), .init("WORST", yields: true)])
      for site in report.sites {
        table.add([PostureCommand.text(site.score), site.site, site.deductions.first?.indicator ?? "-"])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }
  }

  struct Rank: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ranking", abstract: "Organisations by score and by how much of what was found is gone.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Option(help: "Days of the period, up to now, 1 to 400.") var days = 30

    func run() async throws {
      let report = try await hub.client().call(API.ranking, PostureRequest(days: days))
      if look.json { return try look.objects(report.lines) }
      var table = Table([
        .init("PLACE", isRight: true), .init("ORGANISATION", yields: true), .init("SCORE", isRight: true),
        .init("SITES", isRight: true), .init("TESTED", isRight: true), .init("FOUND", isRight: true),
        .init("GONE", isRight: true), .init("CLOSED %", isRight: true),
      ])
      for entry in report.lines {
        let line = entry.line
        table.add([
          line.place > 0 ? "\(line.place)" : "-", entry.name.en, PostureCommand.text(line.posture.score),
          "\(line.posture.sites)", "\(line.posture.tested)", "\(line.found)", "\(line.verified)",
          PostureCommand.text(line.closureRate),
        ])
      }
      table.print(look.style)
    }
  }

  struct Indicators: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What a score is made of.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look

    func run() async throws {
      let page = try await hub.client().call(API.indicators, Nothing())
      if look.json { return try look.objects(page.items) }
      var table = Table([
        .init("WEIGHT", isRight: true), .init("INDICATOR"), .init("TITLE", yields: true), .init("MOVED BY"),
      ])
      for item in page.items {
        table.add(["\(item.weight)", item.id, item.title.en, (item.checks + item.alerts).joined(separator: " ")])
      }
      table.print(look.style)
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Computes every kept day again from the log; status 1 where one comes out otherwise.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look

    func run() async throws {
      let check = try await hub.client().call(API.checkPosture, Nothing())
      if look.json {
        try look.objects([check])
      } else {
        Console.out.line(
          "\(check.lines) lines of the log: \(check.same) days the same, \(check.different.count) different, "
            + "\(check.otherTree) of another tree of indicators")
        check.different.forEach { Console.out.line("different: \($0)") }
      }
      if !check.different.isEmpty { throw ExitCode(1) }
    }
  }

  fileprivate static func text(_ score: Int?) -> String { score.map(String.init) ?? "not determined" }
  fileprivate static func padded(_ score: Int?) -> String {
    let text = score.map(String.init) ?? "-"
    return String(repeating: " ", count: max(3 - text.count, 0)) + text
  }
}
