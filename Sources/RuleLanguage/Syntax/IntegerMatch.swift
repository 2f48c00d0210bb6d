/// A comparison with an unsigned integer, as all integer keywords write it: `5`, `!5`, `<5`, `>=5`, `5-10`, `5<>10`,
/// `!5-10`, `&0x10`, `&0x10=0x10`, `!&0x10`.
package enum IntegerComparison: Hashable, Sendable {
  case equal(UInt64)
  case notEqual(UInt64)
  case less(UInt64)
  case lessOrEqual(UInt64)
  case greater(UInt64)
  case greaterOrEqual(UInt64)
  /// Both ends excluded.
  case between(UInt64, UInt64)
  /// Not strictly between the two.
  case notBetween(UInt64, UInt64)
  /// `value & mask == expected`
  case masked(UInt64, UInt64)
  /// `value & mask != expected`
  case notMasked(UInt64, UInt64)

  package func matches(_ value: UInt64) -> Bool {
    switch self {
    case .equal(let n): value == n
    case .notEqual(let n): value != n
    case .less(let n): value < n
    case .lessOrEqual(let n): value <= n
    case .greater(let n): value > n
    case .greaterOrEqual(let n): value >= n
    case .between(let low, let high): value > low && value < high
    case .notBetween(let low, let high): value <= low || value >= high
    case .masked(let mask, let expected): value & mask == expected
    case .notMasked(let mask, let expected): value & mask != expected
    }
  }
}

/// An integer keyword and its comparison: `ttl:<10`, `dns.rcode:3`, `flow.age:>60`.
///
/// `keyword` is the name in the registry (`ttl`, `dsize`, `icmp_id`...), never an alias.
package struct IntegerMatch: Hashable, Sendable {
  package var keyword: String
  package var comparison: IntegerComparison
  /// What is written behind the number: `urilen`'s `norm` or `raw`; the index of a multi-value keyword (`all`, `any`,
  /// a number).
  package var qualifier: String?
}
