internal import AppLayer
package import Capture
internal import Decode
internal import Flow

/// A worker's counters under EVE's names.
extension Worker {
  package func statistics(_ capture: CaptureStatistics) -> CounterTree {
    var tree = CounterTree()
    add(capture, to: &tree)
    addDecoder(to: &tree)
    addFlows(to: &tree)
    addStreams(to: &tree)
    tree.set("detect.alert", counters.alerts)
    tree.set("detect.alert_queue_overflow", counters.alertQueueOverflow)
    tree.set("detect.alerts_suppressed", counters.alertsSuppressed)
    for proto in AppProtocol.known {
      tree.set("app_layer.flow.\(counterName(proto))", counters.appFlows[Int(proto.rawValue)])
    }
    tree.set("app_layer.flow.failed_tcp", counters.failedFlowsTCP)
    tree.set("app_layer.flow.failed_udp", counters.failedFlowsUDP)
    for proto in AppProtocol.known {
      tree.set("app_layer.tx.\(counterName(proto))", counters.appTransactions[Int(proto.rawValue)])
    }
    return tree
  }

  private func counterName(_ proto: AppProtocol) -> String { proto == .dns ? "dns_udp" : proto.name }

  private func add(_ capture: CaptureStatistics, to tree: inout CounterTree) {
    guard capture.kernelPackets > 0 else { return }
    tree.set("capture.kernel_packets", capture.kernelPackets)
    tree.set("capture.kernel_drops", capture.kernelDrops)
    tree.set("capture.kernel_ifdrops", capture.interfaceDrops)
  }

  private func addDecoder(to tree: inout CounterTree) {
    let decoded = decoder.counters
    let values: [(String, UInt64)] = [
      ("pkts", decoded.packets), ("bytes", decoded.bytes), ("invalid", decoded.invalid), ("ipv4", decoded.ipv4),
      ("ipv6", decoded.ipv6), ("ethernet", decoded.ethernet), ("arp", decoded.arp),
      ("unknown_ethertype", decoded.unknownEtherType), ("chdlc", decoded.chdlc), ("raw", decoded.raw),
      ("null", decoded.null), ("sll", decoded.sll), ("sll2", decoded.sll2), ("tcp", decoded.tcp),
      ("udp", decoded.udp), ("sctp", decoded.sctp), ("esp", decoded.esp), ("icmpv4", decoded.icmpv4),
      ("icmpv6", decoded.icmpv6), ("ppp", decoded.ppp), ("pppoe", decoded.pppoe), ("geneve", decoded.geneve),
      ("gre", decoded.gre), ("vlan", decoded.vlan), ("vlan_qinq", decoded.vlanQinQ),
      ("vlan_qinqinq", decoded.vlanQinQinQ), ("vxlan", decoded.vxlan), ("vntag", decoded.vntag),
      ("ieee8021ah", decoded.ieee8021ah), ("teredo", decoded.teredo), ("ipv4_in_ipv4", decoded.ipv4InIPv4),
      ("ipv6_in_ipv4", decoded.ipv6InIPv4), ("ipv4_in_ipv6", decoded.ipv4InIPv6),
      ("ipv6_in_ipv6", decoded.ipv6InIPv6), ("mpls", decoded.mpls),
      ("avg_pkt_size", decoded.packets == 0 ? 0 : decoded.bytes / decoded.packets),
      ("max_pkt_size", decoded.maximumPacketSize), ("erspan", decoded.erspan), ("nsh", decoded.nsh),
      ("too_many_layers", decoded.tooManyLayers),
    ]
    for (name, value) in values { tree.set("decoder." + name, value) }
    guard settings.eve.stats.decoderEvents else { return }
    for event in DecodeEvent.allCases { tree.set(event.counterName, decoded.count(of: event)) }
  }

  private func addFlows(to tree: inout CounterTree) {
    let flow = flows.counters
    let values: [(String, UInt64)] = [
      ("total", flow.total), ("active", flow.active), ("tcp", flow.tcp), ("udp", flow.udp), ("icmpv4", flow.icmpv4),
      ("icmpv6", flow.icmpv6), ("tcp_reuse", flow.tcpReuse), ("memcap", flow.memoryCapDrops),
      ("emerg_mode_entered", flow.emergencyEntered), ("emerg_mode_over", flow.emergencyOver),
      ("end.state.timeout", flow.endedByTimeout), ("end.state.forced", flow.endedByForce),
      ("end.state.shutdown", flow.endedByShutdown),
    ]
    for (name, value) in values { tree.set("flow." + name, value) }
  }

  private func addStreams(to tree: inout CounterTree) {
    let stream = flows.streamCounters
    let values: [(String, UInt64)] = [
      ("sessions", stream.sessions), ("invalid_checksum", stream.invalidChecksum), ("syn", stream.syn),
      ("synack", stream.synAck), ("rst", stream.reset), ("midstream_pickups", stream.midstreamPickups),
      ("reassembly_gap", stream.gaps), ("overlap", stream.overlaps), ("overlap_diff_data", stream.overlapsDifferent),
      ("segment_memcap_drop", stream.memoryCapDrops), ("stream_depth_reached", stream.depthReached),
      ("pkt_ignored", stream.ignored), ("insert_data_limit_hit", stream.limitHits),
    ]
    for (name, value) in values { tree.set("tcp." + name, value) }
  }
}
