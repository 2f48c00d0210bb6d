internal import PatternMatching

/// A list of words as Hyperscan has it, compiled once a process.
final class WordSet: Sendable {
  let words: [[UInt8]]
  let literals: LiteralSet?

  init(_ texts: [String]) {
    words = texts.map { Array($0.utf8) }
    literals = try? LiteralSet.compile(words.enumerated().map { Literal($0.element, id: UInt32($0.offset)) })
  }

  static let subjects = WordSet(WordLists.all.map { $0.text.lowercased() })
  static let reporting = WordSet(WordLists.reporting)
  static let miners = WordSet(WordLists.miners)
}

/// Which words stand in a text and how often. Hyperscan says which can be there; those are then counted, English ones
/// between word boundaries. One a job: the scratch is written to.
final class WordFinder {
  private let words: [[UInt8]]
  private let set: LiteralSet
  private let scratch: LiteralScratch

  /// Nil where the list does not compile or no memory is left.
  init?(_ list: WordSet) {
    guard let set = list.literals, let scratch = try? LiteralScratch(for: [set]) else { return nil }
    (words, self.set, self.scratch) = (list.words, set, scratch)
  }

  /// Times a word is counted at most: more say nothing more.
  private static let countLimit = 50

  /// `text` in lower case. By the word's place in the list.
  func counts(in text: String) -> [Int: Int] {
    let bytes = Array(text.utf8)
    var found: [Int: Int] = [:]
    _ = unsafe bytes.withUnsafeBytes { unsafe set.scan($0, scratch) }
    for index in 0..<scratch.hitCount {
      let word = scratch.hit(index)
      let count = WordFinder.count(words[word], in: bytes)
      if count > 0 { found[word] = count }
    }
    return found
  }

  private static func count(_ word: [UInt8], in bytes: [UInt8]) -> Int {
    var (count, place) = (0, 0)
    while count < countLimit, let range = bytes.firstRange(of: word, from: place) {
      place = range.upperBound
      if isBounded(bytes, range) { count += 1 }
    }
    return count
  }

  /// A letter or digit of ASCII beside one of the word's own makes it a part of another word.
  private static func isBounded(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    func isWord(_ place: Int) -> Bool {
      guard bytes.indices.contains(place) else { return false }
      return (0x61...0x7a).contains(bytes[place]) || (0x30...0x39).contains(bytes[place])
    }
    return !(isWord(range.lowerBound) && isWord(range.lowerBound - 1))
      && !(isWord(range.upperBound - 1) && isWord(range.upperBound))
  }
}
