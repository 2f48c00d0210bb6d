/// One keyword of the language: its names, what it means, how its value is read. A line in a family's table.
package final class Keyword: Sendable {
  package enum Family: String, Sendable, CaseIterable {
    case meta = "Describing the rule"
    case payload = "Payload"
    case bytes = "Bytes as numbers"
    case transform = "Transforms"
    case packet = "Packet headers"
    case flow = "Flow and stream"
    case state = "State kept by rules"
    case rate = "How often"
    case application = "Application layer"
    case tls = "TLS"
    case file = "Files"
    case buffer = "Sticky buffers"
    case modifier = "Legacy content modifiers"
  }

  package enum Support: Hashable, Sendable {
    case supported
    /// Known, its protocol not among those inspected: the rule is refused with a sentence that names the protocol.
    case needsProtocol(String)
    /// Known and refused for good: why.
    case refused(String)
  }

  enum Reading: Sendable {
    case custom(@Sendable (inout RuleBuilder, Argument) throws(RuleProblem) -> Void)
    /// An integer comparison with values up to the bound; words for numbers.
    case integer(UInt64, [String: UInt64])
    case buffer(String)
    /// Legacy modifier: the content before it looks into this buffer.
    case modifier(String)
    case transform
    /// Kept as written.
    case generic
  }

  package enum Value: Sendable { case none, needed, optional }

  package let name: String
  package let aliases: [String]
  package let family: Family
  package let summary: String
  package let support: Support
  package let value: Value
  let reading: Reading

  init(
    _ name: String, _ aliases: [String] = [], _ family: Family, _ value: Value, _ summary: String, _ reading: Reading,
    support: Support = .supported
  ) {
    self.name = name
    self.aliases = aliases
    self.family = family
    self.summary = summary
    self.support = support
    self.value = value
    self.reading = reading
  }
}

/// All keywords by name and alias.
package enum KeywordRegistry {
  package static let all: [Keyword] =
    MetaKeywords.all + PayloadKeywords.all + ByteKeywords.all + TransformKeywords.all + PacketKeywords.all
    + FlowKeywords.all + StateKeywords.all + ApplicationKeywords.all + TLSKeywords.all + FileKeywords.all
    + UnsupportedKeywords.all + BufferRegistry.keywords

  static let byName: [String: Keyword] = {
    var table: [String: Keyword] = [:]
    for keyword in all {
      table[keyword.name] = keyword
      for alias in keyword.aliases { table[alias] = keyword }
    }
    return table
  }()

  /// Names and aliases, sorted: for hints and documentation.
  package static let names: [String] = byName.keys.sorted()

  package static func keyword(_ name: String) -> Keyword? { byName[name] }
}

/// The known word that a misspelt one is most like.
enum Spelling {
  static func nearest(to word: String, in words: [String]) -> String? {
    let limit = max(1, min(3, word.utf8.count / 3))
    var best: (word: String, distance: Int)?
    for candidate in words where abs(candidate.utf8.count - word.utf8.count) <= limit {
      let distance = distance(Array(word.utf8.prefix(64)), Array(candidate.utf8))
      guard distance <= limit else { continue }
      // Of equally near ones, the one that begins alike: people misspell inside a word.
      let closer = distance < (best?.distance ?? .max)
      let alike = distance == best?.distance && best?.word.utf8.first != word.utf8.first
      if closer || (alike && candidate.utf8.first == word.utf8.first) { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Insertions, deletions, changes and swaps of neighbours.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
