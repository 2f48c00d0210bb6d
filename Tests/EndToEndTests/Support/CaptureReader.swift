import Foundation
import Wire

/// tcpdump in a namespace, from its first packet to its last.
final class Recording: Sendable {
  private let child: Child
  private let path: String

  init(_ network: Network, in space: Workspace) async throws {
    path = space.file("round.pcap")
    // As root, since the folder is root's; the kernel's buffer holds what a busy machine reads late.
    child = try Child(
      network.prefix + ["tcpdump", "-i", "lo", "-U", "-Z", "root", "-s", "256", "-B", "32768", "-w", path])
    let child = child
    let isUp = await eventually(within: 10) { child.complaint.contains("listening on") || child.status != nil }
    guard isUp, child.status == nil else { throw Failure("tcpdump does not record: \(child.complaint)") }
  }

  /// Every packet of the file, and how many the kernel dropped.
  func end() async throws -> (packets: [SeenPacket], dropped: Int) {
    child.send(SIGINT)
    _ = try await child.end()
    let line = child.complaint.split(separator: "\n").first { $0.contains("dropped by kernel") }
    guard let line, let dropped = line.split(separator: " ").first.flatMap({ Int($0) }) else {
      throw Failure("tcpdump did not say what was dropped: \(child.complaint)")
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    return (SeenPacket.all(of: bytes), dropped)
  }
}

/// Ends and flags of one packet of a capture on loopback.
struct SeenPacket {
  var source: String
  var destination: String
  var sourcePort = 0
  var destinationPort = 0
  /// Of TCP; nil for anything else.
  var flags: UInt8?
  var isUDP = false

  /// Only the first of a handshake.
  var isSYN: Bool { flags.map { $0 & 0x12 == 0x02 } ?? false }
  var isSYNACK: Bool { flags.map { $0 & 0x12 == 0x12 } ?? false }

  /// Of a classic capture file of Ethernet frames (little-endian, as this machine writes it).
  static func all(of file: [UInt8]) -> [SeenPacket] {
    var packets: [SeenPacket] = []
    var at = 24
    while at + 16 <= file.count {
      let length = (0..<4).reduce(0) { $0 | Int(file[at + 8 + $1]) << (8 * $1) }
      guard at + 16 + length <= file.count else { break }
      if let packet = SeenPacket(frame: Array(file[(at + 16)..<(at + 16 + length)])) { packets.append(packet) }
      at += 16 + length
    }
    return packets
  }

  init?(frame: [UInt8]) {
    guard frame.count >= 34 else { return nil }
    let type = Int(frame[12]) << 8 | Int(frame[13])
    let (transport, next): (Int, UInt8)
    switch type {
    case 0x0800:
      (transport, next) = (14 + Int(frame[14] & 15) * 4, frame[23])
      source = frame[26..<30].map(String.init).joined(separator: ".")
      destination = frame[30..<34].map(String.init).joined(separator: ".")
    case 0x86dd where frame.count >= 54:
      (transport, next) = (54, frame[20])
      func text(_ range: Range<Int>) -> String {
        func word(_ range: Range<Int>) -> UInt64 { frame[range].reduce(0) { $0 << 8 | UInt64($1) } }
        let middle = range.lowerBound + 8
        return IPAddress(high: word(range.lowerBound..<middle), low: word(middle..<range.upperBound)).description
      }
      (source, destination) = (text(22..<38), text(38..<54))
    default: return nil
    }
    guard next == 6 || next == 17, frame.count >= transport + 14 else { return }
    sourcePort = Int(frame[transport]) << 8 | Int(frame[transport + 1])
    destinationPort = Int(frame[transport + 2]) << 8 | Int(frame[transport + 3])
    if next == 6 { flags = frame[transport + 13] }
    isUDP = next == 17
  }
}
