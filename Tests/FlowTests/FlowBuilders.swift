import Decode
import Wire

@testable import Flow

/// Both ends of a connection, and its clock.
struct Ends {
  var client = IPAddress(v4: 0x0a00_0001)
  var server = IPAddress(v4: 0x0a00_0002)
  var clientPort: UInt16 = 40_000
  var serverPort: UInt16 = 80
  var seconds: Double = 1_000
}

func packet(
  _ transport: TransportProtocol, from source: IPAddress, _ sourcePort: UInt16, to destination: IPAddress,
  _ destinationPort: UInt16, at seconds: Double, length: Int = 0
) -> DecodedPacket {
  let header = PacketHeader(
    timestamp: Timestamp(seconds: 0).advanced(seconds: seconds), capturedLength: 54 + length, wireLength: 54 + length,
    linkType: LinkType(rawValue: 1), number: 1)
  var packet = DecodedPacket(header)
  packet.ipVersion = source.isV6 ? 6 : 4
  packet.ttl = 64
  packet.transport = transport
  packet.source = source
  packet.destination = destination
  packet.sourcePort = sourcePort
  packet.destinationPort = destinationPort
  packet.ipOffset = 14
  packet.ipHeaderLength = 20
  packet.transportOffset = 34
  packet.transportHeaderLength = 20
  packet.ipTotalLength = 40 + length
  packet.payloadOffset = 54
  packet.payloadLength = length
  return packet
}

/// What a reader of streams was told, per direction, and what the table said of each segment.
struct Told: Equatable {
  var bytes: [[UInt8]] = [[], []]
  var gaps: [Int] = [0, 0]
  var ends: [Int] = [0, 0]
  var depths: [Int] = [0, 0]
  /// Ranges of the stream that were told as missing.
  var missing: [[Range<Int>]] = [[], []]
  /// Chunks in order: "s:abc", "c:-3" (a gap), "s:end".
  var story: [String] = []

  mutating func take(_ chunk: borrowing StreamChunk) {
    let side = chunk.direction.index
    let name = side == 0 ? "s:" : "c:"
    if chunk.isGap {
      gaps[side] += chunk.gapLength
      missing[side].append(Int(chunk.offset)..<Int(chunk.offset) + chunk.gapLength)
      story.append("\(name)-\(chunk.gapLength)")
    } else if chunk.marks.contains(.depthReached) {
      depths[side] += 1
      story.append(name + "depth")
    } else if chunk.isEnd {
      ends[side] += 1
      story.append(name + "end")
    } else {
      bytes[side] += chunk.bytes.array()
      story.append(name + String(decoding: chunk.bytes.array(), as: UTF8.self))
    }
  }
  func text(_ direction: Direction) -> String { String(decoding: bytes[direction.index], as: UTF8.self) }
}

/// A table with one connection, driven segment by segment.
final class Connection {
  var table: FlowTable
  var told = Told()
  var ends: [(reason: String, state: String)] = []
  var wire = Ends()
  var clientSequence: UInt32
  var serverSequence: UInt32
  var last = SegmentOutcome()
  var ref: FlowRef?

  init(clientISN: UInt32 = 1_000, serverISN: UInt32 = 9_000, _ configure: (inout FlowConfiguration) -> Void = { _ in })
  {
    var configuration = FlowConfiguration()
    configuration.memoryCap = 1 << 20
    configure(&configuration)
    table = FlowTable(configuration)
    clientSequence = clientISN
    serverSequence = serverISN
  }

  @discardableResult
  func send(
    _ direction: Direction, _ flags: UInt8, _ text: String = "", sequence: UInt32? = nil,
    acknowledgement: UInt32? = nil, window: UInt16 = 65_535, after: Double = 0.001,
    change: (inout DecodedPacket) -> Void = { _ in }
  ) -> SegmentOutcome {
    send(
      direction, flags, Array(text.utf8), sequence: sequence, acknowledgement: acknowledgement, window: window,
      after: after, change: change)
  }

  @discardableResult
  func send(
    _ direction: Direction, _ flags: UInt8, _ payload: [UInt8], sequence: UInt32? = nil,
    acknowledgement: UInt32? = nil, window: UInt16 = 65_535, after: Double = 0.001,
    change: (inout DecodedPacket) -> Void = { _ in }
  ) -> SegmentOutcome {
    wire.seconds += after
    let toServer = direction == .toServer
    var packet = packet(
      .tcp, from: toServer ? wire.client : wire.server, toServer ? wire.clientPort : wire.serverPort,
      to: toServer ? wire.server : wire.client, toServer ? wire.serverPort : wire.clientPort, at: wire.seconds,
      length: payload.count)
    packet.tcpFlags = flags
    packet.tcpSequence = sequence ?? (toServer ? clientSequence : serverSequence)
    packet.tcpAcknowledgement =
      acknowledgement ?? (flags & 0x10 != 0 ? (toServer ? serverSequence : clientSequence) : 0)
    packet.tcpWindow = window
    change(&packet)
    if sequence == nil {
      let used = UInt32(payload.count) &+ (flags & 0x03 != 0 ? 1 : 0)
      if toServer { clientSequence &+= used } else { serverSequence &+= used }
    }
    ref = unsafe table.track(packet, payload.span.bytes)
    drainEnded()
    guard let ref else { return SegmentOutcome() }
    last = unsafe table.segment(ref, packet, payload.span.bytes) { told.take($0) }
    return last
  }

  func drainEnded() {
    while let slot = table.nextEnded() {
      table.flush(slot) { told.take($0) }
      ends.append((table[slot].reason.name, table[slot].state.name))
      table.release(slot)
    }
  }

  func handshake() {
    send(.toServer, Flag.syn)
    send(.toClient, Flag.synAck)
    send(.toServer, Flag.ack)
  }

  func finish() {
    table.endAll()
    drainEnded()
  }

  var state: String { ref.map { table.session($0.slot).state.name } ?? "no flow" }
  var events: [String] {
    var names: [String] = []
    last.events.forEach { names.append($0.name) }
    return names
  }
}

enum Flag {
  static let fin: UInt8 = 0x01
  static let syn: UInt8 = 0x02
  static let rst: UInt8 = 0x04
  static let psh: UInt8 = 0x08
  static let ack: UInt8 = 0x10
  static let urg: UInt8 = 0x20
  static let synAck: UInt8 = 0x12
  static let finAck: UInt8 = 0x11
  static let rstAck: UInt8 = 0x14
}
