import ControlAPI
import Records
import Wire

/// Everything the screen is drawn from. A value: `update` changes it and says what must be done outside.
struct Model: Sendable {
  enum Link: Sendable, Equatable {
    case connecting
    case connected
    /// `again`: when it is tried next.
    case lost(since: Timestamp, reason: BilingualText, again: Timestamp)
  }
  struct Pane: Sendable, Equatable {
    /// The entry that is selected, whatever comes above it.
    var key: String?
    var index = 0
    /// Of a tree: branches that were opened or closed by hand.
    var turned: Set<String> = []
  }
  struct Notice: Sendable, Equatable {
    var text: BilingualText
    var isProblem: Bool
    var until: Timestamp
  }

  /// The officer, as acts are assigned to.
  var me: String
  var isReadOnly = false
  var size: Size
  var now: Timestamp
  var definitions: [Definition]
  /// Why a file on disk is not what is shown.
  var definitionProblem: String?
  /// Variables that were set by command, by screen.
  var settings: [String: [String: String]] = [:]

  var link = Link.connecting
  var overview: Overview?
  var answers: [Question: Answer] = [:]
  /// What each panel shows of the answers, by its key.
  var listings: [String: Listing] = [:]
  var feed = Feed()

  var walk: Walk
  var focus: [String: String] = [:]
  var panes: [String: Pane] = [:]
  /// What the officer left of a panel's list, by its key.
  var filters: [String: String] = [:]
  /// Lists that are held as they are, by their panels' keys.
  var held: Set<String> = []
  /// Rows that are marked, by the keys of the panels where they were.
  var marked: [String: Set<Int64>] = [:]
  /// The last act on more than one row.
  var lastBulk: Bulk?
  /// What was in view when the screen was last drawn; nil: it never was.
  var seen: Sight?
  /// When another row was drawn under the selection, without a key.
  var movedAt: Timestamp?
  var prompt: Prompt?
  var notice: Notice?
  /// After `*`: the next key says what to mark.
  var marksNext = false
  /// Themes and languages chosen by command; nil: as started.
  var theme: Theme.Name?
  var language: Language?

  init(me: String, size: Size, now: Timestamp, definitions: [Definition], screen: String? = nil) {
    self.me = me
    self.size = size
    self.now = now
    self.definitions = definitions
    let first = definitions.first { $0.number == 0 } ?? definitions.first
    walk = Walk(.screen(screen ?? first?.id ?? Definition.numbered[0]))
  }

  /// A notice stays this long.
  static let noticeSeconds = 6.0
}

// MARK: - What is on screen

extension Model {
  var place: Place { walk.present }
  var screenID: String { walk.screen ?? Definition.numbered[0] }
  var definition: Definition? { definitions.first { $0.id == screenID } }

  /// The screen's variables as they are now.
  var variables: [String: String] {
    (definition?.variables ?? [:]).merging(settings[screenID] ?? [:]) { _, set in set }
  }

  /// What the officer must see whatever is on screen.
  var banner: (text: BilingualText, more: Int)? {
    guard case .connected = link, let warnings = overview?.warnings else { return nil }
    return warnings.first.map { ($0, warnings.count - 1) }
  }
  var hasBanner: Bool {
    if case .lost = link { return true }
    return banner != nil
  }

  /// A screen of fewer rows has no line of the screens: the panes need it.
  static let rowsWithTitles = 10
  var hasTitles: Bool { size.rows >= Model.rowsWithTitles }

  /// Below the header, the screens' titles and a banner; above the line of keys.
  var body: Area {
    let top = 1 + (hasTitles ? 1 : 0) + (hasBanner ? 1 : 0)
    return Area(x: 0, y: top, columns: size.columns, rows: max(size.rows - top - 1, 0))
  }

  var layout: Layout? { definition?.layout(for: size) }

  /// The panes that have room.
  var shownPanes: [PanePlan.Pane] {
    guard let definition, let layout else { return [] }
    return PanePlan.panes(layout, definition, in: body, focused: focusedPanel?.name)
  }

  var focusedPanel: Panel? {
    guard let definition, let layout else { return nil }
    let names = layout.panelNames
    let chosen = focus[screenID].flatMap { names.contains($0) ? $0 : nil }
    let first =
      names.first { definition.panel($0)?.listsQueue == true } ?? names.first {
        definition.panel($0)?.listsWork == true
      }
      ?? names.first
    return (chosen ?? first).flatMap { definition.panel($0) }
  }

  func key(_ panel: Panel) -> String { "\(screenID)/\(panel.name)" }
  func filter(_ panel: Panel) -> String { filters[key(panel)] ?? "" }
}
