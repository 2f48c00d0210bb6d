import ControlAPI
import Records
import Wire

/// The city's situation: one question for all of these, over `window` and for `scope`.
extension Source {
  /// As many of each list as one answer has.
  private static let lines = 100

  private static func situation(
    _ name: String, _ meaning: String, columns: [Column], usual: [Column]? = nil,
    _ entries: @escaping @Sendable (SituationReport) -> [any Listed]
  ) -> Source {
    Source(
      name, meaning, columns: columns, usual: usual, question: { situationQuestion($0) },
      listing: { ($0 as? SituationReport).map { Listing(entries($0)) } })
  }

  private static func situationQuestion(_ asked: Asked) -> Question {
    let request = SituationRequest(hours: asked.hours, limit: lines)
    let parts = asked.scope.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return Question(API.situation, request) }
    let endpoint = parts[0] == "site" ? API.siteSituation : API.organisationSituation
    return Question(endpoint, id: parts[1], request)
  }

  static let situationSources = [
    situation(
      "risks", "the gravest weaknesses, by severity, criticality and what attacks came to",
      columns: [.severity, .rule, .site, .organisation, .score, .attacks, .result, .check],
      usual: [.severity, .score, .site, .rule, .attacks, .result]
    ) { $0.risks },
    situation("attackSources", "the addresses that alerts came from most often", columns: [.value, .count]) {
      ($0.sources?.entries ?? []).map { FrequentEntry(entry: $0) }
    },
    situation("attackTargets", "the sites and addresses that alerts went to most often", columns: [.value, .count]) {
      $0.targets.entries.map { FrequentEntry(entry: $0) }
    },
    situation(
      "coverage", "how much of the sites each engine has seen lately",
      columns: [.engine, .sites, .fresh, .stale, .never, .share, .reason],
      usual: [.engine, .share, .fresh, .sites, .never, .reason]
    ) { $0.coverage },
    situation(
      "blind", "stretches in which a sensor saw nothing",
      columns: [.sensor, .from, .until, .seconds, .packets, .reason]
    ) { $0.blindness.intervals },
    situation(
      "sight", "what share of traffic each sensor cannot read or attribute",
      columns: [.sensor, .state, .encrypted, .oneSided, .unknown, .unattributed, .behind, .reason]
    ) { $0.blindness.sensors },
    situation(
      "early", "campaigns in their beginning, and weaknesses exploited with the sites that have them",
      columns: [.kind, .title, .value, .since, .last, .seen, .exposed],
      usual: [.kind, .title, .seen, .exposed, .last]
    ) { $0.early },
  ]
}

extension RiskItem: Listed {
  var key: String { String(id) }
  var actRow: Int64? { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .severity: .severity(severity)
    case .rule, .title: .words(title)
    case .site: .text(site ?? platform)
    case .organisation: .text(organisation)
    case .score: .number(score)
    case .attacks: attacks.map { .count($0) } ?? .none
    case .result: result
    case .check: .text(check)
    default: .none
    }
  }

  private var result: Value {
    guard let outcome, let label = outcome.label else { return .none }
    return .name(NamedValue(name: outcome.rawValue, title: label.words, role: outcome.role, rank: outcome.rank))
  }
}

/// A value and how often it came.
struct FrequentEntry: Listed {
  var entry: Facet.Entry

  var key: String { entry.value }

  func value(_ column: Column) -> Value {
    switch column {
    case .value, .title: .text(entry.value)
    case .count: .count(entry.count)
    default: .none
    }
  }
}

extension EngineReach: Listed {
  var key: String { engine }

  func value(_ column: Column) -> Value {
    switch column {
    case .engine: .text(engine)
    case .sites: .count(sites)
    case .fresh: .count(fresh)
    case .stale: .count(stale)
    case .never: .count(never)
    case .share: share.map { .share($0) } ?? .none
    case .reason: .text(reasons.first.map { "\(Figures.grouped($0.sites)): \($0.reason)" })
    default: .none
    }
  }
}

extension BlindInterval: Listed {
  var key: String { "\(sensor) \(from.nanoseconds)" }

  func value(_ column: Column) -> Value {
    switch column {
    case .sensor: .text(sensor)
    case .from: .time(from)
    case .until: .time(until)
    case .seconds: .seconds(seconds)
    case .packets: packets.map { .count($0) } ?? .none
    case .reason: .text(reason)
    default: .none
    }
  }
}

extension Blindness.Sensor: Listed {
  var key: String { sensor }

  func value(_ column: Column) -> Value {
    switch column {
    case .sensor: .text(sensor)
    case .state: state.map { $0.value($0 == .seeing ? .good : .error) } ?? .none
    case .encrypted: Blindness.Sensor.share(shares.encrypted)
    case .oneSided: Blindness.Sensor.share(shares.oneSided)
    case .unknown: Blindness.Sensor.share(shares.unknown)
    case .unattributed: Blindness.Sensor.share(shares.unattributed)
    case .behind: .count(spoolBytes)
    case .reason: .text(reason ?? lost)
    default: .none
    }
  }

  private static func share(_ percent: Double?) -> Value { percent.map { .share($0) } ?? .none }
}

extension EarlyWarning: Listed {
  var key: String { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .kind: kind.value()
    case .title: .words(title)
    case .value: .text(value)
    case .since: .time(since)
    case .last: .time(last)
    case .seen: .count(seenSites)
    case .exposed: .count(exposedSites)
    default: .none
    }
  }
}
