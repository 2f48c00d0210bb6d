import ControlAPI
import Records
import Wire

/// What the overview says besides sites and scans.
extension Source {
  static let overviewSources = [
    Source(
      "overview", "the city's figures: one entry",
      columns: [
        .score, .change, .new, .acknowledged, .escalated, .shelved, .overdue, .incidents, .early, .sites, .fresh,
        .never,
        .notAuthorised, .running, .waiting, .critical, .high, .medium, .low, .info,
      ], usual: [.score, .new, .overdue, .incidents, .fresh, .sites], overview: { [OverviewEntry(overview: $0)] }),
    Source(
      "hours", "alerts of the last 24 hours, an entry an hour, by severity",
      columns: [.time, .count, .critical, .high, .medium, .low, .info], overview: { HourEntry.all($0) }),
    Source(
      "content", "rules, templates and tables in force, and how old they are",
      columns: [.kind, .title, .version, .made, .age, .old, .who, .note],
      usual: [.title, .version, .age, .old, .note], overview: { $0.content ?? [] }),
  ]
}

struct OverviewEntry: Listed {
  var overview: Overview
  var key: String { "overview" }

  func value(_ column: Column) -> Value {
    switch column {
    case .score: .score(overview.posture.score)
    case .change: .score(overview.posture.change)
    case .new: .count(overview.queue.new)
    case .acknowledged: .count(overview.queue.acknowledged)
    case .escalated: .count(overview.queue.escalated)
    case .shelved: .count(overview.queue.shelved)
    case .overdue: .count(overview.queue.overdue)
    case .incidents: .score(overview.incidents?.open)
    case .early: .score(overview.situation?.earlyCount)
    case .sites: .count(overview.scans.sites)
    case .fresh: .count(overview.scans.fresh)
    case .never: .count(overview.scans.never)
    case .notAuthorised: .count(overview.scans.notAuthorised)
    case .running: .count(overview.scans.running)
    case .waiting: .count(overview.scans.due)
    default: Column.severity(column).map { open($0) } ?? .none
    }
  }

  /// Open rows of a severity.
  private func open(_ severity: Severity) -> Value {
    let counts = overview.queue.bySeverity
    return counts.indices.contains(severity.rank) ? .count(counts[severity.rank]) : .none
  }
}

extension Column {
  /// The severity that a column of figures is of.
  static func severity(_ column: Column) -> Severity? { Severity(rawValue: column.rawValue) }
}

/// One hour of the last day.
struct HourEntry: Listed {
  var time: Timestamp
  /// By severity.
  var counts: [Severity: Int]
  var key: String { String(time.nanoseconds) }

  func value(_ column: Column) -> Value {
    switch column {
    case .time: .time(time)
    case .count: .count(counts.values.reduce(0, &+))
    default: Column.severity(column).map { .count(counts[$0] ?? 0) } ?? .none
    }
  }

  /// The running hour comes last.
  static func all(_ overview: Overview) -> [HourEntry] {
    let hours = overview.severities.map(\.hours.count).max() ?? 0
    let running = overview.time.seconds / 3600
    return (0..<hours).map { place in
      var counts: [Severity: Int] = [:]
      for line in overview.severities where line.hours.indices.contains(place) {
        counts[line.severity] = line.hours[place]
      }
      return HourEntry(time: Timestamp(seconds: (running &- Int64(hours - 1 - place)) &* 3600), counts: counts)
    }
  }
}

extension ContentItem: Listed {
  var key: String { kind }

  func value(_ column: Column) -> Value {
    switch column {
    case .kind: .text(kind)
    case .title: .words(title)
    case .version: .text(version)
    case .made: .time(made)
    case .age: .seconds(ageSeconds)
    case .old: .flag(isStale)
    case .who: .text(by)
    case .note: .text(note)
    default: .none
    }
  }
}
