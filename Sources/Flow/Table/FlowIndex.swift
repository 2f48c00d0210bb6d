/// Open addressing over 64-bit buckets: the key's 32-bit tag above, the slot plus one below, 0 for empty. Linear
/// probing, no tombstones: a removal shifts its followers back.
@safe struct FlowIndex: ~Copyable {
  private(set) var buckets: UnsafeMutablePointer<UInt64>
  private(set) var mask: Int
  private(set) var count = 0

  static let smallest = 1 << 12

  init() {
    mask = FlowIndex.smallest - 1
    unsafe buckets = FlowIndex.allocate(FlowIndex.smallest)
  }

  deinit { unsafe buckets.deallocate() }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    let fresh = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    unsafe fresh.initialize(repeating: 0, count: count)
    return unsafe fresh
  }

  @inline(__always)
  func find(_ tag: UInt32, _ key: FlowKey, _ records: UnsafeMutablePointer<FlowRecord>) -> FlowSlot? {
    var place = Int(tag) & mask
    while true {
      let bucket = unsafe buckets[place]
      if bucket == 0 { return nil }
      if UInt32(truncatingIfNeeded: bucket &>> 32) == tag {
        let slot = Int(truncatingIfNeeded: bucket & 0xffff_ffff) &- 1
        if unsafe records[slot].key == key { return FlowSlot(truncatingIfNeeded: slot) }
      }
      place = (place &+ 1) & mask
    }
  }

  mutating func insert(_ tag: UInt32, _ slot: FlowSlot) {
    if count * 2 > mask { grow() }
    place(UInt64(tag) << 32 | UInt64(slot + 1))
    count += 1
  }

  private func place(_ bucket: UInt64) {
    var place = Int(bucket >> 32) & mask
    while unsafe buckets[place] != 0 { place = (place + 1) & mask }
    unsafe buckets[place] = bucket
  }

  private mutating func grow() {
    let (old, size) = unsafe (buckets, mask + 1)
    unsafe buckets = FlowIndex.allocate(size * 2)
    mask = size * 2 - 1
    for position in 0..<size where unsafe old[position] != 0 { unsafe place(old[position]) }
    unsafe old.deallocate()
  }

  /// False: it was not there.
  @discardableResult
  mutating func remove(_ tag: UInt32, _ slot: FlowSlot) -> Bool {
    let wanted = UInt64(tag) << 32 | UInt64(slot + 1)
    var hole = Int(tag) & mask
    while unsafe buckets[hole] != wanted {
      if unsafe buckets[hole] == 0 { return false }
      hole = (hole + 1) & mask
    }
    var next = (hole + 1) & mask
    while unsafe buckets[next] != 0 {
      let home = unsafe Int(buckets[next] >> 32) & mask
      // It may move into the hole when its home does not lie after the hole.
      if (next - home) & mask >= (next - hole) & mask {
        unsafe buckets[hole] = unsafe buckets[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    unsafe buckets[hole] = 0
    count -= 1
    return true
  }
}
