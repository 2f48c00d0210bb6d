internal import Wire

/// One end of a written packet.
struct TrafficEnd: Hashable {
  var address: IPAddress
  var port: UInt16

  init(_ address: IPAddress, _ port: UInt16 = 0) {
    self.address = address
    self.port = port
  }
}

/// Ethernet frames with IPv4 inside, lengths and checksums right.
enum PacketWriter {
  static let fin: UInt8 = 1
  static let syn: UInt8 = 2
  static let psh: UInt8 = 8
  static let ack: UInt8 = 16
  static let urg: UInt8 = 32

  struct Segment {
    var sequence: UInt32 = 1
    var acknowledgement: UInt32 = 0
    var flags: UInt8 = ack
    var payload: [UInt8] = []
  }

  static func tcp(_ segment: Segment, from source: TrafficEnd, to destination: TrafficEnd) -> [UInt8] {
    // A SYN offers a segment size, as every stack does.
    let options: [UInt8] = segment.flags & syn != 0 ? [2, 4, 0x05, 0xb4] : []
    var bytes = word(source.port) + word(destination.port) + long(segment.sequence) + long(segment.acknowledgement)
    bytes += [UInt8((20 + options.count) / 4) << 4, segment.flags, 0xff, 0xff, 0, 0, 0, 0] + options + segment.payload
    bytes.replaceSubrange(16..<18, with: word(checksum(bytes, .tcp, source, destination)))
    return frame(bytes, .tcp, source, destination)
  }

  static func udp(_ payload: [UInt8], from source: TrafficEnd, to destination: TrafficEnd) -> [UInt8] {
    var bytes = word(source.port) + word(destination.port)
    bytes += word(UInt16(truncatingIfNeeded: 8 + payload.count)) + [0, 0] + payload
    let sum = checksum(bytes, .udp, source, destination)
    bytes.replaceSubrange(6..<8, with: word(sum == 0 ? 0xffff : sum))
    return frame(bytes, .udp, source, destination)
  }

  static func echo(_ number: UInt16, isReply: Bool, from source: TrafficEnd, to destination: TrafficEnd) -> [UInt8] {
    var bytes: [UInt8] = [isReply ? 0 : 8, 0, 0, 0] + word(0x4711) + word(number) + [UInt8](repeating: 0x61, count: 32)
    bytes.replaceSubrange(2..<4, with: word(sum(bytes)))
    return frame(bytes, .icmp, source, destination)
  }

  private static func frame(
    _ payload: [UInt8], _ transport: TransportProtocol, _ source: TrafficEnd, _ destination: TrafficEnd
  ) -> [UInt8] {
    var header: [UInt8] = [0x45, 0] + word(UInt16(truncatingIfNeeded: 20 + payload.count)) + [0, 1, 0x40, 0]
    header += [60, transport.rawValue, 0, 0] + source.address.bytes + destination.address.bytes
    header.replaceSubrange(10..<12, with: word(sum(header)))
    return [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0] + header + payload
  }

  private static func checksum(
    _ bytes: [UInt8], _ transport: TransportProtocol, _ source: TrafficEnd, _ destination: TrafficEnd
  ) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      source: source.address, destination: destination.address, transport: transport, length: bytes.count)
    sum.add(unsafe bytes.span.bytes)
    return sum.value
  }

  private static func sum(_ bytes: [UInt8]) -> UInt16 { InternetChecksum.of(unsafe bytes.span.bytes) }

  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
  static func long(_ value: UInt32) -> [UInt8] {
    word(UInt16(value >> 16)) + word(UInt16(truncatingIfNeeded: value))
  }
}
