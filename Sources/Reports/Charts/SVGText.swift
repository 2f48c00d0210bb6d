/// Writes one drawing: elements of SVG with attributes that are numbers or constants of ours, and texts that are made
/// harmless here. No script, no style, no reference to anything outside.
struct SVGText {
  let width: Int
  let height: Int
  private var body = ""

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  mutating func rectangle(_ style: DrawingStyle, x: Double, y: Double, width: Double, height: Double) {
    body +=
      "<rect \(style.attributes) x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
      + "width=\"\(Self.number(max(width, 0)))\" height=\"\(Self.number(max(height, 0)))\"/>"
  }

  mutating func line(_ style: DrawingStyle, from: (x: Double, y: Double), to: (x: Double, y: Double)) {
    body +=
      "<line \(style.attributes) x1=\"\(Self.number(from.x))\" y1=\"\(Self.number(from.y))\" "
      + "x2=\"\(Self.number(to.x))\" y2=\"\(Self.number(to.y))\"/>"
  }

  mutating func path(_ style: DrawingStyle, _ points: [(x: Double, y: Double)]) {
    let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    body += "<polyline \(style.attributes) points=\"\(text)\"/>"
  }

  mutating func dot(_ style: DrawingStyle, at point: (x: Double, y: Double)) {
    body += "<circle \(style.attributes) cx=\"\(Self.number(point.x))\" cy=\"\(Self.number(point.y))\" r=\"3\"/>"
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, _ style: DrawingStyle = .label, at point: (x: Double, y: Double), _ anchor: Anchor = .start
  ) {
    body +=
      "<text \(style.attributes) x=\"\(Self.number(point.x))\" y=\"\(Self.number(point.y))\" "
      + "text-anchor=\"\(anchor.rawValue)\">\(MarkupText.html(text))</text>"
  }

  /// `id` is ours and stands once on a page.
  func drawing(id: StaticString, title: String, description: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 \(width) \(height)" role="img" \
    aria-labelledby="\(id)-title \(id)-text"><title id="\(id)-title">\(MarkupText.html(title))</title>\
    <desc id="\(id)-text">\(MarkupText.html(description))</desc>\(body)</svg>
    """
  }

  /// One decimal at most; what is not finite is nought.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return "\(tenths < 0 ? "-" : "")\(whole)\(rest == 0 ? "" : ".\(rest)")"
  }

  /// What a label may be long: cut by letters, wide ones counted twice.
  static func cut(_ text: String, to columns: Int) -> String {
    var (result, used) = ("", 0)
    for character in HarmlessText.of(text, keepsLines: false) {
      used += (character.unicodeScalars.first?.value ?? 0) >= 0x1100 ? 2 : 1
      if used > columns { return result + "…" }
      result.append(character)
    }
    return result
  }
}
