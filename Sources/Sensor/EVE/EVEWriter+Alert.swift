package import AppLayer
package import Decode
package import Detection
package import Flow
internal import Records
internal import RuleLanguage
package import Wire

/// EVE's `alert` record.
extension EVEWriter {
  /// What an alert tells beside its rule.
  package struct AlertContext: ~Escapable {
    package let packet: RawSpan
    package let payload: RawSpan
    package let transaction: Transaction?
    package let direction: Direction
    package let names: AppProtocolNames

    @_lifetime(copy packet, copy payload)
    package init(
      packet: RawSpan, payload: RawSpan, transaction: Transaction?, direction: Direction, names: AppProtocolNames
    ) {
      self.packet = packet
      self.payload = payload
      self.transaction = transaction
      self.direction = direction
      self.names = names
    }
  }

  package mutating func alert(
    _ hit: AlertHit, _ facts: RuleFacts, _ packet: DecodedPacket, _ flow: FlowRecord?, _ context: borrowing AlertContext
  ) {
    begin("alert", at: packet.timestamp, flow: flow?.id, number: packet.number)
    addresses(packet, context.transaction)
    if packet.ipVersion != 0 { json.field("pkt_src", packet.origin.name) }
    if let flow { community(flow) }
    if settings.ethernet { ethernet(packet, context.packet) }
    if hit.flags.contains(.transaction) { json.field("tx_id", context.transaction?.eveID ?? hit.transaction) }
    if packet.tunnelDepth > 0 { tunnel(packet) }
    rule(hit, facts, packet, context.transaction)
    if let transaction = context.transaction { application(transaction) }
    if let flow { flowPart(flow, context) }
    payload(hit, context)
    if settings.alert.packet {
      json.field("packet", base64: context.packet)
      packetInfo(packet)
    }
    if settings.alert.verdict { verdict(facts) }
    end()
  }

  private mutating func addresses(_ packet: DecodedPacket, _ transaction: Transaction?) {
    guard settings.forwarded.enabled, let http = transaction as? HTTPTransaction,
      let client = forwardedClient(http)
    else { return ends(of: packet) }
    guard settings.forwarded.mode == .overwrite else { return ends(of: packet) }
    var seen = packet
    seen.source = client
    ends(of: seen)
  }

  /// What carried the packet, from outside.
  private mutating func tunnel(_ packet: DecodedPacket) {
    json.beginObject("tunnel")
    json.field("src_ip", packet.outerSource)
    if packet.outerTransport.hasPorts { json.field("src_port", packet.outerSourcePort) }
    json.field("dest_ip", packet.outerDestination)
    if packet.outerTransport.hasPorts { json.field("dest_port", packet.outerDestinationPort) }
    protocolName(packet.outerTransport)
    json.field("depth", packet.tunnelDepth)
    json.endObject()
  }

  private mutating func rule(
    _ hit: AlertHit, _ facts: RuleFacts, _ packet: DecodedPacket, _ transaction: Transaction?
  ) {
    json.beginObject("alert")
    // A passive sensor blocks nothing: what a rule of `drop` would have done is not claimed.
    json.field("action", literal: "allowed")
    json.members(facts.members)
    if let target = facts.target {
      end("source", packet, isSource: target == .destination)
      end("target", packet, isSource: target == .source)
    }
    if settings.alert.ruleMetadata, !facts.metadata.isEmpty { json.members(facts.metadata) }
    if settings.forwarded.mode == .extraData, settings.forwarded.enabled, let http = transaction as? HTTPTransaction,
      let client = forwardedClient(http)
    {
      json.field("xff", client.description)
    }
    if settings.alert.ruleReferences, !facts.references.isEmpty { json.members(facts.references) }
    if settings.alert.ruleText { json.field("rule", facts.text) }
    json.endObject()
  }

  private mutating func end(_ name: StaticString, _ packet: DecodedPacket, isSource: Bool) {
    json.beginObject(name)
    json.field("ip", isSource ? packet.source : packet.destination)
    if packet.transport.hasPorts { json.field("port", isSource ? packet.sourcePort : packet.destinationPort) }
    json.endObject()
  }

  private mutating func application(_ transaction: Transaction) {
    guard settings.alert.appLayer else { return }
    switch transaction {
    case let http as HTTPTransaction:
      httpObject(http)
      if settings.alert.httpBody || settings.alert.httpBodyPrintable { httpBodies(http) }
    case let tls as TLSTransaction: tlsObject(tls)
    case let dns as DNSTransaction: dnsObject(dns)
    default: break
    }
    files(transaction)
  }

  private mutating func flowPart(_ flow: FlowRecord, _ context: borrowing AlertContext) {
    if settings.alert.appLayer { appProtocol(context.names) }
    json.field("direction", literal: context.direction == .toServer ? "to_server" : "to_client")
    guard settings.alert.flow else { return }
    let tuple = flow.tuple
    json.beginObject("flow")
    counters(of: flow)
    json.field("start", flow.first)
    json.field("src_ip", tuple.source)
    json.field("dest_ip", tuple.destination)
    if tuple.transport.hasPorts {
      json.field("src_port", tuple.sourcePort)
      json.field("dest_port", tuple.destinationPort)
    }
    json.endObject()
  }

  private mutating func payload(_ hit: AlertHit, _ context: borrowing AlertContext) {
    let isStream = hit.flags.contains(.stream) || hit.flags.contains(.transaction)
    let wants = settings.alert.payload || settings.alert.payloadPrintable || settings.alert.payloadLength
    if wants, context.payload.byteCount > 0 {
      let kept = context.payload.clamped(0, settings.alert.payloadBufferSize)
      if settings.alert.payload { json.field("payload", base64: kept) }
      if settings.alert.payloadPrintable { json.field("payload_printable", PrintableText.bytes(kept)) }
      if settings.alert.payloadLength { json.field("payload_length", context.payload.byteCount) }
    }
    if wants { json.field("stream", isStream ? 1 : 0) }
  }

  private mutating func verdict(_ facts: RuleFacts) {
    json.beginObject("verdict")
    json.field("action", literal: "alert")
    json.endObject()
  }

  private mutating func ethernet(_ packet: DecodedPacket, _ bytes: RawSpan) {
    guard packet.etherOffset >= 0 else { return }
    let header = bytes.clamped(packet.etherOffset, packet.etherOffset + 14)
    guard header.byteCount == 14 else { return }
    json.beginObject("ether")
    json.field("src_mac", EVEWriter.mac(header, 6))
    json.field("dest_mac", EVEWriter.mac(header, 0))
    json.endObject()
  }

  static func mac(_ bytes: RawSpan, _ offset: Int) -> String {
    (0..<6).map { index in
      let byte = bytes.byte(offset + index)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: ":")
  }
}
