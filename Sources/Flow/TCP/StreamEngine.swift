package import Decode
package import Wire

/// TCP sessions by slot, and the pool that holds what came out of order. `FlowTable` owns it.
@safe struct StreamEngine: ~Copyable {
  let configuration: StreamConfiguration
  let sessions: UnsafeMutablePointer<TCPSession>
  /// Two per slot, by direction.
  let halves: UnsafeMutablePointer<StreamHalf>
  var pool: SegmentPool
  var counters = StreamCounters()

  static let bytesPerFlow = MemoryLayout<TCPSession>.stride + 2 * MemoryLayout<StreamHalf>.stride
  /// RFC 7323, section 2.3: the largest shift, assumed where the handshake was not seen.
  static let largestScale: UInt8 = 14

  init(_ configuration: StreamConfiguration, capacity: Int) {
    self.configuration = configuration
    unsafe sessions = UnsafeMutablePointer<TCPSession>.allocate(capacity: capacity)
    unsafe halves = UnsafeMutablePointer<StreamHalf>.allocate(capacity: capacity * 2)
    pool = SegmentPool(memoryCap: configuration.memoryCap)
  }

  deinit {
    unsafe sessions.deallocate()
    unsafe halves.deallocate()
  }

  @inline(__always)
  func half(_ slot: FlowSlot, _ direction: Direction) -> UnsafeMutablePointer<StreamHalf> {
    unsafe halves + (Int(slot) &* 2 &+ direction.index)
  }

  func start(_ slot: FlowSlot, _ record: UnsafeMutablePointer<FlowRecord>) {
    unsafe (sessions + Int(slot)).initialize(to: TCPSession())
    unsafe half(slot, .toServer).initialize(to: StreamHalf())
    unsafe half(slot, .toClient).initialize(to: StreamHalf())
    unsafe half(slot, .toServer).pointee.policy = configuration.defaultPolicy
    unsafe half(slot, .toClient).pointee.policy = configuration.defaultPolicy
    guard !configuration.policies.isEmpty else { return }
    let tuple = unsafe record.pointee.tuple
    unsafe half(slot, .toServer).pointee.policy = configuration.policy(receiver: tuple.destination)
    unsafe half(slot, .toClient).pointee.policy = configuration.policy(receiver: tuple.source)
  }

  func swap(_ slot: FlowSlot) {
    let (toServer, toClient) = unsafe (half(slot, .toServer), half(slot, .toClient))
    let kept = unsafe toServer.pointee
    unsafe toServer.pointee = unsafe toClient.pointee
    unsafe toClient.pointee = kept
    let flags = unsafe sessions[Int(slot)].flags
    unsafe sessions[Int(slot)].flags.subtract([.resetToServer, .resetToClient])
    if flags.contains(.resetToServer) { unsafe sessions[Int(slot)].flags.insert(.resetToClient) }
    if flags.contains(.resetToClient) { unsafe sessions[Int(slot)].flags.insert(.resetToServer) }
    switch unsafe sessions[Int(slot)].state {
    case .closeWait: unsafe sessions[Int(slot)].state = .finWait1
    case .finWait1, .finWait2: unsafe sessions[Int(slot)].state = .closeWait
    default: break
    }
  }

  /// A new connection begins on a tuple whose old one is over.
  func isReused(_ slot: FlowSlot, by packet: borrowing DecodedPacket) -> Bool {
    switch unsafe sessions[Int(slot)].state {
    case .closed, .timeWait, .lastAck: true
    default: false
    }
  }

  /// Frees what is buffered, without telling.
  mutating func discard(_ slot: FlowSlot) {
    unsafe pool.clear(&half(slot, .toServer).pointee.list)
    unsafe pool.clear(&half(slot, .toClient).pointee.list)
  }
}

extension StreamConfiguration {
  /// The longest prefix that holds the address; else the default.
  func policy(receiver: IPAddress) -> StreamOverlapPolicy {
    var best = (length: -1, policy: defaultPolicy)
    for (prefix, policy) in policies where prefix.length > best.length && prefix.contains(receiver) {
      best = (prefix.length, policy)
    }
    return best.policy
  }
}

/// One TCP segment on its way through: the numbers that each step needs, and what came of it.
struct Segment {
  let slot: FlowSlot
  let direction: Direction
  let flags: UInt8
  let sequence: UInt32
  let acknowledgement: UInt32
  let window: UInt16
  /// Bytes on the wire; more than the payload that is at hand when the capture cut it.
  let length: Int
  let options: TCPOptionValues
  let urgentPointer: UInt16
  var outcome = SegmentOutcome()

  init(_ ref: FlowRef, _ packet: borrowing DecodedPacket, _ payload: RawSpan) {
    slot = ref.slot
    direction = ref.direction
    flags = packet.tcpFlags
    sequence = packet.tcpSequence
    acknowledgement = packet.tcpAcknowledgement
    window = packet.tcpWindow
    options = packet.tcpOptions
    urgentPointer = packet.tcpUrgentPointer
    let onWire = packet.ipTotalLength &- packet.ipHeaderLength &- packet.transportHeaderLength
    length = min(max(payload.byteCount, onWire), 1 << 17)
  }

  @inline(__always) func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
  @inline(__always) var isSyn: Bool { has(TCPFlag.syn) }
  @inline(__always) var isAck: Bool { has(TCPFlag.ack) }
  @inline(__always) var isReset: Bool { has(TCPFlag.reset) }
  @inline(__always) var isFin: Bool { has(TCPFlag.fin) }
}

extension FlowTable {
  /// Follows one TCP segment of a flow that `track` has just given. `payload` is its TCP payload. `deliver` gets what
  /// can now be read in order, of either direction, before this returns; the bytes are valid only in there.
  ///
  /// In order without a copy; else copied into the pool until the hole is filled, told as a gap, or the flow ends.
  @discardableResult
  package mutating func segment(
    _ ref: FlowRef, _ packet: borrowing DecodedPacket, _ payload: RawSpan,
    deliver: (borrowing StreamChunk) -> Void
  ) -> SegmentOutcome {
    let slot = checked(ref.slot)
    guard !ref.isRelated, packet.transport == .tcp, unsafe records[Int(slot)].phase == .live,
      unsafe records[Int(slot)].transport == .tcp
    else { return SegmentOutcome() }
    if configuration.stream.validatesChecksums, case .invalid = packet.transportChecksum {
      streams.counters.invalidChecksum &+= 1
      return SegmentOutcome()
    }
    let before = unsafe streams.sessions[Int(slot)].state
    var segment = Segment(ref, packet, payload)
    streams.follow(&segment, payload, deliver)
    let state = unsafe streams.sessions[Int(slot)].state
    segment.outcome.state = state
    if state != before {
      segment.outcome.stateChanged = true
      changed(slot, to: state)
    }
    if !segment.outcome.isAccepted { streams.counters.ignored &+= 1 }
    if segment.outcome.events.contains(.reassemblyInsertMemoryCap) {
      unsafe records[Int(slot)].flags.insert(.memoryCapHit)
    }
    return segment.outcome
  }

  /// Ends one direction's delivery: the reader wants no more (it is encrypted, or its protocol is unknown).
  package mutating func stopReassembly(_ slot: FlowSlot, _ direction: Direction) {
    let half = unsafe streams.half(checked(slot), direction)
    unsafe half.pointee.flags.insert(.stopped)
    unsafe streams.pool.clear(&half.pointee.list)
    unsafe half.pointee.move(to: max(half.pointee.base, half.pointee.highest))
  }

  private mutating func changed(_ slot: FlowSlot, to state: TCPState) {
    let flags = unsafe streams.sessions[Int(slot)].flags
    if flags.contains(.midstream) { unsafe records[Int(slot)].flags.insert(.midstream) }
    if flags.contains(.asynchronous) { unsafe records[Int(slot)].flags.insert(.asynchronous) }
    guard unsafe records[Int(slot)].state != .bypassed else { return }
    let flowState = state.flowState
    guard unsafe records[Int(slot)].state != flowState else { return }
    unsafe records[Int(slot)].state = flowState
    reschedule(slot)
  }
}
