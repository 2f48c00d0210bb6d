import Records
import Wire

/// What an entry has in a column, before it is text: one value is shown, sorted, filtered and drawn as a figure.
enum Value: Sendable, Hashable {
  case none
  case text(String)
  case words(BilingualText)
  /// One of a closed set, by the name that queries use.
  case name(NamedValue)
  case severity(Severity)
  case count(Int64)
  case number(Double)
  /// Percent.
  case share(Double)
  case time(Timestamp)
  /// A clock that runs down.
  case due(Timestamp)
  case seconds(Double)
  case bits(Double)
  case flag(Bool)
  case list([String])
}

struct NamedValue: Sendable, Hashable {
  var name: String
  var title: BilingualText
  var role = Role.text
  /// Its place among the others.
  var rank: Int
}

extension Value {
  static func count(_ value: Int) -> Value { .count(Int64(value)) }
  static func count(_ value: UInt64) -> Value { .count(Int64(clamping: value)) }
  static func text(_ value: String?) -> Value { value.map { .text($0) } ?? .none }
  static func words(_ value: BilingualText?) -> Value { value.map { .words($0) } ?? .none }
  static func time(_ value: Timestamp?) -> Value { value.map { .time($0) } ?? .none }
  static func due(_ value: Timestamp?) -> Value { value.map { .due($0) } ?? .none }
  static func score(_ value: Int?) -> Value { value.map { .count($0) } ?? .none }
  static func share(_ value: Int?) -> Value { value.map { .share(Double($0)) } ?? .none }
  static func seconds(_ value: Double?) -> Value { value.map { .seconds($0) } ?? .none }

  /// What bars, gauges and levels measure; nil where it has no size.
  var figure: Double? {
    switch self {
    case .count(let value): Double(value)
    case .number(let value), .share(let value), .seconds(let value), .bits(let value): value.isFinite ? value : nil
    case .flag(let value): value ? 1 : 0
    case .severity(let value): Double(value.rank)
    case .list(let values): Double(values.count)
    case .none, .text, .words, .name, .time, .due: nil
    }
  }

  var moment: Timestamp? {
    switch self {
    case .time(let time), .due(let time): time
    default: nil
    }
  }

  /// Names a group of entries, whatever language is shown.
  var groupKey: String {
    switch self {
    case .none: ""
    case .text(let text): text
    case .words(let words): words.en
    case .name(let value): value.name
    case .severity(let value): value.rawValue
    default: figure.map { "\($0)" } ?? ""
    }
  }
}

// MARK: - Order

extension Value {
  /// Where nothing is said comes last, in either direction.
  static func isOrdered(_ a: Value, _ b: Value, descending: Bool) -> Bool? {
    if a == .none || b == .none { return a == b ? nil : b == .none }
    if let (x, y) = numbers(a, b) { return x == y ? nil : (x < y) != descending }
    let (x, y) = (a.sortText, b.sortText)
    return x == y ? nil : (x < y) != descending
  }

  private static func numbers(_ a: Value, _ b: Value) -> (Double, Double)? {
    guard let x = a.sortNumber, let y = b.sortNumber else { return nil }
    return (x, y)
  }
  private var sortNumber: Double? {
    switch self {
    case .name(let value): Double(value.rank)
    case .time(let time), .due(let time): Double(time.nanoseconds)
    default: figure
    }
  }
  private var sortText: String { if case .list(let values) = self { values.joined(separator: " ") } else { groupKey } }
}

// MARK: - Queries

extension Value {
  var filterValues: [FilterValue] {
    switch self {
    case .none: []
    case .text(let text): [.text(text)]
    case .words(let words): words.en == words.zh ? [.text(words.en)] : [.text(words.en), .text(words.zh)]
    case .name(let value): [.text(value.name)]
    case .severity(let value): [.rank(value.rank)]
    case .time(let time), .due(let time): [.time(time)]
    case .flag(let value): [.flag(value)]
    case .list(let values): values.map { .text($0) }
    case .count, .number, .share, .seconds, .bits: figure.map { [.number($0)] } ?? []
    }
  }
}

// MARK: - Text

extension Value {
  func cell(_ now: Timestamp, _ look: Look) -> Cell {
    switch self {
    case .none: Cell("-", .dim)
    case .text(let text): Cell(text)
    case .words(let words): Cell(words.text(look.language))
    case .name(let value): Cell(value.title.text(look.language), value.role)
    case .severity(let value): Cell(value.letter, value.role)
    case .count(let value): Cell(Figures.grouped(value))
    case .number(let value): Cell(Figures.plain(value))
    case .share(let value): Cell("\(Figures.plain(value)) %")
    case .time(let time): Cell(Figures.short(time, now: now, look))
    case .due(let time): Value.due(time, now)
    case .seconds(let value): Cell(Figures.span(value))
    case .bits(let value): Cell(Figures.bits(value))
    case .flag(let value): Cell((value ? Label.yes : .no).text(look.language), value ? .text : .dim)
    case .list(let values): Cell(values.isEmpty ? "-" : values.joined(separator: ", "), values.isEmpty ? .dim : .text)
    }
  }

  /// Shorter than this before the end it is said in colour.
  private static let soon: Int64 = 120

  private static func due(_ time: Timestamp, _ now: Timestamp) -> Cell {
    let seconds = time.nanoseconds(since: now) / 1_000_000_000
    return Cell(TimeSpan.short(seconds: seconds), seconds < 0 ? .error : seconds < soon ? .warning : .text)
  }

  struct Cell: Hashable, Sendable {
    var text: String
    var role: Role
    init(_ text: String, _ role: Role = .text) {
      self.text = text
      self.role = role
    }
  }
}
