/// The colours of each theme.
extension Theme {
  static func dark(_ role: Role) -> Paint {
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

  static func light(_ role: Role) -> Paint {
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

  /// Okabe and Ito's palette: yellow, vermilion and blues, which eyes without red or green cones tell apart, and by
  /// lightness too.
  static func redGreen(_ role: Role) -> Paint {
    switch role {
    case .good: Paint(foreground: Tint(0x56b4e9, 14))
    case .warning: Paint(foreground: Tint(0xf0e442, 11), bold: true)
    case .error: Paint(foreground: Tint(0xd55e00, 3), bold: true)
    case .critical: Paint(foreground: Tint(0x000000, 0), background: Tint(0xf0e442, 11), bold: true)
    case .high: Paint(foreground: Tint(0xd55e00, 3), bold: true)
    case .medium: Paint(foreground: Tint(0xcc79a7, 13))
    case .low: Paint(foreground: Tint(0x56b4e9, 14))
    default: dark(role)
    }
  }

  /// Reds against teals, which eyes without blue cones tell apart, and by lightness too; blue and yellow say nothing.
  static func blueYellow(_ role: Role) -> Paint {
    switch role {
    case .focus: Paint(foreground: Tint(0xffffff, 15), bold: true)
    case .key: Paint(foreground: Tint(0x9fe8e0, 14))
    case .good: Paint(foreground: Tint(0x2fb8a8, 6))
    case .warning: Paint(foreground: Tint(0xffb3b8, 13), bold: true)
    case .error: Paint(foreground: Tint(0xf04b4b, 9), bold: true)
    case .critical: Paint(foreground: Tint(0xffffff, 15), background: Tint(0x970016, 1), bold: true)
    case .high: Paint(foreground: Tint(0xf04b4b, 9), bold: true)
    case .medium: Paint(foreground: Tint(0xffb3b8, 13))
    case .low: Paint(foreground: Tint(0x2fb8a8, 6))
    default: dark(role)
    }
  }
}
