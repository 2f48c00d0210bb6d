/// A 48-bit hardware address in the low bits.
@frozen public struct MACAddress: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt64
  @inlinable @inline(__always) public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }
}

extension MACAddress: CustomStringConvertible {
  /// Lower-case pairs and colons.
  public var description: String {
    let digits = Array("0123456789abcdef")
    let octets = (0..<6).map { Int(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * $0)) & 0xff }
    return octets.map { String([digits[$0 >> 4], digits[$0 & 15]]) }.joined(separator: ":")
  }
}

extension RawSpan {
  /// Six bytes, unchecked as the other loads.
  @inlinable @inline(__always) public func mac(_ offset: Int) -> MACAddress {
    MACAddress(rawValue: UInt64(u16(offset)) &<< 32 | UInt64(u32(offset &+ 2)))
  }
}
