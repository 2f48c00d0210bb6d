internal import Records
internal import Wire

/// Full handshakes by OpenSSL: is a session resumed, by ticket and by session id; does a ticket of TLS 1.3 allow early
/// data; may the client renegotiate. On the way one HEAD request shows whether HTTPS is asked for always, which the
/// best grade wants, and TLS 1.3 shows its certificate.
struct TLSResumption {
  enum Outcome: Hashable {
    case resumed
    case notResumed(String)
    case unknown(String)
  }

  let prober: TLSProber
  let enumeration: TLSEnumeration
  let isIntrusive: Bool
  /// The site speaks HTTP on this port.
  let speaksHTTP: Bool
  private(set) var outcomes: [(name: String, outcome: Outcome)] = []
  private(set) var renegotiation: CheckAnswer?
  private(set) var earlyData: Int?
  private(set) var hasTicket13 = false
  private(set) var chain: [[UInt8]] = []
  private(set) var applicationProtocol: String?
  /// Seconds; 0 where the answer had none, nil where no answer was seen.
  private(set) var strictTransportSeconds: Int?
  /// A ticket from below TLS 1.3, for the Ticketbleed check.
  private(set) var ticket: [UInt8] = []

  init(_ enumeration: TLSEnumeration, isIntrusive: Bool, speaksHTTP: Bool) {
    self.enumeration = enumeration
    self.prober = enumeration.prober
    self.isIntrusive = isIntrusive
    self.speaksHTTP = speaksHTTP
  }

  mutating func run() {
    if enumeration.support[.tls13] == .accepted { runModern() }
    guard let classic = enumeration.classic, classic.version != .ssl3 else { return }
    let hasTickets = classic.hello.extensions.hasSessionTicket
    let (byID, byTicket) = askClassic(classic.version, hasTickets)
    if let byTicket { outcomes.append(("ticket", byTicket)) }
    outcomes.append(("session id", byID))
  }

  private func begin(_ wish: TLSSession.Wish) -> TLSConversation.Beginning {
    TLSConversation.begin(wish, prober, gap: asksCertificate)
  }

  /// In TLS 1.3 the client's side of the handshake ends before a server that wants a certificate says that it is
  /// missing.
  private var asksCertificate: String? {
    enumeration.classic?.flight.asksCertificate == true ? "the server asks for a client certificate" : nil
  }

  private func wish(_ version: TLSVersion, tickets: Bool = true, _ session: SavedSession? = nil) -> TLSSession.Wish {
    TLSSession.Wish(version: version, serverName: prober.serverName, takesTickets: tickets, session: session)
  }

  private mutating func runModern() {
    let name = "TLS 1.3 ticket"
    var first = wish(.tls13)
    if speaksHTTP { first.protocols = ["http/1.1"] }
    switch begin(first) {
    case .failed(let why): outcomes.append((name, .unknown(why)))
    case .open(let conversation):
      chain = conversation.session.chain.der
      ask(conversation, waits: true)
      let session = conversation.session.save()
      conversation.end()
      guard let session, session.isResumable else {
        return outcomes.append((name, asksCertificate.map { .unknown($0) } ?? .notResumed("no ticket came")))
      }
      (hasTicket13, earlyData) = (true, session.earlyData)
      var again = wish(.tls13, session)
      if speaksHTTP { again.protocols = TLSOffer.protocols }
      outcomes.append((name, resume(again)))
    }
  }

  /// A session offered again.
  private mutating func resume(_ wish: TLSSession.Wish) -> Outcome {
    switch begin(wish) {
    case .failed(let why): return .unknown(why)
    case .open(let conversation):
      applicationProtocol = applicationProtocol ?? conversation.session.applicationProtocol
      conversation.end()
      return conversation.session.outcome
    }
  }

  /// Below TLS 1.3, in three conversations where the server goes along: a session with an id; the id offered beside an
  /// empty ticket extension, to which a server that resumes may give a ticket (RFC 5077 section 3.1); that ticket.
  private mutating func askClassic(_ version: TLSVersion, _ hasTickets: Bool) -> (id: Outcome, ticket: Outcome?) {
    switch begin(wish(version, tickets: false)) {
    case .failed(let why): return (.unknown(why), hasTickets ? askTicket(version) : nil)
    case .open(let conversation):
      if chain.isEmpty { chain = conversation.session.chain.der }
      let session = conversation.session.save()
      // A connection that carried a request may be about to end: it says nothing about renegotiation.
      let isUsed = strictTransportSeconds == nil && speaksHTTP
      if isUsed { ask(conversation, waits: false) }
      guard let session, session.isResumable, session.hasID else {
        if !isUsed { renegotiate(conversation) }
        conversation.end()
        if isUsed, isIntrusive, case .open(let other) = begin(wish(version)) {
          renegotiate(other)
          other.end()
        }
        return (.notResumed("no session id came"), hasTickets ? askTicket(version) : nil)
      }
      conversation.end()
      return hasTickets ? askBoth(version, session) : (askID(version, session), nil)
    }
  }

  private mutating func askBoth(_ version: TLSVersion, _ session: SavedSession) -> (id: Outcome, ticket: Outcome?) {
    guard case .open(let conversation) = begin(wish(version, session)) else {
      return (askID(version, session), askTicket(version))
    }
    let isResumed = conversation.session.isResumed
    let given = conversation.session.save()
    if isResumed { renegotiate(conversation) }
    conversation.end()
    // A server may prefer to give a ticket: then the id is asked alone.
    let byID = isResumed ? .resumed : askID(version, session)
    guard let given, given.isResumable, !given.ticket.isEmpty else {
      return (byID, isResumed ? askTicket(version) : .notResumed("no ticket came"))
    }
    return (byID, resume(given, version))
  }

  /// A session's id alone.
  private mutating func askID(_ version: TLSVersion, _ session: SavedSession) -> Outcome {
    switch begin(wish(version, tickets: false, session)) {
    case .failed(let why): return .unknown(why)
    case .open(let conversation):
      let outcome = conversation.session.outcome
      renegotiate(conversation)
      conversation.end()
      return outcome
    }
  }

  /// A ticket of a handshake of its own.
  private mutating func askTicket(_ version: TLSVersion) -> Outcome {
    switch begin(wish(version)) {
    case .failed(let why): return .unknown(why)
    case .open(let conversation):
      if chain.isEmpty { chain = conversation.session.chain.der }
      let session = conversation.session.save()
      conversation.end()
      guard let session, session.isResumable, !session.ticket.isEmpty else { return .notResumed("no ticket came") }
      return resume(session, version)
    }
  }

  private mutating func resume(_ session: SavedSession, _ version: TLSVersion) -> Outcome {
    ticket = session.ticket
    return resume(wish(version, session))
  }

  /// One HEAD request: for the header, and so that tickets which follow the handshake are read.
  private mutating func ask(_ conversation: TLSConversation, waits: Bool) {
    let (context, address) = (prober.context, prober.endpoint.address)
    guard speaksHTTP, context.awaitRequest(to: address), let sent = context.awaitSending(to: address) else {
      if waits { conversation.awaitTicket() }
      return
    }
    defer { context.answered(address, sent: sent) }
    let head = conversation.head(userAgent: prober.context.settings.userAgent)
    if let head { strictTransportSeconds = TLSResumption.strictTransport(head) }
  }

  /// `max-age` of the first Strict-Transport-Security (RFC 6797 section 8.1); 0 where there is none.
  static func strictTransport(_ head: [UInt8]) -> Int {
    let lines = String(decoding: head.prefix(16 << 10), as: UTF8.self).split(whereSeparator: \.isNewline)
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "strict-transport-security" else { continue }
      for directive in parts[1].split(separator: ";") {
        let pair = directive.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
        if pair.count == 2, pair[0].lowercased() == "max-age" { return max(0, Int(pair[1]) ?? 0) }
      }
      return 0
    }
    return 0
  }

  private mutating func renegotiate(_ conversation: TLSConversation) {
    guard isIntrusive else { return }
    let id = "tls.renegotiation.client_initiated"
    do throws(ConnectionFailure) {
      let isDone = try conversation.renegotiate()
      renegotiation =
        isDone
        ? CheckAnswer(id, .yes, "the server made a second handshake")
        : CheckAnswer(id, .no, conversation.session.reason)
    } catch {
      prober.context.countCause(error)
      // The end of a connection is an answer where the server is known to answer what it likes. Silence is none.
      renegotiation =
        error.isClosing && strictTransportSeconds != nil
        ? CheckAnswer(id, .no, error.sentence) : CheckAnswer(id, .notDetermined(reason: error.sentence))
    }
  }
}

extension TLSSession {
  fileprivate var outcome: TLSResumption.Outcome {
    isResumed ? .resumed : .notResumed("a full handshake was made")
  }
}
