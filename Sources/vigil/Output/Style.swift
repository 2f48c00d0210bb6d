import ArgumentParser
import Hub
import Records

/// When colour is used: `--color` beats `NO_COLOR` beats `CLICOLOR_FORCE` beats the terminal; `TERM=dumb` is plain.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

struct Style: Sendable {
  let isColored: Bool

  init(isColored: Bool) { self.isColored = isColored }

  init(_ choice: ColorChoice, _ console: Console = .out) {
    self.init(
      isColored: Style.decide(choice, isTerminal: console.isTerminal, environment: DataFolder.environment))
  }

  static func decide(_ choice: ColorChoice, isTerminal: Bool, environment: (String) -> String?) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if environment("NO_COLOR") != nil { return false }
    if let force = environment("CLICOLOR_FORCE"), force != "0" { return true }
    return isTerminal && environment("TERM") != "dumb"
  }

  /// Always a letter; a colour where colours are shown.
  func letter(_ severity: Severity) -> String {
    let letter = severity.rawValue.prefix(1).uppercased()
    return paint(letter, Style.code(severity))
  }

  func paint(_ text: String, _ code: String) -> String { isColored ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }

  static func code(_ severity: Severity) -> String {
    switch severity {
    case .critical: "1;97;41"
    case .high: "1;31"
    case .medium: "33"
    case .low: "36"
    case .info: "2"
    }
  }
}
