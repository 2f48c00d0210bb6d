/// What one page shows and carries, as flat values.
struct Page {
  /// A run of text between block elements. `path` is the way of tags and classes that leads to it: neighbours in a
  /// list have the same.
  struct Block: Hashable {
    var path: UInt32
    var text: String
    var isHidden: Bool
    var isHeading: Bool
  }
  struct Link: Hashable {
    var address: String
    var text: String
    var hiding: Hiding
  }
  struct Script: Hashable {
    /// Empty for one that stands in the page.
    var source: String
    var body: String
  }
  struct Frame: Hashable {
    var source: String
    var hiding: Hiding
  }

  var title = ""
  var keywords = ""
  var description = ""
  var base: String?
  var blocks: [Block] = []
  var links: [Link] = []
  var scripts: [Script] = []
  var frames: [Frame] = []
  var comments: [String] = []
  /// The skeleton: the set of element paths.
  var paths: Set<UInt32> = []
  /// Something was over a limit and was not read.
  var isCut = false

  /// What a visitor reads, one block a line.
  var visibleText: String {
    blocks.lazy.filter { !$0.isHidden }.map(\.text).joined(separator: "\n")
  }
  var visibleCount: Int { blocks.reduce(0) { $0 + ($1.isHidden ? 0 : $1.text.unicodeScalars.count) } }
}

/// How an element is kept from a visitor's eye. Ordered by what it says of the intent.
enum Hiding: Int, Comparable {
  case none
  /// `display: none`, `visibility: hidden`, the attribute: menus and dialogues do the same.
  case withheld
  /// Off the screen, of no size, transparent: readable for machines, and made so that it does not look hidden.
  case trick

  static func < (a: Hiding, b: Hiding) -> Bool { a.rawValue < b.rawValue }

  init(attributes: [String: String], isMarquee: Bool) {
    self = attributes["style"].map { Hiding(style: $0) } ?? .none
    if attributes["hidden"] != nil { self = max(self, .withheld) }
    let sizes = ["width", "height"].compactMap { attributes[$0] }.compactMap { Hiding.pixels($0) }
    if !sizes.isEmpty, sizes.allSatisfy({ $0 <= (isMarquee ? 5 : 1) }) { self = max(self, .trick) }
  }

  /// Of declarations: an attribute's value or a rule's body.
  init(style: String) {
    self = .none
    var sizes: [Double] = []
    var isPlaced = false
    for declaration in style.prefix(2048).lowercased().split(separator: ";") {
      let halves = declaration.split(separator: ":", maxSplits: 1).map { String($0).trimmingSpace }
      guard halves.count == 2 else { continue }
      let value = halves[1].split(separator: "!").first.map { String($0).trimmingSpace } ?? ""
      switch halves[0] {
      case "display": if value == "none" { self = max(self, .withheld) }
      case "visibility": if value == "hidden" || value == "collapse" { self = max(self, .withheld) }
      case "position": isPlaced = value == "absolute" || value == "fixed"
      case "left", "top", "right", "text-indent", "margin-left", "margin-top":
        // Sprites and buttons move a few hundred; nobody moves a menu by a thousand and more but to hide it.
        if let number = Hiding.pixels(value), number <= -999 { self = .trick }
      case "font-size", "opacity": if Hiding.pixels(value) == 0 { self = .trick }
      case "width", "height", "max-height", "max-width": Hiding.pixels(value).map { sizes.append($0) }
      default: break
      }
    }
    // The 1 px box of assistive texts is absolute and clipped as well: it counts only by what it holds.
    if sizes.count >= 2, sizes.allSatisfy({ $0 <= 1 }) { self = .trick }
    if isPlaced, sizes == [0] { self = .trick }
  }

  /// `0`, `1px`, `-9999px`, `-100em`; nil for percentages and what is no number.
  static func pixels(_ text: String) -> Double? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "-" || $0 == ".") }
    guard let number = Double(digits) else { return nil }
    switch text.dropFirst(digits.count).lowercased() {
    case "", "px", "pt": return number
    case "em", "rem": return number * 16
    case "%", "vw", "vh": return number == 0 ? 0 : nil
    default: return nil
    }
  }
}
