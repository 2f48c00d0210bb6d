/// The comparisons that all integer keywords share, in and out.
enum IntegerSyntax {
  /// Nil when `text` is none. `names` are words that stand for numbers.
  static func parse(_ text: Text, names: [String: UInt64] = [:]) -> IntegerComparison? {
    let text = text.trimmed()
    guard let first = text.first else { return nil }
    switch first {
    case ASCII.bang: return negated(text.dropFirst().trimmed(), names)
    case UInt8(ascii: "&"): return masked(text.dropFirst())
    case UInt8(ascii: "="): return value(text.dropFirst(), names).map { .equal($0) }
    case UInt8(ascii: "<"):
      if text.dropFirst().first == UInt8(ascii: "=") { return value(text.dropFirst(2), names).map { .lessOrEqual($0) } }
      return value(text.dropFirst(), names).map { .less($0) }
    case UInt8(ascii: ">"):
      if text.dropFirst().first == UInt8(ascii: "=") {
        return value(text.dropFirst(2), names).map { .greaterOrEqual($0) }
      }
      return value(text.dropFirst(), names).map { .greater($0) }
    default:
      if let exact = value(text, names) { return .equal(exact) }
      return range(text).map { .between($0, $1) }
    }
  }

  private static func negated(_ text: Text, _ names: [String: UInt64]) -> IntegerComparison? {
    switch parse(text, names: names) {
    case .equal(let n): .notEqual(n)
    case .between(let low, let high): .notBetween(low, high)
    case .masked(let mask, let value): .notMasked(mask, value)
    case .notMasked(let mask, let value): .masked(mask, value)
    default: nil
    }
  }

  private static func masked(_ text: Text) -> IntegerComparison? {
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
      return text.trimmed().number.map { .notMasked($0, 0) }
    }
    var left = text[..<equals]
    let negated = left.last == ASCII.bang
    if negated { left = left.dropLast() }
    guard let mask = left.trimmed().number, let expected = text[(equals + 1)...].trimmed().number,
      expected & ~mask == 0
    else { return nil }
    return negated ? .notMasked(mask, expected) : .masked(mask, expected)
  }

  /// `5-10` or `5<>10` with something between the two.
  private static func range(_ text: Text) -> (UInt64, UInt64)? {
    let cut: (Text, Text)
    if let dash = text.firstIndex(of: ASCII.dash) {
      cut = (text[..<dash], text[(dash + 1)...])
    } else if let angle = text.firstIndex(of: UInt8(ascii: "<")), text[(angle + 1)...].first == UInt8(ascii: ">") {
      cut = (text[..<angle], text[(angle + 2)...])
    } else {
      return nil
    }
    guard let low = value(cut.0, [:]), let high = value(cut.1, [:]), low < high, high - low > 1 else { return nil }
    return (low, high)
  }

  private static func value(_ text: Text, _ names: [String: UInt64]) -> UInt64? {
    let text = text.trimmed()
    if let number = text.number { return number }
    if let number = scaled(text) { return number }
    return names.isEmpty ? nil : names[text.string.lowercased()]
  }

  private static func scaled(_ text: Text) -> UInt64? {
    guard let letter = text.firstIndex(where: { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 }), letter > text.startIndex,
      let number = text[..<letter].trimmed().number
    else { return nil }
    let factor: UInt64
    switch text[letter...].string.lowercased() {
    case "kb", "kib": factor = 1 << 10
    case "mb", "mib": factor = 1 << 20
    case "gb", "gib": factor = 1 << 30
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}

extension IntegerComparison {
  /// As it is written in a rule.
  package var text: String {
    switch self {
    case .equal(let n): "\(n)"
    case .notEqual(let n): "!\(n)"
    case .less(let n): "<\(n)"
    case .lessOrEqual(let n): "<=\(n)"
    case .greater(let n): ">\(n)"
    case .greaterOrEqual(let n): ">=\(n)"
    case .between(let low, let high): "\(low)<>\(high)"
    case .notBetween(let low, let high): "!\(low)-\(high)"
    case .masked(let mask, let value): "&0x\(String(mask, radix: 16))=0x\(String(value, radix: 16))"
    case .notMasked(let mask, let value): "&0x\(String(mask, radix: 16))!=0x\(String(value, radix: 16))"
    }
  }

  /// The largest number written, for range checks.
  var largest: UInt64 {
    switch self {
    case .equal(let n), .notEqual(let n), .less(let n), .lessOrEqual(let n), .greater(let n), .greaterOrEqual(let n): n
    case .between(_, let high), .notBetween(_, let high): high
    case .masked(let mask, let value), .notMasked(let mask, let value): max(mask, value)
    }
  }
}
