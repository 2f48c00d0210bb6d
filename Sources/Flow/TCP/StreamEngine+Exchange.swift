internal import Decode
internal import Wire

/// An open connection: checks of window, acknowledgement and timestamp (RFC 9293 section 3.10.7.4, RFC 7323), then
/// what the acknowledgement sets free, then the segment's own bytes, then FIN.
extension StreamEngine {
  mutating func exchange(
    _ segment: inout Segment, _ payload: RawSpan, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if segment.isReset { return reset(&segment, deliver) }
    if segment.isSyn { return synAfterOpening(&segment) }
    let sender = unsafe half(segment.slot, segment.direction)
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    if unsafe !sender.pointee.flags.contains(.seen) { unsafe firstFromThisSide(segment, sender) }
    let position = unsafe sender.pointee.position(of: segment.sequence)
    let end = position &+ Int64(segment.length)
    guard unsafe isInWindow(sender, position, end) else { return segment.outcome.refuse(outOfWindow(segment)) }
    guard unsafe isTimely(sender, segment.options, position, isBare: segment.length == 0 && !segment.isFin) else {
      return segment.outcome.refuse(.packetInvalidTimestamp)
    }
    if segment.isAck {
      let acknowledged = unsafe receiver.pointee.position(of: segment.acknowledgement)
      guard unsafe isPlausible(acknowledged, receiver) else {
        segment.outcome.events.insert(invalidAck(segment.slot))
        return segment.outcome.refuse(.packetInvalidAck)
      }
      unsafe noteWindow(receiver, segment.window, acknowledged: acknowledged, shift: sender.pointee.scale)
      unsafe acknowledge(receiver, acknowledged, &segment, deliver)
    }
    segment.outcome.isAccepted = true
    if segment.length > 0 {
      unsafe noteRetransmission(sender, position, end, &segment)
      unsafe take(sender, position, payload, &segment, deliver)
    }
    if segment.isFin { unsafe takeFin(sender, end, &segment) }
    unsafe settleEnd(sender, segment.slot, segment.direction, [], deliver)
    if unsafe sessions[Int(segment.slot)].state != .established { shutdown(&segment) }
  }

  /// The first segment of a side whose SYN was not seen.
  private func firstFromThisSide(_ segment: Segment, _ sender: UnsafeMutablePointer<StreamHalf>) {
    if unsafe !sender.pointee.flags.contains(.known) { unsafe sender.pointee.open(at: segment.sequence) }
    unsafe sender.pointee.flags.insert(.seen)
    if isFlagged(segment.slot, .asynchronous), unsafe half(segment.slot, segment.direction.opposite).pointee.isSeen {
      unsafe sessions[Int(segment.slot)].flags.remove(.asynchronous)
    }
    guard segment.options.hasTimestamps else { return }
    unsafe sender.pointee.flags.insert(.timestamps)
    unsafe sender.pointee.timestamp = segment.options.timestampValue
  }

  // MARK: checks

  /// Begins within the window that the receiver offered; nothing older than one largest unscaled window.
  @inline(__always)
  private func isInWindow(_ sender: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ end: Int64) -> Bool {
    let (base, acknowledged) = unsafe (sender.pointee.base, sender.pointee.acknowledged)
    let edge = unsafe sender.pointee.windowEdge
    guard end >= min(base, acknowledged) &- max(1 << 20, edge &- acknowledged) else { return false }
    guard unsafe sender.pointee.flags.contains(.windowKnown) else { return true }
    return unsafe position <= edge || position <= sender.pointee.highest
  }

  /// The receiver acknowledges what was sent or, where packets were lost to the watcher, could have been sent.
  @inline(__always)
  private func isPlausible(_ acknowledged: Int64, _ receiver: UnsafeMutablePointer<StreamHalf>) -> Bool {
    guard unsafe receiver.pointee.flags.isSuperset(of: [.seen, .windowKnown]) else { return true }
    return unsafe acknowledged <= receiver.pointee.windowEdge || acknowledged <= receiver.pointee.highest &+ 1
  }

  /// RFC 7323 section 5: older than what was last taken in order means an old duplicate.
  @inline(__always)
  private func isTimely(
    _ sender: UnsafeMutablePointer<StreamHalf>, _ options: TCPOptionValues, _ position: Int64, isBare: Bool
  ) -> Bool {
    guard options.hasTimestamps, configuration.checksTimestamps else { return true }
    let value = options.timestampValue
    if unsafe sender.pointee.flags.contains(.timestamps) {
      let age = unsafe Int32(bitPattern: value &- sender.pointee.timestamp)
      if age < 0 { return isBare }
    }
    if unsafe position <= sender.pointee.base {
      unsafe sender.pointee.flags.insert(.timestamps)
      unsafe sender.pointee.timestamp = value
    }
    return true
  }

  private func noteRetransmission(
    _ sender: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ end: Int64, _ segment: inout Segment
  ) {
    guard unsafe position < sender.pointee.highest, end > position,
      unsafe !isKeepAlive(sender, position, segment.length)
    else {
      return
    }
    guard unsafe end <= sender.pointee.highest else { return }
    guard unsafe end <= sender.pointee.acknowledged else {
      segment.outcome.isRetransmission = unsafe end <= sender.pointee.base
      if segment.outcome.isRetransmission { segment.outcome.events.insert(.packetRetransmission) }
      return
    }
    segment.outcome.isRetransmission = true
    segment.outcome.events.insert(.packetSpuriousRetransmission)
    segment.outcome.events.insert(
      unsafe sessions[Int(segment.slot)].state == .closeWait
        ? .closeWaitPacketBeforeLastAck : .establishedPacketBeforeLastAck)
  }

  /// RFC 9293 section 3.8.4: one byte, or none, just before what comes next.
  private func isKeepAlive(_ sender: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ length: Int) -> Bool {
    unsafe length == 1 && position == sender.pointee.highest &- 1
      && sender.pointee.acknowledged == sender.pointee.highest
  }

  private func outOfWindow(_ segment: Segment) -> StreamEvent {
    switch unsafe sessions[Int(segment.slot)].state {
    case .closeWait: segment.isFin ? .closeWaitFinOutOfWindow : .closeWaitAckOutOfWindow
    case .finWait1: segment.isFin ? .fin1FinWrongSequence : .fin1AckWrongSequence
    case .finWait2: segment.isFin ? .fin2FinWrongSequence : .fin2AckWrongSequence
    case .closing: .closingAckWrongSequence
    case .lastAck: .lastAckAckWrongSequence
    case .timeWait: .timeWaitAckWrongSequence
    default: segment.isFin ? .finOutOfWindow : .establishedPacketOutOfWindow
    }
  }

  private func invalidAck(_ slot: FlowSlot) -> StreamEvent {
    switch unsafe sessions[Int(slot)].state {
    case .closeWait: .closeWaitInvalidAck
    case .finWait1: .fin1InvalidAck
    case .finWait2: .fin2InvalidAck
    case .closing: .closingInvalidAck
    case .lastAck: .lastAckInvalidAck
    case .timeWait: .timeWaitInvalidAck
    default: .establishedInvalidAck
    }
  }

  private func synAfterOpening(_ segment: inout Segment) {
    guard unsafe sessions[Int(segment.slot)].state == .established else {
      return segment.outcome.refuse(.shutdownSynResend)
    }
    let sender = unsafe half(segment.slot, segment.direction)
    let isSame = unsafe segment.sequence &+ 1 == sender.pointee.firstSequence
    guard segment.isAck else {
      if segment.direction == .toClient { return segment.outcome.refuse(.establishedSynToClient) }
      return segment.outcome.refuse(isSame ? .establishedSynResend : .establishedSynResendDifferentSequence)
    }
    if segment.direction == .toServer { return segment.outcome.refuse(.establishedSynAckToServer) }
    let receiver = unsafe half(segment.slot, .toServer)
    let rightAck = unsafe segment.acknowledgement == receiver.pointee.firstSequence
    if !rightAck { return segment.outcome.refuse(.establishedSynAckResendWithDifferentAck) }
    segment.outcome.refuse(isSame ? .establishedSynAckResend : .establishedSynAckResendWithDifferentSequence)
  }

  // MARK: the end

  private mutating func takeFin(
    _ sender: UnsafeMutablePointer<StreamHalf>, _ end: Int64, _ segment: inout Segment
  ) {
    let isFirst = unsafe sender.pointee.finPosition < 0
    if isFirst, unsafe end >= sender.pointee.base { unsafe sender.pointee.finPosition = end }
    guard isFirst else { return }
    let toServer = segment.direction == .toServer
    switch unsafe sessions[Int(segment.slot)].state {
    case .established: setState(segment.slot, toServer ? .closeWait : .finWait1)
    case .closeWait where !toServer: setState(segment.slot, .lastAck)
    case .finWait1 where toServer:
      setState(segment.slot, isFinAcknowledged(segment.slot, .toClient) ? .timeWait : .closing)
    case .finWait2 where toServer: setState(segment.slot, .timeWait)
    default: break
    }
  }

  private func isFinAcknowledged(_ slot: FlowSlot, _ direction: Direction) -> Bool {
    let half = unsafe half(slot, direction)
    return unsafe half.pointee.finPosition >= 0 && half.pointee.acknowledged > half.pointee.finPosition
  }

  /// What an acknowledgement of a FIN changes.
  private func shutdown(_ segment: inout Segment) {
    switch unsafe sessions[Int(segment.slot)].state {
    case .finWait1 where isFinAcknowledged(segment.slot, .toClient): setState(segment.slot, .finWait2)
    case .closing where isFinAcknowledged(segment.slot, .toClient): setState(segment.slot, .timeWait)
    case .lastAck where isFinAcknowledged(segment.slot, .toClient): setState(segment.slot, .closed)
    case .timeWait where isFinAcknowledged(segment.slot, .toServer): setState(segment.slot, .closed)
    default: break
    }
  }

  /// RFC 5961 asks for the exact sequence number; a watcher that misses packets must take what lies in the window.
  mutating func reset(_ segment: inout Segment, _ deliver: (borrowing StreamChunk) -> Void) {
    let sender = unsafe half(segment.slot, segment.direction)
    let receiver = unsafe half(segment.slot, segment.direction.opposite)
    if unsafe sender.pointee.flags.contains(.known) {
      let position = unsafe sender.pointee.position(of: segment.sequence)
      let edge = unsafe max(sender.pointee.windowEdge, sender.pointee.highest &+ 1)
      let known = unsafe sender.pointee.flags.contains(.windowKnown)
      guard unsafe position >= min(sender.pointee.acknowledged, sender.pointee.base) &- 1, !known || position <= edge
      else { return segment.outcome.refuse(.resetInvalidAck) }
    }
    if segment.isAck, segment.acknowledgement != 0, unsafe receiver.pointee.flags.contains(.known) {
      let acknowledged = unsafe receiver.pointee.position(of: segment.acknowledgement)
      guard unsafe isPlausible(acknowledged, receiver) else {
        return segment.outcome.refuse(.resetInvalidAck)
      }
      unsafe acknowledge(receiver, acknowledged, &segment, deliver)
    }
    close(&segment)
    guard !configuration.deliversWhenAcknowledged else { return }  // the rest is told when the flow ends
    for direction in [segment.direction, segment.direction.opposite] {
      unsafe finish(half(segment.slot, direction), segment.slot, direction, .reset, deliver)
    }
  }

  /// New data from the side that was sent the RST: it did not believe it.
  func afterClose(_ segment: inout Segment, _ payload: RawSpan) {
    let reset: TCPSession.Flags = segment.direction == .toServer ? .resetToClient : .resetToServer
    guard isFlagged(segment.slot, reset), payload.byteCount > 0, !segment.isReset else { return }
    let sender = unsafe half(segment.slot, segment.direction)
    let position = unsafe sender.pointee.position(of: segment.sequence)
    if unsafe position >= sender.pointee.highest { segment.outcome.events.insert(.suspectedResetInjection) }
  }
}

extension StreamHalf {
  @inline(__always) var isSeen: Bool { flags.contains(.seen) }
}
