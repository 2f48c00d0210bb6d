import Testing

@testable import Dashboard

/// Whether colours can be told apart, by eyes of every kind, on the background that the theme is for.
@Suite("Themes")
struct ThemeTests {
  /// What eyes see that lack a kind of cones: linear RGB, by Viénot, Brettel and Mollon (1999), and for blue Brettel's
  /// plane as a single matrix.
  enum Eyes: CaseIterable {
    case all, noRed, noGreen, noBlue
    var matrix: [[Double]] {
      switch self {
      case .all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      case .noRed: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
      case .noGreen: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
      case .noBlue: [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]]
      }
    }
  }

  private func linear(_ byte: UInt32) -> Double {
    let value = Double(byte) / 255
    return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
  }
  /// x^2.4 by x^2 * x^0.4, the root by Newton's steps.
  private func power(_ x: Double) -> Double {
    var root = 0.5
    for _ in 0..<60 where root > 0 {
      root -= (root * root * root * root * root - x * x) / (5 * root * root * root * root)
    }
    return x * x * root
  }

  private func seen(_ rgb: UInt32, by eyes: Eyes) -> [Double] {
    let light = [linear(rgb >> 16 & 255), linear(rgb >> 8 & 255), linear(rgb & 255)]
    return eyes.matrix.map { row in min(max(zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }, 0), 1) }
  }

  /// CIE 1976 L*a*b*.
  private func lab(_ light: [Double]) -> [Double] {
    let x = (0.4124 * light[0] + 0.3576 * light[1] + 0.1805 * light[2]) / 0.9505
    let y = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    let z = (0.0193 * light[0] + 0.1192 * light[1] + 0.9505 * light[2]) / 1.089
    func f(_ t: Double) -> Double {
      guard t > 0.008856 else { return 7.787 * t + 16.0 / 116 }
      var root = 0.7
      for _ in 0..<60 { root -= (root * root * root - t) / (3 * root * root) }
      return root
    }
    return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))]
  }

  private func difference(_ a: UInt32, _ b: UInt32, _ eyes: Eyes) -> Double {
    zip(lab(seen(a, by: eyes)), lab(seen(b, by: eyes))).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The colour that a role is known by: of `critical` its background.
  private func colour(_ role: Role, _ name: Theme.Name) -> UInt32? {
    let paint = Theme(name: name, depth: .full).paint(role)
    return (paint.background ?? paint.foreground)?.rgb
  }

  static let pairs: [(Role, Role)] = [
    (.good, .error), (.good, .warning), (.warning, .error), (.critical, .high), (.critical, .medium), (.high, .medium),
    (.high, .low), (.medium, .low), (.critical, .low),
  ]

  /// CIE 1976 differences over 20 are seen at a glance, also in small letters.
  private static let glance = 20.0

  @Test(
    "the themes for eyes without some cones keep what must be told apart, apart",
    arguments: [(Theme.Name.redGreen, [Eyes.all, .noRed, .noGreen]), (.blueYellow, [.all, .noBlue])])
  func colourBlind(_ theme: Theme.Name, _ eyes: [Eyes]) throws {
    for (a, b) in Self.pairs {
      let (x, y) = (try #require(colour(a, theme)), try #require(colour(b, theme)))
      for eye in eyes {
        let difference = difference(x, y, eye)
        #expect(difference > Self.glance, "\(theme.rawValue): \(a) and \(b) are \(difference) apart for \(eye)")
      }
    }
  }

  @Test("the usual theme would not do: that is what the other two are for")
  func needed() throws {
    let close = { (eyes: Eyes) in
      Self.pairs.contains { pair in
        guard let x = colour(pair.0, .dark), let y = colour(pair.1, .dark) else { return false }
        return difference(x, y, eyes) < 28
      }
    }
    #expect(close(.noRed) && close(.noGreen))
  }

  @Test("every role can be read on the theme's background", arguments: Theme.Name.allCases)
  func contrast(_ theme: Theme.Name) {
    let ground: UInt32 = theme == .light ? 0xffffff : 0x000000
    func luminance(_ rgb: UInt32) -> Double {
      zip([0.2126, 0.7152, 0.0722], seen(rgb, by: .all)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for role in Role.allCases where role != .border {
      let paint = Theme(name: theme, depth: .full).paint(role)
      guard let ink = paint.foreground?.rgb else { continue }
      let (a, b) = (luminance(ink), luminance(paint.background?.rgb ?? ground))
      let ratio = (max(a, b) + 0.05) / (min(a, b) + 0.05)
      #expect(ratio >= 4.5, "\(theme.rawValue) \(role): \(ratio)")
    }
  }

  @Test("each role has its own place")
  func places() { #expect(Role.allCases.map(\.place) == Array(0..<Role.allCases.count)) }

  @Test("fewer colours and none: nothing beyond what the terminal has is written")
  func depths() {
    for theme in Theme.Name.allCases {
      for role in Role.allCases {
        let none = Theme(name: theme, depth: .none).style(role).parameters
        #expect(!none.contains("38") && !none.contains("48") && !none.contains(";9"))
        let sixteen = Theme(name: theme, depth: .sixteen).style(role).parameters
        #expect(!sixteen.contains("38;") && !sixteen.contains("48;"))
        let indexed = Theme(name: theme, depth: .indexed).style(role).parameters
        #expect(!indexed.contains("8;2;"))
      }
    }
  }
}
