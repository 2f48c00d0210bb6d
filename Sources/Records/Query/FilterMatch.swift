package import Wire

extension Filter {
  package func matches(_ row: some FilterRow, now: Timestamp) -> Bool { Filter.holds(term, row, now) }

  private static func holds(_ term: Term, _ row: some FilterRow, _ now: Timestamp) -> Bool {
    switch term {
    case .all(let terms): terms.allSatisfy { holds($0, row, now) }
    case .any(let terms): terms.contains { holds($0, row, now) }
    case .not(let inner): !holds(inner, row, now)
    case .text(let text): row.filterTexts.contains { Wildcard.finds(text, in: $0) }
    case .field(let name, .unequal, let wanted):
      !holds(.field(name: name, comparison: .equal, values: wanted), row, now)
    case .field(let name, let comparison, let wanted):
      row.filterValues(name).contains { value in wanted.contains { compare(value, comparison, $0, now) } }
    }
  }

  private static func compare(_ value: FilterValue, _ comparison: Comparison, _ wanted: Value, _ now: Timestamp) -> Bool
  {
    switch (value, wanted) {
    case (.text(let text), .pattern(let pattern)): Wildcard.matches(pattern, text)
    case (.text(let text), .members(let members)): members.contains(text)
    case (.flag(let flag), .flag(let other)): flag == other
    case (.rank(let rank), .rank(let other)): ordered(rank, comparison, other)
    case (.number(let number), .number(let other)): ordered(number, comparison, other)
    case (.time(let time), .time(let other)): timed(time, comparison, other)
    case (.time(let time), .ago(let span)): timed(time, comparison, Timestamp(nanoseconds: now.nanoseconds &- span))
    default: false
    }
  }

  /// `since:2h` reads as *not before*, the only sense a bare time has.
  private static func timed(_ time: Timestamp, _ comparison: Comparison, _ other: Timestamp) -> Bool {
    ordered(time, comparison == .equal ? .atLeast : comparison, other)
  }

  private static func ordered<T: Comparable>(_ a: T, _ comparison: Comparison, _ b: T) -> Bool {
    switch comparison {
    case .equal: a == b
    case .unequal: a != b
    case .atLeast: a >= b
    case .atMost: a <= b
    case .above: a > b
    case .below: a < b
    }
  }
}

/// `*` for any run of characters, everything else for itself, but for the case of ASCII letters: what SQLite's LIKE and
/// NOCASE know too. Linear in the product of the lengths at worst.
package enum Wildcard {
  /// The pattern is lower case already (`folded`).
  package static func matches(_ pattern: String, _ text: String) -> Bool {
    let (p, t) = (Array(pattern.utf8), text.utf8.map(folded))
    var (i, j, star, mark) = (0, 0, -1, 0)
    while j < t.count {
      if i < p.count, p[i] == UInt8(ascii: "*") {
        (star, mark) = (i, j)
        i += 1
      } else if i < p.count, p[i] == t[j] {
        i += 1
        j += 1
      } else if star >= 0 {
        i = star + 1
        mark += 1
        j = mark
      } else {
        return false
      }
    }
    while i < p.count, p[i] == UInt8(ascii: "*") { i += 1 }
    return i == p.count
  }

  /// Whether `piece`, lower case already, stands anywhere in `text`, byte by byte.
  package static func finds(_ piece: String, in text: String) -> Bool {
    let (p, t) = (Array(piece.utf8), text.utf8.map(folded))
    guard let first = p.first else { return true }
    guard p.count <= t.count else { return false }
    return (0...(t.count - p.count)).contains { start in
      t[start] == first && t[start..<start + p.count].elementsEqual(p)
    }
  }

  package static func folded(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.map(folded), as: UTF8.self)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
