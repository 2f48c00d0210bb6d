package import Wire

/// An address and a port, for builders.
package struct PacketEnd: Sendable {
  package var address: IPAddress
  package var port: UInt16
  package init(_ address: IPAddress, _ port: UInt16 = 0) {
    self.address = address
    self.port = port
  }
  /// Traps on text that is no address: a test's own mistake.
  package init(_ text: String, _ port: UInt16 = 0) {
    guard let address = IPAddress(text) else { preconditionFailure("an IP address, not \(text)") }
    self.init(address, port)
  }
}

/// Builds packets with right lengths and checksums, layer by layer from the inside out. Each function returns its
/// header with the payload behind it.
package enum PacketBuilder {
  package static let client = PacketEnd("192.0.2.10", 49152)
  package static let server = PacketEnd("198.51.100.20", 80)
  package static let client6 = PacketEnd("2001:db8::10", 49152)
  package static let server6 = PacketEnd("2001:db8:1::20", 80)

  // MARK: Whole frames

  /// Ethernet, IPv4 or IPv6 by the ends' addresses, TCP.
  package static func tcpFrame(
    from source: PacketEnd = client, to destination: PacketEnd = server, sequence: UInt32 = 1,
    acknowledgement: UInt32 = 0, flags: TCPFlags = [.ack], window: UInt16 = 65_535, options: [UInt8] = [],
    _ payload: [UInt8] = [], vlans: [UInt16] = []
  ) -> [UInt8] {
    let segment = tcp(
      from: source, to: destination, sequence: sequence, acknowledgement: acknowledgement, flags: flags,
      window: window, options: options, payload)
    return frame(ip(segment, .tcp, from: source, to: destination), isV6: source.address.isV6, vlans: vlans)
  }

  /// Ethernet, IPv4 or IPv6 by the ends' addresses, UDP.
  package static func udpFrame(
    from source: PacketEnd = client, to destination: PacketEnd = server, _ payload: [UInt8], vlans: [UInt16] = []
  ) -> [UInt8] {
    let datagram = udp(from: source, to: destination, payload)
    return frame(ip(datagram, .udp, from: source, to: destination), isV6: source.address.isV6, vlans: vlans)
  }

  /// Ethernet and VLAN tags around an IP datagram.
  package static func frame(_ datagram: [UInt8], isV6: Bool = false, vlans: [UInt16] = []) -> [UInt8] {
    var inside = datagram
    var type: UInt16 = isV6 ? 0x86dd : 0x0800
    for id in vlans.reversed() {
      inside = id.wire + type.wire + inside
      type = 0x8100
    }
    return ethernet(inside, type: type)
  }

  // MARK: Link and network

  package static func ethernet(
    _ payload: [UInt8], type: UInt16 = 0x0800, source: [UInt8] = [2, 0, 0, 0, 0, 1],
    destination: [UInt8] = [2, 0, 0, 0, 0, 2]
  ) -> [UInt8] {
    destination + source + type.wire + payload
  }

  /// IPv4 or IPv6 by the ends' addresses.
  package static func ip(
    _ payload: [UInt8], _ transport: TransportProtocol, from source: PacketEnd, to destination: PacketEnd
  ) -> [UInt8] {
    source.address.isV6
      ? ipv6(payload, next: transport.rawValue, from: source, to: destination)
      : ipv4(payload, transport, from: source, to: destination)
  }

  /// - Parameters:
  ///   - options: padded to whole words with zeros.
  ///   - fragmentOffset: in bytes, a multiple of eight.
  ///   - totalLength: a lie in place of the right length.
  package static func ipv4(
    _ payload: [UInt8], _ transport: TransportProtocol, from source: PacketEnd = client,
    to destination: PacketEnd = server, ttl: UInt8 = 64, identification: UInt16 = 1, dontFragment: Bool = false,
    moreFragments: Bool = false, fragmentOffset: Int = 0, options: [UInt8] = [], totalLength: UInt16? = nil
  ) -> [UInt8] {
    let padded = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
    let length = 20 + padded.count
    let field = (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | UInt16(fragmentOffset / 8)
    var header: [UInt8] = [0x40 | UInt8(length / 4), 0]
    header +=
      (totalLength ?? UInt16(truncatingIfNeeded: length + payload.count)).wire + identification.wire + field.wire
    header += [ttl, transport.rawValue, 0, 0] + source.address.bytes + destination.address.bytes + padded
    header.replaceSubrange(10..<12, with: checksum(header).wire)
    return header + payload
  }

  package static func ipv6(
    _ payload: [UInt8], next: UInt8, from source: PacketEnd = client6, to destination: PacketEnd = server6,
    hopLimit: UInt8 = 64, payloadLength: UInt16? = nil
  ) -> [UInt8] {
    let length = payloadLength ?? UInt16(truncatingIfNeeded: payload.count)
    return [0x60, 0, 0, 0] + length.wire + [next, hopLimit] + source.address.bytes + destination.address.bytes + payload
  }

  /// A fragment header of IPv6 with the fragment behind it; goes into `ipv6(next: 44)`.
  package static func ipv6Fragment(
    _ payload: [UInt8], next: UInt8, offset: Int, more: Bool, identification: UInt32 = 1
  ) -> [UInt8] {
    [next, 0] + (UInt16(offset) & 0xfff8 | (more ? 1 : 0)).wire + identification.wire + payload
  }

  // MARK: Transport

  package static func tcp(
    from source: PacketEnd = client, to destination: PacketEnd = server, sequence: UInt32 = 1,
    acknowledgement: UInt32 = 0, flags: TCPFlags = [.ack], window: UInt16 = 65_535, options: [UInt8] = [],
    _ payload: [UInt8] = []
  ) -> [UInt8] {
    let padded = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
    var segment = source.port.wire + destination.port.wire + sequence.wire + acknowledgement.wire
    segment += [UInt8((20 + padded.count) / 4) << 4, flags.rawValue] + window.wire + [0, 0, 0, 0] + padded + payload
    let sum = checksum(segment, .tcp, source, destination)
    segment.replaceSubrange(16..<18, with: sum.wire)
    return segment
  }

  package static func udp(
    from source: PacketEnd = client, to destination: PacketEnd = server, _ payload: [UInt8]
  ) -> [UInt8] {
    var datagram = source.port.wire + destination.port.wire
    datagram += UInt16(truncatingIfNeeded: 8 + payload.count).wire + [0, 0] + payload
    let sum = checksum(datagram, .udp, source, destination)
    datagram.replaceSubrange(6..<8, with: (sum == 0 ? 0xffff : sum).wire)
    return datagram
  }

  /// ICMP of version 4.
  package static func icmp(type: UInt8, code: UInt8 = 0, word: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    var message = [type, code, 0, 0] + word.wire + payload
    message.replaceSubrange(2..<4, with: checksum(message).wire)
    return message
  }

  package static func icmpv6(
    type: UInt8, code: UInt8 = 0, word: UInt32 = 0, _ payload: [UInt8] = [], from source: PacketEnd = client6,
    to destination: PacketEnd = server6
  ) -> [UInt8] {
    var message = [type, code, 0, 0] + word.wire + payload
    message.replaceSubrange(2..<4, with: checksum(message, .icmpv6, source, destination).wire)
    return message
  }

  // MARK: Checksums

  package static func checksum(_ bytes: [UInt8]) -> UInt16 { bytes.withWire { InternetChecksum.of($0) } }

  private static func checksum(
    _ bytes: [UInt8], _ transport: TransportProtocol, _ source: PacketEnd, _ destination: PacketEnd
  ) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      source: source.address, destination: destination.address, transport: transport, length: bytes.count)
    bytes.withWire { sum.add($0) }
    return sum.value
  }
}

extension FixedWidthInteger {
  /// Its bytes in network order.
  package var wire: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self(Self.bitWidth - 8 - 8 * $0)) }
  }
}

extension [UInt8] {
  /// Lends the bytes as a span.
  @discardableResult
  package func withWire<R>(_ body: (RawSpan) throws -> R) rethrows -> R {
    try unsafe withUnsafeBytes { raw in try body(unsafe RawSpan(_unsafeBytes: raw)) }
  }
}
