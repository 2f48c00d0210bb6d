/// # PatternMatching: many literals at once, and regular expressions
///
/// Turns sets of byte strings into a `LiteralSet` (Hyperscan, block mode) that tells which of them occur in a buffer,
/// and expression text into a `RegularExpression` (PCRE2 with its just-in-time compiler and match limits).
/// Both are immutable and shared between workers; what a match writes to is per worker: `LiteralScratch` and
/// `ExpressionWorkspace`. `LiteralCache` keeps compiled sets in a file and trusts it only after checks.
///
/// What it does *not* do: know rules, buffers or flows (`Detection` does). No pattern traps: what cannot be compiled
/// is a `PatternError`, what runs too long is "no match" and counted.

/// Why a pattern or a set of patterns could not be compiled.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String
  /// Offset in the expression's text, or the index of the literal in its set; nil when neither is to blame.
  public let position: Int?

  public init(_ message: String, position: Int? = nil) {
    self.message = message
    self.position = position
  }

  public var description: String { position.map { "\(message) (at \($0))" } ?? message }
}

/// Two independent 64-bit mixes of bytes: keys and checksums of caches. Not cryptographic.
@frozen public struct ContentHash: Hashable, Sendable {
  public private(set) var first: UInt64 = 0x9e37_79b9_7f4a_7c15
  public private(set) var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

  public init() {}

  public mutating func combine(_ word: UInt64) {
    let product = (first ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    first = product.low ^ product.high
    let other = (second ^ word &+ 0x5895_5d5d_5d5d_5d5d).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    second = other.low &+ other.high
  }

  public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    combine(UInt64(bytes.count))
    var offset = 0
    while offset + 8 <= bytes.count {
      combine(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < bytes.count {
      tail = tail << 8 | UInt64(unsafe bytes[offset])
      offset += 1
    }
    combine(tail)
  }

  public mutating func combine(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe combine($0) } }

  /// 32 hexadecimal digits.
  public var text: String {
    let digits = { (word: UInt64) in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(first) + digits(second)
  }
}
