internal import Glibc
internal import Wire

/// What a connect to one port came to.
enum PortState: Hashable, Sendable {
  case open
  /// The host said no (RST).
  case closed
  /// Nothing came back, or a router refused in the host's stead: what is behind is not known.
  case filtered
}

/// Connects to each port of one address, several at once as far as the limits let, and says nothing on them.
struct PortSweep {
  let context: ScanContext
  let address: IPAddress
  /// The kernel sends a second SYN after a second: one lost packet does not make a port look filtered.
  static let patience = 2_000
  /// Silent ports that are asked once more. More than these are a firewall's policy and no accident.
  static let retryLimit = 64
  /// Before each of them: a device that sheds load has had time to forget us.
  static let retryPause = 500
  private(set) var states: [UInt16: PortState] = [:]
  /// Why the sweep ended before its last port.
  private(set) var failure: ConnectionFailure?

  private struct Attempt {
    let socket: RegisteredSocket
    let limit: Deadline
  }
  private var attempts: [Attempt] = []
  private var silent: Set<UInt16> = []

  init(_ address: IPAddress, _ context: ScanContext) { (self.address, self.context) = (address, context) }

  /// Each port once, and those that were silent once more, one at a time and slowly: what a burst lost is no filter.
  /// Of a host that answers nowhere nothing more is learned by asking again.
  mutating func run(_ ports: [UInt16]) {
    pass(ports, width: context.settings.limits.openPerAddress)
    let again = silent.sorted()
    guard failure == nil, !again.isEmpty, again.count <= PortSweep.retryLimit,
      states.values.contains(where: { $0 != .filtered })
    else { return }
    for port in again {
      // What is cut off here keeps the state that it has.
      guard context.pause(milliseconds: PortSweep.retryPause * context.patience) else { return }
      pass([port], width: 1)
      if failure != nil { return failure = nil }
    }
  }

  private mutating func pass(_ ports: [UInt16], width: Int) {
    if let refusal = context.refusal(of: address) {
      failure = .refusedTarget(refusal)
      return
    }
    var next = ports.startIndex
    while next < ports.endIndex || !attempts.isEmpty {
      guard !context.isStopped, !context.deadline.isPast else {
        failure = context.isStopped ? .stopped : .deadline
        attempts = []
        return
      }
      if next < ports.endIndex, attempts.count < width {
        switch begin(ports[next]) {
        case nil: next += 1
        case .timedOut: break
        case let problem?:
          failure = problem
          attempts = []
          return
        }
      }
      collect(milliseconds: next < ports.endIndex && attempts.count < width ? 0 : 100)
    }
  }

  /// `timedOut`: not its turn yet. Another job may hold the address's turns while we hold some: waiting long for one
  /// with others in hand could wait for each other.
  private mutating func begin(_ port: UInt16) -> ConnectionFailure? {
    let endpoint = Endpoint(address: address, port: port)
    do throws(ConnectionFailure) {
      let socket = try RegisteredSocket(.stream, to: endpoint, context, patience: attempts.isEmpty ? 250 : 20)
      if let failure = socket.connect() {
        settle(port, failure)
      } else {
        attempts.append(Attempt(socket: socket, limit: Deadline(milliseconds: PortSweep.patience * context.patience)))
      }
      return nil
    } catch {
      return error
    }
  }

  private mutating func collect(milliseconds: Int32) {
    guard !attempts.isEmpty else { return }
    var polls = attempts.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLOUT), revents: 0) }
    _ = unsafe poll(&polls, nfds_t(polls.count), milliseconds)
    guard !context.isStopped else { return }
    var left: [Attempt] = []
    for (attempt, poll) in zip(attempts, polls) {
      if poll.revents != 0 {
        settle(attempt.socket.endpoint.port, attempt.socket.connectError)
      } else if attempt.limit.isPast {
        settle(attempt.socket.endpoint.port, .timedOut)
      } else {
        left.append(attempt)
      }
    }
    attempts = left
  }

  private mutating func settle(_ port: UInt16, _ failure: ConnectionFailure?) {
    silent.remove(port)
    if failure == .timedOut { silent.insert(port) }
    switch failure {
    case nil: states[port] = .open
    case .connectionRefused?: states[port] = .closed
    case .timedOut?, .unreachable?, .reset?: states[port] = .filtered
    // Our own trouble (no descriptors, no memory) says nothing of the port: it stays without a state.
    case .some(let problem): context.countCause(problem)
    }
  }
}
