/// Roles to looks. Severity is always a letter too: no theme is needed to tell them apart.
struct Theme: Sendable, Equatable {
  enum Name: String, Sendable, CaseIterable {
    case dark, light, monochrome
    case colourBlind = "colour-blind"
  }

  let name: Name
  let depth: ColorDepth

  func style(_ role: Role) -> Style {
    if name == .monochrome || depth == .none { return Theme.monochrome(role) }
    let paint = paint(role)
    var style = Style()
    style.bold = paint.bold
    paint.foreground.map { style.foreground = color($0) }
    paint.background.map { style.background = color($0) }
    return style
  }

  /// 24-bit colours with the nearest of the terminal's sixteen.
  private struct Tint {
    let rgb: UInt32
    let basic: UInt8
    init(_ rgb: UInt32, _ basic: UInt8) {
      self.rgb = rgb
      self.basic = basic
    }
  }
  private struct Paint {
    var foreground: Tint?
    var background: Tint?
    var bold = false
  }

  private func color(_ tint: Tint) -> Style.Color {
    switch depth {
    case .none: .standard
    case .sixteen: .basic(tint.basic)
    case .indexed: .indexed(Theme.nearest(tint.rgb))
    case .full: .rgb(tint.rgb)
    }
  }

  private func paint(_ role: Role) -> Paint {
    switch name {
    case .dark, .monochrome: Theme.dark(role)
    case .light: Theme.light(role)
    case .colourBlind: Theme.colourBlind(role)
    }
  }

  private static func dark(_ role: Role) -> Paint {
    switch role {
    case .text: Paint()
    case .dim: Paint(foreground: Tint(0x8a9099, 8))
    case .title: Paint(bold: true)
    case .border: Paint(foreground: Tint(0x5c6370, 8))
    case .focus: Paint(foreground: Tint(0x61afef, 12), bold: true)
    case .key: Paint(foreground: Tint(0x61afef, 12))
    case .good: Paint(foreground: Tint(0x98c379, 10))
    case .warning: Paint(foreground: Tint(0xe5c07b, 11), bold: true)
    case .error: Paint(foreground: Tint(0xff6b6b, 9), bold: true)
    case .critical: Paint(foreground: Tint(0xffffff, 15), background: Tint(0xc0222c, 1), bold: true)
    case .high: Paint(foreground: Tint(0xff6b6b, 9), bold: true)
    case .medium: Paint(foreground: Tint(0xe5c07b, 11))
    case .low: Paint(foreground: Tint(0x56b6c2, 14))
    case .info: Paint(foreground: Tint(0x8a9099, 8))
    }
  }

  private static func light(_ role: Role) -> Paint {
    switch role {
    case .text: Paint()
    case .dim: Paint(foreground: Tint(0x6a737d, 8))
    case .title: Paint(bold: true)
    case .border: Paint(foreground: Tint(0xa0a8b0, 8))
    case .focus: Paint(foreground: Tint(0x0550ae, 4), bold: true)
    case .key: Paint(foreground: Tint(0x0550ae, 4))
    case .good: Paint(foreground: Tint(0x116329, 2))
    case .warning: Paint(foreground: Tint(0x7d4e00, 3), bold: true)
    case .error: Paint(foreground: Tint(0xa40e26, 1), bold: true)
    case .critical: Paint(foreground: Tint(0xffffff, 15), background: Tint(0xa40e26, 1), bold: true)
    case .high: Paint(foreground: Tint(0xa40e26, 1), bold: true)
    case .medium: Paint(foreground: Tint(0x7d4e00, 3))
    case .low: Paint(foreground: Tint(0x1b7c83, 6))
    case .info: Paint(foreground: Tint(0x6a737d, 8))
    }
  }

  /// Okabe and Ito's palette: told apart with red-green and with blue-yellow blindness, by lightness too.
  private static func colourBlind(_ role: Role) -> Paint {
    switch role {
    case .good: Paint(foreground: Tint(0x56b4e9, 14))
    case .warning: Paint(foreground: Tint(0xf0e442, 11), bold: true)
    case .error: Paint(foreground: Tint(0xe69f00, 3), bold: true)
    case .critical: Paint(foreground: Tint(0x000000, 0), background: Tint(0xf0e442, 11), bold: true)
    case .high: Paint(foreground: Tint(0xe69f00, 3), bold: true)
    case .medium: Paint(foreground: Tint(0xcc79a7, 13))
    case .low: Paint(foreground: Tint(0x56b4e9, 14))
    default: dark(role)
    }
  }

  private static func monochrome(_ role: Role) -> Style {
    var style = Style()
    switch role {
    case .critical: (style.bold, style.underline) = (true, true)
    case .high, .title, .focus, .warning, .error, .key: style.bold = true
    case .dim, .info: style.dim = true
    case .text, .border, .good, .medium, .low: break
    }
    return style
  }

  /// The nearest of xterm's 6x6x6 cube or its greys.
  static func nearest(_ rgb: UInt32) -> UInt8 {
    let parts = [Int(rgb >> 16 & 255), Int(rgb >> 8 & 255), Int(rgb & 255)]
    let steps = [0, 95, 135, 175, 215, 255]
    func distance(_ other: [Int]) -> Int {
      zip(parts, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let cube = parts.map { part in
      steps.indices.min { abs(steps[$0] - part) < abs(steps[$1] - part) } ?? 0
    }
    let grey = min(max((parts.reduce(0, +) / 3 - 3) / 10, 0), 23)
    let isGrey = distance([Int](repeating: 8 + 10 * grey, count: 3)) < distance(cube.map { steps[$0] })
    return UInt8(isGrey ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2])
  }
}
