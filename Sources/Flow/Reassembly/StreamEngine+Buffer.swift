internal import Wire

/// Keeping what cannot be delivered yet, within the limits.
extension StreamEngine {
  /// Buffers `bytes` at `position`, clipped to what is not delivered; overlaps are settled by the receiver's policy.
  mutating func hold(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ bytes: RawSpan, _ outcome: inout SegmentOutcome,
    kind: SegmentPool.Kind = .data
  ) {
    let policy = unsafe half.pointee.policy
    let floor = unsafe half.pointee.base
    let result = unsafe pool.insert(bytes, at: position, floor: floor, kind: kind, &half.pointee.list) { old, new in
      policy.newWins(old: old, new: new)
    }
    counters.piecesBuffered &+= UInt64(result.pieces)
    counters.overlaps &+= UInt64(result.overlaps)
    counters.overlapsDifferent &+= UInt64(result.differing)
    if result.differing > 0 { outcome.events.insert(.reassemblyOverlapDifferentData) }
    guard result.isOutOfMemory else { return }
    counters.memoryCapDrops &+= 1
    outcome.events.insert(.reassemblyInsertMemoryCap)
    outcome.events.insert(.reassemblyNoSegment)
  }

  /// Room for one more piece of `length` bytes, or the limit is hit.
  @inline(__always)
  func hasRoom(_ half: UnsafeMutablePointer<StreamHalf>, _ length: Int) -> Bool {
    let most =
      configuration.deliversWhenAcknowledged
      ? configuration.maximumUnacknowledgedPieces : configuration.maximumBufferedPieces
    return unsafe Int(half.pointee.list.count) < most
      && Int(half.pointee.list.bytes) + length <= configuration.maximumBufferedBytes
  }
}
