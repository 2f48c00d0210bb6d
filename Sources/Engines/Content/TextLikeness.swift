/// How alike two texts or sets are, by their smallest hashes: a few hundred bytes that outlive the text (Broder
/// 1997, bottom-k sketches).
struct MinimumHashes: Hashable {
  /// At most `count`, in rising order.
  private(set) var values: [UInt32]
  private let count: Int

  /// Of every run of four characters: one changed word moves four of them.
  init(text: String, count: Int) {
    var window: [UInt32] = []
    var shingles: Set<UInt32> = []
    for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
      window.append(scalar.properties.numericType == nil ? scalar.value : 0x30)
      if window.count > 4 { window.removeFirst() }
      if window.count == 4 { shingles.insert(window.reduce(0x811c_9dc5) { ($0 ^ $1) &* 0x0100_0193 }) }
    }
    self.init(shingles, count: count)
  }

  init(_ items: Set<UInt32>, count: Int) {
    self.count = count
    values = Array(items.map(MinimumHashes.mix).sorted().prefix(count))
  }

  private static func mix(_ item: UInt32) -> UInt32 {
    var hash = item ^ 0x9e37_79b9
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  /// The part in common of all that both have, 0 to 1, to within about 1/sqrt(count); nil where one has nothing.
  func likeness(_ other: MinimumHashes) -> Double? {
    guard !values.isEmpty, !other.values.isEmpty else { return nil }
    let (mine, theirs) = (Set(values), Set(other.values))
    let smallest = mine.union(theirs).sorted().prefix(min(count, other.count))
    return Double(smallest.count { mine.contains($0) && theirs.contains($0) }) / Double(smallest.count)
  }

  var hexadecimal: String { values.map(HexWords.text).joined() }
  init(hexadecimal: String, count: Int) {
    self.count = count
    values = Array(HexWords.words(hexadecimal).prefix(count))
  }
}

/// Lists of 32-bit words as text, eight digits each.
enum HexWords {
  static func text(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
  /// Empty where the text is no such list.
  static func words(_ text: String) -> [UInt32] {
    let digits = Array(text.utf8)
    guard digits.count % 8 == 0, digits.count <= 1 << 17 else { return [] }
    var words: [UInt32] = []
    for start in stride(from: 0, to: digits.count, by: 8) {
      guard let word = UInt32(String(decoding: digits[start..<start + 8], as: UTF8.self), radix: 16) else { return [] }
      words.append(word)
    }
    return words
  }
}

/// Short texts compared whole: titles, keywords.
enum Wording {
  /// Dice over pairs of characters: 1 is the same, 0 has nothing in common.
  static func likeness(_ one: String, _ other: String) -> Double {
    let (first, second) = (pairs(one), pairs(other))
    guard !first.isEmpty || !second.isEmpty else { return one == other ? 1 : 0 }
    return Double(2 * first.intersection(second).count) / Double(first.count + second.count)
  }
  private static func pairs(_ text: String) -> Set<UInt64> {
    let scalars = text.lowercased().prefix(500).unicodeScalars.filter { !$0.properties.isWhitespace }.map(\.value)
    return Set(zip(scalars, scalars.dropFirst()).map { UInt64($0) << 32 | UInt64($1) })
  }
}

/// What of a page may stand in evidence: short, one line, long numbers taken out.
enum Shown {
  static func text(_ text: String, limit: Int = 60) -> String {
    var digits = 0
    var shown = ""
    for scalar in text.prefix(limit).unicodeScalars where scalar.value > 0x1f && scalar.value != 0x7f {
      digits = (0x30...0x39).contains(scalar.value) ? digits + 1 : 0
      // From the fifth on a digit may belong to a number that names somebody.
      shown.unicodeScalars.append(digits > 4 ? "*" : scalar)
    }
    return shown
  }
}
