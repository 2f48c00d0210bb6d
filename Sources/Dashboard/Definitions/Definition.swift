import Records

/// One screen, as its file lays it out. Checked: every name in a layout is a panel, every query parses.
struct Definition: Sendable, Equatable {
  var id: String
  var title: BilingualText
  var refreshSeconds = Definition.usualRefresh
  var variables: [String: String] = [:]
  var layouts: [Layout]
  var panels: [Panel]
  var file: String

  static let usualRefresh = 3.0
  /// More than a screen shows, and each may be a question to the hub.
  static let mostPanels = 40
  static let mostLayouts = 16
  static let mostVariables = 32

  /// Screens by number: the overview, then the five services.
  static let numbered = ["overview", "situation", "warning", "data-protection", "response", "duty"]
  /// The digit that calls it; nil where only `:screen` does.
  var number: Int? { Definition.numbered.firstIndex(of: id) }

  func panel(_ name: String) -> Panel? { panels.first { $0.name == name } }

  /// The first layout that the size has room for; the last where none has.
  func layout(for size: Size) -> Layout? {
    layouts.first { size.columns >= $0.minimumColumns && size.rows >= $0.minimumRows } ?? layouts.last
  }

  /// Why the definition would be wrong with these values; nil: it is right.
  func problem(with variables: [String: String]) -> String? {
    for panel in panels {
      if let problem = panel.problem(with: variables) { return "\(panel.name): \(problem)" }
    }
    return nil
  }
}
