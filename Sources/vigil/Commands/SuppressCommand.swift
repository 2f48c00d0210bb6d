import ArgumentParser
import ControlAPI
import Records
import Wire

struct SuppressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suppress", abstract: "What is not shown for a time, by a lead's word; what it hides is counted.",
    subcommands: [List.self, Try.self, Add.self, End.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "The suppressions, those in force first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    func run() async throws {
      let items = try await hub.client().call(API.suppressions).items
      if look.json { return try look.objects(items) }
      if items.isEmpty { return Console.out.line("no suppression") }
      items.forEach { Console.out.line(SuppressionLines.item($0)) }
    }
  }

  struct Try: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What one would have hidden in the last 30 days. Status 1 where that mattered.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var parts: SuppressionParts
    func run() async throws {
      let trial = try await hub.client().call(API.trySuppression, try parts.request(reason: parts.reason ?? "a trial"))
      if look.json { try look.objects([trial]) } else { SuppressionLines.trial(trial).forEach(Console.out.line) }
      if trial.alarmCount > 0 { throw ExitCode(1) }
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Puts one in force. Try it first.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @OptionGroup var parts: SuppressionParts
    func run() async throws {
      guard let reason = parts.reason else {
        throw OperatorMistake(
          "suppress.reason", "a suppression wants a reason", hint: "--reason \"a known scanner of ours\"")
      }
      let item = try await hub.client().call(API.addSuppression, try parts.request(reason: reason))
      if look.json { return try look.objects([item]) }
      Console.out.line(SuppressionLines.item(item))
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends one now. What it hid stays listed.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Argument(help: "Its id, as s3.") var id: String
    func run() async throws {
      let item = try await hub.client().call(API.endSuppression, SuppressionEnd(id: id))
      if look.json { return try look.objects([item]) }
      Console.out.line(SuppressionLines.item(item))
    }
  }
}

/// What is to be hidden; every part given must hold.
struct SuppressionParts: ParsableArguments {
  @Option(help: "A rule, as 1:2024897.") var rule: String?
  @Option(help: "A site by id.") var site: String?
  @Option(help: "An organisation by id, with all below it.") var organisation: String?
  @Option(help: "A network that alerts come from, as 192.0.2.0/24.") var network: String?
  @Option(help: "A filter of the queue's language on the row that an alert would make.") var filter: String?
  @Option(help: "Until when: a span such as 7d or a moment. At most 90 days.") var until = "7d"
  @Option(help: "Why.") var reason: String?
  @Flag(name: .customLong("hide-success"), help: "Also what is judged succeeded or compromised.") var hidesSuccess =
    false
  @Option(help: "A threshold: so many new rows or returns are shown.") var most: Int?
  @Option(help: "In so long, as 1h.") var within = "1h"
  @Option(help: "Counted by rule or by site.") var per: Suppression.Limit.Per = .rule

  func request(reason: String) throws -> SuppressionRequest {
    var prefix: IPPrefix?
    if let network {
      guard let read = IPPrefix(network.contains("/") ? network : network + (network.contains(":") ? "/128" : "/32"))
      else {
        throw OperatorMistake(
          "suppress.network", at: "--network", "\"\(network)\" is no network", hint: "as 192.0.2.0/24")
      }
      prefix = read
    }
    var limit: Suppression.Limit?
    if let most {
      guard let span = DurationText.nanoseconds(within) else {
        throw OperatorMistake("suppress.within", at: "--within", "\"\(within)\" is no span of time", hint: "as 1h")
      }
      limit = Suppression.Limit(most: most, seconds: span / 1_000_000_000, per: per)
    }
    return SuppressionRequest(
      rule: rule, site: site, organisation: organisation, network: prefix, filter: filter, limit: limit, reason: reason,
      until: try Moment.ahead(until), hidesSuccess: hidesSuccess)
  }
}

extension Suppression.Limit.Per: ExpressibleByArgument {}

enum SuppressionLines {
  static func item(_ item: SuppressionItem) -> String {
    let s = item.suppression
    let end =
      item.holds ? "until \(s.until.secondText)" : "ended" + (s.endedBy.map { " by \(Table.harmless($0))" } ?? "")
    return "\(s.id)\t\(parts(s))\t\(end)\t\(item.alerts) alerts, \(item.rows) rows hidden\t"
      + "\(Table.harmless(s.author)): \(Table.harmless(s.reason))"
  }

  private static func parts(_ s: Suppression) -> String {
    let limit = s.limit.map { "at most \($0.most) in \($0.seconds)s per \($0.per.rawValue)" }
    let named = [
      s.rule.map { "rule \($0)" }, s.site.map { "site \($0)" }, s.organisation.map { "organisation \($0)" },
      s.network.map { "from \($0)" }, s.filter.map { "filter \($0)" }, limit,
      s.hidesSuccess ? "also what succeeds" : nil,
    ]
    return Table.harmless(named.compactMap(\.self).joined(separator: ", "))
  }

  static func trial(_ trial: SuppressionTrial) -> [String] {
    var lines: [String] = []
    if trial.alarmCount > 0 {
      lines.append("WARNING: \(trial.alarmCount) of the rows it would have hidden mattered:")
      lines += trial.alarms.map {
        "  row \($0.row) \($0.why.rawValue) \(Table.harmless($0.site ?? "-")): \(Table.harmless($0.title.en))"
      }
    }
    lines.append("since \(trial.since.secondText) it would have hidden \(trial.alerts) alerts in \(trial.rows) rows")
    lines += trial.days.map { "  \($0.day.secondText.prefix(10)) \($0.alerts) alerts, \($0.rows) rows" }
    if !trial.sites.isEmpty {
      lines.append("at " + trial.sites.map { "\(Table.harmless($0.value)) (\($0.count))" }.joined(separator: ", "))
    }
    if let left = trial.leftOut { lines.append("not all: \(left)") }
    return lines
  }
}
