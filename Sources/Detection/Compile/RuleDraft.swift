internal import AppLayer
internal import PatternMatching
internal import RuleLanguage

/// A rule half-way: resolved, but not yet in its place in the order of evaluation and in no group.
struct RuleDraft {
  var rule: CompiledRule
  var source: Rule
  var sourcePorts: PortSet
  var destinationPorts: PortSet
  var sourceAddresses: AddressSet
  var destinationAddresses: AddressSet
  var literals: [LiteralChoice] = []
  var facts: RuleFacts
  /// Where it came in the files.
  var order = 0
  var events: [EventKey] = []
  /// `stateRank`, worked out once.
  var stateOrder = 3

  /// Setters before checkers, checkers before rules without flowbits.
  static func stateRank(_ source: Rule) -> Int {
    let bits = source.options.compactMap { option -> Bool? in
      switch option {
      case .flowbits(let match): match.command != .isset && match.command != .isnotset
      case .xbits(let match): match.command != .isset && match.command != .isnotset
      case .hostbits(let match): match.command != .isset && match.command != .isnotset
      case .flowint(let match): [.add, .subtract, .assign].contains(match.command)
      default: nil
      }
    }
    if bits.isEmpty { return 3 }
    return bits.allSatisfy { $0 } ? 0 : bits.contains(true) ? 1 : 2
  }
}

/// What must have happened for an event rule to be looked at.
enum EventKey: Hashable {
  case decode(UInt8)
  case stream(UInt8)
  case session(UInt8)
}

/// A content that could be the rule's prefilter.
struct LiteralChoice {
  /// -1: the payload; else the place of its block among the rule's.
  var block: Int
  var bytes: [UInt8]
  var isNocase: Bool
  /// The rule says so.
  var isAsked: Bool
  /// The match ends within so many bytes of the buffer's start; nil: anywhere.
  var end: Int?

  /// At most so many bytes go into a literal set: longer ones cost more and filter no better.
  static let longest = 12

  init(block: Int, content: ContentMatch) {
    self.block = block
    isNocase = content.isNocase
    isAsked = content.fastPattern != nil
    var bytes = content.pattern
    if case .chop(let offset, let length) = content.fastPattern {
      let start = min(Int(offset), bytes.count)
      bytes = Array(bytes[start..<min(bytes.count, start + Int(length))])
    }
    end = LiteralChoice.end(of: content)
    self.bytes = LiteralChoice.mostVaried(bytes.isEmpty ? content.pattern : bytes)
    if isNocase { self.bytes = self.bytes.map(LiteralSearch.lower) }
  }

  private static func end(of content: ContentMatch) -> Int? {
    guard !content.isRelative else { return nil }
    if content.flags.contains(.startsWith) { return content.pattern.count }
    guard case .literal(let depth) = content.depth else { return nil }
    switch content.offset {
    case .literal(let offset): return Int(offset) + Int(depth)
    case nil: return Int(depth)
    case .variable: return nil
    }
  }

  /// The window of `longest` bytes with the most different and least common ones.
  static func mostVaried(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > longest else { return bytes }
    var best = 0
    var bestScore = -1
    for start in 0...(bytes.count - longest) {
      let score = variety(bytes[start..<start + longest])
      if score > bestScore { (best, bestScore) = (start, score) }
    }
    return Array(bytes[best..<best + longest])
  }

  /// Different bytes count most; letters and zeros, which fill traffic, less than others.
  static func variety(_ bytes: some Collection<UInt8>) -> Int {
    var seen: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var score = 0
    for byte in bytes {
      let bit = UInt64(1) << UInt64(byte & 63)
      let isNew: Bool
      switch byte >> 6 {
      case 0: (isNew, seen.0) = (seen.0 & bit == 0, seen.0 | bit)
      case 1: (isNew, seen.1) = (seen.1 & bit == 0, seen.1 | bit)
      case 2: (isNew, seen.2) = (seen.2 & bit == 0, seen.2 | bit)
      default: (isNew, seen.3) = (seen.3 & bit == 0, seen.3 | bit)
      }
      let isCommon = byte == 0 || byte == 0xff || byte == 0x20 || "etaoinsr/.".utf8.contains(byte)
      score += isNew ? (isCommon ? 3 : 5) : 1
    }
    return score
  }

  /// How good a filter it is: higher is better.
  var strength: Int { LiteralChoice.variety(bytes) + bytes.count }
}
