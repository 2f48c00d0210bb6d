/// What waits to be delivered: pieces of at most 64 KiB in buffers of few sizes, linked by index. A freed piece keeps
/// its buffer, so that a steady state allocates nothing. Bounded by a cap for all flows of the worker.
@safe struct SegmentPool: ~Copyable {
  @unsafe struct Piece {
    var start: Int64
    var length: Int32
    var next: Int32
    let bytes: UnsafeMutableRawPointer
    let sizeClass: UInt8
    var kind: Kind
    var end: Int64 { unsafe start &+ Int64(length) }
  }
  enum Kind: UInt8 {
    case data
    /// A byte of the sequence space that is no part of the stream (urgent).
    case skip
    /// A byte that is told as missing.
    case gap
  }

  static let sizes = [256, 2048, 16_384, 131_072]
  /// Pieces per growth of the table.
  private static let step = 1024

  private(set) var pieces: UnsafeMutablePointer<Piece>
  private var room = SegmentPool.step
  private var made = 0
  private var free: InlineArray<4, Int32> = [-1, -1, -1, -1]
  private(set) var allocatedBytes = 0
  private(set) var inUse = 0
  private let memoryCap: Int

  init(memoryCap: Int) {
    self.memoryCap = memoryCap
    unsafe pieces = UnsafeMutablePointer<Piece>.allocate(capacity: SegmentPool.step)
  }

  deinit {
    for place in 0..<made { unsafe pieces[place].bytes.deallocate() }
    unsafe pieces.deallocate()
  }

  /// Nil: the cap is reached.
  mutating func make(_ length: Int) -> Int32? {
    guard let sizeClass = SegmentPool.sizes.firstIndex(where: { $0 >= length }) else { return nil }
    for candidate in sizeClass..<SegmentPool.sizes.count where free[candidate] >= 0 {
      let place = free[candidate]
      free[candidate] = unsafe pieces[Int(place)].next
      inUse += 1
      return place
    }
    let size = SegmentPool.sizes[sizeClass]
    guard allocatedBytes + size <= memoryCap else { return nil }
    if made == room { grow() }
    allocatedBytes += size
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe (pieces + made).initialize(
      to: Piece(start: 0, length: 0, next: -1, bytes: bytes, sizeClass: UInt8(sizeClass), kind: .data))
    made += 1
    inUse += 1
    return Int32(made - 1)
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Piece>.allocate(capacity: room * 2)
    unsafe larger.moveInitialize(from: pieces, count: made)
    unsafe pieces.deallocate()
    unsafe pieces = larger
    room *= 2
  }

  mutating func release(_ place: Int32) {
    let sizeClass = unsafe Int(pieces[Int(place)].sizeClass)
    unsafe pieces[Int(place)].next = free[sizeClass]
    free[sizeClass] = place
    inUse -= 1
  }

  /// Takes the first piece off a list.
  mutating func pop(_ list: inout PieceList) {
    let place = list.head
    list.head = unsafe pieces[Int(place)].next
    if list.head < 0 { list.tail = -1 }
    list.count -= 1
    list.bytes -= unsafe pieces[Int(place)].length
    release(place)
  }

  mutating func clear(_ list: inout PieceList) {
    while list.head >= 0 { pop(&list) }
  }

  /// Links a piece behind `previous`; at the front when that is -1.
  func link(_ place: Int32, after previous: Int32, _ list: inout PieceList) {
    if previous < 0 {
      unsafe pieces[Int(place)].next = list.head
      list.head = place
    } else {
      unsafe pieces[Int(place)].next = unsafe pieces[Int(previous)].next
      unsafe pieces[Int(previous)].next = place
    }
    if list.tail == previous { list.tail = place }
    list.count += 1
    list.bytes += unsafe pieces[Int(place)].length
  }
}

/// Pieces in ascending order that never overlap.
struct PieceList {
  var head: Int32 = -1
  var tail: Int32 = -1
  var count: Int32 = 0
  var bytes: Int32 = 0
}
