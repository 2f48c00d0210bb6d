internal import Decode
internal import Wire

/// The opening of a connection: SYN, SYN-ACK, ACK (RFC 9293 section 3.5), both sides at once, fast open (RFC 7413),
/// and pickup in the middle.
extension StreamEngine {
  @inline(__always)
  mutating func follow(_ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void) {
    if !segment.isAck, segment.acknowledgement != 0, !segment.isSyn, !segment.isReset {
      segment.outcome.events.insert(.packetBrokenAck)
    }
    if segment.isReset { counters.reset &+= 1 }
    switch unsafe sessions[Int(segment.slot)].state {
    case .established, .finWait1, .finWait2, .timeWait, .lastAck, .closeWait, .closing:
      exchange(&segment, payload, deliver)
    case .none: open(&segment, payload, deliver)
    case .synSent: answer(&segment, payload, deliver)
    case .synReceived: complete(&segment, payload, deliver)
    case .closed: afterClose(&segment, payload)
    }
  }

  @inline(__always)
  func setState(_ slot: FlowSlot, _ state: TCPState) { unsafe sessions[Int(slot)].state = state }
  @inline(__always)
  func flag(_ slot: FlowSlot, _ flag: TCPSession.Flags) { unsafe sessions[Int(slot)].flags.insert(flag) }
  @inline(__always)
  func isFlagged(_ slot: FlowSlot, _ flag: TCPSession.Flags) -> Bool {
    unsafe sessions[Int(slot)].flags.contains(flag)
  }

  // MARK: no state yet

  private mutating func open(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if segment.isReset { return segment.outcome.refuse(.resetButNoSession) }
    if segment.isFin { return segment.outcome.refuse(segment.isSyn ? .finSyn : .finButNoSession) }
    if segment.isSyn, segment.isAck { return openBySynAck(&segment) }
    if segment.isSyn { return openBySyn(&segment, payload, deliver) }
    guard segment.isAck, configuration.midstream else { return }
    pickUp(&segment)
    exchange(&segment, payload, deliver)
  }

  private mutating func openBySyn(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if unsafe sessions[Int(segment.slot)].state == .none { counters.sessions &+= 1 }
    counters.syn &+= 1
    openHalf(segment, at: segment.sequence &+ 1)
    if segment.options.hasFastOpen { flag(segment.slot, .fastOpen) }
    let sender = unsafe half(segment.slot, segment.direction)
    // Data on a SYN waits until the server has acknowledged it.
    if payload.byteCount > 0 { unsafe hold(sender, 0, payload, &segment.outcome) }
    unsafe sender.pointee.highest = Int64(segment.length)
    let server = unsafe half(segment.slot, segment.direction.opposite)
    unsafe noteWindow(server, segment.window, acknowledged: 0, shift: 0)
    setState(segment.slot, .synSent)
    segment.outcome.isAccepted = true
  }

  /// `track` has turned the flow round, so the sender is the server.
  private mutating func openBySynAck(_ segment: inout Segment) {
    guard configuration.midstream else { return }
    counters.sessions &+= 1
    counters.synAck &+= 1
    counters.midstreamPickups &+= 1
    openHalf(segment, at: segment.sequence &+ 1)
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    unsafe receiver.pointee.open(at: segment.acknowledgement)
    unsafe receiver.pointee.scale = segment.options.hasWindowScale ? StreamEngine.largestScale : 0
    unsafe receiver.pointee.flags.insert(.offersScale)
    unsafe noteWindow(receiver, segment.window, acknowledged: 0, shift: 0)
    flag(segment.slot, .midstream)
    if configuration.asyncOneside { flag(segment.slot, .asynchronous) }
    setState(segment.slot, .synReceived)
    segment.outcome.isAccepted = true
  }

  private mutating func pickUp(_ segment: inout Segment) {
    counters.sessions &+= 1
    counters.midstreamPickups &+= 1
    flag(segment.slot, .midstream)
    if configuration.asyncOneside { flag(segment.slot, .asynchronous) }
    let sender = unsafe half(segment.slot, segment.direction)
    unsafe sender.pointee.open(at: segment.sequence)
    unsafe sender.pointee.scale = StreamEngine.largestScale
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    unsafe receiver.pointee.open(at: segment.acknowledgement)
    unsafe receiver.pointee.scale = StreamEngine.largestScale
    setState(segment.slot, .established)
  }

  /// Takes sequence, scale and timestamp from a SYN or SYN-ACK.
  private mutating func openHalf(_ segment: Segment, at sequence: UInt32) {
    let sender = unsafe half(segment.slot, segment.direction)
    unsafe pool.clear(&sender.pointee.list)
    unsafe sender.pointee.open(at: sequence)
    unsafe sender.pointee.flags.insert(.seen)
    unsafe sender.pointee.scale = min(segment.options.windowScale, StreamEngine.largestScale)
    if segment.options.hasWindowScale { unsafe sender.pointee.flags.insert(.offersScale) }
    if segment.options.hasTimestamps {
      unsafe sender.pointee.flags.insert(.timestamps)
      unsafe sender.pointee.timestamp = segment.options.timestampValue
    }
  }

  /// The sender's window is the edge for what the other side, `receiver`, may send.
  @inline(__always)
  func noteWindow(
    _ receiver: UnsafeMutablePointer<StreamHalf>, _ window: UInt16, acknowledged: Int64, shift: UInt8
  ) {
    let edge = acknowledged &+ Int64(window) &<< Int64(shift)
    if unsafe edge > receiver.pointee.windowEdge { unsafe receiver.pointee.windowEdge = edge }
    unsafe receiver.pointee.flags.insert(.windowKnown)
  }

  // MARK: the client's SYN was seen

  private mutating func answer(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if segment.isReset { return refuseConnection(&segment) }
    if segment.isFin { return }
    if segment.isSyn, segment.isAck {
      guard segment.direction == .toClient else { return segment.outcome.refuse(.handshakeSynAckInWrongDirection) }
      return takeSynAck(&segment, deliver)
    }
    if segment.isSyn {
      if segment.direction == .toServer { return openBySyn(&segment, payload, deliver) }
      counters.syn &+= 1
      openHalf(segment, at: segment.sequence &+ 1)
      flag(segment.slot, .simultaneous)
      setState(segment.slot, .synReceived)
      segment.outcome.isAccepted = true
      return
    }
    answerWithoutSyn(&segment, payload, deliver)
  }

  /// The server's SYN-ACK was not seen: one-sided capture, or it was lost.
  private mutating func answerWithoutSyn(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard segment.isAck, segment.direction == .toServer, configuration.asyncOneside || configuration.midstream else {
      return
    }
    let sender = unsafe half(segment.slot, .toServer)
    let position = unsafe sender.pointee.position(of: segment.sequence)
    guard position >= 0, unsafe position <= sender.pointee.highest else {
      return segment.outcome.refuse(.handshakeAsyncWrongSequence)
    }
    if configuration.asyncOneside {
      counters.asyncPickups &+= 1
      flag(segment.slot, .asynchronous)
    }
    let receiver = unsafe half(segment.slot, .toClient)
    unsafe receiver.pointee.open(at: segment.acknowledgement)
    unsafe receiver.pointee.scale = StreamEngine.largestScale
    unsafe sender.pointee.scale = unsafe sender.pointee.flags.contains(.offersScale) ? sender.pointee.scale : 0
    setState(segment.slot, .established)
    exchange(&segment, payload, deliver)
  }

  private mutating func takeSynAck(_ segment: inout Segment, _ deliver: (borrowing StreamChunk) -> Void) {
    let client = unsafe half(segment.slot, .toServer)
    let position = unsafe client.pointee.position(of: segment.acknowledgement)
    guard position >= 0, unsafe position <= client.pointee.highest else {
      return segment.outcome.refuse(.handshakeSynAckWithWrongAck)
    }
    counters.synAck &+= 1
    let server = unsafe half(segment.slot, .toClient)
    let edge = unsafe server.pointee.windowEdge
    openHalf(segment, at: segment.sequence &+ 1)
    unsafe server.pointee.windowEdge = edge
    unsafe server.pointee.flags.insert(.windowKnown)
    if unsafe !(client.pointee.flags.contains(.offersScale) && server.pointee.flags.contains(.offersScale)) {
      unsafe client.pointee.scale = 0
      unsafe server.pointee.scale = 0
    }
    unsafe noteWindow(client, segment.window, acknowledged: position, shift: 0)
    unsafe client.pointee.acknowledged = position
    setState(segment.slot, .synReceived)
    segment.outcome.isAccepted = true
    unsafe settleSynData(client, &segment, upTo: position, deliver)
  }

  /// Data that came on the SYN is delivered when the server took it, and forgotten when it did not.
  private mutating func settleSynData(
    _ client: UnsafeMutablePointer<StreamHalf>, _ segment: inout Segment, upTo position: Int64,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard unsafe client.pointee.highest > 0 else { return }
    if position == 0 {
      if isFlagged(segment.slot, .fastOpen), segment.options.hasFastOpen {
        segment.outcome.events.insert(.handshakeSynAckIgnoredFastOpenData)
      }
      unsafe pool.clear(&client.pointee.list)
      unsafe client.pointee.highest = 0
      return
    }
    unsafe drain(client, segment.slot, .toServer, upTo: position, &segment.outcome, [], deliver)
  }

  private mutating func refuseConnection(_ segment: inout Segment) {
    let client = unsafe half(segment.slot, .toServer)
    let valid: Bool
    if segment.direction == .toClient {
      let position = unsafe client.pointee.position(of: segment.acknowledgement)
      valid = unsafe segment.isAck && position >= 0 && position <= client.pointee.highest
    } else {
      let position = unsafe client.pointee.position(of: segment.sequence)
      valid = unsafe position >= -1 && position <= client.pointee.highest
    }
    guard valid else { return segment.outcome.refuse(.resetInvalidAck) }
    close(&segment)
  }

  func close(_ segment: inout Segment) {
    flag(segment.slot, segment.direction == .toServer ? .resetToServer : .resetToClient)
    setState(segment.slot, .closed)
    segment.outcome.isAccepted = true
  }

  // MARK: both SYNs were seen

  private mutating func complete(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if segment.isReset { return reset(&segment, deliver) }
    if segment.isSyn { return repeatedSyn(&segment) }
    guard segment.isAck else { return }
    let sender = unsafe half(segment.slot, segment.direction)
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    chooseAlternative(segment)
    let position = unsafe sender.pointee.position(of: segment.sequence)
    let acknowledged = unsafe receiver.pointee.position(of: segment.acknowledgement)
    let sent = unsafe receiver.pointee.highest &+ 1
    // What a client acknowledges proves that it is there; the server may have what the watcher missed.
    let most = unsafe segment.direction == .toServer ? sent : max(sent, receiver.pointee.windowEdge)
    let rightAck = unsafe acknowledged >= 0 && (acknowledged <= most || !receiver.pointee.isSeen)
    let rightSequence = unsafe position >= 0 && position <= max(sender.pointee.windowEdge, sender.pointee.highest)
    guard rightSequence, rightAck else {
      let odd: StreamEvent =
        isFlagged(segment.slot, .simultaneous)
        ? (rightSequence ? .fourWayInvalidAck : .fourWayWrongSequence)
        : rightSequence ? .handshakeRightSequenceWrongAckEvasion : .handshakeWrongSequenceWrongAck
      return segment.outcome.refuse(odd)
    }
    let sessionFlags = unsafe sessions[Int(segment.slot)].flags
    if segment.direction == .toClient, sessionFlags.isDisjoint(with: [.simultaneous, .fastOpen, .asynchronous]) {
      segment.outcome.events.insert(.handshakeAckInWrongDirection)
      if payload.byteCount == 0 { return }
    }
    setState(segment.slot, .established)
    exchange(&segment, payload, deliver)
  }

  /// The client acknowledged the other SYN-ACK.
  private mutating func chooseAlternative(_ segment: Segment) {
    guard segment.direction == .toServer, isFlagged(segment.slot, .hasAlternative) else { return }
    let other = unsafe sessions[Int(segment.slot)].alternative
    guard segment.acknowledgement == other else { return }
    let server = unsafe half(segment.slot, .toClient)
    let edge = unsafe server.pointee.windowEdge
    unsafe server.pointee.open(at: other)
    unsafe server.pointee.windowEdge = edge
  }

  private func repeatedSyn(_ segment: inout Segment) {
    let sender = unsafe half(segment.slot, segment.direction)
    let isSame = unsafe segment.sequence &+ 1 == sender.pointee.firstSequence
    let fourWay = isFlagged(segment.slot, .simultaneous)
    guard segment.isAck else {
      if segment.direction == .toClient, !fourWay {
        return segment.outcome.refuse(.handshakeSynToClientOnSynReceived)
      }
      if !isSame { segment.outcome.refuse(.handshakeSynResendDifferentSequence) }
      return
    }
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    let acknowledged = unsafe receiver.pointee.position(of: segment.acknowledgement)
    let rightAck = unsafe acknowledged >= 0 && acknowledged <= receiver.pointee.highest
    if fourWay {
      if !isSame { return segment.outcome.refuse(.fourWaySynAckWithWrongSyn) }
      if !rightAck { return segment.outcome.refuse(.fourWaySynAckWithWrongAck) }
      segment.outcome.isAccepted = true
      return unsafe noteWindow(receiver, segment.window, acknowledged: acknowledged, shift: 0)
    }
    if segment.direction == .toServer { return segment.outcome.refuse(.handshakeSynAckToServerOnSynReceived) }
    if !rightAck { return segment.outcome.refuse(.handshakeSynAckResendWithDifferentAck) }
    guard !isSame else { return }
    segment.outcome.refuse(.handshakeSynAckResendWithDifferentSequence)
    unsafe sessions[Int(segment.slot)].alternative = segment.sequence &+ 1
    flag(segment.slot, .hasAlternative)
  }
}
