internal import Glibc
internal import Synchronization
internal import Wire

/// How often and how much at once an address is asked, over all jobs of a scanner: at most N connects a second,
/// evenly spaced, and M connections open.
package final class AddressGate: Sendable {
  private struct Address {
    var open = 0
    /// Monotonic nanoseconds before which no further connect begins.
    var next: Int64 = 0
  }
  private let addresses = Mutex<[IPAddress: Address]>([:])
  /// Addresses remembered before idle ones are dropped: a scanner of 5,000 sites needs no more.
  private static let limit = 20_000

  package init() {}

  /// Waits for a turn. False when the deadline came first or `stopped` says so.
  func enter(_ address: IPAddress, _ limits: ScanContext.Limits, _ deadline: Deadline, stopped: () -> Bool) -> Bool {
    while !deadline.isPast, !stopped() {
      let wait = turn(address, limits)
      if wait == 0 { return true }
      var pause = timespec(tv_sec: 0, tv_nsec: Int(min(wait, 20_000_000)))
      unsafe nanosleep(&pause, nil)
    }
    return false
  }

  func leave(_ address: IPAddress) {
    addresses.withLock { $0[address]?.open -= 1 }
  }

  /// 0: the turn is taken. Else nanoseconds until it is worth asking again.
  private func turn(_ address: IPAddress, _ limits: ScanContext.Limits) -> Int64 {
    addresses.withLock { all in
      let now = MonotonicClock.nanoseconds()
      if all.count > AddressGate.limit { all = all.filter { $0.value.open > 0 || $0.value.next > now } }
      var state = all[address] ?? Address()
      guard state.open < limits.openPerAddress else { return 5_000_000 }
      guard state.next <= now else { return state.next - now }
      state.open += 1
      state.next = now + (limits.connectsPerSecond.isFinite ? Int64(1e9 / limits.connectsPerSecond) : 0)
      all[address] = state
      return 0
    }
  }
}
