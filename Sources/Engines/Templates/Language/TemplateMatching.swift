internal import Glibc
internal import PatternMatching

/// What matches of one run write to, and the regular expressions that only became known while it ran.
final class TemplateMatching {
  /// Backtracking steps: a page of a megabyte is looked through, an expression that explodes ends in milliseconds.
  private static let matchLimit: UInt32 = 1_000_000
  private static let depthLimit: UInt32 = 10_000
  /// A template has a few; beyond, they are compiled again.
  private static let keptLimit = 32

  private lazy var workspace = ExpressionWorkspace(
    matchLimit: TemplateMatching.matchLimit, depthLimit: TemplateMatching.depthLimit)
  private var kept: [String: TemplatePattern] = [:]

  /// Places of the groups, the whole match first; nil where there is none.
  func first(_ pattern: TemplatePattern, in bytes: [UInt8], from start: Int = 0) throws(EvaluationFailure)
    -> [Range<Int>?]?
  {
    let hits = workspace.limitHits
    guard unsafe bytes.withUnsafeBytes({ unsafe workspace.match(pattern.compiled, $0, from: start) }) != nil else {
      guard workspace.limitHits == hits else {
        throw EvaluationFailure("a regular expression took more than \(TemplateMatching.matchLimit) steps, the limit")
      }
      return nil
    }
    return (0...pattern.compiled.captureCount).map { workspace.capture($0) }
  }

  func pattern(_ text: [UInt8]) throws(EvaluationFailure) -> TemplatePattern {
    let text = String(decoding: text, as: UTF8.self)
    if let known = kept[text] { return known }
    do throws(PatternProblem) {
      let pattern = try TemplatePattern(text)
      if kept.count >= TemplateMatching.keptLimit { kept = [:] }
      kept[text] = pattern
      return pattern
    } catch {
      throw EvaluationFailure(error.message)
    }
  }

  /// Where `needle` begins in `bytes`; 0 for an empty one.
  static func place(of needle: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
    guard start >= 0, start <= bytes.count else { return nil }
    guard let first = needle.first else { return start }
    return unsafe bytes.withUnsafeBytes { haystack in
      unsafe needle.withUnsafeBytes { unsafe place(of: $0, beginning: first, in: haystack, from: start) }
    }
  }

  private static func place(
    of word: UnsafeRawBufferPointer, beginning first: UInt8, in haystack: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    guard let base = haystack.baseAddress, let needle = word.baseAddress else { return nil }
    var offset = start
    while haystack.count - offset >= word.count {
      let room = haystack.count - offset - word.count + 1
      guard let found = unsafe memchr(base + offset, Int32(first), room) else { return nil }
      offset = unsafe UnsafeRawPointer(found) - base
      if unsafe memcmp(base + offset, needle, word.count) == 0 { return offset }
      offset += 1
    }
    return nil
  }
}
