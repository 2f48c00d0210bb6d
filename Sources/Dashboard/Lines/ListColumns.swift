import ControlAPI
import Records

/// Which columns a command prints of a list.
extension ListLines {
  static func source(_ list: List) -> Source {
    guard let source = Source.named(list.rawValue) else {
      preconditionFailure("no source is called \(list.rawValue)")
    }
    return source
  }

  /// What names the entry first, the sentence last: it takes what the others leave.
  static func usual(_ list: List) -> [Column] {
    switch list {
    case .queue: [.id, .severity, .state, .result, .due, .site, .rule, .count, .last, .who]
    case .groups: [.value, .severity, .rows, .new, .last, .title]
    case .findings: [.id, .severity, .life, .site, .sites, .check, .rule, .confidence, .engines, .disagree, .last]
    case .inventory: [.site, .organisation, .score, .severity, .findings, .alerts, .authorised, .tested]
    case .incidents: [.id, .level, .proposed, .state, .kind, .due, .lead, .sites, .drill, .title]
    case .notices:
      [.id, .number, .state, .colour, .severity, .organisation, .sites, .due, .supervision, .drill, .title]
    case .intake: [.id, .state, .source, .number, .sender, .site, .due, .who, .drill, .title]
    case .outbox: [.id, .state, .lane, .kind, .to, .created, .attempts, .error]
    case .lanes: [.lane, .state, .since, .waiting, .oldest, .dead, .error]
    case .proposals: [.id, .site, .value, .kind, .engine, .last, .state, .who]
    case .tasks: [.id, .kind, .subject, .due, .text]
    case .shifts: [.who, .id, .since, .until, .answered, .median, .p95, .late, .next, .note]
    case .log: [.time, .kind, .who, .text]
    case .reports: [.id, .kind, .verdict, .from, .until, .signed]
    case .canary: [.stage, .count, .p50, .p99, .most]
    case .roster: [.step, .from, .until, .who, .because, .others]
    }
  }

  /// Columns by the names that definitions and queries use.
  static func columns(_ named: String, _ source: Source) throws(OperatorMistake) -> [Column] {
    var columns: [Column] = []
    for word in named.split(separator: ",").map({ $0.trimmingPrefix { $0 == " " } }) {
      guard let column = Column(word: String(word)), source.columns.contains(column) else {
        let known = source.columns.map(\.rawValue).joined(separator: ", ")
        throw OperatorMistake(
          "list.column", at: "--columns", "this list has no column \"\(Ink.harmless(String(word)))\"",
          hint: "it has \(known)")
      }
      if !columns.contains(column) { columns.append(column) }
    }
    guard !columns.isEmpty else {
      throw OperatorMistake(
        "list.column", at: "--columns", "no column is named", hint: "name some, as \(source.usual[0].rawValue)")
    }
    return columns
  }
}

extension Value {
  /// For programs: whole, the same tomorrow, and where a set is closed in the words that queries take.
  func exact(_ column: Column, _ language: Language) -> String {
    switch self {
    case .none: "-"
    case .text(let text): text
    case .words(let words): words.text(language)
    // Where a clock stands still there is no time.
    case .name(let value): column == .due || value.name.isEmpty ? "-" : value.name
    case .severity(let value): value.letter
    case .count(let value): "\(value)"
    case .number(let value), .share(let value), .seconds(let value), .bits(let value): Value.figure(value)
    case .time(let time), .due(let time): time.secondText + "Z"
    case .flag(let value): value ? "true" : "false"
    case .list(let values): values.isEmpty ? "-" : values.joined(separator: ",")
    }
  }

  /// To the thousandth, whole where it is.
  private static func figure(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "-" }
    let thousandths = (value * 1000).rounded() / 1000
    return thousandths == thousandths.rounded() ? "\(Int64(thousandths))" : "\(thousandths)"
  }
}
