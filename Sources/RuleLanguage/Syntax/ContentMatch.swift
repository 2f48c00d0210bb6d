/// A number written in the rule, or a variable that an earlier `byte_extract` or `byte_math` of the rule sets.
package enum RuleNumber: Hashable, Sendable {
  case literal(Int32)
  case variable(String)
}

/// `content` with all its modifiers.
package struct ContentMatch: Hashable, Sendable {
  package var pattern: [UInt8]
  package var flags: Flags = []
  package var depth: RuleNumber?
  package var offset: RuleNumber?
  package var distance: RuleNumber?
  package var within: RuleNumber?
  package var fastPattern: FastPattern?

  /// `startswith` is kept as a flag (depth is then nil and means the pattern's length, offset 0).
  package struct Flags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let negated = Flags(rawValue: 1)
    package static let nocase = Flags(rawValue: 2)
    package static let startsWith = Flags(rawValue: 4)
    package static let endsWith = Flags(rawValue: 8)
    package static let rawBytes = Flags(rawValue: 16)
  }

  package enum FastPattern: Hashable, Sendable {
    case whole
    /// `fast_pattern:only`: the prefilter's hit is the match.
    case only
    /// `fast_pattern:offset,length`
    case chop(offset: UInt16, length: UInt16)
  }

  package var isNegated: Bool { flags.contains(.negated) }
  package var isNocase: Bool { flags.contains(.nocase) }
  /// Whether the place is counted from the end of the match before it.
  package var isRelative: Bool { distance != nil || within != nil }
}

/// `pcre`. Buffer letters are already turned into a `.buffer` before it.
package struct PCREMatch: Hashable, Sendable {
  /// What stands between the slashes, as written but for rule escapes.
  package var expression: [UInt8]
  package var flags: Flags = []
  /// `pcre:"/(.*)/, flow:name, pkt:other"`: what capture groups 1, 2... are kept as.
  package var captures: [Capture] = []

  package struct Flags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let negated = Flags(rawValue: 1)
    /// i
    package static let caseless = Flags(rawValue: 2)
    /// m
    package static let multiline = Flags(rawValue: 4)
    /// s
    package static let dotAll = Flags(rawValue: 8)
    /// x
    package static let extended = Flags(rawValue: 16)
    /// A
    package static let anchored = Flags(rawValue: 32)
    /// E
    package static let dollarEndOnly = Flags(rawValue: 64)
    /// G
    package static let ungreedy = Flags(rawValue: 128)
    /// R: from the end of the match before it.
    package static let relative = Flags(rawValue: 256)
    /// B
    package static let rawBytes = Flags(rawValue: 512)
    /// O: the expression's own match limit holds.
    package static let overrideLimit = Flags(rawValue: 1024)
  }

  package struct Capture: Hashable, Sendable {
    package enum Scope: String, Sendable { case flow, pkt, alert }
    package var scope: Scope
    package var name: String
  }

  package var isNegated: Bool { flags.contains(.negated) }
  package var isRelative: Bool { flags.contains(.relative) }
}

/// `isdataat:[!]n[, relative][, rawbytes]`
package struct IsDataAt: Hashable, Sendable {
  package var position: RuleNumber
  package var isNegated = false
  package var isRelative = false
  package var isRawBytes = false
}

/// `base64_decode:[bytes n][, offset n][, relative]`
package struct Base64Decode: Hashable, Sendable {
  package var bytes: UInt32?
  package var offset: UInt32 = 0
  package var isRelative = false
}

/// `entropy:value < 4.5, bytes 100, offset 0, entropy ...`: Shannon entropy of the buffer in millibits.
package struct EntropyMatch: Hashable, Sendable {
  package var bytes: UInt32 = 0
  package var offset: UInt32 = 0
  package var comparison: EntropyComparison
}

/// The bound in thousandths, so that it stays an integer.
package enum EntropyComparison: Hashable, Sendable {
  case equal(UInt32)
  case notEqual(UInt32)
  case less(UInt32)
  case lessOrEqual(UInt32)
  case greater(UInt32)
  case greaterOrEqual(UInt32)
  case between(UInt32, UInt32)
}
