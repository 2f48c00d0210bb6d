import ArgumentParser
import ControlAPI
import Dashboard
import Records

struct DutyReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Makes a report of the duty: daily, zero or closing.")
  enum Kind: String, ExpressibleByArgument, CaseIterable { case daily, zero, closing }
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Option(help: "Of a daily report: the day, as 2026-11-25; else yesterday.") var day: String?
  @Option(help: "Of a zero or closing report: the guard period; else the one in force.") var period: String?
  @Argument(help: "daily, zero or closing.") var kind: Kind

  func run() async throws {
    let kind: DutyReport.Kind =
      switch kind {
      case .daily: .daily
      case .zero: .zero
      case .closing: .closing
      }
    let request = DutyReportRequest(kind: kind, day: day, period: period)
    let words = tongue.words(hub)
    let item = try await ProgressBar.waiting(
      BilingualText(en: "making the report", zh: "生成报告"), isJSON: look.json, words.language
    ) {
      try await hub.client(timeoutMilliseconds: 300_000).call(API.makeDutyReport, request)
    }
    try DutyReports.show([item], look, words)
  }
}

struct DutyReports: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "reports", abstract: "The reports there are.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @OptionGroup var choice: ListChoice
  @Option(help: "At most so many.") var limit = 20
  @Argument(help: "One of them, by its number.") var id: Int64?

  func run() async throws {
    let longest = DutyListRequest.longest
    let wanted = id == nil ? choice.reach(limit, longest: longest) : longest
    let items = try await hub.client().call(API.dutyReports, DutyListRequest(limit: wanted)).items
    let words = tongue.words(hub)
    if let id {
      guard let item = items.first(where: { $0.id == id }) else {
        throw OperatorMistake("report.unknown", "there is no report \(id) among the newest \(wanted)")
      }
      return try DutyReports.show([item], look, words)
    }
    try choice.show(items, .reports, look, words.language, limit: limit)
  }

  static func show(_ items: [DutyReportItem], _ look: Look, _ words: CommandWords) throws {
    if look.json { return try look.objects(items) }
    for item in items {
      Console.out.line(words("report \(item.id)", "报告 \(item.id)"))
      words(item.text).split(separator: "\n", omittingEmptySubsequences: false).forEach {
        Console.out.line(Table.harmless(String($0)))
      }
    }
  }
}

struct DutySign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "sign", abstract: "Signs a report with a name, once.")
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @OptionGroup var tongue: LanguageOption
  @Option(help: "The name under it.") var name: String
  @Option(name: .shortAndLong, help: "What stands beside it.") var message: String?
  @Argument(help: "The report's number.") var id: Int64
  func run() async throws {
    let request = DutySignature(report: id, name: name, remark: message)
    try DutyReports.show([try await hub.client().call(API.signDutyReport, request)], look, tongue.words(hub))
  }
}
