internal import Decode
internal import Wire

/// Where a fragment's header and content lie, and which part of the datagram it is.
struct FragmentPart {
  let isV6: Bool
  /// In the datagram's content.
  let offset: Int
  let length: Int
  let moreFollow: Bool
  /// In the packet's bytes.
  let contentOffset: Int
  private let ipOffset: Int
  /// Of the datagram's header without a fragment header.
  let headerLength: Int
  private let nextHeaderAt: Int
  private let fragmentHeaderAt: Int

  var end: Int { offset + length }
  /// RFC 8200: all but the last are multiples of eight bytes.
  var isLengthValid: Bool { !isV6 || !moreFollow || length & 7 == 0 }

  /// Nil: not a fragment that can be used (cut by the capture, broken).
  init?(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    guard packet.isFragment, packet.ipOffset >= 0 else { return nil }
    isV6 = packet.ipVersion == 6
    ipOffset = packet.ipOffset
    offset = packet.fragmentOffset
    moreFollow = packet.moreFragments
    let end = ipOffset + packet.ipTotalLength
    if packet.ipVersion == 4 {
      guard ipOffset < bytes.byteCount else { return nil }
      headerLength = Int(bytes.byte(ipOffset) & 0x0f) * 4
      guard headerLength >= 20 else { return nil }
      contentOffset = ipOffset + headerLength
      (nextHeaderAt, fragmentHeaderAt) = (-1, -1)
    } else {
      fragmentHeaderAt = packet.fragmentHeaderOffset
      headerLength = fragmentHeaderAt - ipOffset
      nextHeaderAt = packet.fragmentHeaderNamedAt - ipOffset
      contentOffset = fragmentHeaderAt + 8
      guard (40...IPDefragmenter.largestHeader).contains(headerLength), (0..<headerLength).contains(nextHeaderAt)
      else { return nil }
    }
    length = end - contentOffset
    guard length > 0, end <= bytes.byteCount, offset >= 0 else { return nil }
  }

  /// The datagram's header, without what made it a fragment; its length is set at the end.
  func header(_ bytes: RawSpan) -> [UInt8] {
    var header = bytes.clamped(ipOffset, ipOffset + headerLength).array()
    if isV6 {
      header[nextHeaderAt] = bytes.byte(fragmentHeaderAt)
    } else {
      header[6] = 0
      header[7] = 0
    }
    return header
  }

  /// Total length and checksum of IPv4 (RFC 791), payload length of IPv6; 0 stays for what does not fit.
  static func setLength(_ datagram: UnsafeMutableRawBufferPointer, headerLength: Int, isV6: Bool) {
    func put(_ value: Int, at offset: Int) {
      unsafe datagram[offset] = UInt8(truncatingIfNeeded: value >> 8)
      unsafe datagram[offset + 1] = UInt8(truncatingIfNeeded: value)
    }
    if isV6 { return put(datagram.count - 40, at: 4) }
    put(datagram.count, at: 2)
    put(0, at: 10)
    var sum = 0
    for offset in stride(from: 0, to: headerLength, by: 2) {
      sum += unsafe Int(datagram[offset]) << 8 | Int(datagram[offset + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    put(~sum & 0xffff, at: 10)
  }
}
