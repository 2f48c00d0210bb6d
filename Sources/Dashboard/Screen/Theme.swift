/// Roles to looks. Severity is always a letter too: no theme is needed to tell them apart.
struct Theme: Sendable, Equatable {
  enum Name: String, Sendable, CaseIterable {
    case dark, light, monochrome
    /// For eyes that do not tell red from green; blue from yellow.
    case redGreen = "red-green"
    case blueYellow = "blue-yellow"
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
  struct Tint: Sendable, Equatable {
    let rgb: UInt32
    let basic: UInt8
    init(_ rgb: UInt32, _ basic: UInt8) {
      self.rgb = rgb
      self.basic = basic
    }
  }
  struct Paint: Sendable, Equatable {
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

  func paint(_ role: Role) -> Paint {
    switch name {
    case .dark, .monochrome: Theme.dark(role)
    case .light: Theme.light(role)
    case .redGreen: Theme.redGreen(role)
    case .blueYellow: Theme.blueYellow(role)
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
