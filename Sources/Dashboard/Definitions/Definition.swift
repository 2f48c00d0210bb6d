import Records

/// One screen, as its file lays it out. Checked: every name in a layout is a panel, every query parses.
struct Definition: Sendable, Equatable {
  var id: String
  var title: BilingualText
  var refreshSeconds = 3.0
  var variables: [String: String] = [:]
  var layouts: [Layout]
  var panels: [Panel]
  var file: String

  /// Screens by number: the overview, then the five services.
  static let numbered = ["overview", "situation", "warning", "data-protection", "response", "duty"]
  /// The digit that calls it; nil where only `:screen` does.
  var number: Int? { Definition.numbered.firstIndex(of: id) }

  func panel(_ name: String) -> Panel? { panels.first { $0.name == name } }

  /// The first layout that the size has room for; the last where none has.
  func layout(for size: Size) -> Layout? {
    layouts.first { size.columns >= $0.minimumColumns && size.rows >= $0.minimumRows } ?? layouts.last
  }
}

struct Layout: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    /// Rows of panels side by side; a name repeated takes that many shares of the width.
    case rows([[String]], weights: [Int])
    /// One under the other, the first with what the others leave; those that do not fit wait for `tab`.
    case stack([String])
  }
  var minimumColumns = 0
  var minimumRows = 0
  var form: Form

  /// In the order of `tab`, each once.
  var panelNames: [String] {
    let all: [String] =
      switch form {
      case .rows(let rows, weights: _): rows.flatMap(\.self)
      case .stack(let names): names
      }
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }
}

struct Panel: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case number, sparkline, bars, histogram, table, feed, sites, gauge, state
  }
  /// In the format, and not built yet.
  static let kindsToCome = ["tree", "clocks", "roster"]

  enum Source: String, Sendable, CaseIterable {
    /// Rows of the queue, of both wings.
    case alerts
    /// Rows of the queue that the scanner made.
    case findings
    case severities, queue, sites, posture, sensors, scans, feed

    static func allowed(for kind: Kind) -> [Source] {
      switch kind {
      case .number: [.alerts, .findings, .queue, .posture, .sites, .scans]
      case .sparkline, .histogram: [.severities]
      case .bars: [.queue, .severities]
      case .table: [.alerts, .findings, .sites, .sensors]
      case .feed: [.feed]
      case .sites: [.sites]
      case .gauge: [.posture, .scans]
      case .state: [.sensors, .scans]
      }
    }
  }
  struct Level: Sendable, Equatable {
    var from: Double
    var role: Role
  }

  var name: String
  var kind: Kind
  var source: Source
  var title: BilingualText?
  /// With the variables put in.
  var query = ""
  var columns: [Column] = []
  var sort: [String] = []
  var empty: BilingualText?
  var levels: [Level] = []

  /// Whether the panel shows rows of the queue, which are fetched by its query.
  var listsQueue: Bool { kind == .table && (source == .alerts || source == .findings) }
  var countsQueue: Bool { kind == .number && (source == .alerts || source == .findings) }
}

/// A column of a table, by its name in a definition.
enum Column: String, Sendable, CaseIterable {
  case id, severity, state, result, due, site, organisation, rule, count, first, last, who
  case score, worst, alerts, findings
  case sensor, interface, rate, dropped, rules, reason

  static func known(for source: Panel.Source) -> [Column] {
    switch source {
    case .alerts, .findings:
      [.id, .severity, .state, .result, .due, .site, .organisation, .rule, .count, .first, .last, .who]
    case .sites: [.severity, .site, .organisation, .score, .alerts, .findings]
    case .sensors: [.sensor, .state, .interface, .rate, .dropped, .rules, .reason]
    default: []
    }
  }
}
