/// Scores over days as a line from 0 to 100. A day without a score breaks the line; a day alone is a dot.
struct ScoreChart {
  /// The oldest first.
  let days: [(day: String, score: Int?)]

  static let size = (width: 720, height: 220)
  private static let plot = (left: 40.0, right: 708.0, top: 12.0, bottom: 184.0)
  /// Dates that stand below the line without touching.
  private static let mostLabels = 6

  /// Stretches of days that follow one another with a score.
  var runs: [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = []
    var isOpen = false
    for (index, day) in days.enumerated() {
      guard let score = day.score else {
        isOpen = false
        continue
      }
      let point = (x: x(index), y: Self.y(score))
      if isOpen { runs[runs.count - 1].append(point) } else { runs.append([point]) }
      isOpen = true
    }
    return runs
  }

  private func x(_ index: Int) -> Double {
    let (left, right) = (Self.plot.left, Self.plot.right)
    return days.count < 2 ? (left + right) / 2 : left + (right - left) * Double(index) / Double(days.count - 1)
  }

  private static func y(_ score: Int) -> Double {
    plot.bottom - (plot.bottom - plot.top) * Double(min(max(score, 0), 100)) / 100
  }

  func drawing(id: StaticString, title: String, description: String) -> String {
    var svg = SVGText(width: Self.size.width, height: Self.size.height)
    for score in [0, 25, 50, 75, 100] {
      let y = Self.y(score)
      svg.line(.grid, from: (Self.plot.left, y), to: (Self.plot.right, y))
      svg.text("\(score)", at: (Self.plot.left - 6, y + 4), .end)
    }
    for (place, index) in labelled.enumerated() {
      let anchor: SVGText.Anchor =
        days.count == 1 ? .middle : place == 0 ? .start : index == days.count - 1 ? .end : .middle
      svg.text(days[index].day, at: (x(index), Self.plot.bottom + 20), anchor)
    }
    for run in runs {
      if run.count > 1 { svg.path(.line, run) }
      if let last = run.last, run.count == 1 || days.count <= 31 {
        for point in run.count == 1 ? [last] : run { svg.dot(.dot, at: point) }
      }
    }
    return svg.drawing(id: id, title: title, description: description)
  }

  /// The first, the last, and some between at equal distances.
  private var labelled: [Int] {
    guard days.count > Self.mostLabels else { return Array(days.indices) }
    return (0..<Self.mostLabels).map { $0 * (days.count - 1) / (Self.mostLabels - 1) }
  }
}
