/// One handshake to its end, for what the server shows by it: the chain is what is wanted, whatever it is worth.
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

  /// `kind`: with which key the server is to prove itself; nil: with any.
  static func run(_ prober: TLSProber, kind: KeyKind? = nil) -> FullHandshake {
    let result = attempt(prober, kind)
    guard result.chain.isEmpty, result.isTransient, prober.context.pause(milliseconds: 700) else { return result }
    return attempt(prober, kind)
  }

  private static func attempt(_ prober: TLSProber, _ kind: KeyKind?) -> FullHandshake {
    var result = FullHandshake()
    let wish = TLSSession.Wish(serverName: prober.serverName, kind: kind, asksCompanions: true)
    guard let session = TLSSession(wish) else {
      result.failure = "OpenSSL gave no session"
      return result
    }
    do throws(ConnectionFailure) {
      let connection = try prober.open()
      if try !session.handshake(connection) {
        (result.failure, result.isRefused) = (session.failure, session.isRefused)
      }
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
}
