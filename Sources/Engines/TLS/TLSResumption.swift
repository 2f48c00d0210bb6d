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
    if let classic = enumeration.classic, classic.version != .ssl3 {
      if classic.hello.extensions.hasSessionTicket { runTicket(classic.version) }
      runSessionID(classic.version)
    }
  }

  /// A conversation that went as far as its handshake, or why it did not.
  private enum Conversation {
    case open(TLSClient, Connection)
    case failed(String)
  }

  private func converse(_ wish: TLSClient.Wish) -> Conversation {
    if let end = prober.end { return .failed(end.sentence) }
    if prober.memory.stallsAfterHello { return .failed("the server says nothing after its hello") }
    for attempt in 0..<2 {
      guard let client = TLSClient(wish) else { return .failed("\(wish.version.title) is not spoken here") }
      do throws(ConnectionFailure) {
        let connection = try prober.open()
        guard try client.handshake(connection) else {
          return .failed(asksCertificate ?? "the handshake failed: \(client.errorText())")
        }
        return .open(client, connection)
      } catch {
        prober.context.countCause(error)
        guard attempt == 0, error.isTransient, prober.context.pause(milliseconds: 700) else {
          return .failed(error.sentence)
        }
      }
    }
    return .failed("the handshake failed")
  }

  /// In TLS 1.3 the client's side of the handshake ends before a server that wants a certificate says that it is
  /// missing.
  private var asksCertificate: String? {
    enumeration.classic?.flight.asksCertificate == true ? "the server asks for a client certificate" : nil
  }

  private func wish(_ version: TLSVersion, tickets: Bool = true, _ session: SavedSession? = nil) -> TLSClient.Wish {
    TLSClient.Wish(version: version, serverName: prober.serverName, takesTickets: tickets, session: session)
  }

  private mutating func runModern() {
    let name = "TLS 1.3 ticket"
    var first = wish(.tls13)
    if speaksHTTP { first.protocols = ["http/1.1"] }
    switch converse(first) {
    case .failed(let why): outcomes.append((name, .unknown(why)))
    case .open(let client, let connection):
      chain = client.certificates
      ask(client, connection, waits: true)
      guard let session = client.saveSession(), session.isResumable else {
        return outcomes.append((name, asksCertificate.map { .unknown($0) } ?? .notResumed("no ticket came")))
      }
      (hasTicket13, earlyData) = (true, session.earlyData)
      var again = wish(.tls13, session)
      if speaksHTTP { again.protocols = TLSOffer.protocols }
      client.close(connection)
      resume(name, again)
    }
  }

  private mutating func runTicket(_ version: TLSVersion) {
    switch converse(wish(version)) {
    case .failed(let why): outcomes.append(("ticket", .unknown(why)))
    case .open(let client, let connection):
      if chain.isEmpty { chain = client.certificates }
      if strictTransportSeconds == nil { ask(client, connection, waits: false) }
      guard let session = client.saveSession(), session.isResumable, !session.ticket.isEmpty else {
        return outcomes.append(("ticket", .notResumed("no ticket came")))
      }
      ticket = session.ticket
      client.close(connection)
      resume("ticket", wish(version, session))
    }
  }

  private mutating func runSessionID(_ version: TLSVersion) {
    let name = "session id"
    switch converse(wish(version, tickets: false)) {
    case .failed(let why): outcomes.append((name, .unknown(why)))
    case .open(let client, let connection):
      let session = client.saveSession()
      // A connection that carried a request may be about to end: it says nothing about renegotiation.
      let isUsed = strictTransportSeconds == nil && speaksHTTP
      if isUsed { ask(client, connection, waits: false) }
      guard let session, session.isResumable, session.hasID else {
        outcomes.append((name, .notResumed("no session id came")))
        guard isUsed, isIntrusive else { return renegotiate(client, connection) }
        guard case .open(let other, let connection) = converse(wish(version)) else { return }
        return renegotiate(other, connection)
      }
      client.close(connection)
      guard case .open(let second, let connection) = resume(name, wish(version, tickets: false, session)) else {
        return
      }
      renegotiate(second, connection)
    }
  }

  @discardableResult private mutating func resume(_ name: String, _ wish: TLSClient.Wish) -> Conversation {
    let conversation = converse(wish)
    switch conversation {
    case .failed(let why): outcomes.append((name, .unknown(why)))
    case .open(let client, _):
      outcomes.append((name, client.isResumed ? .resumed : .notResumed("a full handshake was made")))
      applicationProtocol = applicationProtocol ?? client.applicationProtocol
    }
    return conversation
  }

  /// One HEAD request: for the header, and so that tickets which follow the handshake are read. Where no HTTP is
  /// spoken, tickets of TLS 1.3 are waited for, since nothing else may come.
  private mutating func ask(_ client: TLSClient, _ connection: Connection, waits: Bool) {
    guard speaksHTTP, prober.context.awaitRequest(to: prober.endpoint.address) else {
      if waits { _ = try? client.exchange(connection, []) { !$0.isEmpty || client.saveSession()?.isResumable == true } }
      return
    }
    let host = prober.serverName ?? prober.endpoint.address.description
    let request =
      "HEAD / HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: \(prober.context.settings.userAgent)\r\n\r\n"
    let end = Array("\r\n\r\n".utf8)
    guard let answer = try? client.exchange(connection, Array(request.utf8), until: { $0.contains(end) }),
      answer.starts(with: Array("HTTP/".utf8))
    else { return }
    strictTransportSeconds = TLSResumption.strictTransport(answer)
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

  private mutating func renegotiate(_ client: TLSClient, _ connection: Connection) {
    guard isIntrusive else { return }
    let id = "tls.renegotiation.client_initiated"
    do throws(ConnectionFailure) {
      let isDone = try client.renegotiate(connection)
      renegotiation =
        isDone ? CheckAnswer(id, .yes, "the server made a second handshake") : CheckAnswer(id, .no, client.errorText())
    } catch {
      prober.context.countCause(error)
      // The end of a connection is an answer where the server is known to answer what it likes. Silence is none.
      renegotiation =
        error.isClosing && strictTransportSeconds != nil
        ? CheckAnswer(id, .no, error.sentence) : CheckAnswer(id, .notDetermined(reason: error.sentence))
    }
  }
}

extension TLSResumption {
  var answers: [CheckAnswer] { [resumption, early, renegotiationAnswer].compactMap(\.self) }

  private var resumption: CheckAnswer? {
    let id = "tls.resumption.missing"
    let good = outcomes.filter { $0.outcome == .resumed }.map(\.name)
    if !good.isEmpty { return CheckAnswer(id, .no, good.joined(separator: ", ")) }
    for outcome in outcomes { if case .unknown(let why) = outcome.outcome { return open(id, why) } }
    return outcomes.isEmpty ? nil : CheckAnswer(id, .yes, text)
  }

  private var early: CheckAnswer? {
    let id = "tls.early_data.accepted"
    switch enumeration.support[.tls13] {
    case .rejected?: return CheckAnswer(id, .no, "TLS 1.3 is not accepted")
    case .unknown(let why)?: return open(id, why)
    case .accepted?:
      if let earlyData {
        return CheckAnswer(id, earlyData > 0 ? .yes : .no, earlyData > 0 ? "tickets allow \(earlyData) bytes" : "")
      }
      guard case .unknown(let why)? = outcomes.first(where: { $0.name == "TLS 1.3 ticket" })?.outcome else {
        return CheckAnswer(id, .no, "no ticket came")
      }
      return open(id, why)
    case nil: return nil
    }
  }

  private var renegotiationAnswer: CheckAnswer? {
    if let renegotiation { return renegotiation }
    let id = "tls.renegotiation.client_initiated"
    if enumeration.accepted == [.tls13], case .rejected = enumeration.support[.tls12] {
      return CheckAnswer(id, .no, "TLS 1.3 has none")
    }
    for (name, outcome) in outcomes where name == "session id" {
      if case .unknown(let why) = outcome { return open(id, why) }
    }
    return nil
  }

  private func open(_ id: String, _ why: String) -> CheckAnswer { CheckAnswer(id, .notDetermined(reason: why)) }

  private var text: String {
    outcomes.map { name, outcome in
      switch outcome {
      case .resumed: "\(name): yes"
      case .notResumed(let why), .unknown(let why): "\(name): \(why)"
      }
    }.joined(separator: ", ")
  }

  /// Why no full handshake was had.
  var handshakeGap: String? {
    for (_, outcome) in outcomes { if case .unknown(let why) = outcome { return "certificate: \(why)" } }
    return nil
  }

  var facts: [Fact] {
    var facts = outcomes.isEmpty ? [] : [Fact("resumption", text)]
    if enumeration.classic?.hello.extensions.applicationProtocols.isEmpty != false, let applicationProtocol {
      facts.append(Fact("alpn", applicationProtocol))
    }
    return facts
  }
}
