import ControlAPI

extension Panel {
  enum Kind: String, Sendable, CaseIterable {
    case number, sparkline, bars, histogram, table, feed, sites, tree, gauge, clocks, roster, state

    /// Keys of every panel.
    static let commonKeys = [
      "kind", "source", "title", "empty", "query", "refresh", "limit", "window", "scope", "follow",
    ]
    /// Keys of a panel of any kind.
    static let everyKey = commonKeys + ["columns", "sort", "group", "by", "value", "of", "time", "levels"]

    /// Those besides the common ones.
    var keys: [String] {
      switch self {
      case .number: ["value", "sort", "levels"]
      case .sparkline: ["value", "sort"]
      case .bars: ["by", "value", "of", "sort", "group", "levels"]
      case .histogram: ["columns", "time", "by", "sort"]
      case .table: ["columns", "sort", "group"]
      case .gauge: ["by", "value", "of", "sort", "levels"]
      case .sites, .feed, .tree, .clocks, .roster, .state: []
      }
    }

    /// Whether `/` leaves out entries of it.
    var isFiltered: Bool {
      switch self {
      case .table, .bars, .histogram, .feed, .sites: true
      case .number, .sparkline, .tree, .gauge, .clocks, .roster, .state: false
      }
    }

    /// Sources whose words `state` knows.
    static let told = ["sensors", "scanners", "duty", "shifts", "canary"]

    func shows(_ source: Source) -> Bool {
      switch self {
      case .feed: source.name == "feed"
      case .sites: source.name == "sites"
      case .tree: source.name == "indicators"
      case .roster: source.name == "roster"
      case .state: Kind.told.contains(source.name)
      case .clocks: source.columns.contains(.due)
      case .histogram: source.columns.contains { $0.form.query == .time }
      case .sparkline, .gauge: source.columns.contains { $0.form.query == .number }
      case .number, .bars, .table: source.name != "feed"
      }
    }

    /// Those that it can show.
    var sources: [Source] { Source.all.filter(shows) }
  }
}
