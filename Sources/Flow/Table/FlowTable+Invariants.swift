internal import Wire

/// For tests: what must hold between any two calls.
extension FlowTable {
  /// Stops when index, wheel, free list, ended queue and pool disagree. Walks everything.
  func checkInvariants() {
    var live = 0
    var waiting = 0
    var free = 0
    for slot in 0..<FlowSlot(touched) {
      let record = unsafe records[Int(slot)]
      switch record.phase {
      case .live:
        live += 1
        let found = unsafe index.find(record.tag, record.key, records)
        precondition(found == slot, "a live flow is found by its key")
        precondition(record.tag == record.key.tag(configuration.seed), "the tag is the key's")
        precondition(record.wheelBucket >= 0, "a live flow is on the wheel")
      case .ended, .handed: waiting += 1
      case .free: free += 1
      }
    }
    precondition(index.count == live, "the index holds the live flows and nothing else")
    precondition(inUse == live + waiting, "slots in use are live or wait for release")
    precondition(Int(counters.active) == live, "the counter of active flows is right")
    precondition(lengthOfFreeList() == free, "every free slot is on the free list once")
    precondition(lengthOfEndedQueue() == endedCount, "the ended queue is as long as it says")
    precondition(unsafe wheel.count(records) == live, "every live flow is on the wheel once")
    precondition(piecesHeld() == streams.pool.inUse, "every piece in use is in one list")
  }

  private func lengthOfFreeList() -> Int {
    var (slot, count) = (freeHead, 0)
    while slot >= 0, count <= touched {
      count += 1
      slot = unsafe records[Int(slot)].next
    }
    return count
  }

  private func lengthOfEndedQueue() -> Int {
    var (slot, count) = (endedHead, 0)
    while slot >= 0, count <= touched {
      count += 1
      slot = unsafe records[Int(slot)].next
    }
    return count
  }

  private func piecesHeld() -> Int {
    var count = 0
    for slot in 0..<FlowSlot(touched) where unsafe records[Int(slot)].key.transport == .tcp {
      guard unsafe records[Int(slot)].phase != .free else { continue }
      unsafe count += streams.checkList(streams.half(slot, .toServer).pointee)
      unsafe count += streams.checkList(streams.half(slot, .toClient).pointee)
    }
    return count
  }
}

extension StreamEngine {
  /// The number of pieces; stops when they overlap, are delivered already, or are miscounted.
  func checkList(_ half: StreamHalf) -> Int {
    var (place, count, bytes) = (half.list.head, 0, 0)
    var reached = half.base
    var last: Int32 = -1
    while place >= 0 {
      let piece = unsafe pool.pieces[Int(place)]
      unsafe precondition(piece.end > reached, "a piece holds something new")
      unsafe precondition(count == 0 || piece.start >= reached, "pieces are in order and apart")
      reached = unsafe piece.end
      bytes += unsafe Int(piece.length)
      count += 1
      last = place
      place = unsafe piece.next
    }
    precondition(
      half.list.tail == last && Int(half.list.count) == count && Int(half.list.bytes) == bytes, "list counts")
    return count
  }
}

extension TimerWheel {
  func count(_ records: UnsafeMutablePointer<FlowRecord>) -> Int {
    var count = 0
    for bucket in 0..<Int64(TimerWheel.buckets) {
      var slot = head(bucket)
      while slot >= 0 {
        unsafe precondition(records[Int(slot)].wheelBucket == Int16(bucket), "a flow knows its bucket")
        count += 1
        slot = unsafe records[Int(slot)].next
      }
    }
    return count
  }
}
