package import Decode
package import Flow
internal import Records
package import Wire

/// EVE's `anomaly` records: what was wrong with a packet, a stream or a transaction.
extension EVEWriter {
  package enum AnomalyLayer {
    case parser, detection
    var name: StaticString { self == .parser ? "proto_parser" : "proto_detect" }
  }

  package mutating func decodeAnomaly(
    _ name: String, _ packet: borrowing DecodedPacket, _ bytes: RawSpan, flow: UInt64?
  ) {
    packetAnomaly("decode", name, packet, bytes, flow: flow)
  }

  package mutating func streamAnomaly(
    _ name: String, _ packet: borrowing DecodedPacket, _ bytes: RawSpan, flow: UInt64?
  ) {
    packetAnomaly("stream", name, packet, bytes, flow: flow)
  }

  private mutating func packetAnomaly(
    _ type: StaticString, _ name: String, _ packet: borrowing DecodedPacket, _ bytes: RawSpan, flow: UInt64?
  ) {
    begin("anomaly", at: packet.timestamp, flow: flow, number: packet.number)
    ends(of: packet)
    if packet.ipVersion != 0 { json.field("pkt_src", packet.origin.name) }
    if settings.anomaly.packetHeader {
      json.field("packet", base64: bytes.clamped(0, 256))
      packetInfo(packet)
    }
    json.beginObject("anomaly")
    json.field("type", literal: type)
    json.field("event", name)
    json.endObject()
    end()
  }

  package mutating func applicationAnomaly(
    _ name: String, layer: AnomalyLayer, appProtocol: String, transaction: UInt64?, flow: borrowing FlowRecord,
    at time: Timestamp, number: UInt64
  ) {
    begin("anomaly", at: time, flow: flow.id, number: number)
    ends(of: flow)
    community(flow)
    if let transaction { json.field("tx_id", transaction) }
    json.beginObject("anomaly")
    if !appProtocol.isEmpty { json.field("app_proto", appProtocol) }
    json.field("type", literal: "applayer")
    json.field("event", name)
    json.field("layer", literal: layer.name)
    json.endObject()
    end()
  }

  mutating func packetInfo(_ packet: borrowing DecodedPacket) {
    json.beginObject("packet_info")
    json.field("linktype", packet.linkType.rawValue)
    if let name = packet.linkType.name { json.field("linktype_name", name) }
    json.endObject()
  }
}
