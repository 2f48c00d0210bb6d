/// Builds a `Page` from elements that begin and end: what is text, what is hidden, where each block stands.
struct PageReading: MarkupReading {
  static let wanted: Set<String> = [
    "id", "class", "style", "hidden", "href", "src", "name", "property", "content", "width", "height",
  ]
  /// Deeper elements are not read: browsers stop at 512 as well.
  private static let depthLimit = 512
  /// An ordinary page has some thousands.
  private static let elementLimit = 200_000
  private static let blockLimit = 20_000
  /// A flood of links is no more telling than its beginning.
  private static let linkLimit = 5000
  private static let scriptLimit = 500

  private struct Level {
    var name: String
    var path: UInt32
    var hiding: Hiding
    /// The level whose block takes text; inline elements share their parent's.
    var block: Int?
    var isHeading: Bool
    var link: Int?
  }

  private var page = Page()
  private var levels: [Level] = []
  private var elements = 0
  private var rules = HidingRules()
  /// Text of `title`, `script` and `style`, which is not shown.
  private var raw = ""
  private var rawAttributes: [String: String] = [:]

  /// The page, its white space squeezed.
  var finished: Page {
    var page = page
    for index in page.blocks.indices { page.blocks[index].text = page.blocks[index].text.squeezed }
    for index in page.links.indices { page.links[index].text = page.links[index].text.squeezed }
    return page
  }

  /// False: the element is not entered, and `end` does not come for it.
  mutating func begin(_ name: String, _ attributes: [String: String]) -> Bool {
    elements += 1
    guard elements <= PageReading.elementLimit, levels.count < PageReading.depthLimit else {
      page.isCut = true
      return false
    }
    let parent = levels.last
    var path = parent?.path ?? 0x811c_9dc5
    path = PathHash.step(path, name, attributes["id"], attributes["class"])
    page.paths.insert(path)
    let own = max(
      Hiding(attributes: attributes, isMarquee: name == "marquee"), rules.hiding(attributes["id"], attributes["class"]))
    var level = Level(
      name: name, path: path, hiding: max(parent?.hiding ?? .none, own), block: parent?.block,
      isHeading: parent?.isHeading == true || name == "h1" || name == "h2", link: parent?.link)
    // A block of its own also for hidden inline text, so that it is not taken for shown.
    if !PageReading.inline.contains(name) || level.hiding != (parent?.hiding ?? .none) { level.block = nil }
    separate(name, level)
    take(name, attributes, &level)
    levels.append(level)
    return true
  }

  mutating func text(_ text: String) {
    guard let level = levels.last else { return }
    switch level.name {
    case "script", "style", "title": raw += text
    case "template", "textarea", "noscript", "head", "svg", "math": break
    default: show(text)
    }
  }

  mutating func comment(_ text: String) {
    guard page.comments.count < 1000 else { return page.isCut = true }
    page.comments.append(text)
  }

  mutating func end() {
    guard let level = levels.popLast() else { return }
    switch level.name {
    case "title": if page.title.isEmpty, !levels.contains(where: { $0.name == "svg" }) { page.title = raw.squeezed }
    case "style": rules.read(raw)
    case "script":
      guard page.scripts.count < PageReading.scriptLimit else { return page.isCut = true }
      page.scripts.append(Page.Script(source: rawAttributes["src"] ?? "", body: raw))
    default: return
    }
    raw = ""
  }

  // MARK: elements

  private mutating func take(_ name: String, _ attributes: [String: String], _ level: inout Level) {
    switch name {
    case "a", "area":
      guard let address = attributes["href"] else { return }
      guard page.links.count < PageReading.linkLimit else { return page.isCut = true }
      level.link = page.links.count
      page.links.append(Page.Link(address: address.trimmingSpace, text: "", hiding: level.hiding))
    case "iframe", "frame", "embed", "object":
      // What stands in noscript is the counting pixel of those who run no scripts.
      guard let source = attributes["src"], !levels.contains(where: { $0.name == "noscript" }) else { return }
      guard page.frames.count < PageReading.scriptLimit else { return page.isCut = true }
      if name != "embed", name != "object" { page.frames.append(Page.Frame(source: source, hiding: level.hiding)) }
    case "base": page.base = page.base ?? attributes["href"]
    case "meta": meta(attributes)
    case "script", "title", "style": (raw, rawAttributes) = ("", attributes)
    default: break
    }
  }

  private mutating func meta(_ attributes: [String: String]) {
    let content = (attributes["content"] ?? "").squeezed
    switch (attributes["name"] ?? attributes["property"] ?? "").lowercased() {
    case "keywords": if page.keywords.isEmpty { page.keywords = content }
    case "description": if page.description.isEmpty { page.description = content }
    default: break
    }
  }

  /// Cells of a row stay in one block, told apart by a tab.
  private mutating func separate(_ name: String, _ level: Level) {
    guard name == "td" || name == "th" || name == "br", let block = level.block else { return }
    page.blocks[block].text += name == "br" ? " " : "\t"
  }

  private mutating func show(_ text: String) {
    guard let last = levels.indices.last else { return }
    let isBlank = text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    if let link = levels[last].link, page.links[link].text.utf8.count < 200 { page.links[link].text += text }
    if let block = levels[last].block {
      page.blocks[block].text += text
      return
    }
    guard !isBlank else { return }
    guard page.blocks.count < PageReading.blockLimit else { return page.isCut = true }
    let level = levels[last]
    page.blocks.append(
      Page.Block(path: level.path, text: text, isHidden: level.hiding != .none, isHeading: level.isHeading))
    // The block belongs to the outermost level that shares it.
    var first = last
    while first > 0, PageReading.inline.contains(levels[first].name), levels[first - 1].block == nil,
      levels[first - 1].hiding == level.hiding
    {
      first -= 1
    }
    for index in first...last { levels[index].block = page.blocks.count - 1 }
    page.blocks[page.blocks.count - 1].path = levels[first].path
  }

  private static let inline: Set<String> = [
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "center", "cite", "code", "data", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td",
    "th", "time", "tt", "u", "var", "wbr",
  ]
}

/// FNV-1a over tag, id and classes without their digits: `item-17` and `item-18` are one place.
enum PathHash {
  static func step(_ parent: UInt32, _ name: String, _ id: String?, _ classes: String?) -> UInt32 {
    var hash = parent
    mix(&hash, name)
    mix(&hash, "#")
    mix(&hash, String((id ?? "").prefix(64)))
    mix(&hash, ".")
    mix(&hash, String((classes ?? "").prefix(128)))
    return hash
  }
  private static func mix(_ hash: inout UInt32, _ text: String) {
    for byte in text.utf8 where byte < 0x30 || byte > 0x39 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
  }
}

/// Rules of the page's own style elements that hide by one class or id.
struct HidingRules {
  private var kinds: [String: Hiding] = [:]
  private static let limit = 2000

  mutating func read(_ sheet: String) {
    var rest = Substring(sheet)
    while kinds.count < HidingRules.limit, let open = rest.firstIndex(of: "{") {
      let selectors = rest[..<open].split(separator: ";").last ?? ""
      rest = rest[rest.index(after: open)...]
      // Rules inside @media and its like hold for some screens only: they are passed over.
      if selectors.trimmedStart.hasPrefix("@") {
        var depth = 1
        rest = rest.drop { byte in
          depth += byte == "{" ? 1 : byte == "}" ? -1 : 0
          return depth > 0
        }
        continue
      }
      guard let close = rest.firstIndex(of: "}") else { return }
      let hiding = Hiding(style: String(rest[..<close]))
      rest = rest[rest.index(after: close)...]
      guard hiding != .none else { continue }
      for selector in selectors.split(separator: ",") {
        let name = String(selector).trimmingSpace
        let isSimple = name.dropFirst().allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        if name.count > 1, isSimple, name.hasPrefix(".") || name.hasPrefix("#") { kinds[name] = hiding }
      }
    }
  }

  func hiding(_ id: String?, _ classes: String?) -> Hiding {
    guard !kinds.isEmpty else { return .none }
    var found = id.flatMap { kinds["#" + $0] } ?? .none
    for name in (classes ?? "").split(separator: " ").prefix(32) { found = max(found, kinds["." + name] ?? .none) }
    return found
  }
}

extension String {
  /// Every run of white space is one blank.
  var squeezed: String {
    unicodeScalars.split(whereSeparator: \.properties.isWhitespace).lazy.map { String($0) }.joined(separator: " ")
  }
}

extension Substring {
  var trimmedStart: Substring { drop { $0.isWhitespace || $0 == "}" } }
}
