package import Wire

/// How flows end: by the wheel, for want of room, at a session's reuse, at shutdown. An ended flow leaves the index at
/// once and waits in a queue; its slot is free again after `release`.
extension FlowTable {
  /// Flows and empty buckets looked at per packet. A packet makes at most one flow, so any number above one keeps up.
  static let wheelBudget = 16
  /// Slots looked at to find the longest idle one when the table is full.
  static let victimsConsidered = 16

  /// The next flow that has ended, oldest end first. The caller flushes it (TCP), writes it, releases it.
  package mutating func nextEnded() -> FlowSlot? {
    guard endedHead >= 0 else { return nil }
    let slot = endedHead
    endedHead = unsafe records[Int(slot)].next
    if endedHead < 0 { endedTail = -1 }
    endedCount -= 1
    unsafe records[Int(slot)].next = -1
    unsafe records[Int(slot)].phase = .handed
    return slot
  }

  /// Delivers what an ended TCP flow still holds, holes told as gaps, and the end of both directions. Once.
  package mutating func flush(_ slot: FlowSlot, _ deliver: (borrowing StreamChunk) -> Void) {
    guard unsafe records[Int(checked(slot))].transport == .tcp else { return }
    streams.flush(slot, deliver)
  }

  /// Gives the slot back. Only for slots that `nextEnded` gave.
  package mutating func release(_ slot: FlowSlot) {
    precondition(unsafe records[Int(checked(slot))].phase == .handed, "a flow is released once, after its end")
    if unsafe records[Int(slot)].transport == .tcp { streams.discard(slot) }
    unsafe records[Int(slot)].phase = .free
    unsafe records[Int(slot)].next = freeHead
    freeHead = slot
    inUse -= 1
    if isEmergency, inUse * 100 <= maximumFlows * (100 - min(max(configuration.emergencyRecovery, 0), 100)) {
      isEmergency = false
      counters.emergencyOver &+= 1
    }
  }

  /// Ends every flow: reason "shutdown", or "timeout" where packet time had already passed its deadline.
  package mutating func endAll() {
    for slot in 0..<FlowSlot(touched) where unsafe records[Int(slot)].phase == .live {
      end(slot, .shutdown)
    }
  }

  /// Lets the wheel turn to `now` without a packet (an idle live interface), with the same bound per call.
  package mutating func advance(to now: Timestamp) {
    let tick = TimerWheel.tick(now.nanoseconds)
    guard let cursor = wheel.cursor else {
      wheel.cursor = tick
      return
    }
    if tick > cursor { turn(from: cursor, to: tick, now.nanoseconds) }
    if isEmergency { sweepForEmergency(now.nanoseconds) }
  }

  private mutating func turn(from cursor: Int64, to tick: Int64, _ now: Int64) {
    // After a leap in time one round visits every bucket; more would visit them again.
    var cursor = max(cursor, tick - Int64(TimerWheel.buckets))
    var budget = FlowTable.wheelBudget
    while cursor < tick, budget > 0 {
      wheel.cursor = cursor
      let slot = wheel.head(cursor)
      budget -= 1
      guard slot >= 0 else {
        cursor += 1
        continue
      }
      if deadline(slot) < now {
        end(slot, .timeout)
      } else {
        unsafe wheel.remove(slot, records)
        unsafe wheel.insert(slot, at: deadline(slot), records)
      }
    }
    wheel.cursor = cursor
  }

  /// When the flow would be over if no packet came any more.
  @inline(__always)
  func deadline(_ slot: FlowSlot) -> Int64 {
    let record = unsafe records + Int(slot)
    let wait = unsafe timeouts.nanoseconds(
      record.pointee.key.transport.rawValue, record.pointee.state, emergency: isEmergency)
    let (sum, overflow) = unsafe record.pointee.last.nanoseconds.addingReportingOverflow(wait)
    return overflow ? .max : sum
  }

  /// After a change of state that shortens a flow's life.
  func reschedule(_ slot: FlowSlot) {
    guard unsafe records[Int(slot)].phase == .live else { return }
    unsafe wheel.remove(slot, records)
    unsafe wheel.insert(slot, at: deadline(slot), records)
  }

  mutating func end(_ slot: FlowSlot, _ reason: FlowEndReason) {
    unsafe wheel.remove(slot, records)
    let found = unsafe index.remove(records[Int(slot)].tag, slot)
    precondition(found, "a live flow is in the index")
    unsafe records[Int(slot)].phase = .ended
    unsafe records[Int(slot)].reason = reason
    if isEmergency { unsafe records[Int(slot)].flags.insert(.emergency) }
    unsafe records[Int(slot)].next = -1
    if endedTail >= 0 { unsafe records[Int(endedTail)].next = slot } else { endedHead = slot }
    endedTail = slot
    endedCount += 1
    switch reason {
    case .timeout: counters.endedByTimeout &+= 1
    case .forced: counters.endedByForce &+= 1
    case .shutdown: counters.endedByShutdown &+= 1
    case .tcpReuse, .none: break
    }
    counters.active &-= 1
  }

  /// A slot for a new flow; ends the longest idle of a few when the table is full.
  mutating func allocate() -> FlowSlot? {
    if inUse >= maximumFlows {
      enterEmergency()
      if endedCount == 0 { endLongestIdle() }
    }
    let slot: FlowSlot
    if freeHead >= 0 {
      slot = freeHead
      freeHead = unsafe records[Int(slot)].next
    } else if touched < capacity {
      slot = FlowSlot(touched)
      touched += 1
    } else {
      counters.memoryCapDrops &+= 1
      return nil
    }
    inUse += 1
    counters.active &+= 1
    return slot
  }

  private mutating func enterEmergency() {
    guard !isEmergency else { return }
    isEmergency = true
    counters.emergencyEntered &+= 1
  }

  private mutating func endLongestIdle() {
    var victim: FlowSlot?
    for _ in 0..<FlowTable.victimsConsidered {
      guard let slot = nextLive() else { continue }
      guard let best = victim else {
        victim = slot
        continue
      }
      if unsafe records[Int(slot)].last < records[Int(best)].last { victim = slot }
    }
    if let victim { end(victim, .forced) }
  }

  /// In an emergency shorter times hold, which the wheel has not been told: look at a few flows per packet.
  private mutating func sweepForEmergency(_ now: Int64) {
    for _ in 0..<4 {
      guard let slot = nextLive(), deadline(slot) < now else { continue }
      end(slot, .timeout)
    }
  }

  private mutating func nextLive() -> FlowSlot? {
    guard touched > 0 else { return nil }
    sweepHand = sweepHand + 1 < touched ? sweepHand + 1 : 0
    return unsafe records[sweepHand].phase == .live ? FlowSlot(sweepHand) : nil
  }
}
