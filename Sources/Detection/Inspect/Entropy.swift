internal import Glibc

/// Shannon entropy of bytes, in thousandths of a bit per byte.
enum Entropy {
  static func matches(_ step: EntropyStep, _ bytes: ByteView) -> Bool {
    guard Int(step.offset) < bytes.count else { return false }
    let rest = bytes.dropFirst(Int(step.offset))
    let part = step.bytes == 0 ? rest : rest.prefix(Int(step.bytes))
    let value = UInt32(clamping: Int((bits(part) * 1_000).rounded()))
    return (value >= step.low && value <= step.high) != step.isNegated
  }

  static func bits(_ bytes: ByteView) -> Double {
    guard bytes.count > 0 else { return 0 }
    var counts = [Int](repeating: 0, count: 256)
    for index in 0..<bytes.count { counts[Int(bytes[index])] += 1 }
    let total = Double(bytes.count)
    return counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / total
      return sum - share * log2(share)
    }
  }
}
