internal import AppLayer
internal import Decode
internal import Detection
internal import Flow
internal import Wire

/// Flows that have ended: their last bytes, transactions, alerts and records.
extension Worker {
  func finishEndedFlows() {
    while let slot = flows.nextEnded() { finishFlow(slot) }
  }

  private func finishFlow(_ slot: FlowSlot) {
    if flows[slot].transport == .tcp || session(slot) != nil { finishSession(slot) }
    detector?.flowEnded(slot)
    let record = flows[slot]
    if settings.eve.flow {
      writer.flow(record, summary(slot, record), at: now)
    }
    if settings.eve.netflow { writer.netflow(record, names(of: record), at: now) }
    countSight(record, slot)
    store(nil, slot)
    flows.release(slot)
  }

  private func summary(_ slot: FlowSlot, _ record: FlowRecord) -> EVEWriter.FlowSummary {
    let state: String? = record.transport == .tcp ? flows.session(slot).state.name : nil
    var names = names(of: record)
    names.original = session(slot)?.originalProto?.name ?? ""
    return EVEWriter.FlowSummary(
      appProtocol: names, tcpState: state, transactions: session(slot)?.transactionCount ?? 0)
  }

  /// What the table still held is delivered, both directions end, and rules look once more at what is there.
  private func finishSession(_ slot: FlowSlot) {
    let record = flows[slot]
    var delivery = Delivery(session: session(slot), isSettled: isSettled(slot))
    let pseudo = pseudoPacket(record)
    let ref = FlowRef(slot: slot, direction: .toServer, isNew: false)
    detector?.begin(pseudo, FlowContext(ref, record))
    if record.transport == .tcp {
      let tuple = record.tuple
      flows.flush(slot) { chunk in
        feed(chunk, &delivery, tuple)
        detector?.append(chunk)
      }
    }
    if let session = delivery.session {
      session.end(.toServer, at: now)
      session.end(.toClient, at: now)
      settle(session, slot)
    }
    if let detector, delivery.hasChunks || delivery.session?.transactions.isEmpty == false {
      let none: [UInt8] = []
      let empty = unsafe none.span.bytes
      inspect(delivery.session, FlowContext(ref, flows[slot]), empty, with: detector)
      for transaction in delivery.session?.transactions ?? [] {
        inspect(transaction, .toClient, empty, with: detector)
      }
      detector.finish()
      if !detector.hits.isEmpty { writeAlerts(pseudo, empty, slot: slot, direction: .toServer) }
    }
    if let session = delivery.session { log(session, slot, 0, atEnd: true) }
  }

  /// A packet that was never on the wire: it carries the flow's ends, so that alerts at its end have them.
  private func pseudoPacket(_ record: FlowRecord) -> DecodedPacket {
    var packet = DecodedPacket(
      PacketHeader(timestamp: now, capturedLength: 0, wireLength: 0, linkType: .raw, number: 0))
    let tuple = record.tuple
    packet.origin = .flowTimeout
    packet.ipVersion = tuple.source.isV6 ? 6 : 4
    packet.source = tuple.source
    packet.destination = tuple.destination
    packet.sourcePort = tuple.sourcePort
    packet.destinationPort = tuple.destinationPort
    packet.transport = tuple.transport
    return packet
  }
}
