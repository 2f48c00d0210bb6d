package import Decode
package import Wire

/// The flows of one worker: an index of 64-bit buckets (tag and slot) over records and TCP sessions that are apart,
/// so that a lookup touches two cache lines. A timer wheel ends flows as packet time passes, a few per packet.
///
/// Nothing is allocated per packet; memory is reserved once and touched as flows come. Rehashing doubles the index
/// when it is half full.
@safe package struct FlowTable: ~Copyable {
  package let configuration: FlowConfiguration
  /// Slots are below this.
  package let capacity: Int
  package internal(set) var counters = FlowCounters()
  /// True while the table is fuller than `emergencyRecovery` allows, after it was full.
  package internal(set) var isEmergency = false
  /// Ended flows that nobody has taken by `nextEnded`.
  package internal(set) var endedCount = 0

  let records: UnsafeMutablePointer<FlowRecord>
  var streams: StreamEngine
  var index: FlowIndex
  var wheel: TimerWheel
  let timeouts: TimeoutTable
  let maximumFlows: Int
  var freeHead: FlowSlot = -1
  var touched = 0
  var inUse = 0
  var endedHead: FlowSlot = -1
  var endedTail: FlowSlot = -1
  var sweepHand = 0
  var nextNumber: UInt64 = 1

  /// Slots beyond `maximumFlows`, so that a forced end can be written out while its successor already lives.
  static let reserve = 64
  /// Index buckets (at most half of them full, doubling), a record, a session and its two directions.
  static let bytesPerFlow = 2 * 16 + MemoryLayout<FlowRecord>.stride + StreamEngine.bytesPerFlow

  package init(_ configuration: FlowConfiguration = FlowConfiguration()) {
    self.configuration = configuration
    maximumFlows = min(configuration.maximumFlows, 1 << 28)
    capacity = maximumFlows + FlowTable.reserve
    unsafe records = UnsafeMutablePointer<FlowRecord>.allocate(capacity: capacity)
    streams = StreamEngine(configuration.stream, capacity: capacity)
    index = FlowIndex()
    wheel = TimerWheel()
    timeouts = TimeoutTable(configuration.timeouts)
  }

  deinit { unsafe records.deallocate() }

  /// Flows that live or wait to be released.
  package var count: Int { inUse }
  package var streamCounters: StreamCounters { streams.counters }

  /// The record of a slot that `track` or `nextEnded` gave and that is not yet released.
  package subscript(slot: FlowSlot) -> FlowRecord {
    @inline(__always) get { unsafe records[Int(checked(slot))] }
    @inline(__always) _modify {
      let place = Int(checked(slot))
      yield unsafe &records[place]
    }
  }

  /// The TCP side of a flow; meaningful for TCP only.
  package func session(_ slot: FlowSlot) -> TCPSession { unsafe streams.sessions[Int(checked(slot))] }

  @inline(__always) func checked(_ slot: FlowSlot) -> FlowSlot {
    precondition(slot >= 0 && slot < touched, "a flow slot that this table gave")
    return slot
  }
}

extension FlowTable {
  /// Finds or makes the packet's flow and counts the packet in it. Nil: the packet has none, or the table is full.
  /// Also lets the wheel turn: `nextEnded` may have something afterwards, and must be emptied before the next call.
  package mutating func track(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) -> FlowRef? {
    advance(to: packet.timestamp)
    guard let (key, sourceIsFirst) = FlowKey.make(packet, bytes, configuration) else { return nil }
    if packet.embeddedOffset >= 0, let related = trackQuoted(packet, bytes) { return related }
    let tag = key.tag(configuration.seed)
    if let slot = unsafe index.find(tag, key, records) {
      if !isStale(slot, packet) {
        let direction = unsafe records[Int(slot)].direction(sourceIsFirst: sourceIsFirst)
        account(slot, direction, packet)
        return FlowRef(slot: slot, direction: direction, isNew: false)
      }
    }
    guard let slot = allocate() else { return nil }
    let reversed = startsReversed(packet)
    start(slot, key, tag, originatorIsFirst: sourceIsFirst != reversed, packet)
    let direction: Direction = reversed ? .toClient : .toServer
    account(slot, direction, packet)
    return FlowRef(slot: slot, direction: direction, isNew: true)
  }

  /// The flow of a tuple, if it lives: for expectations and commands. Not counted as a packet.
  package func find(_ tuple: FiveTuple, like packet: borrowing DecodedPacket) -> FlowRef? {
    guard let (key, sourceIsFirst) = FlowKey.make(quoted: tuple, in: packet, configuration) else { return nil }
    guard let slot = unsafe index.find(key.tag(configuration.seed), key, records) else { return nil }
    let direction = unsafe records[Int(slot)].direction(sourceIsFirst: sourceIsFirst)
    return FlowRef(slot: slot, direction: direction, isNew: false)
  }

  /// Turns a flow round: what went to the server now goes to the client. Called when the application layer finds that
  /// the first packet seen was the server's.
  package mutating func swap(_ slot: FlowSlot) {
    unsafe records[Int(checked(slot))].swapDirections()
    if unsafe records[Int(slot)].transport == .tcp { streams.swap(slot) }
  }

  /// Marks a flow as not to be looked into any more: it is still counted and told at its end.
  package mutating func bypass(_ slot: FlowSlot) {
    unsafe records[Int(checked(slot))].state = .bypassed
    reschedule(slot)
  }

  private mutating func trackQuoted(_ packet: borrowing DecodedPacket, _ bytes: RawSpan) -> FlowRef? {
    guard let quoted = packet.embeddedTuple(in: bytes), var ref = find(quoted, like: packet) else { return nil }
    counters.icmpErrorsAttached &+= 1
    ref.direction = ref.direction.opposite  // it goes back to who sent the quoted packet
    ref.isRelated = true
    return ref
  }

  /// A SYN-ACK first means that the client was missed; without midstream pickup the flow stays as it was seen.
  @inline(__always)
  private func startsReversed(_ packet: borrowing DecodedPacket) -> Bool {
    guard packet.transport == .tcp, configuration.stream.midstream else { return false }
    return packet.tcpFlags & (TCPFlag.syn | TCPFlag.ack) == TCPFlag.syn | TCPFlag.ack
  }

  /// A flow that this packet cannot belong to any more is ended here.
  @inline(__always)
  private mutating func isStale(_ slot: FlowSlot, _ packet: borrowing DecodedPacket) -> Bool {
    if packet.timestamp.nanoseconds > deadline(slot) {
      end(slot, .timeout)
      return true
    }
    guard packet.transport == .tcp, packet.tcpFlags & TCPFlag.opening == TCPFlag.syn,
      streams.isReused(slot, by: packet)
    else { return false }
    counters.tcpReuse &+= 1
    end(slot, .tcpReuse)
    return true
  }

  private mutating func start(
    _ slot: FlowSlot, _ key: FlowKey, _ tag: UInt32, originatorIsFirst: Bool, _ packet: borrowing DecodedPacket
  ) {
    var record = FlowRecord(
      key: key, id: nextID(), at: packet.timestamp, originatorIsFirst: originatorIsFirst,
      vlans: FlowKey.vlans(of: packet))
    record.tag = tag
    record.icmpType = packet.icmpType
    record.icmpCode = packet.icmpCode
    if isEmergency { record.flags.insert(.emergency) }
    unsafe (records + Int(slot)).initialize(to: record)
    index.insert(tag, slot)
    if key.transport == .tcp { unsafe streams.start(slot, records + Int(slot)) }
    unsafe wheel.insert(slot, at: deadline(slot), records)
    countNew(key.transport)
  }

  @inline(__always)
  private func account(_ slot: FlowSlot, _ direction: Direction, _ packet: borrowing DecodedPacket) {
    let record = unsafe records + Int(slot)
    if unsafe packet.timestamp > record.pointee.last { unsafe record.pointee.last = packet.timestamp }
    let length = UInt64(truncatingIfNeeded: packet.wireLength)
    let ttl = packet.ttl
    if direction == .toServer {
      unsafe record.pointee.packetsToServer &+= 1
      unsafe record.pointee.bytesToServer &+= length
      unsafe record.pointee.tcpFlagsToServer |= packet.tcpFlags
      if unsafe ttl < record.pointee.minimumTTLToServer { unsafe record.pointee.minimumTTLToServer = ttl }
      if unsafe ttl > record.pointee.maximumTTLToServer { unsafe record.pointee.maximumTTLToServer = ttl }
      unsafe record.pointee.flags.insert(.seenToServer)
    } else {
      unsafe record.pointee.packetsToClient &+= 1
      unsafe record.pointee.bytesToClient &+= length
      unsafe record.pointee.tcpFlagsToClient |= packet.tcpFlags
      if unsafe ttl < record.pointee.minimumTTLToClient { unsafe record.pointee.minimumTTLToClient = ttl }
      if unsafe ttl > record.pointee.maximumTTLToClient { unsafe record.pointee.maximumTTLToClient = ttl }
      if unsafe !record.pointee.flags.contains(.seenToClient) { firstAnswer(slot, packet) }
    }
    guard unsafe record.pointee.state == .new, packet.transport != .tcp else { return }
    if unsafe record.pointee.flags.isSuperset(of: [.seenToServer, .seenToClient]) {
      unsafe record.pointee.state = .established
    }
  }

  private func firstAnswer(_ slot: FlowSlot, _ packet: borrowing DecodedPacket) {
    unsafe records[Int(slot)].flags.insert(.seenToClient)
    unsafe records[Int(slot)].icmpResponseType = packet.icmpType
    unsafe records[Int(slot)].icmpResponseCode = packet.icmpCode
  }

  private mutating func countNew(_ transport: TransportProtocol) {
    counters.total &+= 1
    switch transport {
    case .tcp: counters.tcp &+= 1
    case .udp: counters.udp &+= 1
    case .icmp: counters.icmpv4 &+= 1
    case .icmpv6: counters.icmpv6 &+= 1
    default: counters.other &+= 1
    }
  }

  /// A bijection of the flow's number on 53 bits, so ids are unique, and not guessable without the seed.
  private mutating func nextID() -> UInt64 {
    while true {
      let number = nextNumber &* UInt64(max(1, configuration.workers)) &+ UInt64(max(0, configuration.worker))
      nextNumber &+= 1
      let id = (number &* 0x9e37_79b9_7f4a_7c15 &+ configuration.seed.0) & (1 << 53 - 1)
      if id != 0 { return id }
    }
  }
}
