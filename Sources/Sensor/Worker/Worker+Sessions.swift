internal import AppLayer
internal import Flow
internal import Wire

/// Which session belongs to which flow, and what the flow's record learns from it.
extension Worker {
  @inline(__always) func session(_ slot: FlowSlot) -> AppSession? {
    let index = Int(slot)
    return index < sessions.count ? sessions[index] : nil
  }

  func store(_ session: AppSession?, _ slot: FlowSlot) {
    let index = Int(slot)
    if index >= sessions.count {
      sessions.append(contentsOf: repeatElement(nil, count: max(1024, index + 1 - sessions.count)))
    }
    sessions[index] = session
  }

  /// Nothing more is to be learnt: the protocol was sought in vain.
  func isSettled(_ slot: FlowSlot) -> Bool {
    flows[slot].appProtocol == AppProtocol.failed.rawValue
  }

  func swapped(_ slot: FlowSlot) -> Bool { flows[slot].flags.contains(.swapped) }

  func turnRound(_ slot: FlowSlot) {
    if !swapped(slot) { flows.swap(slot) }
  }

  /// Copies what the session recognised into the flow's record, counts it once, and lets go of a session in vain.
  func settle(_ session: AppSession, _ slot: FlowSlot) {
    let before = flows[slot].appProtocol
    let found = session.proto
    guard before != found.rawValue || flows[slot].appProtocolToClient != session.protoToClient.rawValue else { return }
    flows[slot].appProtocol = found.rawValue
    flows[slot].appProtocolToServer = session.protoToServer.rawValue
    flows[slot].appProtocolToClient = session.protoToClient.rawValue
    guard before != found.rawValue else { return }
    if found == .failed {
      if flows[slot].transport == .udp { counters.failedFlowsUDP &+= 1 } else { counters.failedFlowsTCP &+= 1 }
    } else if before == AppProtocol.unknown.rawValue, Int(found.rawValue) < counters.appFlows.count {
      counters.appFlows[Int(found.rawValue)] &+= 1
    }
  }

  func names(of flow: borrowing FlowRecord) -> EVEWriter.AppProtocolNames {
    func name(_ raw: UInt8) -> String {
      raw == 0 || Int(raw) >= appProtocolNames.count ? "" : appProtocolNames[Int(raw)]
    }
    return EVEWriter.AppProtocolNames(
      name: name(flow.appProtocol), toServer: name(flow.appProtocolToServer), toClient: name(flow.appProtocolToClient))
  }
}
