/// Bars from left to right, one below the other, each of one or more stretches.
struct BarChart {
  struct Stretch {
    let style: DrawingStyle
    let value: Int
  }
  struct Bar {
    let label: String
    let stretches: [Stretch]
    /// What stands behind the bar: the number, or why there is none.
    let note: String
  }
  let bars: [Bar]
  /// The value that a whole bar has; nil: that of the longest.
  var whole: Int?

  static let width = 720
  private static let row = 26.0
  private static let plot = (left: 200.0, right: 600.0)
  /// Columns of a label that fit left of the bars, and of a note right of them.
  private static let columns = (label: 26, note: 16)

  /// Zero where nothing has a length.
  private var scale: Double {
    let longest =
      whole.map(Double.init) ?? bars.map { $0.stretches.reduce(0.0) { $0 + Double(max($1.value, 0)) } }.max()
    guard let longest, longest > 0 else { return 0 }
    return (Self.plot.right - Self.plot.left) / longest
  }

  func drawing(id: StaticString, title: String, description: String) -> String {
    var svg = SVGText(width: Self.width, height: Int(Self.row) * max(bars.count, 1) + 8)
    let scale = scale
    for (index, bar) in bars.enumerated() {
      let y = Self.row * Double(index) + 4
      svg.text(SVGText.cut(bar.label, to: Self.columns.label), at: (Self.plot.left - 8, y + 17), .end)
      svg.rectangle(.track, x: Self.plot.left, y: y + 4, width: Self.plot.right - Self.plot.left, height: 18)
      var x = Self.plot.left
      for stretch in bar.stretches where stretch.value > 0 {
        let width = min(Double(stretch.value) * scale, Self.plot.right - x)
        svg.rectangle(stretch.style, x: x, y: y + 4, width: width, height: 18)
        x += width
      }
      svg.text(SVGText.cut(bar.note, to: Self.columns.note), at: (Self.plot.right + 8, y + 17))
    }
    return svg.drawing(id: id, title: title, description: description)
  }
}
