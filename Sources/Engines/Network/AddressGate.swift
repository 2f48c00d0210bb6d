internal import Glibc
internal import Synchronization
internal import Wire

/// How often and how much at once an address is asked, over all jobs of a scanner: connects, HTTP requests and DNS
/// queries each evenly spaced, and at most M connections open.
package final class AddressGate: Sendable {
  /// What is counted apart (MODEL.md, cadence and politeness).
  enum Pace: Hashable {
    case connect(IPAddress)
    case request(IPAddress)
    /// What was let through as a request and goes out now: a connection may have had to be made in between.
    case sending(IPAddress)
    case query(IPAddress)
    /// HTTP requests to all addresses of a hosting.
    case platform(String)
  }
  private struct State {
    /// Connections open, by address.
    var open: [IPAddress: Int] = [:]
    var paces = PaceTable()
  }
  /// One lock for a part of the addresses: with one for all, jobs of a round wait for each other's, and a lock whose
  /// holder lost its core is waited for by spinning.
  private final class Part: Sendable {
    let state = Mutex(State())
  }
  private let parts = (0..<AddressGate.partCount).map { _ in Part() }
  private static let partCount = 64
  /// Nanoseconds after which a waiting job looks whether it was stopped: of hundreds that wait at once, each look costs.
  private static let longestNap: Int64 = 100_000_000

  /// Nanoseconds for which an answer is awaited beyond the pace: who is slower than that is not held up by a loaded
  /// machine, and the next request may go.
  static let patience: Int64 = 1_000_000_000

  package init() {}

  private func part(_ key: some Hashable) -> Part {
    parts[Int(UInt(bitPattern: key.hashValue) % UInt(AddressGate.partCount))]
  }

  /// Waits for a turn to connect; `leave` when the connection is closed. False when the deadline came first or
  /// `stopped` says so.
  func enter(_ address: IPAddress, _ limits: ScanContext.Limits, _ deadline: Deadline, stopped: () -> Bool) -> Bool {
    let part = part(address)
    return wait(deadline, stopped) {
      part.state.withLock { state in
        guard state.open[address, default: 0] < limits.openPerAddress else { return 5_000_000 }
        let left = state.paces.turn(.connect(address), limits.connectsPerSecond, now: MonotonicClock.nanoseconds())
        if left == 0 { state.open[address, default: 0] += 1 }
        return left
      }
    }
  }

  func leave(_ address: IPAddress) {
    part(address).state.withLock { state in
      let left = state.open[address, default: 0] - 1
      state.open[address] = left > 0 ? left : nil
    }
  }

  /// Waits for a turn of what has no end to be told.
  func pass(_ pace: Pace, _ perSecond: Double, _ deadline: Deadline, stopped: () -> Bool) -> Bool {
    guard perSecond.isFinite else { return !deadline.isPast && !stopped() }
    let part = part(pace)
    return wait(deadline, stopped) {
      part.state.withLock { $0.paces.turn(pace, perSecond, now: MonotonicClock.nanoseconds()) }
    }
  }

  /// Waits for a turn to send a request to the address: a pace after the one before, and not before that was answered.
  /// What was held up on its way, by a loaded machine on either side, would else arrive together with what is behind it,
  /// and the server would count more than its pace. Nil like `pass`; else the moment, for `answered`.
  func send(
    to address: IPAddress, _ perSecond: Double, _ deadline: Deadline, stopped: () -> Bool
  ) -> Int64? {
    let part = part(Pace.sending(address))
    var moment: Int64 = 0
    let isSent = wait(deadline, stopped) {
      part.state.withLock { state in
        moment = MonotonicClock.nanoseconds()
        return state.paces.turn(.sending(address), perSecond, now: moment, patience: AddressGate.patience)
      }
    }
    return isSent ? moment : nil
  }

  /// The first byte of the answer to what was sent then is there, or none will come.
  func answered(_ address: IPAddress, sent moment: Int64) {
    part(Pace.sending(address)).state.withLock { $0.paces.answered(.sending(address), taken: moment) }
  }

  private func wait(_ deadline: Deadline, _ stopped: () -> Bool, _ turn: () -> Int64) -> Bool {
    while !deadline.isPast, !stopped() {
      let left = turn()
      if left == 0 { return true }
      var pause = timespec(tv_sec: 0, tv_nsec: Int(min(left, AddressGate.longestNap)))
      unsafe nanosleep(&pause, nil)
    }
    return false
  }
}
