internal import Wire

/// What rules keep about a flow: plain values by slot, grown to the highest slot seen.
struct FlowState {
  /// Address-only rules were looked at, per direction.
  var addressesDone: UInt8 = 0
  /// A pass rule let the whole flow go.
  var isPassed = false
  /// Bit row and counter row; -1: none yet.
  var bits: Int32 = -1
  var counters: Int32 = -1
  var window = (StreamWindowState(), StreamWindowState())
}

/// Rows of 64-bit words for flows that have some: a slab with a free list.
final class RowStore {
  private let width: Int
  private let limit: Int
  private var words: [UInt64] = []
  private var free: [Int32] = []
  /// Rows that were refused because the limit was reached.
  private(set) var refused: UInt64 = 0

  init(width: Int, limit: Int) {
    self.width = max(1, width)
    self.limit = limit
  }

  /// A row of zeros; -1 at the limit.
  func take() -> Int32 {
    if let row = free.popLast() { return row }
    guard words.count / width < limit else {
      refused += 1
      return -1
    }
    words.append(contentsOf: repeatElement(0, count: width))
    return Int32(words.count / width - 1)
  }

  func give(_ row: Int32) {
    guard row >= 0 else { return }
    for index in 0..<width { words[Int(row) * width + index] = 0 }
    free.append(row)
  }

  @inline(__always) subscript(row: Int32, word: Int) -> UInt64 {
    get { words[Int(row) * width + word] }
    set { words[Int(row) * width + word] = newValue }
  }
}

/// All flows' states, and their bits and counters.
@safe final class FlowStates {
  /// Flows with bits or counters beyond this keep none.
  static let rowLimit = 1 << 18

  private var states: UnsafeMutablePointer<FlowState>
  private var capacity: Int
  private let bits: RowStore
  private let counters: RowStore

  init(bitCount: Int, counterCount: Int) {
    capacity = 1_024
    unsafe states = .allocate(capacity: capacity)
    unsafe states.initialize(repeating: FlowState(), count: capacity)
    bits = RowStore(width: (bitCount + 63) / 64, limit: FlowStates.rowLimit)
    // The low half of a word is the value, bit 32 says that it is set.
    counters = RowStore(width: counterCount, limit: FlowStates.rowLimit)
  }

  deinit { unsafe states.deallocate() }

  @inline(__always) func with<R>(_ slot: Int32, _ body: (inout FlowState) -> R) -> R {
    if Int(slot) >= capacity { grow(to: Int(slot) + 1) }
    return unsafe body(&states[Int(slot)])
  }

  @inline(__always) func state(_ slot: Int32) -> FlowState {
    if Int(slot) >= capacity { grow(to: Int(slot) + 1) }
    return unsafe states[Int(slot)]
  }

  private func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let fresh = UnsafeMutablePointer<FlowState>.allocate(capacity: larger)
    unsafe fresh.update(from: states, count: capacity)
    unsafe (fresh + capacity).initialize(repeating: FlowState(), count: larger - capacity)
    unsafe states.deallocate()
    unsafe states = fresh
    capacity = larger
  }

  /// Forgets the flow; its windows must have been given back.
  func reset(_ slot: Int32) {
    let state = state(slot)
    bits.give(state.bits)
    counters.give(state.counters)
    with(slot) { $0 = FlowState() }
  }

  // MARK: Bits.

  func isSet(_ bit: Int32, _ slot: Int32) -> Bool {
    let row = state(slot).bits
    return row >= 0 && bits[row, Int(bit >> 6)] >> UInt64(bit & 63) & 1 == 1
  }

  func set(_ bit: Int32, _ slot: Int32, to value: Bool) {
    var row = state(slot).bits
    if row < 0 {
      guard value else { return }
      row = bits.take()
      guard row >= 0 else { return }
      with(slot) { $0.bits = row }
    }
    let mask = UInt64(1) << UInt64(bit & 63)
    if value { bits[row, Int(bit >> 6)] |= mask } else { bits[row, Int(bit >> 6)] &= ~mask }
  }

  // MARK: Counters.

  func counter(_ counter: Int32, _ slot: Int32) -> UInt32? {
    let row = state(slot).counters
    guard row >= 0 else { return nil }
    let word = counters[row, Int(counter)]
    return word >> 32 == 0 ? nil : UInt32(truncatingIfNeeded: word)
  }

  func setCounter(_ counter: Int32, _ slot: Int32, to value: UInt32) {
    var row = state(slot).counters
    if row < 0 {
      row = counters.take()
      guard row >= 0 else { return }
      with(slot) { $0.counters = row }
    }
    counters[row, Int(counter)] = UInt64(value) | 1 << 32
  }
}
