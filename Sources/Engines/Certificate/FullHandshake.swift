/// One handshake to its end by OpenSSL over memory, carried by a `Connection`, so that deadline, pace and stop hold.
/// Nothing is verified here: the chain is what is wanted, whatever it is worth.
struct FullHandshake {
  private(set) var chain: [[UInt8]] = []
  private(set) var sent = 0
  private(set) var negotiated: String?
  private(set) var isTLS13 = false
  private(set) var staple: [UInt8]?
  private(set) var timestamps: [UInt8]?
  private(set) var failure: String?
  /// The server spoke and would not: an alert, not a broken connection.
  private(set) var isRefused = false
  private var isTransient = false

  /// The most a server may send before the handshake ends: one that never ends is cut there.
  private static let byteLimit = 512 << 10

  /// `kind`: with which key the server is to prove itself; nil: with any.
  static func run(_ prober: TLSProber, kind: KeyKind? = nil) -> FullHandshake {
    let result = attempt(prober, kind)
    guard result.chain.isEmpty, result.isTransient, prober.context.pause(milliseconds: 700) else { return result }
    return attempt(prober, kind)
  }

  private static func attempt(_ prober: TLSProber, _ kind: KeyKind?) -> FullHandshake {
    var result = FullHandshake()
    guard let session = TLSSession(serverName: prober.serverName, kind: kind) else {
      result.failure = "OpenSSL gave no session"
      return result
    }
    do throws(ConnectionFailure) {
      let connection = try prober.open()
      try result.carry(session, over: connection)
    } catch {
      prober.context.countCause(error)
      result.failure = error.sentence
      result.isTransient = error.isTransient
    }
    (result.chain, result.sent) = session.chain
    (result.staple, result.timestamps) = (session.staple, session.timestamps)
    guard result.failure == nil else { return result }
    result.negotiated = session.negotiated
    result.isTLS13 = session.isTLS13
    return result
  }

  private mutating func carry(_ session: TLSSession, over connection: Connection) throws(ConnectionFailure) {
    var received = 0
    while true {
      let step = session.step()
      let output = session.takeOutput()
      // What is left to say to a server that has given up cannot change what it said.
      if !output.isEmpty, step != .failed { try connection.send(output) }
      if step == .done { return }
      guard step == .wantsMore else {
        let end = session.failure()
        (failure, isRefused) = (end.sentence, end.isAlert)
        return
      }
      let bytes = try connection.receive()
      received += bytes.count
      guard !bytes.isEmpty else { throw .closed }
      guard received <= Self.byteLimit else {
        failure = "the handshake has more than \(Self.byteLimit >> 10) KiB, the limit"
        return
      }
      session.put(bytes)
    }
  }
}
