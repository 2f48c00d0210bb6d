internal import Capture
internal import Decode
internal import Glibc
internal import Wire

/// Packets and capture files.
enum PacketEntrances {
  private static let links: [LinkType] = [
    .ethernet, .raw, .linuxCooked, .linuxCooked2, .null, .ppp, .ciscoHDLC, .ethernet,
  ]

  static func packet(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let link = links[Int(input.byte() & 7)]
    let packet = input.rest()
    var decoder = Decoder(configuration)
    let header = PacketHeader(
      timestamp: Timestamp(seconds: 1), capturedLength: packet.count, wireLength: packet.count, linkType: link,
      number: 1)
    packet.lend { span in decoder.decode(span, header) { check($0, $1) } }
  }

  /// Checksums are not looked at: a fuzzer cannot guess them, and what lies behind is the point.
  static var configuration: DecoderConfiguration {
    var configuration = DecoderConfiguration()
    configuration.verifyChecksums = false
    return configuration
  }

  /// Offsets lead nowhere outside the bytes.
  static func check(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    let (transport, begin, length) = (packet.transportOffset, packet.payloadOffset, packet.payloadLength)
    guard transport >= 0, !packet.isInvalid else { return }
    precondition(transport <= bytes.byteCount, "the transport header begins inside the packet")
    precondition(length >= 0, "a payload is not negative")
    precondition(begin + length <= bytes.byteCount, "the payload ends inside the packet")
    _ = packet.embeddedTuple(in: bytes)
  }

  static func capture(_ bytes: [UInt8]) {
    guard let path = scratch(bytes), let file = try? CaptureFile(path: path) else { return }
    var decoder = Decoder(configuration)
    reading: while true {
      let outcome = try? file.dispatch(limit: 64) { header, span in
        precondition(header.capturedLength == span.byteCount, "a packet is as long as its header says")
        decoder.decode(span, header) { check($0, $1) }
      }
      guard case .packets = outcome else { break reading }
    }
  }

  /// The bytes as a file without a name, written over by the next call.
  private static func scratch(_ bytes: [UInt8]) -> String? {
    guard file >= 0, ftruncate(file, 0) == 0 else { return nil }
    guard unsafe pwrite(file, bytes, bytes.count, 0) == bytes.count else { return nil }
    return "/proc/self/fd/\(file)"
  }

  private static let file: Int32 = {
    var name = Array("/tmp/fuzz-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    unsafe unlink(name)
    return descriptor
  }()
}
