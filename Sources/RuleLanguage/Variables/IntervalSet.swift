internal import Wire

/// A bound that has neighbours: none before the first and behind the last.
protocol Neighbouring: Comparable {
  var next: Self? { get }
  var previous: Self? { get }
  static var everything: [ClosedRange<Self>] { get }
}

extension UInt16: Neighbouring {
  var next: UInt16? { self == .max ? nil : self + 1 }
  var previous: UInt16? { self == 0 ? nil : self - 1 }
  static var everything: [ClosedRange<UInt16>] { [0...UInt16.max] }
}

extension IPAddress: Neighbouring {
  /// Families do not neighbour each other.
  var next: IPAddress? {
    guard isV6 else { return low == 0xffff_ffff ? nil : IPAddress(v4: UInt32(truncatingIfNeeded: low) + 1) }
    if low == .max { return high == .max ? nil : IPAddress(high: high + 1, low: 0) }
    return IPAddress(high: high, low: low + 1)
  }

  var previous: IPAddress? {
    guard isV6 else { return low == 0 ? nil : IPAddress(v4: UInt32(truncatingIfNeeded: low) - 1) }
    if low == 0 { return high == 0 ? nil : IPAddress(high: high - 1, low: .max) }
    return IPAddress(high: high, low: low - 1)
  }

  static var everything: [ClosedRange<IPAddress>] {
    [
      IPAddress(v4: 0)...IPAddress(v4: .max),
      IPAddress(high: 0, low: 0)...IPAddress(high: .max, low: .max),
    ]
  }
}

/// Arithmetic of range lists.
enum IntervalSet<Bound: Neighbouring> {
  static var everything: [ClosedRange<Bound>] { Bound.everything }

  /// Ascending, disjoint, neighbours joined.
  static func normalised(_ ranges: [ClosedRange<Bound>]) -> [ClosedRange<Bound>] {
    var result: [ClosedRange<Bound>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let last = result.last, last.upperBound >= range.lowerBound || last.upperBound.next == range.lowerBound
      else {
        result.append(range)
        continue
      }
      result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
    return result
  }

  static func subtract(_ excluded: [ClosedRange<Bound>], from included: [ClosedRange<Bound>]) -> [ClosedRange<Bound>] {
    let holes = normalised(excluded)
    var result: [ClosedRange<Bound>] = []
    for range in normalised(included) {
      var low: Bound? = range.lowerBound
      for hole in holes {
        guard let start = low, hole.lowerBound <= range.upperBound else { break }
        guard hole.upperBound >= start else { continue }
        if hole.lowerBound > start, let end = hole.lowerBound.previous { result.append(start...end) }
        low = hole.upperBound >= range.upperBound ? nil : hole.upperBound.next
      }
      if let start = low, start <= range.upperBound { result.append(start...range.upperBound) }
    }
    return result
  }
}
