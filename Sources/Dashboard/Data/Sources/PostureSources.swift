import ControlAPI
import Records
import Wire

/// The score of `scope` with what explains it: one question for all of these, over `window`.
extension Source {
  private static func posture(
    _ name: String, _ meaning: String, columns: [Column],
    _ entries: @escaping @Sendable (PostureReport) -> [any Listed]
  ) -> Source {
    Source(
      name, meaning, columns: columns, asking: API.posture,
      { PostureRequest(scope: $0.scope, days: max($0.days, 30)) }, listing: { Listing(entries($0)) })
  }

  static let postureSources = [
    posture("posture", "the score of `scope`: one entry", columns: [.title, .score, .sites, .tested]) { [$0] },
    posture("postureDays", "scores at the ends of the last days, the oldest first", columns: [.day, .score]) {
      $0.days.map { DayScore(day: $0) }
    },
    posture("dimensions", "the score of each dimension of the indicator tree", columns: [.id, .title, .score]) {
      $0.dimensions
    },
    posture(
      "indicators", "the indicator tree: dimensions, classes and the indicators that cost points, the costliest first",
      columns: [.id, .title, .score, .points, .sites]
    ) { IndicatorNode.tree($0) },
  ]
}

extension PostureReport: Listed {
  var key: String { scope }

  func value(_ column: Column) -> Value {
    switch column {
    case .title: .words(title)
    case .score: .score(mean.score)
    case .sites: .count(mean.sites)
    case .tested: .count(mean.tested)
    default: .none
    }
  }
}

struct DayScore: Listed {
  var day: PostureScoreDay
  var key: String { day.day }

  func value(_ column: Column) -> Value {
    switch column {
    case .day, .title: .text(day.day)
    case .time: .time(Timestamp(text: day.day + "T00:00:00Z"))
    case .score: .score(day.score)
    default: .none
    }
  }
}

extension PostureDimension: Listed {
  var key: String { id }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(id)
    case .title: .words(title)
    case .score: .score(score)
    default: .none
    }
  }
}

/// A dimension, a class or an indicator: what it cost all sites of the scope together.
struct IndicatorNode: Listed {
  var key: String
  var title: BilingualText
  var score: Int?
  var points: Int
  /// Of an indicator.
  var sites: Int?

  /// The key's last word is its own, what is before names what it stands under.
  var branch: String? { key.lastIndex(of: ".").map { String(key[..<$0]) } }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .text(key)
    case .title: .words(title)
    case .score: .score(score)
    case .points: .count(points)
    case .sites: sites.map { .count($0) } ?? .none
    default: .none
    }
  }

  /// Each dimension with its classes behind it and their indicators behind them, the costliest first.
  static func tree(_ report: PostureReport) -> [IndicatorNode] {
    report.dimensions.flatMap { dimension in
      let below = report.deductions.filter { $0.indicator.hasPrefix(dimension.id + ".") }
      let node = IndicatorNode(
        key: dimension.id, title: dimension.title, score: dimension.score, points: sum(below), sites: nil)
      return [node] + classes(below, dimension)
    }
  }

  private static func classes(_ deductions: [SharedDeduction], _ dimension: PostureDimension) -> [IndicatorNode] {
    let titles = Dictionary(
      (dimension.classes ?? []).map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(grouping: deductions) { classID($0.indicator) }
    let ordered = groups.sorted { (sum($1.value), $0.key) < (sum($0.value), $1.key) }
    return ordered.flatMap { id, members in
      let title = titles[id] ?? BilingualText(String(id.dropFirst(dimension.id.count + 1)))
      return [IndicatorNode(key: id, title: title, score: nil, points: sum(members), sites: nil)]
        + members.sorted { ($1.points, $0.indicator) < ($0.points, $1.indicator) }.map {
          IndicatorNode(key: $0.indicator, title: $0.title, score: nil, points: $0.points, sites: $0.sites)
        }
    }
  }

  private static func sum(_ deductions: [SharedDeduction]) -> Int { deductions.reduce(0) { $0 &+ $1.points } }

  /// `dimension.class` of `dimension.class.name`.
  private static func classID(_ indicator: String) -> String {
    indicator.split(separator: ".", omittingEmptySubsequences: false).prefix(2).joined(separator: ".")
  }
}
