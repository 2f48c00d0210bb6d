package import Wire

/// Who comes without being anybody comes slower and slower. Time comes in as an argument.
///
/// Not against guessing, which 256 bits are enough for: it keeps a stranger, or a program with an old token, from keeping
/// the hub and its log busy.
package struct FailedAttempts: Sendable {
  /// A person types a path wrong, or a program starts with the old file: so many cost nothing.
  package static let free = 5
  package static let longestWait = 300.0
  /// Forgotten after so long without another.
  package static let memory = 900.0
  /// More addresses than these are not told apart: the oldest are forgotten.
  private static let mostAddresses = 10_000

  private struct Entry {
    var count: Int
    var last: Timestamp
  }
  private var entries: [String: Entry] = [:]

  package init() {}

  package var known: Int { entries.count }

  /// Seconds that `address` has to wait before it is looked at again; nil: it is looked at.
  package func wait(_ address: String, now: Timestamp) -> Double? {
    guard let entry = entries[address], entry.count > FailedAttempts.free else { return nil }
    let passed = Double(now.nanoseconds(since: entry.last)) / 1e9
    // A clock that was set back must not lock anybody out for longer than the wait itself.
    guard passed >= 0 else { return nil }
    let left = FailedAttempts.pause(entry.count) - passed
    return left > 0 ? left : nil
  }

  package mutating func failed(_ address: String, now: Timestamp) {
    var entry = entries[address] ?? Entry(count: 0, last: now)
    if Double(now.nanoseconds(since: entry.last)) / 1e9 > FailedAttempts.memory { entry.count = 0 }
    entry = Entry(count: min(entry.count + 1, 1_000), last: now)
    if entries[address] == nil, entries.count >= FailedAttempts.mostAddresses { forget(now) }
    entries[address] = entry
  }

  /// A second after the free ones, doubled by each further one.
  private static func pause(_ count: Int) -> Double {
    min(Double(1 << min(count - free - 1, 16)), longestWait)
  }

  private mutating func forget(_ now: Timestamp) {
    entries = entries.filter { Double(now.nanoseconds(since: $0.value.last)) / 1e9 <= FailedAttempts.memory }
    guard entries.count >= FailedAttempts.mostAddresses else { return }
    for (address, _) in entries.sorted(by: { $0.value.last < $1.value.last }).prefix(entries.count / 2) {
      entries[address] = nil
    }
  }
}
