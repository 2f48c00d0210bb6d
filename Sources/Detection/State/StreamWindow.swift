/// Where a direction's stream inspection stands: its window's block and what of it was scanned.
struct StreamWindowState {
  /// The block of memory; -1: none.
  var block: Int32 = -1
  /// Bytes in the block, and how many of them have been inspected.
  var count: Int32 = 0
  var inspected: Int32 = 0
  /// The stream offset of the block's first byte.
  var start: UInt64 = 0
  /// Nothing more is inspected here.
  var isOff = false
  /// Inspect at the next chance, however little there is.
  var wantsFlush = false
  /// Rules whose literal was found here but not the rest; -1: none. More than four are not waited for.
  var waiting: (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)

  mutating func wait(for rule: Int32) -> Bool {
    if waiting.0 == rule || waiting.1 == rule || waiting.2 == rule || waiting.3 == rule { return true }
    if waiting.0 < 0 {
      waiting.0 = rule
    } else if waiting.1 < 0 {
      waiting.1 = rule
    } else if waiting.2 < 0 {
      waiting.2 = rule
    } else if waiting.3 < 0 {
      waiting.3 = rule
    } else {
      return false
    }
    return true
  }

  mutating func takeWaiting() -> (Int32, Int32, Int32, Int32) {
    defer { waiting = (-1, -1, -1, -1) }
    return waiting
  }
}

/// The memory of stream windows: blocks of one size, reused, bounded.
///
/// A block holds what waits to be inspected and, before it, what was inspected last: so a match that began in an
/// earlier segment is found, once.
@safe final class StreamBlocks {
  static let size = 4_096
  /// Bytes of an inspected window that stay for matches that continue.
  static let kept = 1_024
  /// Bytes that wait before they are inspected without being asked to.
  static let chunk = 2_560
  /// 64 MiB.
  static let limit = 16_384

  private var blocks: [Block] = []

  @safe private struct Block { let base: UnsafeMutablePointer<UInt8> }
  private var free: [Int32] = []
  /// Chunks inspected alone for want of a block.
  var refused: UInt64 = 0

  deinit { for block in blocks { unsafe block.base.deallocate() } }

  func take() -> Int32 {
    if let block = free.popLast() { return block }
    guard blocks.count < StreamBlocks.limit else {
      refused += 1
      return -1
    }
    unsafe blocks.append(Block(base: .allocate(capacity: StreamBlocks.size)))
    return Int32(blocks.count - 1)
  }

  func give(_ block: Int32) { if block >= 0 { free.append(block) } }

  @inline(__always) func base(_ block: Int32) -> UnsafeMutablePointer<UInt8> { unsafe blocks[Int(block)].base }

  /// Makes room for `length` bytes by letting the oldest inspected ones go.
  func makeRoom(_ length: Int, _ window: inout StreamWindowState) {
    guard Int(window.count) + length > StreamBlocks.size else { return }
    let drop = max(0, Int(window.inspected) - StreamBlocks.kept)
    guard drop > 0 else { return }
    let base = unsafe base(window.block)
    unsafe base.update(from: base + drop, count: Int(window.count) - drop)
    window.count -= Int32(drop)
    window.inspected -= Int32(drop)
    window.start += UInt64(drop)
    window.waiting = (-1, -1, -1, -1)
  }

  /// As many bytes as fit; how many.
  func append(_ bytes: UnsafeRawBufferPointer, _ window: inout StreamWindowState) -> Int {
    let room = StreamBlocks.size - Int(window.count)
    let length = min(room, bytes.count)
    guard length > 0, let source = bytes.baseAddress else { return 0 }
    unsafe (base(window.block) + Int(window.count)).update(
      from: source.assumingMemoryBound(to: UInt8.self), count: length)
    window.count += Int32(length)
    return length
  }
}
