/// One packet for a capture file.
package struct CapturedPacket: Sendable {
  package var nanoseconds: UInt64
  package var bytes: [UInt8]
  /// On the wire; nil: all of it was captured.
  package var wireLength: Int?
  package init(_ bytes: [UInt8], nanoseconds: UInt64 = 1_700_000_000_000_000_000, wireLength: Int? = nil) {
    self.bytes = bytes
    self.nanoseconds = nanoseconds
    self.wireLength = wireLength
  }
}

/// Writes pcap files in every variant that is read.
package struct PcapBuilder: Sendable {
  package var littleEndian = true
  package var nanosecond = false
  package var linkType: UInt32 = 1
  package init(littleEndian: Bool = true, nanosecond: Bool = false, linkType: UInt32 = 1) {
    self.littleEndian = littleEndian
    self.nanosecond = nanosecond
    self.linkType = linkType
  }

  package func file(_ packets: [CapturedPacket]) -> [UInt8] {
    var out = header
    for packet in packets { out += record(packet) }
    return out
  }

  package var header: [UInt8] {
    let magic: UInt32 = nanosecond ? 0xa1b2_3c4d : 0xa1b2_c3d4
    return put(magic) + put(UInt16(2)) + put(UInt16(4)) + put(UInt32(0)) + put(UInt32(0)) + put(UInt32(262_144))
      + put(linkType)
  }

  package func record(_ packet: CapturedPacket) -> [UInt8] {
    let fraction = packet.nanoseconds % 1_000_000_000
    return put(UInt32(truncatingIfNeeded: packet.nanoseconds / 1_000_000_000))
      + put(UInt32(nanosecond ? fraction : fraction / 1000)) + put(UInt32(packet.bytes.count))
      + put(UInt32(packet.wireLength ?? packet.bytes.count)) + packet.bytes
  }

  private func put(_ value: some FixedWidthInteger) -> [UInt8] { littleEndian ? value.wire.reversed() : value.wire }
}

/// Writes pcapng block by block.
package struct PcapNGBuilder: Sendable {
  package var littleEndian = true
  package init(littleEndian: Bool = true) { self.littleEndian = littleEndian }

  package var section: [UInt8] {
    block(0x0a0d_0d0a, put(UInt32(0x1a2b_3c4d)) + put(UInt16(1)) + put(UInt16(0)) + put(UInt64.max))
  }

  package func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, secondsOffset: Int64? = nil
  ) -> [UInt8] {
    var options: [UInt8] = []
    if let resolution { options += put(UInt16(9)) + put(UInt16(1)) + [resolution, 0, 0, 0] }
    if let secondsOffset { options += put(UInt16(14)) + put(UInt16(8)) + put(secondsOffset) }
    if !options.isEmpty { options += put(UInt32(0)) }
    return block(1, put(linkType) + put(UInt16(0)) + put(snapLength) + options)
  }

  package func enhanced(_ bytes: [UInt8], interface: UInt32 = 0, ticks: UInt64, wireLength: Int? = nil) -> [UInt8] {
    block(6, put(interface) + stamp(ticks) + put(UInt32(bytes.count)) + put(UInt32(wireLength ?? bytes.count)) + bytes)
  }

  package func simple(_ bytes: [UInt8], wireLength: Int? = nil) -> [UInt8] {
    block(3, put(UInt32(wireLength ?? bytes.count)) + bytes)
  }

  /// The obsolete packet block.
  package func obsolete(_ bytes: [UInt8], interface: UInt16 = 0, ticks: UInt64) -> [UInt8] {
    let lengths = put(UInt32(bytes.count)) + put(UInt32(bytes.count))
    return block(2, put(interface) + put(UInt16(0)) + stamp(ticks) + lengths + bytes)
  }

  package func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = put(UInt32(padded.count + 12))
    return put(type) + length + padded + length
  }

  private func stamp(_ ticks: UInt64) -> [UInt8] {
    put(UInt32(truncatingIfNeeded: ticks >> 32)) + put(UInt32(truncatingIfNeeded: ticks))
  }
  private func put(_ value: some FixedWidthInteger) -> [UInt8] { littleEndian ? value.wire.reversed() : value.wire }
}
