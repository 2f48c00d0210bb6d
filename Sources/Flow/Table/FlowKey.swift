internal import Decode
internal import Wire

/// What makes two packets one flow, the same for both directions: the two ends in ascending order, the protocol,
/// VLANs and tunnel depth where they count. 48 bytes, compared and hashed as six words.
package struct FlowKey: Equatable, Sendable {
  var firstHigh: UInt64
  var firstLow: UInt64
  var secondHigh: UInt64
  var secondLow: UInt64
  /// First port, second port (or an identifier of 32 bits for both), protocol, IP version 6, tunnel depth.
  var ends: UInt64
  var vlans: UInt64

  var transport: TransportProtocol { TransportProtocol(rawValue: UInt8(truncatingIfNeeded: ends >> 16)) }
  var isV6: Bool { ends & 0x100 != 0 }
  var identifier: UInt32 { UInt32(truncatingIfNeeded: ends >> 32) }
  var hasPorts: Bool { transport == .tcp || transport == .udp || transport == .sctp }

  func tuple(fromFirst: Bool) -> FiveTuple {
    let first = isV6 ? IPAddress(high: firstHigh, low: firstLow) : IPAddress(v4: UInt32(truncatingIfNeeded: firstLow))
    let second =
      isV6 ? IPAddress(high: secondHigh, low: secondLow) : IPAddress(v4: UInt32(truncatingIfNeeded: secondLow))
    let forward = FiveTuple(
      source: first, destination: second,
      sourcePort: hasPorts ? UInt16(truncatingIfNeeded: ends >> 48) : 0,
      destinationPort: hasPorts ? UInt16(truncatingIfNeeded: ends >> 32) : 0, transport: transport)
    return fromFirst ? forward : forward.reversed
  }

  /// The second value tells whether `source` is the first end.
  @inline(__always)
  static func make(
    source: IPAddress, destination: IPAddress, ports: (UInt16, UInt16), identifier: UInt32?,
    transport: TransportProtocol, depth: UInt8, vlans: UInt64
  ) -> (FlowKey, sourceIsFirst: Bool) {
    let below =
      source.high == destination.high
      ? (source.low == destination.low ? ports.0 <= ports.1 : source.low < destination.low)
      : source.high < destination.high
    let low = below ? source : destination
    let high = below ? destination : source
    let pair = below ? UInt32(ports.0) &<< 16 | UInt32(ports.1) : UInt32(ports.1) &<< 16 | UInt32(ports.0)
    let tail = UInt64(transport.rawValue) &<< 16 | (source.isV6 ? 0x100 : 0) | UInt64(depth)
    let key = FlowKey(
      firstHigh: low.high, firstLow: low.low, secondHigh: high.high, secondLow: high.low,
      ends: UInt64(identifier ?? pair) &<< 32 | tail, vlans: vlans)
    return (key, below)
  }

  /// 128-bit multiplications folded (as in wyhash). Without the seed nobody can aim at a bucket.
  @inline(__always)
  func tag(_ seed: (UInt64, UInt64)) -> UInt32 {
    @inline(__always) func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
      let product = a.multipliedFullWidth(by: b)
      return product.high ^ product.low
    }
    let first = fold(firstHigh ^ seed.0 ^ 0xa076_1d64_78bd_642f, firstLow ^ seed.1)
    let second = fold(secondHigh ^ seed.1 ^ 0xe703_7ed1_a0b4_28db, secondLow ^ seed.0)
    let third = fold(ends ^ first ^ 0x8ebc_6af0_9c88_c6e3, vlans ^ second ^ seed.0)
    return UInt32(truncatingIfNeeded: third ^ third &>> 32)
  }
}

extension FlowKey {
  /// Nil: such a packet has no flow (not IP, broken, a fragment, a protocol without conversations).
  @inline(__always)
  static func make(
    _ packet: borrowing DecodedPacket, _ bytes: RawSpan, _ configuration: borrowing FlowConfiguration
  ) -> (FlowKey, sourceIsFirst: Bool)? {
    guard packet.ipVersion != 0, !packet.isInvalid, !packet.isFragment else { return nil }
    var ports: (UInt16, UInt16) = (0, 0)
    var identifier: UInt32?
    switch packet.transport {
    case .tcp, .udp, .sctp:
      guard packet.transportOffset >= 0 else { return nil }
      ports = (packet.sourcePort, packet.destinationPort)
    case .icmp, .icmpv6:
      guard packet.transportOffset >= 0 else { return nil }
      let type = ICMPTypePair.request(of: packet.icmpType, isV6: packet.transport == .icmpv6)
      identifier = UInt32(type) &<< 16 | (configuration.usesICMPEchoID ? UInt32(packet.icmpID) : 0)
    case .esp:
      let start = packet.transportOffset >= 0 ? packet.transportOffset : packet.payloadOffset
      guard start >= 0, start <= bytes.byteCount - 4 else { return nil }
      identifier = bytes.u32(start)
    default: return nil
    }
    return make(
      source: packet.source, destination: packet.destination, ports: ports, identifier: identifier,
      transport: packet.transport, depth: configuration.usesTunnelDepth ? packet.tunnelDepth : 0,
      vlans: configuration.usesVLAN ? vlans(of: packet) : 0)
  }

  @inline(__always)
  static func vlans(of packet: borrowing DecodedPacket) -> UInt64 {
    guard packet.vlanCount > 0 else { return 0 }
    return UInt64(packet.vlanIDs.0) | UInt64(packet.vlanIDs.1) &<< 16 | UInt64(packet.vlanIDs.2) &<< 32
      | UInt64(packet.vlanCount) &<< 48
  }

  /// The flow that an ICMP error quotes: `tuple` is that of the packet it answers, on the same VLANs and depth.
  static func make(
    quoted tuple: FiveTuple, in packet: borrowing DecodedPacket, _ configuration: borrowing FlowConfiguration
  ) -> (FlowKey, sourceIsFirst: Bool)? {
    guard tuple.transport == .tcp || tuple.transport == .udp || tuple.transport == .sctp else { return nil }
    return make(
      source: tuple.source, destination: tuple.destination, ports: (tuple.sourcePort, tuple.destinationPort),
      identifier: nil, transport: tuple.transport, depth: configuration.usesTunnelDepth ? packet.tunnelDepth : 0,
      vlans: configuration.usesVLAN ? vlans(of: packet) : 0)
  }
}

/// ICMP messages that come as request and reply (RFC 792, RFC 950, RFC 1256, RFC 4443, RFC 4861, RFC 4620).
enum ICMPTypePair {
  static func request(of type: UInt8, isV6: Bool) -> UInt8 {
    if isV6 {
      switch type {
      case 129: return 128
      case 134: return 133
      case 136: return 135
      case 140: return 139
      default: return type
      }
    }
    switch type {
    case 0: return 8
    case 9: return 10
    case 14: return 13
    case 16: return 15
    case 18: return 17
    default: return type
    }
  }
}
