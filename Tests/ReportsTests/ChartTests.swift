import Documents
import Testing

@testable import Reports

/// Geometry where there is little to draw.
@Suite struct ChartTests {
  private func parsed(_ svg: String) throws -> [XMLElement] {
    Page.elements(try XMLDocument.parse(Array(svg.utf8), file: "chart.svg"))
  }

  private func line(_ scores: [Int?]) -> ScoreChart {
    ScoreChart(days: scores.enumerated().map { ("2026-10-\($0.offset + 1)", $0.element) })
  }

  /// Every number of every attribute lies inside the drawing.
  private func expectInside(_ all: [XMLElement], _ location: SourceLocation = #_sourceLocation) throws {
    let box = try #require(all.first?["viewBox"]).split(separator: " ").compactMap { Double($0) }
    func check(_ text: String?, _ limit: Double) {
      guard let text else { return }
      let value = Double(text) ?? .nan
      #expect(value >= 0 && value <= limit, "\(text)", sourceLocation: location)
    }
    for element in all {
      for name in ["x", "x1", "x2", "cx", "width"] { check(element[name], box[2]) }
      for name in ["y", "y1", "y2", "cy", "height"] { check(element[name], box[3]) }
      for point in element["points"]?.split(separator: " ") ?? [] {
        let parts = point.split(separator: ",").map(String.init)
        check(parts.first, box[2])
        check(parts.last, box[3])
      }
    }
  }

  struct Line: CustomTestStringConvertible {
    let testDescription: String
    let scores: [Int?]
    /// Days of each stretch.
    let runs: [Int]
  }
  static let lines: [Line] = [
    Line(testDescription: "no day", scores: [], runs: []),
    Line(testDescription: "days without any score", scores: [nil, nil, nil], runs: []),
    Line(testDescription: "one day", scores: [55], runs: [1]),
    Line(testDescription: "all equal", scores: [70, 70, 70, 70], runs: [4]),
    Line(testDescription: "a gap", scores: [10, 20, nil, nil, 30, 40], runs: [2, 2]),
    Line(testDescription: "a day alone between gaps", scores: [nil, 5, nil, 9, 9], runs: [1, 2]),
    Line(testDescription: "both ends missing", scores: [nil, 100, 0, nil], runs: [2]),
    Line(testDescription: "scores that cannot be", scores: [-5, 1_000, .max, .min], runs: [4]),
    Line(testDescription: "four hundred days", scores: Array(repeating: 50, count: 400), runs: [400]),
  ]

  @Test("a line has a stretch for each run of known days, and no point for a day that is not known", arguments: lines)
  func score(_ one: Line) throws {
    let chart = line(one.scores)
    #expect(chart.runs.map(\.count) == one.runs)
    let all = try parsed(chart.drawing(id: "d", title: "t", description: "w"))
    try expectInside(all)
    let points = all.filter { $0.name == "polyline" }.map {
      $0["points"]?.split(separator: " ").count ?? 0
    }
    #expect(points == one.runs.filter { $0 > 1 })
    let alone = one.runs.count { $0 == 1 }
    #expect(all.count { $0.name == "circle" } >= alone)
    #expect(all.count { $0.name == "text" } <= 5 + 6)
  }

  @Test("equal scores are a level line, a hundred stands at the top and nought at the bottom")
  func levels() throws {
    let level = line([70, 70, 70]).runs[0]
    #expect(Set(level.map(\.y)).count == 1)
    #expect(level.map(\.x) == level.map(\.x).sorted() && Set(level.map(\.x)).count == 3)
    let steep = line([0, 100]).runs[0]
    #expect(steep[0].y == 184 && steep[1].y == 12)
  }

  @Test("bars are as long as their share, none where there is nothing, and never longer than the track")
  func bars() throws {
    func widths(_ chart: BarChart) throws -> [String] {
      let all = try parsed(chart.drawing(id: "b", title: "t", description: "w"))
      try expectInside(all)
      return all.filter { $0.name == "rect" && $0["class"] != "track" }.compactMap { $0["width"] }
    }
    func bar(_ values: Int...) -> BarChart.Bar {
      .init(label: "a", stretches: values.map { .init(style: .score, value: $0) }, note: "n")
    }
    #expect(try widths(BarChart(bars: [])) == [])
    #expect(try widths(BarChart(bars: [bar(0), bar(0)])) == [])
    #expect(try widths(BarChart(bars: [bar(50)], whole: 100)) == ["200"])
    #expect(try widths(BarChart(bars: [bar(1, 3), bar(2)])) == ["100", "300", "200"])
    #expect(try widths(BarChart(bars: [bar(500)], whole: 100)) == ["400"])
    #expect(try widths(BarChart(bars: [bar(-5)], whole: 100)) == [])
    _ = try widths(BarChart(bars: [bar(.max, .max)]))
  }

  @Test("a number has one decimal at most, whatever it is")
  func numbers() {
    #expect(SVGText.number(1.25) == "1.3" && SVGText.number(-0.5) == "-0.5" && SVGText.number(3) == "3")
    for odd in [Double.nan, .infinity, -.infinity, 1e300] { #expect(SVGText.number(odd) == "0") }
    #expect(SVGText.cut("传输与证书传输与证书传输与证书", to: 10) == "传输与证书…")
  }
}
