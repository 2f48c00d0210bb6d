internal import Wire

/// Handing out what is in order, and saying what is missing.
extension StreamEngine {
  /// A segment's bytes: delivered at once when they are next, else kept.
  @inline(__always)
  mutating func take(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ payload: RawSpan, _ segment: inout Segment,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    let end = position &+ Int64(segment.length)
    if unsafe end > half.pointee.highest { unsafe half.pointee.highest = end }
    if unsafe end <= half.pointee.base {
      segment.outcome.events.insert(.reassemblySegmentBeforeBase)
      return
    }
    if unsafe half.pointee.flags.contains(.stopped) {
      unsafe half.pointee.move(to: end)
      return
    }
    if segment.has(TCPFlag.urgent), segment.urgentPointer > 0, configuration.urgent != .inline {
      return unsafe takeUrgent(half, position, payload, &segment, deliver)
    }
    unsafe place(half, position, payload, &segment, deliver)
  }

  @inline(__always)
  private mutating func place(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ bytes: RawSpan, _ segment: inout Segment,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    let base = unsafe half.pointee.base
    if position <= base, deliversAtOnce(segment.slot) {
      let head = unsafe half.pointee.list.head
      let end = position &+ Int64(bytes.byteCount)
      if head < 0 {
        if end > base {
          unsafe emit(
            half, segment.slot, segment.direction, bytes.from(Int(base &- position)), &segment.outcome, [], deliver)
        }
        return
      }
      if end > base, unsafe end <= pool.pieces[Int(head)].start {
        unsafe emit(
          half, segment.slot, segment.direction, bytes.from(Int(base &- position)), &segment.outcome, [], deliver)
        unsafe drain(half, segment.slot, segment.direction, upTo: .max, &segment.outcome, [], deliver)
        return
      }
    }
    unsafe keep(half, position, bytes, &segment, deliver)
  }

  private mutating func keep(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ bytes: RawSpan, _ segment: inout Segment,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard bytes.byteCount > 0 else { return }
    while unsafe !hasRoom(half, bytes.byteCount) {
      counters.limitHits &+= 1
      segment.outcome.events.insert(.reassemblyInsertLimit)
      guard unsafe half.pointee.list.head >= 0 else { return }
      unsafe pushOut(half, segment.slot, segment.direction, &segment.outcome, deliver)
    }
    unsafe hold(half, position, bytes, &segment.outcome)
    let limit = unsafe deliversAtOnce(segment.slot) ? Int64.max : half.pointee.acknowledged
    unsafe drain(half, segment.slot, segment.direction, upTo: limit, &segment.outcome, [], deliver)
  }

  /// Out of room: the first piece goes out, what is missing before it is told as a gap.
  private mutating func pushOut(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction,
    _ outcome: inout SegmentOutcome, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    let (start, end) = unsafe (
      pool.pieces[Int(half.pointee.list.head)].start, pool.pieces[Int(half.pointee.list.head)].end
    )
    if unsafe start > half.pointee.base {
      unsafe gap(half, slot, direction, start &- half.pointee.base, &outcome, [], deliver)
    }
    unsafe drain(half, slot, direction, upTo: deliversAtOnce(slot) ? .max : end, &outcome, [], deliver)
  }

  /// RFC 6093: the pointer names the byte behind the urgent one.
  private mutating func takeUrgent(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ payload: RawSpan, _ segment: inout Segment,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if configuration.urgent == .drop { return }
    let at = Int(segment.urgentPointer) - 1
    guard at < payload.byteCount else { return unsafe place(half, position, payload, &segment, deliver) }
    unsafe place(half, position, payload.clamped(0, at), &segment, deliver)
    let mark: SegmentPool.Kind = configuration.urgent == .gap ? .gap : .skip
    unsafe hold(half, position &+ Int64(at), payload.clamped(at, at + 1), &segment.outcome, kind: mark)
    let limit = unsafe deliversAtOnce(segment.slot) ? Int64.max : half.pointee.acknowledged
    unsafe drain(half, segment.slot, segment.direction, upTo: limit, &segment.outcome, [], deliver)
    unsafe place(half, position &+ Int64(at + 1), payload.from(at + 1), &segment, deliver)
  }

  @inline(__always)
  private func deliversAtOnce(_ slot: FlowSlot) -> Bool {
    !configuration.deliversWhenAcknowledged || isFlagged(slot, .asynchronous)
  }

  /// The other side has everything before `position`: what it has and we have not, is a gap.
  @inline(__always)
  mutating func acknowledge(
    _ half: UnsafeMutablePointer<StreamHalf>, _ position: Int64, _ segment: inout Segment,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard unsafe position > half.pointee.acknowledged else { return }
    unsafe half.pointee.acknowledged = position
    let direction = segment.direction.opposite
    if unsafe half.pointee.list.head >= 0, configuration.deliversWhenAcknowledged {
      unsafe drain(half, segment.slot, direction, upTo: position, &segment.outcome, [], deliver)
    }
    let fin = unsafe half.pointee.finPosition
    let target = fin >= 0 ? min(position, fin) : position
    if unsafe half.pointee.base < target {
      unsafe fillGaps(half, segment.slot, direction, upTo: target, &segment.outcome, [], deliver)
    }
    if fin >= 0 { unsafe settleEnd(half, segment.slot, direction, [], deliver) }
  }

  /// Delivers up to `target`, holes told as gaps. A side of which nothing was ever seen has no holes: it is not there.
  private mutating func fillGaps(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, upTo target: Int64,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard unsafe half.pointee.flags.contains(.seen), unsafe !half.pointee.flags.contains(.stopped) else {
      unsafe half.pointee.move(to: target)
      return
    }
    while unsafe half.pointee.base < target {
      let head = unsafe half.pointee.list.head
      let start = head >= 0 ? unsafe min(pool.pieces[Int(head)].start, target) : target
      if unsafe start > half.pointee.base {
        unsafe gap(half, slot, direction, start &- half.pointee.base, &outcome, marks, deliver)
      }
      guard unsafe !half.pointee.flags.contains(.stopped) else { return unsafe half.pointee.move(to: target) }
      let limit = deliversAtOnce(slot) ? Int64.max : target
      unsafe drain(half, slot, direction, upTo: limit, &outcome, marks, deliver)
    }
  }

  /// Delivers what is kept and in order, before `limit`.
  mutating func drain(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, upTo limit: Int64,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    while unsafe half.pointee.list.head >= 0 {
      let place = unsafe Int(half.pointee.list.head)
      let piece = unsafe pool.pieces[place]
      let base = unsafe half.pointee.base
      let stop = unsafe min(piece.end, limit)
      guard unsafe piece.start <= base, unsafe stop > base || piece.end <= base else { return }
      if stop > base {
        if unsafe piece.kind == .data {
          let count = Int(stop &- base)
          let bytes = unsafe UnsafeRawBufferPointer(start: piece.bytes + Int(base &- piece.start), count: count)
          unsafe emit(half, slot, direction, bytes.bytes, &outcome, marks, deliver)
        } else {
          unsafe leaveOut(half, slot, direction, piece.kind, &outcome, marks, deliver)
        }
      }
      // The depth may have emptied the list.
      guard unsafe half.pointee.list.head == Int32(place) else { return }
      guard unsafe half.pointee.base >= piece.end else { return }
      unsafe pool.pop(&half.pointee.list)
    }
  }

  private mutating func leaveOut(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ kind: SegmentPool.Kind,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    if kind == .gap { return unsafe gap(half, slot, direction, 1, &outcome, marks, deliver) }
    unsafe half.pointee.skipped &+= 1
    unsafe half.pointee.move(to: half.pointee.base &+ 1)
  }

  /// Gives bytes at `base` to the reader and moves on; tells once when the depth is reached.
  @inline(__always)
  mutating func emit(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ bytes: RawSpan,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    let count = bytes.byteCount
    let offset = unsafe half.pointee.base &- half.pointee.skipped
    unsafe half.pointee.move(to: half.pointee.base &+ Int64(count))
    let room = configuration.depth > 0 ? Int64(configuration.depth) &- offset : .max
    if Int64(count) <= room {
      counters.deliveredBytes &+= UInt64(count)
      deliver(StreamChunk(slot: slot, direction: direction, offset: UInt64(offset), bytes: bytes, marks: marks))
      return
    }
    if room > 0 {
      counters.deliveredBytes &+= UInt64(room)
      let part = bytes.clamped(0, Int(room))
      deliver(StreamChunk(slot: slot, direction: direction, offset: UInt64(offset), bytes: part, marks: marks))
    }
    unsafe reachDepth(half, slot, direction, &outcome, marks, deliver)
  }

  private mutating func reachDepth(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    counters.depthReached &+= 1
    outcome.events.insert(.reassemblyDepthReached)
    unsafe half.pointee.flags.insert(.stopped)
    unsafe pool.clear(&half.pointee.list)
    let offset = unsafe max(0, half.pointee.base &- half.pointee.skipped)
    deliver(
      StreamChunk(
        slot: slot, direction: direction, offset: UInt64(offset), bytes: RawSpan(),
        marks: marks.union(.depthReached)))
    unsafe half.pointee.move(to: max(half.pointee.base, half.pointee.highest))
  }

  private mutating func gap(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ length: Int64,
    _ outcome: inout SegmentOutcome, _ marks: StreamChunkMarks, _ deliver: (borrowing StreamChunk) -> Void
  ) {
    counters.gaps &+= 1
    counters.gapBytes &+= UInt64(length)
    outcome.events.insert(.reassemblySequenceGap)
    let offset = unsafe max(0, half.pointee.base &- half.pointee.skipped)
    unsafe half.pointee.move(to: half.pointee.base &+ length)
    deliver(
      StreamChunk(
        slot: slot, direction: direction, offset: UInt64(offset), bytes: RawSpan(), gapLength: Int(length),
        marks: marks))
    guard configuration.depth > 0, offset &+ length > Int64(configuration.depth) else { return }
    unsafe reachDepth(half, slot, direction, &outcome, marks, deliver)
  }

  /// Tells the end when everything before the FIN is told.
  @inline(__always)
  func settleEnd(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ marks: StreamChunkMarks,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard unsafe half.pointee.finPosition >= 0, unsafe half.pointee.base >= half.pointee.finPosition else { return }
    unsafe tellEnd(half, slot, direction, marks, deliver)
  }

  private func tellEnd(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ marks: StreamChunkMarks,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    guard unsafe !half.pointee.flags.contains(.ended), unsafe half.pointee.flags.contains(.seen) else { return }
    unsafe half.pointee.flags.insert(.ended)
    let offset = unsafe max(0, half.pointee.base &- half.pointee.skipped)
    deliver(
      StreamChunk(
        slot: slot, direction: direction, offset: UInt64(offset), bytes: RawSpan(), marks: marks.union(.end)))
  }

  /// Everything kept goes out, then the end. Nothing more is taken afterwards.
  mutating func finish(
    _ half: UnsafeMutablePointer<StreamHalf>, _ slot: FlowSlot, _ direction: Direction, _ marks: StreamChunkMarks,
    _ deliver: (borrowing StreamChunk) -> Void
  ) {
    var outcome = SegmentOutcome()
    while unsafe half.pointee.list.head >= 0 {
      let start = unsafe pool.pieces[Int(half.pointee.list.head)].start
      if unsafe start > half.pointee.base {
        unsafe gap(half, slot, direction, start &- half.pointee.base, &outcome, marks, deliver)
      }
      unsafe drain(half, slot, direction, upTo: .max, &outcome, marks, deliver)
    }
    unsafe tellEnd(half, slot, direction, marks, deliver)
  }

  mutating func flush(_ slot: FlowSlot, _ deliver: (borrowing StreamChunk) -> Void) {
    guard !isFlagged(slot, .flushed) else { return }
    flag(slot, .flushed)
    unsafe finish(half(slot, .toServer), slot, .toServer, .flowEnded, deliver)
    unsafe finish(half(slot, .toClient), slot, .toClient, .flowEnded, deliver)
  }
}
