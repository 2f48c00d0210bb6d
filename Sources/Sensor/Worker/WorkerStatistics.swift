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
    for (name, value) in decoder.counters.named {
      if !settings.eve.stats.decoderEvents, name.hasPrefix("decoder.event.") { continue }
      tree.set(name, value)
    }
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
