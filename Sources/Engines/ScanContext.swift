internal import Glibc
package import Records
internal import Synchronization
package import Wire

/// What a job may do and what it has done: reach, deadline, pace, stop, counters. One a job; Scanner makes it.
package final class ScanContext: Sendable {
  package struct Limits: Sendable {
    /// Connects and hellos a second and address (MODEL.md, cadence and politeness).
    package var connectsPerSecond = 10.0
    package var openPerAddress = 2
    /// HTTP requests, apart from connects: a kept connection asks many times.
    package var requestsPerSecond = 1.0
    package var requestsPerSecondAndPlatform = 5.0
    /// DNS queries to one name server.
    package var queriesPerSecond = 10.0
    package var connectMilliseconds = 5_000
    /// Per connection, from connect to the last byte wanted.
    package var exchangeMilliseconds = 8_000
    /// Answers without end that other engines have just met at the same port.
    package var unendedBefore = 0
    /// Part of a pause between two questions that is kept: less than all only where time is made up.
    package var pauseShare = 1.0

    package init() {}
    /// No pace at all: for loopback only, and only where the operator asked (`--lab`).
    package static var lab: Limits {
      var limits = Limits()
      limits.connectsPerSecond = .infinity
      limits.requestsPerSecond = .infinity
      limits.requestsPerSecondAndPlatform = .infinity
      limits.queriesPerSecond = .infinity
      limits.openPerAddress = 64
      return limits
    }
    /// False only of `lab`.
    package var isPaced: Bool { requestsPerSecond.isFinite }
    /// Half the pace and twice the patience (`ScanOptions.isSlow`).
    package var slowed: Limits {
      var limits = self
      limits.connectsPerSecond /= 2
      limits.requestsPerSecond /= 2
      limits.requestsPerSecondAndPlatform /= 2
      limits.queriesPerSecond /= 2
      limits.connectMilliseconds *= 2
      limits.exchangeMilliseconds *= 2
      return limits
    }
  }

  package struct Settings: Sendable {
    package var policy = AddressPolicy()
    package var limits = Limits()
    package var userAgent = "Vigil/0.1 (authorised security monitoring of this site)"
    /// PEM file of trusted roots instead of the system's: the first of `trustSources`.
    package var trustFile: String?
    /// Connections go through it; its own address is not asked of `policy`.
    package var proxy: Proxy?
    /// Addresses of names of this family alone; nil: of both.
    package var family: AddressFamily?
    /// Further stores that a chain is held against; the system's is among them only where it is named.
    package var trustStores: [TrustStoreSource] = []
    /// Whether a certificate's authority may be asked over the network (OCSP, CRL) about its revocation.
    package var asksRevocation = false
    /// Whom names are asked of, and what their signatures are checked against.
    package var resolver = ResolverSettings()
    /// Dates and products that answers are held against.
    package var tables = ReferenceTables()
    /// Whom the availability engine asks too before a name without address counts as an outage; nil: `resolver`'s own
    /// servers, where they are named.
    package var secondResolver: ResolverSettings.Server?
    package var now: @Sendable () -> Timestamp = { MonotonicClock.wallClock() }

    package init() {}
  }

  package let settings: Settings
  package let allowedNetworks: [IPPrefix]
  package let deadline: Deadline
  package let gate: AddressGate
  package let connectionLimit: Int
  let registry = ConnectionRegistry()
  private let counters = Mutex(Counters())

  package struct Counters: Sendable {
    package var connections = 0
    package var bytesSent = 0
    package var bytesReceived = 0
    /// Any byte at all came, of whatever protocol.
    package var isAnswered = false
    /// Answers that were still coming when their time was up.
    package var unended = 0
    /// How connections ended that did not end well: `timed out`, `reset`, ...
    package var causes: [String: Int] = [:]
    /// That were connected to, or tried, in the order of the first time; the first `addressLimit` of them.
    package var addresses: [IPAddress] = []
    static let addressLimit = 16

    package init() {}
  }

  let platform: String?
  /// 1, or 2 where the job is slow: what pauses and the deadline are multiplied by.
  let patience: Int

  package init(job: ScanJob, settings: Settings, gate: AddressGate, budget: ScanBudget) {
    var settings = settings
    if job.options.isSlow { settings.limits = settings.limits.slowed }
    patience = job.options.isSlow ? 2 : 1
    self.settings = settings
    self.gate = gate
    connectionLimit = budget.connections
    platform = job.platform
    allowedNetworks = job.allowedNetworks
    let declared = job.deadlineMilliseconds > 0 ? job.deadlineMilliseconds : budget.milliseconds
    deadline = Deadline(milliseconds: declared * patience)
  }

  /// Waits until one HTTP request may be sent to the address, and to the site's platform.
  func awaitRequest(to address: IPAddress) -> Bool {
    let limits = settings.limits
    return gate.pass(.request(address), limits.requestsPerSecond, deadline, stopped: { isStopped })
      && (platform.map {
        gate.pass(.platform($0), limits.requestsPerSecondAndPlatform, deadline, stopped: { isStopped })
      } ?? true)
  }

  /// Waits, where others were held up on their way, until the request that had its turn may go out. Without it those
  /// held up by a connect would go out together with those behind them. Nil: it may not; else what `answered` is told.
  func awaitSending(to address: IPAddress) -> Int64? {
    guard settings.limits.isPaced else { return isStopped || deadline.isPast ? nil : 0 }
    return gate.send(to: address, settings.limits.requestsPerSecond, deadline, stopped: { isStopped })
  }

  /// Lets the next request to the address go.
  func answered(_ address: IPAddress, sent moment: Int64) {
    if settings.limits.isPaced { gate.answered(address, sent: moment) }
  }

  /// Waits until one DNS query may be sent to the name server.
  func awaitQuery(to address: IPAddress) -> Bool {
    gate.pass(.query(address), settings.limits.queriesPerSecond, deadline, stopped: { isStopped })
  }

  /// Ends every connection of the job now (shutdown(2)) and lets no new one begin. From any thread.
  package func stop() { registry.stop() }
  package var isStopped: Bool { registry.isStopped }
  package var openConnections: Int { registry.count }
  /// Those that have begun since the last call, and those that have ended.
  package func takeConnections() -> [OpenedConnection] { registry.take() }
  package var counted: Counters { counters.withLock { $0 } }

  /// Why this address may not be connected to; nil where it may.
  package func refusal(of address: IPAddress) -> String? {
    if let kind = settings.policy.refusal(of: address) { return "refused target: \(address) is \(kind.rawValue)" }
    guard !allowedNetworks.isEmpty, !allowedNetworks.contains(where: { $0.contains(address.unmapped) }) else {
      return nil
    }
    return "not authorised: \(address) is outside the authorised networks"
  }

  /// Milliseconds for one exchange of HTTP, the longest that the job has for one. Who has let two answers go on without
  /// end lets the next go on too: its head and first part are waited for, not its end.
  var exchangeMilliseconds: Int {
    let usual = settings.limits.exchangeMilliseconds
    return counters.withLock { $0.unended } + settings.limits.unendedBefore < ScanContext.unendedLimit
      ? usual : min(usual, ScanContext.shortMilliseconds * patience)
  }
  private static let unendedLimit = 2
  private static let shortMilliseconds = 1_000

  func count(_ body: (inout Counters) -> Void) { counters.withLock { body(&$0) } }
  func noteAddress(_ address: IPAddress) {
    count {
      guard $0.addresses.count < Counters.addressLimit, !$0.addresses.contains(address) else { return }
      $0.addresses.append(address)
    }
  }
  func countCause(_ cause: ConnectionFailure) { count { $0.causes[cause.cause, default: 0] += 1 } }
}

/// A moment on the monotonic clock after which a job only packs up.
package struct Deadline: Sendable {
  let end: Int64

  package init(milliseconds: Int) { end = MonotonicClock.nanoseconds() + Int64(milliseconds) * 1_000_000 }

  package var isPast: Bool { remaining <= 0 }
  /// Milliseconds left, never negative.
  package var remaining: Int { max(0, Int((end - MonotonicClock.nanoseconds() + 999_999) / 1_000_000)) }
}

package enum MonotonicClock {
  package static func nanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }
  package static func wallClock() -> Timestamp { Timestamp(nanoseconds: read(CLOCK_REALTIME)) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
