package import Wire

/// A piece of one direction of a TCP stream, in order: bytes, or a hole, or the end. Valid only inside the closure
/// that it is given to.
package struct StreamChunk: ~Escapable {
  package let slot: FlowSlot
  package let direction: Direction
  /// Bytes of this direction before this chunk, holes counted.
  package let offset: UInt64
  /// Empty for a hole and for a bare end.
  package let bytes: RawSpan
  /// Bytes that are missing here; 0: none.
  package let gapLength: Int
  package let marks: StreamChunkMarks

  @_lifetime(copy bytes)
  @inline(__always)
  init(
    slot: FlowSlot, direction: Direction, offset: UInt64, bytes: RawSpan, gapLength: Int = 0,
    marks: StreamChunkMarks = []
  ) {
    self.slot = slot
    self.direction = direction
    self.offset = offset
    self.bytes = bytes
    self.gapLength = gapLength
    self.marks = marks
  }

  package var isGap: Bool { gapLength > 0 }
  package var isEnd: Bool { marks.contains(.end) }
}

package struct StreamChunkMarks: OptionSet, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Nothing more comes in this direction: FIN, RST, or the flow ended. Told once, with a chunk without bytes.
  package static let end = Self(rawValue: 1 << 0)
  /// The depth is reached: no more bytes come, though the flow may go on. Told once, with a chunk without bytes.
  package static let depthReached = Self(rawValue: 1 << 1)
  /// Delivered because the flow ended, not because of a packet (EVE's `pkt_src` "stream (flow timeout)").
  package static let flowEnded = Self(rawValue: 1 << 2)
  /// The end came by RST.
  package static let reset = Self(rawValue: 1 << 3)
}
