internal import Wire

/// Keeping what cannot be delivered yet: sorted pieces without overlaps. An overlap is settled byte by byte in place,
/// by the receiver's policy.
extension StreamEngine {
  /// Buffers `bytes` at `position`, clipped to what is not delivered. False: there was no memory for a part of it.
  @discardableResult
  mutating func hold(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ bytes: RawSpan, _ outcome: inout SegmentOutcome,
    kind: SegmentPool.Kind = .data
  ) -> Bool {
    let whole = position..<position &+ Int64(bytes.byteCount)
    var cursor = unsafe max(position, half.pointee.base)
    guard cursor < whole.upperBound else { return true }
    var previous: Int32 = -1
    var next = unsafe half.pointee.head
    let tail = unsafe half.pointee.tail
    if tail >= 0, unsafe pool.pieces[Int(tail)].end <= cursor {
      previous = tail
      next = -1
    }
    while cursor < whole.upperBound {
      while next >= 0, unsafe pool.pieces[Int(next)].end <= cursor {
        previous = next
        next = unsafe pool.pieces[Int(next)].next
      }
      let stop = next >= 0 ? unsafe min(pool.pieces[Int(next)].start, whole.upperBound) : whole.upperBound
      if cursor < stop {
        let part = bytes.clamped(Int(cursor - position), Int(stop - position))
        guard let place = copy(part, cursor, kind) else {
          counters.memoryCapDrops &+= 1
          outcome.events.insert(.reassemblyInsertMemoryCap)
          outcome.events.insert(.reassemblyNoSegment)
          return false
        }
        unsafe pool.link(place, after: previous, half)
        previous = place
        cursor = stop
      } else {
        cursor = unsafe settle(next, cursor, whole, bytes, half.pointee.policy, &outcome)
      }
    }
    return true
  }

  private mutating func copy(_ part: RawSpan, _ start: Int64, _ kind: SegmentPool.Kind) -> Int32? {
    guard let place = pool.make(part.byteCount) else { return nil }
    let piece = unsafe pool.pieces + Int(place)
    unsafe piece.pointee.start = start
    unsafe piece.pointee.length = Int32(part.byteCount)
    unsafe piece.pointee.next = -1
    unsafe piece.pointee.kind = kind
    unsafe part.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe piece.pointee.bytes.copyMemory(from: base, byteCount: source.count)
      }
    }
    counters.piecesBuffered &+= 1
    return place
  }

  /// The overlap of one piece with the new bytes, from `cursor` on. Gives the place where it ends.
  private mutating func settle(
    _ place: Int32, _ cursor: Int64, _ whole: Range<Int64>, _ bytes: RawSpan, _ policy: StreamOverlapPolicy,
    _ outcome: inout SegmentOutcome
  ) -> Int64 {
    let piece = unsafe pool.pieces + Int(place)
    let end = unsafe min(piece.pointee.end, whole.upperBound)
    counters.overlaps &+= 1
    guard unsafe piece.pointee.kind == .data else { return end }
    let old = unsafe piece.pointee.bytes + Int(cursor - piece.pointee.start)
    let count = Int(end - cursor)
    let new = bytes.clamped(Int(cursor - whole.lowerBound), Int(end - whole.lowerBound))
    var differs = false
    for offset in 0..<count where unsafe new.byte(offset) != old.load(fromByteOffset: offset, as: UInt8.self) {
      differs = true
      break
    }
    guard differs else { return end }
    counters.overlapsDifferent &+= 1
    outcome.events.insert(.reassemblyOverlapDifferentData)
    guard unsafe policy.newWins(old: piece.pointee.start..<piece.pointee.end, new: whole) else { return end }
    unsafe new.withUnsafeBytes { source in
      if let base = source.baseAddress { unsafe old.copyMemory(from: base, byteCount: count) }
    }
    return end
  }

  /// Room for one more piece of `length` bytes, or the limit is hit.
  @inline(__always)
  func hasRoom(_ half: UnsafeMutablePointer<StreamHalf>, _ length: Int) -> Bool {
    let most =
      configuration.deliversWhenAcknowledged
      ? configuration.maximumUnacknowledgedPieces : configuration.maximumBufferedPieces
    return unsafe Int(half.pointee.pieces) < most
      && Int(half.pointee.buffered) + length <= configuration.maximumBufferedBytes
  }
}
