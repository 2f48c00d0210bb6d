internal import RuleLanguage
internal import Wire

/// The address sets of all rules: sorted ranges one behind the other.
struct AddressTables: Sendable {
  struct Bounds: Sendable {
    var lowHigh: UInt64
    var lowLow: UInt64
    var highHigh: UInt64
    var highLow: UInt64
    var isV6: Bool
  }
  private let ranges: Table<Bounds>
  private let sets: Table<Part>

  struct Draft {
    var ranges: [Bounds] = []
    var sets: [Part] = []
    var index: [AddressSet: Int32] = [:]

    /// -1 for any.
    mutating func add(_ set: AddressSet) -> Int32 {
      if set.isAny { return -1 }
      if let known = index[set] { return known }
      let start = ranges.count
      for range in set.ranges {
        ranges.append(
          Bounds(
            lowHigh: range.lowerBound.high, lowLow: range.lowerBound.low, highHigh: range.upperBound.high,
            highLow: range.upperBound.low, isV6: range.lowerBound.isV6))
      }
      sets.append(Part(start..<ranges.count))
      let number = Int32(sets.count - 1)
      index[set] = number
      return number
    }

    func frozen() -> AddressTables { AddressTables(ranges: Table(ranges), sets: Table(sets)) }
  }

  /// A binary search: some 10 ns for the usual networks.
  func contains(_ set: Int32, _ address: IPAddress) -> Bool {
    guard set >= 0 else { return true }
    let part = sets[Int(set)]
    var low = Int(part.start)
    var high = low + Int(part.count)
    while low < high {
      let middle = (low + high) / 2
      let bounds = ranges[middle]
      if AddressTables.isBelow(address, bounds.isV6, bounds.lowHigh, bounds.lowLow) {
        high = middle
      } else if AddressTables.isAbove(address, bounds.isV6, bounds.highHigh, bounds.highLow) {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }

  @inline(__always) private static func isBelow(_ a: IPAddress, _ v6: Bool, _ high: UInt64, _ low: UInt64) -> Bool {
    if a.isV6 != v6 { return !a.isV6 }
    return a.high == high ? a.low < low : a.high < high
  }
  @inline(__always) private static func isAbove(_ a: IPAddress, _ v6: Bool, _ high: UInt64, _ low: UInt64) -> Bool {
    if a.isV6 != v6 { return a.isV6 }
    return a.high == high ? a.low > low : a.high > high
  }

  func free() {
    ranges.free()
    sets.free()
  }
}

/// The port sets of all rules.
struct PortTables: Sendable {
  struct Bounds: Sendable {
    var low: UInt16
    var high: UInt16
  }
  private let ranges: Table<Bounds>
  private let sets: Table<Part>

  struct Draft {
    var ranges: [Bounds] = []
    var sets: [Part] = []
    var index: [PortSet: Int32] = [:]

    /// -1 for any.
    mutating func add(_ set: PortSet) -> Int32 {
      if set.isAny { return -1 }
      if let known = index[set] { return known }
      let start = ranges.count
      for range in set.ranges { ranges.append(Bounds(low: range.lowerBound, high: range.upperBound)) }
      sets.append(Part(start..<ranges.count))
      let number = Int32(sets.count - 1)
      index[set] = number
      return number
    }

    func frozen() -> PortTables { PortTables(ranges: Table(ranges), sets: Table(sets)) }
  }

  func contains(_ set: Int32, _ port: UInt16) -> Bool {
    guard set >= 0 else { return true }
    for index in sets[Int(set)].indices where port >= ranges[index].low && port <= ranges[index].high { return true }
    return false
  }

  func free() {
    ranges.free()
    sets.free()
  }
}
