internal import Wire

/// What came of putting bytes into a list.
struct Insertion {
  var pieces = 0
  var overlaps = 0
  var differing = 0
  var isOutOfMemory = false
}

/// Putting bytes into a list: what is new makes new pieces, an overlap is settled byte by byte in place, so that the
/// list never holds two versions.
extension SegmentPool {
  /// `floor`: nothing before it is taken. `newWins` is asked only where bytes differ.
  mutating func insert(
    _ bytes: RawSpan, at position: Int64, floor: Int64, kind: Kind = .data, _ list: inout PieceList,
    newWins: (_ old: Range<Int64>, _ new: Range<Int64>) -> Bool
  ) -> Insertion {
    var result = Insertion()
    let whole = position..<position &+ Int64(bytes.byteCount)
    var cursor = max(position, floor)
    var previous: Int32 = -1
    var next = list.head
    if list.tail >= 0, unsafe pieces[Int(list.tail)].end <= cursor {
      previous = list.tail
      next = -1
    }
    while cursor < whole.upperBound {
      while next >= 0, unsafe pieces[Int(next)].end <= cursor {
        previous = next
        next = unsafe pieces[Int(next)].next
      }
      let stop = next >= 0 ? unsafe min(pieces[Int(next)].start, whole.upperBound) : whole.upperBound
      guard cursor < stop else {
        cursor = settle(next, cursor, whole, bytes, &result, newWins)
        continue
      }
      let part = bytes.clamped(Int(cursor - position), Int(stop - position))
      guard let place = copy(part, cursor, kind) else {
        result.isOutOfMemory = true
        return result
      }
      link(place, after: previous, &list)
      result.pieces += 1
      previous = place
      cursor = stop
    }
    return result
  }

  private mutating func copy(_ part: RawSpan, _ start: Int64, _ kind: Kind) -> Int32? {
    guard let place = make(part.byteCount) else { return nil }
    let piece = unsafe pieces + Int(place)
    unsafe piece.pointee.start = start
    unsafe piece.pointee.length = Int32(part.byteCount)
    unsafe piece.pointee.next = -1
    unsafe piece.pointee.kind = kind
    unsafe part.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe piece.pointee.bytes.copyMemory(from: base, byteCount: source.count)
      }
    }
    return place
  }

  /// The overlap of one piece with the new bytes, from `cursor` on. Gives the place where it ends.
  private func settle(
    _ place: Int32, _ cursor: Int64, _ whole: Range<Int64>, _ bytes: RawSpan, _ result: inout Insertion,
    _ newWins: (_ old: Range<Int64>, _ new: Range<Int64>) -> Bool
  ) -> Int64 {
    let piece = unsafe pieces + Int(place)
    let end = unsafe min(piece.pointee.end, whole.upperBound)
    result.overlaps += 1
    guard unsafe piece.pointee.kind == .data else { return end }
    let old = unsafe piece.pointee.bytes + Int(cursor - piece.pointee.start)
    let count = Int(end - cursor)
    let new = bytes.clamped(Int(cursor - whole.lowerBound), Int(end - whole.lowerBound))
    var offset = 0
    while offset < count, unsafe new.byte(offset) == old.load(fromByteOffset: offset, as: UInt8.self) { offset += 1 }
    guard offset < count else { return end }
    result.differing += 1
    guard unsafe newWins(piece.pointee.start..<piece.pointee.end, whole) else { return end }
    unsafe new.withUnsafeBytes { source in
      if let base = source.baseAddress { unsafe old.copyMemory(from: base, byteCount: count) }
    }
    return end
  }
}
