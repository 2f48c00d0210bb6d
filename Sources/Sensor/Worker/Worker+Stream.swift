internal import AppLayer
internal import Decode
internal import Detection
internal import Flow
internal import Wire

/// TCP segments and UDP datagrams: bytes to sessions, sessions to the detector.
extension Worker {
  /// What happened while one packet's stream chunks were delivered.
  struct Delivery {
    var session: AppSession?
    /// The flow's protocol was sought in vain: no session is made any more.
    var isSettled: Bool
    var hasChunks = false
    /// The session found the flow's ends the wrong way round; the table is told after the call.
    var mustSwap = false
    /// It had found that before: the table knows.
    let wasReversed: Bool

    init(session: AppSession?, isSettled: Bool) {
      self.session = session
      self.isSettled = isSettled
      wasReversed = session?.isReversed ?? false
    }
  }

  func segment(_ ref: FlowRef, _ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    var delivery = Delivery(session: session(ref.slot), isSettled: isSettled(ref.slot))
    let payload = bytes.clamped(packet.payloadOffset, packet.payloadOffset &+ packet.payloadLength)
    let tuple = delivery.session == nil ? flows[ref.slot].tuple : nil
    detector?.begin(copy packet, FlowContext(ref, flows[ref.slot]))
    let outcome = flows.segment(ref, packet, payload) { chunk in
      feed(chunk, &delivery, tuple)
      detector?.append(chunk)
    }
    if !outcome.events.isEmpty { writeStreamAnomalies(outcome.events, packet, bytes, flow: flows[ref.slot].id) }
    if delivery.mustSwap { turnRound(ref.slot) }
    // Without chunks too: what this direction's packets let rules look at may have come with the other's.
    let session = delivery.session
    if let session, delivery.hasChunks { settle(session, ref.slot) }
    let direction = delivery.mustSwap ? ref.direction.opposite : ref.direction
    inspect(session, ref, direction, packet, bytes, outcome.events)
    if let session { log(session, ref.slot, packet.number) }
  }

  /// The detector's turn, once stream and application layer have had the packet.
  private func inspect(
    _ session: AppSession?, _ ref: FlowRef, _ direction: Direction, _ packet: borrowing DecodedPacket,
    _ bytes: RawSpan, _ events: StreamEventSet
  ) {
    guard let detector else { return }
    if !events.isEmpty { detector.note(events) }
    let fresh = FlowRef(slot: ref.slot, direction: direction, isNew: ref.isNew)
    inspect(session, FlowContext(fresh, flows[ref.slot]), bytes, with: detector)
    detector.finish()
    if !detector.hits.isEmpty { writeAlerts(packet, bytes, slot: ref.slot, direction: direction) }
  }

  /// Hands a chunk to the flow's session, which is made for the first bytes.
  func feed(_ chunk: borrowing StreamChunk, _ delivery: inout Delivery, _ tuple: FiveTuple?) {
    delivery.hasChunks = true
    if delivery.session == nil, let tuple, chunk.bytes.byteCount > 0, !delivery.isSettled {
      delivery.session = AppSession(
        transport: .tcp, sourcePort: tuple.sourcePort, destinationPort: tuple.destinationPort,
        configuration: application)
      store(delivery.session, chunk.slot)
    }
    guard let session = delivery.session, !session.isFinished || chunk.isEnd else { return }
    let direction = delivery.mustSwap ? chunk.direction.opposite : chunk.direction
    if chunk.isGap {
      session.gap(chunk.gapLength, direction, at: now)
    } else if chunk.bytes.byteCount > 0 {
      session.receive(chunk.bytes, direction, at: now)
    }
    if chunk.isEnd { session.end(direction, at: now) }
    if session.isReversed, !delivery.wasReversed { delivery.mustSwap = true }
  }

  func datagram(_ ref: FlowRef, _ packet: borrowing DecodedPacket, _ bytes: RawSpan) {
    let payload = bytes.clamped(packet.payloadOffset, packet.payloadOffset &+ packet.payloadLength)
    detector?.begin(copy packet, FlowContext(ref, flows[ref.slot]))
    var found = session(ref.slot)
    if found == nil, payload.byteCount > 0, !isSettled(ref.slot) {
      let tuple = flows[ref.slot].tuple
      found = AppSession(
        transport: .udp, sourcePort: tuple.sourcePort, destinationPort: tuple.destinationPort,
        configuration: application)
      store(found, ref.slot)
    }
    var direction = ref.direction
    if let session = found, payload.byteCount > 0 {
      session.receive(payload, direction, at: now)
      if session.isReversed, !swapped(ref.slot) {
        // The datagram that showed it is not consumed: it is fed again the right way round.
        turnRound(ref.slot)
        direction = direction.opposite
        session.receive(payload, direction, at: now)
      }
      settle(session, ref.slot)
    }
    inspect(found, ref, direction, packet, bytes, StreamEventSet())
    if let session = found { log(session, ref.slot, packet.number) }
  }

  /// Packet and stream rules, then every live transaction in the packet's own direction: so an alert stands on a packet
  /// of the side that it is about, also where data waits for its acknowledgement. What has not moved costs nothing.
  func inspect(_ session: AppSession?, _ context: FlowContext, _ bytes: RawSpan, with detector: Detector) {
    if let session { for event in session.events where event.transaction == nil { detector.note(event) } }
    detector.inspect(bytes, context)
    guard let session else { return }
    for transaction in session.transactions { inspect(transaction, context.direction, bytes, with: detector) }
  }

  func inspect(_ transaction: Transaction, _ direction: Direction, _ bytes: RawSpan, with detector: Detector) {
    detector.inspect(transaction, direction, bytes)
    let progress = transaction.progress(direction)
    if direction == .toServer {
      transaction.inspection.inspectedToServer = progress
    } else {
      transaction.inspection.inspectedToClient = progress
    }
  }

  private func writeStreamAnomalies(
    _ events: StreamEventSet, _ packet: borrowing DecodedPacket, _ bytes: RawSpan, flow: UInt64
  ) {
    guard settings.eve.anomaly.enabled, settings.eve.anomaly.stream else { return }
    for event in StreamEvent.allCases where events.contains(event) {
      writer.streamAnomaly(event.name, packet, bytes, flow: flow)
    }
  }
}
