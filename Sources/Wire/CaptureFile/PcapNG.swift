/// Block types of pcapng (draft-ietf-opsawg-pcapng); unknown ones are kept, and skipped by readers.
@frozen public struct PcapNGBlockType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public static var section: Self { Self(rawValue: 0x0a0d_0d0a) }
  @inlinable public static var interface: Self { Self(rawValue: 1) }
  /// Obsolete, still written by old programs.
  @inlinable public static var packet: Self { Self(rawValue: 2) }
  @inlinable public static var simplePacket: Self { Self(rawValue: 3) }
  @inlinable public static var enhancedPacket: Self { Self(rawValue: 6) }
}

/// What an interface description block says of its packets.
@frozen public struct PcapNGInterface: Hashable, Sendable {
  public let linkType: LinkType
  /// 0: no limit.
  public let snapLength: Int
  /// `if_tsresol`: ten or, with the top bit, two to the power of minus this.
  public let resolution: UInt8
  /// `if_tsoffset`, in seconds.
  public let secondsOffset: Int64

  /// From the body of a block (without type, lengths). Options that make no sense are passed over.
  public init?(_ body: RawSpan, littleEndian: Bool) {
    guard body.byteCount >= 8 else { return nil }
    linkType = LinkType(rawValue: body.u16(0, littleEndian: littleEndian))
    snapLength = Int(body.u32(4, littleEndian: littleEndian))
    var resolution: UInt8 = 6
    var seconds: Int64 = 0
    var offset = 8
    while offset + 4 <= body.byteCount {
      let code = body.u16(offset, littleEndian: littleEndian)
      let length = Int(body.u16(offset + 2, littleEndian: littleEndian))
      guard code != 0, offset + 4 + length <= body.byteCount else { break }
      if code == 9, length == 1 { resolution = body.byte(offset + 4) }
      if code == 14, length == 8 {
        let value = body.u64(offset + 4)
        seconds = Int64(bitPattern: littleEndian ? value.byteSwapped : value)
      }
      offset += 4 + (length + 3) & ~3
    }
    self.resolution = resolution
    secondsOffset = seconds
  }

  /// Clamped to the range of `Timestamp`. A resolution beyond 10^-19 or 2^-63 reads as microseconds.
  public func timestamp(high: UInt32, low: UInt32) -> Timestamp {
    let ticks = UInt64(high) << 32 | UInt64(low)
    let nanoseconds = self.nanoseconds(ticks)
    let base = Timestamp(seconds: secondsOffset)
    let (sum, overflow) = base.nanoseconds.addingReportingOverflow(Int64(clamping: nanoseconds))
    return Timestamp(nanoseconds: overflow ? .max : sum)
  }

  private func nanoseconds(_ ticks: UInt64) -> UInt64 {
    let exponent = Int(resolution & 0x7f)
    if resolution & 0x80 != 0, exponent <= 63 {
      let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
      if exponent == 0 { return high == 0 ? low : .max }
      return high >> UInt64(exponent) == 0 ? high << UInt64(64 - exponent) | low >> UInt64(exponent) : .max
    }
    let decimal = resolution & 0x80 == 0 && exponent <= 19 ? exponent : 6
    let factor = (0..<abs(decimal - 9)).reduce(UInt64(1)) { product, _ in product * 10 }
    guard decimal < 9 else { return ticks / factor }
    let (product, overflow) = ticks.multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
