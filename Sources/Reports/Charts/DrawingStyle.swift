/// How a part of a drawing looks: a class, by which the page's style sheet colours it for light, dark and paper, and
/// attributes that stand in for the style sheet where it does not reach (a drawing that is taken out of its page, a
/// printer's program that draws without it).
enum DrawingStyle: String {
  case grid, label, line, dot, track, score, covered, unsure, stale
  case critical = "bar-critical"
  case high = "bar-high"
  case medium = "bar-medium"
  case low = "bar-low"
  case info = "bar-info"

  var attributes: String {
    switch self {
    case .grid: ##"class="grid" stroke="#d0d7de""##
    case .label: ##"class="label" fill="#1b1f24" font-size="13" font-family="sans-serif""##
    case .line: ##"class="line" fill="none" stroke="#0b5cad" stroke-width="2.5""##
    case .unsure: ##"class="unsure" fill="#0b5cad" fill-opacity="0.4""##
    case .stale: ##"class="stale" fill="#57606a" fill-opacity="0.45""##
    case .track: filled("#eceff2")
    case .dot, .score, .covered: filled("#0b5cad")
    case .critical: filled("#8b1a1a")
    case .high: filled("#c4441c")
    case .medium: filled("#8a6000")
    case .low: filled("#2f7d5b")
    case .info: filled("#57606a")
    }
  }

  private func filled(_ colour: String) -> String { "class=\"\(rawValue)\" fill=\"\(colour)\"" }
}
