internal import Wire

/// Moves the ephemeral ports (RFC 6335: 49152 to 65535) of a packet by a step, checksums with them, so that a capture
/// that is played again makes new flows. One step moves all ports of a round alike: flows stay apart and whole.
///
/// Ethernet without tags, IPv4 and IPv6 without extension headers; anything else stays as it is.
struct PortShift {
  static let first = 49_152
  static let count = 16_384
  /// Odd, so that every port comes again only after `count` rounds; far apart, so that a client with many flows
  /// does not meet its own of the round before.
  private static let stride = 1021

  private let step: Int

  init(round: Int) { step = round % Self.count * Self.stride % Self.count }

  func apply(to packet: inout [UInt8]) {
    guard step != 0, packet.count >= 34 else { return }
    switch word(packet, 12) {
    case 0x0800:
      let headerLength = Int(packet[14] & 15) * 4
      guard packet[14] >> 4 == 4, headerLength >= 20, word(packet, 20) & 0x1fff == 0 else { return }
      shift(&packet, at: 14 + headerLength, transport: packet[23])
    case 0x86dd where packet.count >= 54: shift(&packet, at: 54, transport: packet[20])
    default: return
    }
  }

  private func shift(_ packet: inout [UInt8], at offset: Int, transport: UInt8) {
    let checksum: Int
    switch transport {
    case 6: checksum = offset + 16
    case 17: checksum = offset + 6
    default: return
    }
    guard checksum + 2 <= packet.count else { return }
    // A UDP checksum of zero says that there is none.
    let isSummed = transport == 6 || word(packet, checksum) != 0
    for place in [offset, offset + 2] {
      let old = word(packet, place)
      guard old >= Self.first else { continue }
      let new = Self.first + (old - Self.first + step) % Self.count
      put(&packet, place, new)
      if isSummed { put(&packet, checksum, Self.updated(word(packet, checksum), old, new, isUDP: transport == 17)) }
    }
  }

  /// RFC 1624, equation 3.
  private static func updated(_ sum: Int, _ old: Int, _ new: Int, isUDP: Bool) -> Int {
    var total = (~sum & 0xffff) + (~old & 0xffff) + new
    while total > 0xffff { total = (total & 0xffff) + total >> 16 }
    let result = ~total & 0xffff
    return isUDP && result == 0 ? 0xffff : result
  }

  private func word(_ packet: [UInt8], _ offset: Int) -> Int { Int(packet[offset]) << 8 | Int(packet[offset + 1]) }
  private func put(_ packet: inout [UInt8], _ offset: Int, _ value: Int) {
    packet[offset] = UInt8(truncatingIfNeeded: value >> 8)
    packet[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
