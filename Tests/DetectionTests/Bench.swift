import AppLayer
import Decode
import Flow
import PatternMatching
import RuleLanguage
import Testing
import Wire

@testable import Detection

/// A detector with rules from text, fed with packets made by hand.
final class Bench {
  let detector: Detector
  var time: Int64 = 1_700_000_000
  var offsets: [UInt64] = [0, 0]

  init(_ text: String, limits: [ThresholdEntry] = []) throws {
    let parsed = RuleParser().parse(Array(text.utf8), file: "test.rules")
    try #require(parsed.refused == 0, "\(parsed.diagnostics.map(\.description))")
    var compiler = RuleCompiler(variables: try RuleVariables.standard())
    compiler.limits = limits
    let result = try compiler.compile(parsed.rules)
    try #require(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.description))")
    detector = try Detector(result.rules)
  }

  var sids: [UInt32] { detector.hits.map { detector.rules.facts[Int($0.rule)].sid } }

  func packet(
    _ transport: TransportProtocol = .udp, from: String = "10.0.0.1", to: String = "8.8.8.8",
    ports: (UInt16, UInt16) = (40_000, 53),
    _ change: (inout DecodedPacket) -> Void = { _ in }
  ) -> DecodedPacket {
    var packet = DecodedPacket(
      PacketHeader(
        timestamp: Timestamp(seconds: time), capturedLength: 0, wireLength: 0, linkType: .ethernet, number: 1))
    packet.ipVersion = 4
    packet.ipOffset = 0
    packet.ipHeaderLength = 0
    packet.transport = transport
    packet.transportOffset = 0
    packet.source = IPAddress(from) ?? packet.source
    packet.destination = IPAddress(to) ?? packet.destination
    (packet.sourcePort, packet.destinationPort) = ports
    packet.ttl = 64
    change(&packet)
    return packet
  }

  /// One datagram (or whatever `change` makes of it) with this payload: the sids that alerted.
  func send(
    _ payload: [UInt8], flow: FlowContext? = nil, _ transport: TransportProtocol = .udp, from: String = "10.0.0.1",
    to: String = "8.8.8.8", ports: (UInt16, UInt16) = (40_000, 53), _ change: (inout DecodedPacket) -> Void = { _ in }
  ) -> [UInt32] {
    var packet = packet(transport, from: from, to: to, ports: ports, change)
    packet.payloadOffset = 0
    packet.payloadLength = payload.count
    detector.begin(packet, flow)
    unsafe detector.inspect(payload.span.bytes, flow)
    detector.finish()
    return sids
  }

  func send(_ text: String, flow: FlowContext? = nil) -> [UInt32] { send(Array(text.utf8), flow: flow) }

  /// One TCP segment in order, pushed.
  func segment(_ text: String, _ direction: Direction = .toServer, pushed: Bool = true, end: Bool = false) -> [UInt32] {
    var flow = FlowContext(slot: 3, direction: direction)
    flow.isEstablished = true
    let isOut = direction == .toServer
    var packet = packet(
      .tcp, from: isOut ? "10.0.0.1" : "8.8.8.8", to: isOut ? "8.8.8.8" : "10.0.0.1",
      ports: isOut ? (40_000, 80) : (80, 40_000)
    ) { $0.tcpFlags = pushed ? 0x18 : 0x10 }
    let bytes = Array(text.utf8)
    packet.payloadLength = bytes.count
    detector.begin(packet, flow)
    unsafe detector.append(
      bytes.span.bytes, at: offsets[direction.index], gap: 0, isEnd: end, slot: 3, direction: direction)
    offsets[direction.index] += UInt64(bytes.count)
    unsafe detector.inspect(bytes.span.bytes, flow)
    detector.finish()
    return sids
  }
}
