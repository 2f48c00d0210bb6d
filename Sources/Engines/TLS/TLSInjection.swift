internal import Records
internal import Wire

/// Heartbleed, the early change of ciphers, Ticketbleed: one wrong message each, and only the kind and the length of
/// what comes back are kept. Whether a *no* is worth something is asked too: a server that answers nothing at all is
/// not safe.
struct TLSInjection {
  let enumeration: TLSEnumeration
  /// From a full handshake; empty where none was had.
  let ticket: [UInt8]
  private var prober: TLSProber { enumeration.prober }

  func answers() -> [CheckAnswer] { [heartbleed(), earlyCipherChange(), ticketbleed()].compactMap(\.self) }

  private var classic: TLSVersion? { enumeration.classic?.version }
  private var hasOnlyModern: Bool {
    if case .rejected = enumeration.support[.tls12] { enumeration.accepted == [.tls13] } else { false }
  }

  /// What a server does with a message after its first flight.
  enum Reaction: Hashable {
    case alert(UInt8)
    /// Bytes of the bodies of heartbeat records.
    case heartbeat(Int)
    case closed
    case reset
    case silent
    case other
  }

  static func reaction(on connection: Connection) -> Reaction {
    reaction { () throws(ConnectionFailure) in try connection.receive() }
  }

  /// `receive` gives pieces of the server's stream, and an empty one at its end.
  static func reaction(_ receive: () throws(ConnectionFailure) -> [UInt8]) -> Reaction {
    var buffer: [UInt8] = []
    var heard = 0
    do throws(ConnectionFailure) {
      while true {
        let bytes = try receive()
        guard !bytes.isEmpty else { return heard > 0 ? .heartbeat(heard) : .closed }
        buffer += bytes
        while let header = unsafe TLSRecordHeader(buffer.span.bytes), header.isContentKnown {
          // A heartbeat's length is known from its header; the rest of it is counted and thrown away.
          if header.content == TLSNumber.Content.heartbeat { heard = max(heard, header.bodyLength) }
          guard buffer.count >= TLSRecordHeader.length + header.bodyLength else { break }
          let body = Array(buffer[TLSRecordHeader.length..<TLSRecordHeader.length + header.bodyLength])
          buffer.removeFirst(TLSRecordHeader.length + header.bodyLength)
          switch header.content {
          case TLSNumber.Content.alert: return .alert(body.count == 2 ? body[1] : 0)
          case TLSNumber.Content.heartbeat: return .heartbeat(heard)
          default: return .other
          }
        }
        if let header = unsafe TLSRecordHeader(buffer.span.bytes), !header.isContentKnown { return .other }
      }
    } catch {
      if heard > 0 { return .heartbeat(heard) }
      return error == .reset ? .reset : error == .closed ? .closed : .silent
    }
  }

  static func record(_ content: UInt8, _ version: TLSVersion, _ body: [UInt8]) -> [UInt8] {
    [
      content, UInt8(version.rawValue >> 8), UInt8(version.rawValue & 255), UInt8(body.count >> 8),
      UInt8(body.count & 255),
    ]
      + body
  }

  /// The server's flight with all it takes; nil where it did not come whole.
  private func start(_ extras: TLSOffer.Extras = []) throws(ConnectionFailure) -> (Connection, TLSVersion)? {
    guard let classic, let suites = enumeration.suites[classic] else { return nil }
    let (connection, flight) = try prober.begin(
      enumeration.offer(classic, extras, suites: suites), milliseconds: prober.briefly)
    return flight.isComplete && flight.hello != nil ? (connection, classic) : nil
  }

  private func open(_ id: String, _ why: String) -> CheckAnswer { CheckAnswer(id, .notDetermined(reason: why)) }
}

extension TLSInjection {
  /// A request that claims 16 KiB and carries none (CVE-2014-0160); then an honest one, which a living server echoes.
  func heartbleed() -> CheckAnswer? {
    let id = "tls.weakness.heartbleed"
    if hasOnlyModern { return CheckAnswer(id, .no, "TLS 1.3 alone is accepted") }
    guard let hello = enumeration.classic?.hello else { return nil }
    guard !enumeration.needsPlain, enumeration.classic?.version != .ssl3 else {
      return open(id, "heartbeats were not offered")
    }
    guard hello.extensions.types.contains(TLSNumber.Extension.heartbeat) else {
      return CheckAnswer(id, .no, "heartbeats are not answered")
    }
    do throws(ConnectionFailure) {
      guard let (connection, version) = try start(.browser) else { return open(id, "the flight was cut short") }
      let lie: [UInt8] = [1, 0x40, 0]
      try connection.send(TLSInjection.record(TLSNumber.Content.heartbeat, version, lie))
      // RFC 6520 section 4: type, length, payload, at least 16 bytes of padding.
      let honest = [1, 0, 4, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 16)
      try connection.send(TLSInjection.record(TLSNumber.Content.heartbeat, version, honest))
      switch TLSInjection.reaction(on: connection) {
      case .heartbeat(let length) where length > honest.count + 64:
        return CheckAnswer(id, .yes, "\(length) bytes came back for a request of none")
      case .heartbeat: return CheckAnswer(id, .no, "only the honest request was answered")
      case .alert(let code) where TLSAlert.isRefusal(code): return CheckAnswer(id, .no, TLSAlert.sentence(code))
      case .alert, .closed, .reset, .silent, .other: return open(id, "heartbeats are offered and neither was answered")
      }
    } catch {
      prober.context.countCause(error)
      return open(id, error.sentence)
    }
  }

  /// CVE-2014-0224: a change of ciphers before there are keys. Who takes the first cannot read the second, which is
  /// not encrypted; who is right refuses the first as unexpected.
  func earlyCipherChange() -> CheckAnswer? {
    let id = "tls.weakness.ccs_injection"
    if hasOnlyModern { return CheckAnswer(id, .no, "TLS 1.3 alone is accepted") }
    guard classic != nil else { return nil }
    do throws(ConnectionFailure) {
      guard let (connection, version) = try start() else { return open(id, "the flight was cut short") }
      let change = TLSInjection.record(TLSNumber.Content.changeCipherSpec, version, [1])
      try connection.send(change)
      try connection.send(change)
      switch TLSInjection.reaction(on: connection) {
      case .alert(let code) where code == 20 || code == 21:
        return CheckAnswer(id, .yes, "the second was read with keys: \(TLSAlert.sentence(code))")
      case .alert(let code) where TLSAlert.isRefusal(code): return CheckAnswer(id, .no, TLSAlert.sentence(code))
      case .alert(let code): return open(id, TLSAlert.sentence(code))
      case .closed, .reset: return open(id, "the server ends the connection and does not say why")
      case .silent: return open(id, "the server says nothing to it")
      case .heartbeat, .other: return open(id, "the server says something else")
      }
    } catch {
      prober.context.countCause(error)
      return open(id, error.sentence)
    }
  }

  /// CVE-2016-9244: a ticket with a session id of 16 bytes comes back with one of 32.
  func ticketbleed() -> CheckAnswer? {
    let id = "tls.weakness.ticketbleed"
    if hasOnlyModern { return CheckAnswer(id, .no, "TLS 1.3 alone is accepted") }
    guard let classic = enumeration.classic else { return nil }
    guard classic.hello.extensions.hasSessionTicket else {
      return enumeration.needsPlain
        ? open(id, "tickets were not offered") : CheckAnswer(id, .no, "tickets are not given")
    }
    guard !ticket.isEmpty else { return open(id, "no ticket could be had") }
    // The extended master secret belongs to the session: without it a server must refuse the ticket (RFC 7627).
    var offer = enumeration.offer(classic.version, .browser, suites: enumeration.suites[classic.version])
    offer.ticket = ticket
    offer.sessionID = TLSOffer.noise(16)
    switch prober.ask(offer, .hello) {
    case .failure(let failure): return open(id, failure.sentence)
    case .flight(let flight):
      guard let answer = flight.hello else { return open(id, flight.alert.map(TLSAlert.sentence) ?? "cut short") }
      let isEcho = answer.sessionID.count > 16 && answer.sessionID.starts(with: offer.sessionID)
      return CheckAnswer(
        id, isEcho ? .yes : .no, isEcho ? "\(answer.sessionID.count - 16) bytes too many came back" : "")
    }
  }
}
