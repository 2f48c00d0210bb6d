import ArgumentParser
import ControlAPI
import Dashboard
import Records
import Wire

struct AlertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "The queue: rows of both wings, and what the watch does with them.",
    subcommands: [
      List.self, Groups.self, Show.self, Ack.self, Escalate.self, Close.self, Shelve.self, Assign.self, Note.self,
      Judge.self, Undo.self,
    ],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Rows of the queue, worst first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "At most so many rows.") var limit = 50
    @Option(help: "Columns to sort by, as severity,-count.") var sort = ""
    @Argument(
      help: "For example: severity>=high state:new since:2h \"web shell\"", completion: .query(.queue))
    var filter: [String] = []

    func run() async throws {
      let request = ListRequest(
        filter: choice.filter(filter), sort: sort.split(separator: ",").map(String.init),
        limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.queue, request)
      let words = tongue.words(hub)
      try look.list(page.items, .queue, words.language, columns: choice.columns)
      guard Console.out.isTerminal, !look.json, page.next != nil else { return }
      let total = page.total.map(String.init) ?? page.moreThan.map { words("more than \($0)", "\($0) 以上") }
      let all = total ?? words("many", "更多")
      Console.error.line(
        words("\(page.items.count) of \(all); --limit shows more", "已列 \(page.items.count) / \(all)；--limit 可显示更多"))
    }
  }

  struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How many rows each rule has, or each site, person or severity, worst first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @OptionGroup var choice: ListChoice
    @Option(help: "rule, site, organisation, who, severity, state or wing.") var by: GroupRequest.By = .rule
    @Option(help: "At most so many lines.") var limit = 20
    @Argument(help: "For example: severity>=high state:new since:2h", completion: .query(.queue)) var filter: [String] =
      []

    func run() async throws {
      let request = GroupRequest(
        by: by, filter: choice.filter(filter), limit: min(max(limit, 1), ListRequest.longestPage))
      let page = try await hub.client().call(API.queueGroups, request)
      try look.list(page.items, .groups, tongue.words(hub).language, columns: choice.columns)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One row with everything behind it.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var tongue: LanguageOption
    @Argument(help: "The row's number.") var id: Int64

    func run() async throws {
      let client = try hub.client()
      if look.json { return try look.objects([try await client.call(API.queueRow, id: String(id))]) }
      try await look.detail(.row(id), client, tongue.words(hub).language)
    }
  }

  struct Ack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes rows: stops their clock.")
    @OptionGroup var rows: ActedRows
    func run() async throws { try await rows.act(.acknowledge) }
  }

  struct Escalate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Moves rows to the next step, or with --incident into a case.")
    @OptionGroup var rows: ActedRows
    @Option(help: "new, or the number of an open incident that they join (vigil incidents offers ROW).")
    var incident: String?
    func run() async throws { try await rows.act(.escalate) { $0.incident = incident } }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends work on rows, with a verdict.")
    @OptionGroup var rows: ActedRows
    @Option(help: "truePositive, falsePositive, benign, duplicate, expected or fixed.") var verdict: Verdict
    func run() async throws { try await rows.act(.close) { $0.verdict = verdict } }
  }

  struct Shelve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Hides rows until a time, at most 24 hours.")
    @OptionGroup var rows: ActedRows
    @Option(help: "A time span such as 2h, or a moment such as 2026-11-22T03:04:05Z.") var until = "2h"
    func run() async throws {
      let moment = try Moment.ahead(until)
      try await rows.act(.shelve) { $0.until = moment }
    }
  }

  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Gives rows to somebody, or with - to nobody.")
    @OptionGroup var rows: ActedRows
    @Option(help: "Whose they are; - for nobody's.") var to: String
    func run() async throws { try await rows.act(.assign) { $0.assignee = to == "-" ? nil : to } }
  }

  struct Note: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "comment", abstract: "Writes a line under rows.")
    @OptionGroup var rows: ActedRows
    func run() async throws { try await rows.act(.comment) }
  }

  struct Judge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Corrects what came of the attacks of rows.")
    @OptionGroup var rows: ActedRows
    @Option(help: "failed, notDetermined, attempted, succeeded or compromised.") var outcome: Outcome
    @Option(help: "Why: it is kept with the row.") var reason: String
    func run() async throws {
      try await rows.act(.judge) {
        $0.outcome = outcome
        $0.reason = reason
      }
    }
  }

  struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes back the last act on rows, or a bulk act as one.")
    @OptionGroup var rows: ActedRows
    @Option(help: "A bulk act's number.") var bulk: Int64?
    func run() async throws { try await rows.act(.undo) { $0.bulk = bulk } }
  }
}

extension Verdict: ExpressibleByArgument {}
extension Outcome: ExpressibleByArgument {}
extension GroupRequest.By: ExpressibleByArgument {}

/// The rows that an act is on, and the line written under them.
struct ActedRows: ParsableArguments {
  @OptionGroup var hub: HubAddress
  @OptionGroup var look: Look
  @Option(name: .shortAndLong, help: "A line that is kept under each row.") var message: String?
  @Option(
    help: "Not by numbers, but every row that matches, as \"rule:1:2024897 state:new\".", completion: .query(.queue))
  var query: String?
  @Argument(help: "The rows' numbers.") var ids: [Int64] = []

  /// Status 1 where any row refused.
  func act(_ act: ActRequest.Act, _ change: (inout ActRequest) -> Void = { _ in }) async throws {
    var request = ActRequest(ids: ids, query: query.map { ActQuery(filter: $0) }, act: act, comment: message)
    change(&request)
    _ = try request.acts()
    let report = try await hub.client().call(API.act, request)
    if look.json {
      try look.objects(report.done)
    } else {
      for item in report.done {
        let title = Table.harmless(item.row.title.en)
        Console.out.line("\(item.row.id)\t\(item.row.triage.state.rawValue)\t\(title)")
      }
    }
    if let bulk = report.bulk, !look.json { Console.error.line(ActedRows.summary(report, bulk, act)) }
    for refusal in report.refused { Console.complain("row \(refusal.id): \(Table.harmless(refusal.reason))") }
    if !report.refused.isEmpty { throw ExitCode(1) }
  }

  private static func summary(_ report: ActReport, _ bulk: Int64, _ act: ActRequest.Act) -> String {
    let (done, refused) = (report.count ?? report.done.count, report.refusals ?? report.refused.count)
    let rest = refused == 0 ? "" : ", \(refused) refused"
    return act == .undo
      ? "bulk act \(bulk) taken back on \(done) rows\(rest)"
      : "\(done) rows\(rest); vigil alerts undo --bulk \(bulk) takes it back"
  }
}
