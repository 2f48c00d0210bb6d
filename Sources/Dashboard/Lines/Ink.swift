package import Records

/// What commands write with: the dashboard's colours, widths and words. A value, made once a command.
package struct Ink: Sendable {
  let look: Look
  /// Of the terminal; nil into a file or a pipe, where every line is whole.
  package let columns: Int?

  /// How a command's answer is wanted.
  package struct Wish: Sendable {
    package var color = Dashboard.Options.ColorChoice.auto
    /// One of `Dashboard.themeNames`.
    package var theme = "dark"
    package var language = TextLanguage.en
    package init() {}
  }

  /// `columns`: of the terminal that is written to; nil where it is none.
  package init(
    _ wish: Wish, columns: Int?, offset: Int? = nil, environment: (String) -> String?
  ) {
    let language: Language = wish.language == .zh ? .zh : .en
    var capabilities = Capabilities.decide(
      color: wish.color, isTerminal: columns != nil, language: language, environment: environment)
    // What is there is taken as it is; nobody draws frames here. A locale that nobody set says nothing of the terminal.
    if columns == nil || Ink.hasNoLocale(environment) { capabilities.isUTF8 = true }
    look = Look(
      theme: Theme(name: Theme.Name(rawValue: wish.theme) ?? .dark, depth: capabilities.colors),
      capabilities: capabilities, language: language, offset: offset ?? Environment.offset)
    self.columns = columns
  }

  private static func hasNoLocale(_ environment: (String) -> String?) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? "C"
    return locale == "C" || locale == "POSIX"
  }

  /// Lines of the dashboard itself, where it has no terminal.
  init(_ look: Look) { (self.look, columns) = (look, nil) }

  package var isColored: Bool { look.capabilities.colors != .none }

  /// Columns that a text takes on this terminal.
  package func width(_ text: String) -> Int { look.columns(text) }

  /// At most so wide, cut with an ellipsis.
  package func cut(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    let pieces = HarmlessText.pieces(text, ambiguousIsWide: look.capabilities.ambiguousIsWide)
    guard pieces.reduce(0, { $0 + $1.columns }) > columns else { return text }
    var used = 0
    let kept = pieces.prefix { piece in
      used += piece.columns
      return used < columns
    }
    return kept.map(\.text).joined() + (look.capabilities.ambiguousIsWide || !look.capabilities.isUTF8 ? "~" : "…")
  }

  /// Always a letter; a colour where colours are shown.
  package func letter(_ severity: Severity) -> String { paint(severity.letter, severity) }
  package func paint(_ text: String, _ severity: Severity) -> String { paint(text, severity.role) }
  /// A head, or the name of what follows.
  package func strong(_ text: String) -> String { paint(text, .title) }

  func paint(_ text: String, _ role: Role) -> String {
    guard isColored else { return text }
    return "\u{1b}[\(look.style(role).parameters)m\(text)\u{1b}[0m"
  }

  /// Text from traffic as no terminal obeys it: control characters, directional marks and the like by their names.
  package static func harmless(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    return HarmlessText.pieces(text, ambiguousIsWide: false).map(\.text).joined()
  }
}
