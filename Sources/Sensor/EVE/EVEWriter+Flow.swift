package import Flow
internal import Records
package import Wire

/// EVE's `flow` and `netflow` records.
extension EVEWriter {
  /// What `flow` says of a flow beside its own record.
  package struct FlowSummary {
    package var appProtocol: AppProtocolNames
    package var tcpState: String?
    package var transactions: UInt64
    package init(appProtocol: AppProtocolNames, tcpState: String?, transactions: UInt64) {
      self.appProtocol = appProtocol
      self.tcpState = tcpState
      self.transactions = transactions
    }
  }

  /// What the flow was taken for, and what each direction looked like where that differs. Empty: unknown.
  package struct AppProtocolNames {
    package var name: String = ""
    package var toServer: String = ""
    package var toClient: String = ""
    /// What it was before a tunnel or an upgrade changed it.
    package var original: String = ""
    package init(name: String = "", toServer: String = "", toClient: String = "") {
      self.name = name
      self.toServer = toServer
      self.toClient = toClient
    }
  }

  package mutating func flow(_ flow: borrowing FlowRecord, _ summary: FlowSummary, at time: Timestamp) {
    begin("flow", at: time, flow: flow.id, number: 0)
    ends(of: flow)
    if flow.transport.isICMP, flow.packetsToClient > 0 {
      json.field("response_icmp_type", flow.icmpResponseType)
      json.field("response_icmp_code", flow.icmpResponseCode)
    }
    if flow.spi != 0 { json.field("spi", flow.spi) }
    community(flow)
    appProtocol(summary.appProtocol)
    json.beginObject("flow")
    counters(of: flow)
    json.field("start", flow.first)
    json.field("end", flow.last)
    json.field("age", flow.age)
    json.field("state", flow.state.name)
    json.field("reason", flow.reason.name)
    json.field("alerted", flow.flags.contains(.alerted))
    if summary.transactions > 0 { json.field("tx_cnt", summary.transactions) }
    json.endObject()
    if flow.transport == .tcp { tcp(flow, summary.tcpState) }
    end()
  }

  /// One record a direction that had packets.
  package mutating func netflow(_ flow: borrowing FlowRecord, _ names: AppProtocolNames, at time: Timestamp) {
    for direction in Direction.allCases where flow.packets(direction) > 0 {
      begin("netflow", at: time, flow: flow.id, number: 0)
      ends(of: flow, direction: direction)
      community(flow)
      appProtocol(names)
      json.beginObject("netflow")
      json.field("pkts", flow.packets(direction))
      json.field("bytes", flow.bytes(direction))
      json.field("start", flow.first)
      json.field("end", flow.last)
      json.field("age", flow.age)
      let toServer = direction == .toServer
      json.field("min_ttl", toServer ? flow.minimumTTLToServer : flow.minimumTTLToClient)
      json.field("max_ttl", toServer ? flow.maximumTTLToServer : flow.maximumTTLToClient)
      json.endObject()
      if flow.transport == .tcp {
        json.beginObject("tcp")
        let flags = toServer ? flow.tcpFlagsToServer : flow.tcpFlagsToClient
        tcpFlags("tcp_flags", flags)
        flagNames(flags)
        json.endObject()
      }
      end()
    }
  }

  /// Both directions' packets and bytes, members of an open object.
  mutating func counters(of flow: borrowing FlowRecord) {
    json.field("pkts_toserver", flow.packetsToServer)
    json.field("pkts_toclient", flow.packetsToClient)
    json.field("bytes_toserver", flow.bytesToServer)
    json.field("bytes_toclient", flow.bytesToClient)
  }

  mutating func appProtocol(_ names: AppProtocolNames) {
    guard !names.name.isEmpty else { return }
    json.field("app_proto", names.name)
    if !names.original.isEmpty, names.original != names.name { json.field("app_proto_orig", names.original) }
    if !names.toServer.isEmpty, names.toServer != names.name { json.field("app_proto_ts", names.toServer) }
    if !names.toClient.isEmpty, names.toClient != names.name { json.field("app_proto_tc", names.toClient) }
  }

  private mutating func tcp(_ flow: borrowing FlowRecord, _ state: String?) {
    json.beginObject("tcp")
    tcpFlags("tcp_flags", flow.tcpFlags)
    tcpFlags("tcp_flags_ts", flow.tcpFlagsToServer)
    tcpFlags("tcp_flags_tc", flow.tcpFlagsToClient)
    flagNames(flow.tcpFlags)
    if let state { json.field("state", state) }
    json.endObject()
  }

  private mutating func tcpFlags(_ name: StaticString, _ flags: UInt8) {
    let bytes = [flags]
    json.field(name, hex: unsafe bytes.span.bytes)
  }

  /// One `true` for each flag seen.
  mutating func flagNames(_ flags: UInt8) {
    if flags & 0x02 != 0 { json.field("syn", true) }
    if flags & 0x01 != 0 { json.field("fin", true) }
    if flags & 0x04 != 0 { json.field("rst", true) }
    if flags & 0x08 != 0 { json.field("psh", true) }
    if flags & 0x10 != 0 { json.field("ack", true) }
    if flags & 0x20 != 0 { json.field("urg", true) }
    if flags & 0x40 != 0 { json.field("ecn", true) }
    if flags & 0x80 != 0 { json.field("cwr", true) }
  }
}
