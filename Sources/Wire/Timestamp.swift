/// A moment as nanoseconds since 1970-01-01T00:00:00Z, the resolution of the finest capture format.
///
/// Range: the years 1678 to 2262. Arithmetic saturates nowhere and wraps nowhere: use `nanoseconds(since:)`,
/// which clamps, for differences of times that traffic chose.
@frozen public struct Timestamp: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable @inline(__always) public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Clamped when the seconds lie outside the range.
  @inlinable public init(seconds: Int64, nanoseconds: Int64 = 0) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(nanoseconds)
    self.nanoseconds = overflow || carry ? (seconds < 0 ? .min : .max) : sum
  }

  @inlinable @inline(__always) public static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.nanoseconds < b.nanoseconds
  }

  /// Nanoseconds from `earlier` to here, clamped; negative when `earlier` is later.
  @inlinable @inline(__always) public func nanoseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflow ? (nanoseconds < 0 ? .min : .max) : difference
  }

  @inlinable public var seconds: Int64 { floorDivided.quotient }
  /// The part under a second, 0..<1_000_000_000, also before 1970.
  @inlinable public var subsecond: Int64 { floorDivided.remainder }

  @inlinable var floorDivided: (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder < 0 ? (quotient - 1, remainder + 1_000_000_000) : (quotient, remainder)
  }

  /// `self` moved by `seconds`, clamped.
  @inlinable public func advanced(seconds: Double) -> Timestamp {
    let moved = Double(nanoseconds) + seconds * 1e9
    guard moved > -9.2e18, moved < 9.2e18 else { return Timestamp(nanoseconds: moved < 0 ? .min : .max) }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(Int64(seconds * 1e9))
    return Timestamp(nanoseconds: overflow ? (seconds < 0 ? .min : .max) : sum)
  }
}
