/// How one cell looks, as far as the terminal can show it.
struct Style: Hashable, Sendable {
  enum Color: Hashable, Sendable {
    /// The terminal's own.
    case standard
    /// 0-15.
    case basic(UInt8)
    /// 16-255 of the 256.
    case indexed(UInt8)
    case rgb(UInt32)
  }
  var foreground = Color.standard
  var background = Color.standard
  var bold = false
  var dim = false
  var underline = false
  var reverse = false

  static let plain = Style()

  /// The parameters of the SGR sequence that sets exactly this style.
  var parameters: String {
    var parts = ["0"]
    if bold { parts.append("1") }
    if dim { parts.append("2") }
    if underline { parts.append("4") }
    if reverse { parts.append("7") }
    foreground.parameters(base: 30).map { parts.append($0) }
    background.parameters(base: 40).map { parts.append($0) }
    return parts.joined(separator: ";")
  }
}

extension Style.Color {
  func parameters(base: Int) -> String? {
    switch self {
    case .standard: nil
    case .basic(let index): index < 8 ? "\(base + Int(index))" : "\(base + 52 + Int(index))"
    case .indexed(let index): "\(base + 8);5;\(index)"
    case .rgb(let value): "\(base + 8);2;\(value >> 16 & 255);\(value >> 8 & 255);\(value & 255)"
    }
  }
}

/// What a piece of the screen means; the theme says how that looks.
enum Role: String, Sendable, CaseIterable {
  case text, dim, title, border, focus, key, good, warning, error
  case critical, high, medium, low, info

  /// Among all cases.
  var place: Int {
    switch self {
    case .text: 0
    case .dim: 1
    case .title: 2
    case .border: 3
    case .focus: 4
    case .key: 5
    case .good: 6
    case .warning: 7
    case .error: 8
    case .critical: 9
    case .high: 10
    case .medium: 11
    case .low: 12
    case .info: 13
    }
  }
}
