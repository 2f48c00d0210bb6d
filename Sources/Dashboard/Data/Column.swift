import ControlAPI
import Records

/// A column of a table by its name in a definition; a field of queries where we filter ourselves.
enum Column: String, Sendable, CaseIterable {
  case id, severity, state, result, due, site, organisation, rule, check, count, first, last, who, wing, subject
  case comments, incident, life, engines, confidence, platform, disagree, value, rows, new
  case title, level, proposed, kind, lead, members, opened, known, operatorKind = "operator", drill, overdue
  case clock, note, text, time, number, colour, urgency, approver, created, begun, sent, supervision
  case sender, source, received, rating, lane, to, attempts, error, waiting, oldest, dead
  case score, change, alerts, findings, sites, host, url, criticality, tags, authorised, tested
  case name, parent, region, place, found, verified, closure, onTime, satisfaction, document, from, until, upTo
  case critical, high, medium, low, info
  case acknowledged, escalated, shelved, fresh, stale, never, notAuthorised, running, incidents, early
  case day, points, attacks, engine, share, reason, seconds, packets
  case encrypted, oneSided, unknown, unattributed, behind, since, seen, exposed
  case sensor, interface, rate, dropped, rules, scanner, connections, jobs, failed, lag
  case version, made, age, old, holds, verdicts, least, most
  case next, roster, held, step, because, others, answered, median, p95, late, signed, verdict
  case stage, p50, p99, act, on, before, after

  /// By its name in a definition, or as the hub's queries call it.
  init?(word: String) { self.init(rawValue: word == "outcome" ? "result" : word) }

  /// As the hub sorts by it.
  var hubWord: String { self == .result ? "outcome" : rawValue }
}

/// How a column stands on the screen, and how it is asked about.
struct ColumnForm: Sendable {
  let label: BilingualText
  /// Nil: it is never cut. Else it may shrink to this.
  var least: Int?
  /// The higher, the sooner a narrow table goes without it; 0 stays.
  var rank: Int
  var isRight = false
  var query = FilterSchema.Form.text

  /// Takes what the others leave, so that figures stand at the right edge.
  var takesRest: Bool { least ?? 0 >= ColumnForm.sentence }
  /// The least of a column of sentences.
  static let sentence = 16

  /// Words of a closed set, short.
  static func word(_ en: String, _ zh: String, rank: Int) -> ColumnForm {
    ColumnForm(label: BilingualText(en: en, zh: zh), rank: rank)
  }
  static func text(_ en: String, _ zh: String, least: Int = 10, rank: Int) -> ColumnForm {
    ColumnForm(label: BilingualText(en: en, zh: zh), least: least, rank: rank)
  }
  static func sentence(_ en: String, _ zh: String, rank: Int = 0) -> ColumnForm {
    text(en, zh, least: sentence, rank: rank)
  }
  static func figure(_ en: String, _ zh: String, rank: Int = 6) -> ColumnForm {
    ColumnForm(label: BilingualText(en: en, zh: zh), rank: rank, isRight: true, query: .number)
  }
  static func time(_ en: String, _ zh: String, rank: Int = 5) -> ColumnForm {
    ColumnForm(label: BilingualText(en: en, zh: zh), rank: rank, query: .time)
  }
  static func flag(_ en: String, _ zh: String, rank: Int = 7) -> ColumnForm {
    ColumnForm(label: BilingualText(en: en, zh: zh), rank: rank, query: .flag)
  }
}

extension Column {
  var form: ColumnForm { Column.forms[self] ?? .text(rawValue.uppercased(), rawValue, rank: 9) }

  /// Made once: tables ask for every cell.
  private static let forms: [Column: ColumnForm] = queueForms.merging(dutyForms) { first, _ in first }
    .merging(cityForms) { first, _ in first }

  /// Without a form; a test holds it empty.
  static var withoutForm: [Column] { allCases.filter { forms[$0] == nil } }
}
