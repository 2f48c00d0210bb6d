internal import Records

/// What is kept of a site's pages between looks: three layers a page, and where each changes by itself.
package struct Baseline: Codable, Equatable {
  /// A changed meaning of the fields makes old memories unreadable, not wrong.
  static let version = 1
  /// Of `EngineMemory.bodyLimit`, with room for names and punctuation.
  static let byteLimit = 200 << 10
  /// Looks after which what still changes is a change.
  static let learningLooks = 3
  static let textHashes = 64
  static let skeletonHashes = 32
  private static let pageLimit = 50
  private static let hostLimit = 128

  struct Layers: Codable, Equatable {
    /// Looks that agreed with this baseline.
    var looks = 1
    /// The look of the site at which it was last seen.
    var last = 0
    var exact: String
    var skeleton: String
    var text: String
    var title: String
    var keywords: String
    var description: String
    /// The title has been seen to change.
    var isTitleVolatile = false
    var isEnded = false
    /// The page has more blocks than are kept.
    var isFull = false
    /// Path, text and length of each lasting block, 24 digits a block.
    var blocks: String
    /// Paths whose text changes by itself.
    var volatile: String
    /// What was seen last where it differs from this baseline, as `blocks`: a difference that stays is told at every
    /// look until somebody accepts it, and one that moves on or goes away changes by itself.
    var pending: String?
    var pendingTitle: String?
  }

  var version = Baseline.version
  var looks = 0
  var pages: [String: Layers] = [:]
  /// Other sites' hosts that scripts came from, and that hidden links lead to.
  var scriptHosts: [String] = []
  var hiddenHosts: [String] = []
  /// Where each weakness that was told was seen: the one page of a look at that page alone, else `severalPages`. Nil in
  /// memories of before.
  var shown: [String: String]?
  static let severalPages = "*"

  package init() {}

  /// Nil for what is no memory of this version.
  package init?(json: String) {
    guard json.utf8.count <= EngineMemory.bodyLimit,
      let read = try? RecordJSON.decode(Baseline.self, from: json), read.version == Baseline.version,
      read.looks >= 0, read.pages.values.allSatisfy({ $0.looks >= 0 })
    else { return nil }
    self = read
  }

  /// The pages seen last stay; nil only where even one is too large.
  package var json: String? {
    var kept = self
    while true {
      if let text = try? RecordJSON.text(kept), text.utf8.count <= Baseline.byteLimit { return text }
      guard let oldest = kept.pages.min(by: { ($0.value.last, $1.key) < ($1.value.last, $0.key) })?.key else {
        return nil
      }
      kept.pages[oldest] = nil
    }
  }

  mutating func limit() {
    while pages.count > Baseline.pageLimit {
      guard let oldest = pages.min(by: { ($0.value.last, $1.key) < ($1.value.last, $0.key) })?.key else { return }
      pages[oldest] = nil
    }
  }

  mutating func learn(scripts: Set<String>, hidden: Set<String>) {
    scriptHosts = Array(Set(scriptHosts).union(scripts).sorted().prefix(Baseline.hostLimit))
    hiddenHosts = Array(Set(hiddenHosts).union(hidden).sorted().prefix(Baseline.hostLimit))
  }

  /// Bytes that one page may take of the whole, in blocks and paths.
  static func blockLimit(pages: Int) -> Int { min(400, max(40, byteLimit / max(pages, 1) / 24 - 100)) }
}

/// One page as it is compared: lasting blocks by place.
struct PageLayers {
  struct Block: Hashable {
    var path: UInt32
    var text: UInt32
    var length: UInt32
  }
  var exact: String
  var skeleton: MinimumHashes
  var text: MinimumHashes
  var title: String
  var keywords: String
  var description: String
  var isEnded: Bool
  /// The answer's length was told and came.
  var isFramed: Bool
  var blocks: Set<Block>

  init(_ visited: SiteWalk.Visited) {
    let page = visited.page
    var hash: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0)
    for byte in visited.body {
      hash.0 = (hash.0 ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      hash.1 = hash.1 &* 31 &+ UInt64(byte)
    }
    exact = String(hash.0, radix: 16) + "-" + String(hash.1, radix: 16)
    skeleton = MinimumHashes(page.paths, count: Baseline.skeletonHashes)
    text = MinimumHashes(text: page.visibleText, count: Baseline.textHashes)
    // As evidence has them: what is kept names nobody.
    title = Shown.text(page.title, limit: 80)
    keywords = Shown.text(page.keywords, limit: 200)
    description = Shown.text(page.description, limit: 200)
    isFramed = visited.isFramed
    isEnded = visited.body.suffix(256).firstRange(of: Array("</html".utf8)) != nil
    blocks = Set(page.blocks.lazy.filter { !$0.isHidden }.map { PageLayers.block($0) })
  }

  /// Digits do not count: visitors' counters, dates and clocks change by themselves.
  private static func block(_ block: Page.Block) -> Block {
    var hash: UInt32 = 0x811c_9dc5
    var length: UInt32 = 0
    for scalar in block.text.unicodeScalars where scalar.properties.numericType == nil {
      hash = (hash ^ scalar.value) &* 0x0100_0193
      length &+= 1
    }
    return Block(path: block.path, text: hash, length: length)
  }
}

extension PageLayers.Block {
  var hexadecimal: String { HexWords.text(path) + HexWords.text(text) + HexWords.text(length) }
  static func list(_ text: String) -> Set<PageLayers.Block> {
    let words = HexWords.words(text)
    return Set(
      stride(from: 0, to: words.count / 3 * 3, by: 3).map {
        PageLayers.Block(path: words[$0], text: words[$0 + 1], length: words[$0 + 2])
      })
  }
}

extension ArraySlice<UInt8> {
  func firstRange(of word: [UInt8]) -> Range<Int>? { Array(self).firstRange(of: word) }
}
