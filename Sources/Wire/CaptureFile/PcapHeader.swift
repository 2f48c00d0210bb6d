/// The header of a pcap file (draft-ietf-opsawg-pcap): what all of its records share.
@frozen public struct PcapHeader: Hashable, Sendable {
  /// The writer's byte order is not big-endian.
  public let isLittleEndian: Bool
  public let isNanosecond: Bool
  /// Of each record: 16 bytes, or 24 in the variant of some patched Linux libpcaps.
  public let recordHeaderLength: Int
  public let snapLength: Int
  public let linkType: LinkType

  public static var byteCount: Int { 24 }

  /// Nil when `bytes` do not begin with a whole header of a known kind.
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= PcapHeader.byteCount else { return nil }
    let magic = bytes.u32(0)
    switch magic {
    case 0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34: isLittleEndian = false
    case 0xd4c3_b2a1, 0x4d3c_b2a1, 0x34cd_b2a1: isLittleEndian = true
    default: return nil
    }
    let value = isLittleEndian ? magic.byteSwapped : magic
    isNanosecond = value == 0xa1b2_3c4d
    recordHeaderLength = value == 0xa1b2_cd34 ? 24 : 16
    snapLength = Int(bytes.u32(16, littleEndian: isLittleEndian))
    // The upper bits tell of a frame check sequence.
    linkType = LinkType(rawValue: UInt16(truncatingIfNeeded: bytes.u32(20, littleEndian: isLittleEndian)))
  }
}

/// The header of one pcap record; `init` takes it from bytes that are there.
@frozen public struct PcapRecord: Hashable, Sendable {
  public let timestamp: Timestamp
  public let capturedLength: Int
  public let wireLength: Int

  /// Nil unless 16 bytes are there.
  @inlinable @inline(__always) public init?(_ bytes: RawSpan, in file: PcapHeader) {
    guard bytes.byteCount >= 16 else { return nil }
    let isLittle = file.isLittleEndian
    let fraction = Int64(bytes.u32(4, littleEndian: isLittle))
    timestamp = Timestamp(
      nanoseconds: Int64(bytes.u32(0, littleEndian: isLittle)) &* 1_000_000_000
        &+ (file.isNanosecond ? fraction : fraction &* 1000))
    capturedLength = Int(bytes.u32(8, littleEndian: isLittle))
    wireLength = Int(bytes.u32(12, littleEndian: isLittle))
  }
}

extension RawSpan {
  /// Unchecked loads in the byte order that a file chose.
  @inlinable @inline(__always) public func u32(_ offset: Int, littleEndian: Bool) -> UInt32 {
    let value = u32(offset)
    return littleEndian ? value.byteSwapped : value
  }
  @inlinable @inline(__always) public func u16(_ offset: Int, littleEndian: Bool) -> UInt16 {
    let value = u16(offset)
    return littleEndian ? value.byteSwapped : value
  }
}
