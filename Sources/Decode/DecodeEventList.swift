/// The events of one packet in the order they were met: at most 15, without a reference. More are not kept
/// (a packet that breaks fifteen rules has said enough); the counters still count them.
package struct DecodeEventList: Sendable, RandomAccessCollection {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  package static let capacity = 15
  package init() {}

  package var startIndex: Int { 0 }
  package var endIndex: Int { Int(high >> 56) }
  package var isEmpty: Bool { high == 0 }

  package subscript(index: Int) -> DecodeEvent {
    precondition(index >= 0 && index < count, "an event index within the list")
    let word = index < 8 ? low : high
    let raw = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7)))
    return DecodeEvent(rawValue: raw) ?? .tooManyLayers
  }

  package func contains(_ event: DecodeEvent) -> Bool {
    guard !isEmpty else { return false }
    for index in 0..<count where self[index] == event { return true }
    return false
  }

  /// Keeps each event once.
  package mutating func append(_ event: DecodeEvent) {
    guard count < DecodeEventList.capacity, !contains(event) else { return }
    let index = count
    let bits = UInt64(event.rawValue) << UInt64(8 * (index & 7))
    if index < 8 { low |= bits } else { high |= bits }
    high += 1 << 56
  }
}
