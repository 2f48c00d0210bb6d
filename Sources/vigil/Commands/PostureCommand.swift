import ArgumentParser
import ControlAPI
import Records

struct PostureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posture", abstract: "Scores of the city, of organisations and of sites, and what explains them.",
    subcommands: [Show.self, Rank.self, Indicators.self, Check.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "A score with its dimensions, its costliest weaknesses and its days.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "Days of history, 1 to 400.") var days = 14
    @Argument(help: "city, organisation/ID or site/ID.") var scope = "city"

    func run() async throws {
      let report = try await hub.client().call(API.posture, PostureRequest(scope: scope, days: days))
      if look.json { return try look.objects([report]) }
      let (words, mean) = (tongue.words(hub), report.mean)
      let (title, score) = (Table.harmless(words(report.title)), words.score(mean.score))
      Console.out.line(
        words(
          "\(title)  score \(score), \(mean.tested) of \(mean.sites) sites tested"
            + (mean.platforms.map { ", with \($0) platforms" } ?? ""),
          "\(title)  得分 \(score)，已检测网站 \(mean.tested) / \(mean.sites)"
            + (mean.platforms.map { "，含托管平台 \($0) 个" } ?? "")))
      for dimension in report.dimensions {
        Console.out.line("  \(PostureCommand.padded(dimension.score))  \(words(dimension.title))")
      }
      deductions(report, words)
      sites(report, words)
      hostings(report, words)
      let past = report.days.map { "\($0.day) \(words.score($0.score))" }
      if !past.isEmpty { Console.out.line(words("before: ", "往日：") + past.joined(separator: words(", ", "，"))) }
    }

    private func deductions(_ report: PostureReport, _ words: CommandWords) {
      var table = Table([
        .init(words("POINTS", "扣分"), isRight: true), .init(words("SITES", "网站数"), isRight: true),
        .init(words("INDICATOR", "指标")), .init(words("REMEDY", "整改措施"), yields: true),
      ])
      for line in report.deductions.prefix(20) {
        table.add(["-\(line.points)", "\(line.sites)", line.indicator, words(line.remedy)])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }

    private func hostings(_ report: PostureReport, _ words: CommandWords) {
      var table = Table([
        .init(words("SCORE", "得分"), isRight: true), .init(words("PLATFORM", "托管平台")),
        .init(words("WEAK", "扣分项"), yields: true),
      ])
      for platform in report.platforms {
        let weak = platform.deductions.map(\.indicator).joined(separator: " ")
        table.add([words.score(platform.score), platform.site, weak])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }

    private func sites(_ report: PostureReport, _ words: CommandWords) {
      guard report.mean.sites > 1 else { return }
      var table = Table([
        .init(words("SCORE", "得分"), isRight: true), .init(words("SITE", "网站")),
        .init(words("WORST", "主要扣分项"), yields: true),
      ])
      for site in report.sites {
        table.add([words.score(site.score), site.site, site.deductions.first?.indicator ?? "-"])
      }
      if !table.rows.isEmpty { table.print(look.style) }
    }
  }

  struct Rank: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ranking", abstract: "Organisations by score and by how much of what was found is gone.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Option(help: "Days of the period, up to now, 1 to 400.") var days = 30

    func run() async throws {
      let report = try await hub.client().call(API.ranking, PostureRequest(days: days))
      if look.json { return try look.objects(report.lines) }
      let words = tongue.words(hub)
      var table = Table([
        .init(words("PLACE", "名次"), isRight: true), .init(words("ORGANISATION", "单位"), yields: true),
        .init(words("SCORE", "得分"), isRight: true), .init(words("SITES", "网站数"), isRight: true),
        .init(words("TESTED", "已检测"), isRight: true), .init(words("FOUND", "问题数"), isRight: true),
        .init(words("GONE", "已消除"), isRight: true), .init(words("CLOSED %", "消除率 %"), isRight: true),
        .init(words("IN TIME %", "按期率 %"), isRight: true), .init(words("SATISFIED %", "满意率 %"), isRight: true),
        .init(words("NO ANSWER %", "未评价 %"), isRight: true), .init(words("DUTY", "履职名次"), isRight: true),
      ])
      for entry in report.lines {
        let line = entry.line
        table.add([
          line.place > 0 ? "\(line.place)" : "-", words(entry.name), words.score(line.posture.score),
          "\(line.posture.sites)", "\(line.posture.tested)", "\(line.found)", "\(line.verified)",
          words.score(line.closureRate), words.score(line.duty?.onTimeRate), words.score(line.duty?.satisfaction),
          words.score(line.duty?.silence), line.duty.flatMap { $0.place > 0 ? "\($0.place)" : nil } ?? "-",
        ])
      }
      table.print(look.style)
    }
  }

  struct Indicators: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What a score is made of.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption

    func run() async throws {
      let page = try await hub.client().call(API.indicators, Nothing())
      if look.json { return try look.objects(page.items) }
      let words = tongue.words(hub)
      var table = Table([
        .init(words("WEIGHT", "权重"), isRight: true), .init(words("INDICATOR", "指标")),
        .init(words("TITLE", "标题"), yields: true), .init(words("MOVED BY", "依据")),
      ])
      for item in page.items {
        table.add(["\(item.weight)", item.id, words(item.title), (item.checks + item.alerts).joined(separator: " ")])
      }
      table.print(look.style)
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Computes every kept day again from the log; status 1 where one comes out otherwise.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption

    func run() async throws {
      let check = try await ProgressBar.waiting(
        BilingualText(en: "computing every day again", zh: "逐日重算"), isJSON: look.json, tongue.words(hub).language
      ) {
        try await hub.client().call(API.checkPosture, Nothing())
      }
      if look.json {
        try look.objects([check])
      } else {
        let words = tongue.words(hub)
        Console.out.line(
          words(
            "\(check.lines) lines of the log: \(check.same) days the same, \(check.different.count) different, "
              + "\(check.otherTree) of another tree of indicators",
            "日志 \(check.lines) 行：\(check.same) 天一致，\(check.different.count) 天不一致，\(check.otherTree) 天属于其他指标体系"))
        check.different.forEach { Console.out.line(words("different: ", "不一致：") + $0) }
        PostureCommand.rankings(check, words)
      }
      if !check.different.isEmpty || check.rankings?.different.isEmpty == false { throw ExitCode(1) }
    }
  }

  /// Of the tables kept at each month's end.
  private static func rankings(_ check: PostureCheck, _ words: CommandWords) {
    guard let rankings = check.rankings else { return }
    Console.out.line(
      words(
        "rankings: \(rankings.same) months the same, \(rankings.different.count) different, "
          + "\(rankings.otherTree) of another tree of indicators",
        "排名：\(rankings.same) 个月一致，\(rankings.different.count) 个月不一致，\(rankings.otherTree) 个月属于其他指标体系"))
    rankings.different.forEach { Console.out.line(words("different: ", "不一致：") + $0) }
  }

  fileprivate static func padded(_ score: Int?) -> String {
    let text = score.map(String.init) ?? "-"
    return String(repeating: " ", count: max(3 - text.count, 0)) + text
  }
}
