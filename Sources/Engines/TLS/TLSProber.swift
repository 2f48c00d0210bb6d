internal import Records
internal import Wire

/// One target's TLS port: asks a hello, reads what comes, tries a transient failure once more, slowly.
struct TLSProber {
  let context: ScanContext
  let endpoint: Endpoint
  let serverName: String?
  /// What comes before every hello.
  var startTLS: StartTLS?
  /// Half the pace and twice the patience.
  var isSlow = false
  let memory = Memory()

  init(context: ScanContext, endpoint: Endpoint, serverName: String?, startTLS: StartTLS? = nil) {
    self.context = context
    self.endpoint = endpoint
    self.serverName = serverName
    self.startTLS = startTLS
  }

  /// As the job's options have it.
  init(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) {
    self.init(
      context: context, endpoint: endpoint, serverName: job.options.omitsServerName ? nil : job.target.serverName,
      startTLS: job.options.startTLS.flatMap(StartTLS.init(rawValue:)))
    isSlow = job.options.isSlow
  }

  enum Reply {
    case flight(ServerFlight)
    case failure(ConnectionFailure)
  }

  /// How far a flight is read: to the hello (and to the key exchange where the suite has a DH group of the server's
  /// own), to the key exchange, or to its end.
  enum Depth { case hello, exchange, flight }

  /// What the target has shown so far; used by its one thread.
  final class Memory {
    fileprivate(set) var hasAnswered = false
    /// The longest that an answer has taken, in milliseconds.
    fileprivate(set) var slowest = 0
    /// A question was answered by closing, and the same question, asked again, was not: closing means nothing here.
    fileprivate(set) var isFlaky = false
    /// A second try that asked something else was answered.
    fileprivate(set) var tookOther = false
    /// What failed since the last answer: a silence counts twice.
    fileprivate var failures = 0
    fileprivate var last: ConnectionFailure?
    /// It says nothing after its hello: whole flights are not waited for again.
    fileprivate(set) var stallsAfterHello = false
  }

  /// Failures in a row, silences twice, after which nothing more is asked: a site that stopped answering is left alone.
  private static let failureLimit = 4
  /// The wait for a first answer, and the least after it: a server that takes 3 s to say its first byte is waited for.
  private static let firstPatience = 5_000
  private static let leastPatience = 3_500

  /// Milliseconds for the next connection; the job's own limit where that is less.
  private var patience: Int {
    let wanted = memory.hasAnswered ? max(TLSProber.leastPatience, 3 * memory.slowest) : TLSProber.firstPatience
    return min(wanted, context.settings.limits.exchangeMilliseconds) * (isSlow ? 2 : 1)
  }

  /// For a question that silence may answer: what comes, comes at once.
  var briefly: Int { max(1_500, 2 * memory.slowest + 500) }

  /// Nothing more is worth asking: the reason.
  var end: ConnectionFailure? {
    if context.isStopped { return .stopped }
    if context.deadline.isPast { return .deadline }
    return memory.failures >= TLSProber.failureLimit ? memory.last : nil
  }

  /// A connection on which a hello is what comes next.
  func open(milliseconds: Int? = nil) throws(ConnectionFailure) -> Connection {
    if isSlow, !context.pause(milliseconds: 100) { throw context.isStopped ? .stopped : .deadline }
    let connection = try Connection(to: endpoint, context, milliseconds: min(milliseconds ?? patience, patience))
    if let startTLS { try startTLS.run(on: connection) }
    return connection
  }

  func ask(_ version: TLSVersion, _ suites: [TLSCipherSuite]? = nil, wholeFlight: Bool = false) -> Reply {
    let suites = suites ?? TLSOffer.suites(in: version)
    let offer = TLSOffer(version: version, suites: suites, serverName: serverName)
    return ask(offer, wholeFlight ? .flight : .hello)
  }

  /// `other`: what the second try asks instead.
  func ask(_ offer: TLSOffer, _ depth: Depth, or other: TLSOffer? = nil) -> Reply {
    if let end { return .failure(end) }
    let first = askOnce(offer, depth)
    guard case .failure(let failure) = first, failure.isTransient else { return noted(first) }
    guard context.pause(milliseconds: isSlow ? 1_400 : 700) else { return noted(first) }
    let second = askOnce(other ?? offer, depth)
    if case .flight = second {
      if other == nil { memory.isFlaky = memory.isFlaky || failure.isClosing } else { memory.tookOther = true }
    }
    return noted(second)
  }

  /// Once, without a second try: for questions whose failure is an answer.
  func askOnce(_ offer: TLSOffer, _ depth: Depth) -> Reply {
    let depth = memory.stallsAfterHello ? .hello : depth
    let begin = MonotonicClock.nanoseconds()
    do throws(ConnectionFailure) {
      let connection = try open()
      try connection.send(offer.record)
      let flight = try read(from: connection, depth)
      memory.hasAnswered = true
      let took = Int((MonotonicClock.nanoseconds() - begin) / 1_000_000)
      if !memory.stallsAfterHello { memory.slowest = max(memory.slowest, took) }
      return .flight(flight)
    } catch {
      context.countCause(error)
      return .failure(error)
    }
  }

  /// A hello and its whole flight, the connection left open for what comes next.
  func begin(_ offer: TLSOffer, milliseconds: Int? = nil) throws(ConnectionFailure) -> (Connection, ServerFlight) {
    let connection = try open(milliseconds: milliseconds)
    try connection.send(offer.record)
    return (connection, try read(from: connection, .flight))
  }

  private func noted(_ reply: Reply) -> Reply {
    switch reply {
    case .flight: memory.failures = 0
    case .failure(let failure):
      memory.failures += failure == .timedOut ? 2 : failure.isTransient ? 1 : TLSProber.failureLimit
      memory.last = failure
    }
    return reply
  }

  private func read(from connection: Connection, _ depth: Depth) throws(ConnectionFailure) -> ServerFlight {
    var flight = ServerFlight()
    while !flight.isOver, !TLSProber.isEnough(flight, depth) {
      do throws(ConnectionFailure) {
        let bytes = try connection.receive()
        if bytes.isEmpty {
          guard flight.hasAnswer else { throw .closed }
          break
        }
        flight.receive(bytes)
      } catch {
        // A hello that was read stays read, whatever became of the rest.
        guard flight.hasAnswer else { throw error }
        memory.stallsAfterHello = memory.stallsAfterHello || error == .timedOut
        break
      }
    }
    return flight
  }

  private static func isEnough(_ flight: ServerFlight, _ depth: Depth) -> Bool {
    guard let hello = flight.hello, depth != .flight else { return false }
    let isWanted = depth == .exchange || hello.suite.isFiniteFieldEphemeral
    let hasExchange = hello.suite.isFiniteFieldEphemeral || hello.suite.isEllipticEphemeral
    return !isWanted || !hasExchange || flight.keyExchange != nil
  }
}

extension ConnectionFailure {
  /// How a server may refuse a hello that it does not like, instead of by an alert.
  var isClosing: Bool { self == .closed || self == .reset }
}

extension TLSAlert {
  static let protocolVersion: UInt8 = 70
  static let internalError: UInt8 = 80
  static let inappropriateFallback: UInt8 = 86
  static let noApplicationProtocol: UInt8 = 120

  static func sentence(_ code: UInt8) -> String { "alert " + (names[code] ?? String(code)) }

  /// Alerts that answer "not this version, not these suites", and not "not now" or "not this name".
  static func isRefusal(_ code: UInt8) -> Bool { ![0, 80, 90, 112].contains(code) }
}
