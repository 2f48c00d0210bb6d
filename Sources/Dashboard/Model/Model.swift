import ControlAPI
import Records
import Wire

/// Everything the screen is drawn from. A value: `update` changes it and says what must be done outside.
struct Model: Sendable {
  enum Link: Sendable, Equatable {
    case connecting
    case connected
    case lost(since: Timestamp, reason: String)
  }
  /// Where the officer is; the last of `path`, back takes one off.
  enum Place: Sendable, Equatable {
    case screen(String)
    case row(Int64)
    case site(String)
    case help
  }
  struct Pane: Sendable, Equatable {
    /// The row that is selected, whatever comes above it.
    var key: String?
    var index = 0
  }
  struct List: Sendable {
    var items: [QueueItem] = []
    var total: Int?
    var at: Timestamp
    var problem: String?
  }
  struct Notice: Sendable, Equatable {
    var text: String
    var isProblem: Bool
    var until: Timestamp
  }

  /// The officer, as acts are assigned to.
  var me: String
  var isReadOnly = false
  var size: Size
  var now: Timestamp
  var definitions: [Definition]
  /// Why the files on disk are not what is shown.
  var definitionProblem: String?

  var link = Link.connecting
  var overview: Overview?
  var overviewAt: Timestamp?
  var lists: [String: List] = [:]
  var feed = Feed()
  var row: QueueDetail?
  var site: SiteDetail?

  var path: [Place]
  var focus: [String: String] = [:]
  var panes: [String: Pane] = [:]
  var scroll = 0
  var filter = ""
  var marks: Set<Int64> = []
  var prompt: Prompt?
  var notice: Notice?
  /// After `*`: the next key says what to mark.
  var marksNext = false
  /// Themes and languages chosen by command; nil: as started.
  var theme: Theme.Name?
  var language: Language?

  init(me: String, size: Size, now: Timestamp, definitions: [Definition]) {
    self.me = me
    self.size = size
    self.now = now
    self.definitions = definitions
    path = [.screen(definitions.first { $0.number == 0 }?.id ?? definitions.first?.id ?? "overview")]
  }

  /// A list is asked for at most this many rows: nobody walks further without a filter.
  static let rowsAsked = 200
  /// A notice stays this long.
  static let noticeSeconds = 6.0
}

// MARK: - What is on screen

extension Model {
  var place: Place { path.last ?? .screen("overview") }

  /// The screen under whatever is open above it.
  var screenID: String {
    for case .screen(let id) in path.reversed() { return id }
    return "overview"
  }
  var definition: Definition? { definitions.first { $0.id == screenID } }

  /// Header, a banner if need be, and the line of keys are not the panels'.
  var bodySize: Size {
    Size(columns: size.columns, rows: max(size.rows - 2 - (hasBanner ? 1 : 0), 0))
  }

  /// What the officer must see whatever is on screen; the connection first.
  var banner: (text: String, more: Int)? {
    var all: [String] = []
    if let definitionProblem { all.append(definitionProblem) }
    if case .connected = link { all += overview?.warnings ?? [] }
    return all.first.map { ($0, all.count - 1) }
  }
  var hasBanner: Bool {
    if case .lost = link { return true }
    return banner != nil
  }

  var layout: Layout? { definition?.layout(for: size) }

  var focusedPanel: Panel? {
    guard let definition, let layout else { return nil }
    let names = layout.panelNames
    let chosen = focus[screenID].flatMap { names.contains($0) ? $0 : nil }
    let first = names.first { definition.panel($0)?.listsQueue == true } ?? names.first
    return (chosen ?? first).flatMap { definition.panel($0) }
  }

  func key(_ panel: Panel) -> String { "\(screenID)/\(panel.name)" }

  /// The figures are not of now: they are drawn dim, with the time they are of.
  var isStale: Bool {
    guard case .connected = link, let overviewAt else { return true }
    return Double(now.nanoseconds(since: overviewAt)) / 1e9 > max(4 * (definition?.refreshSeconds ?? 3), 15)
  }

  /// The lists to ask the hub for.
  var requests: [PanelRequest] {
    guard let definition, let layout else { return [] }
    return layout.panelNames.compactMap { definition.panel($0) }.compactMap { panel in
      if panel.countsQueue { return PanelRequest(key: key(panel), filter: panel.query, sort: [], limit: 1) }
      guard panel.listsQueue else { return nil }
      return PanelRequest(key: key(panel), filter: combined(panel.query), sort: panel.sort, limit: Model.rowsAsked)
    }
  }

  private func combined(_ query: String) -> String {
    if query.isEmpty || filter.isEmpty { return query + filter }
    return "(\(query)) (\(filter))"
  }
}
