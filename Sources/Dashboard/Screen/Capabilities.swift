enum ColorDepth: Sendable, Equatable { case none, sixteen, indexed, full }

/// What the terminal can show, by its environment.
struct Capabilities: Sendable, Equatable {
  enum Glyphs: Int, Sendable, Comparable {
    case ascii, blocks, braille
    static func < (a: Glyphs, b: Glyphs) -> Bool { a.rawValue < b.rawValue }
  }

  var colors = ColorDepth.full
  var glyphs = Glyphs.braille
  /// Characters beyond ASCII may be written.
  var isUTF8 = true
  /// Ambiguous characters take two columns: box drawing and blocks are not used.
  var ambiguousIsWide = false
  /// No cursor movement: lines only.
  var isDumb = false

  /// `--color` beats `NO_COLOR` beats `CLICOLOR_FORCE` beats whether it is a terminal; `TERM=dumb` is plain text.
  static func decide(
    color: Dashboard.Options.ColorChoice, isTerminal: Bool, language: Language, environment: (String) -> String?
  ) -> Capabilities {
    var result = Capabilities()
    let term = environment("TERM") ?? ""
    let locale =
      [environment("LC_ALL"), environment("LC_CTYPE"), environment("LANG")].compactMap(\.self)
      .first { !$0.isEmpty } ?? ""
    let plain = locale.lowercased()
    result.isDumb = term == "dumb" || term.isEmpty
    result.isUTF8 = plain.contains("utf-8") || plain.contains("utf8")
    result.ambiguousIsWide = language == .zh || ["zh", "ja", "ko"].contains { plain.hasPrefix($0) }
    if !result.isUTF8 || result.isDumb {
      result.glyphs = .ascii
    } else if term == "linux" || term.hasPrefix("vt") {
      result.glyphs = .blocks
    }
    let isColored = wantsColor(color, isTerminal, result.isDumb, environment)
    result.colors = isColored ? depth(term, environment("COLORTERM") ?? "") : .none
    return result
  }

  private static func wantsColor(
    _ color: Dashboard.Options.ColorChoice, _ isTerminal: Bool, _ isDumb: Bool, _ environment: (String) -> String?
  ) -> Bool {
    switch color {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let no = environment("NO_COLOR"), !no.isEmpty { return false }
    if let force = environment("CLICOLOR_FORCE"), !force.isEmpty, force != "0" { return true }
    return isTerminal && !isDumb
  }

  private static func depth(_ term: String, _ colorTerm: String) -> ColorDepth {
    if colorTerm == "truecolor" || colorTerm == "24bit" { return .full }
    if term.contains("256") || term.contains("kitty") || term.contains("alacritty") { return .indexed }
    return .sixteen
  }
}

/// The languages of the watch.
enum Language: String, Sendable, CaseIterable { case en, zh }

/// Everything about how a frame looks that is not in the model.
struct Look: Sendable {
  var theme: Theme {
    didSet { styles = Look.styles(theme) }
  }
  var capabilities: Capabilities
  var language: Language
  /// Seconds east of UTC, for times of day.
  var offset: Int
  /// The theme's, by the roles' places, made once: every cell asks.
  private var styles: [Style]

  init(theme: Theme, capabilities: Capabilities, language: Language, offset: Int = 0) {
    self.theme = theme
    self.capabilities = capabilities
    self.language = language
    self.offset = offset
    styles = Look.styles(theme)
  }

  private static func styles(_ theme: Theme) -> [Style] { Role.allCases.map { theme.style($0) } }

  func style(_ role: Role) -> Style { styles[role.place] }
  func columns(_ text: String) -> Int {
    HarmlessText.columns(text, ambiguousIsWide: capabilities.ambiguousIsWide)
  }
}
