internal import Wire

/// Asks a target for each chain it has, in few connections: a full handshake; a hello without a name, whose answer
/// also tells whether TLS 1.2, where chains come in clear, is spoken at all; one more for each other kind of key, by
/// TLS 1.2's suites where it is, else by TLS 1.3's signature schemes.
struct CertificateSurvey {
  private let prober: TLSProber
  /// Whether chains can be had in clear; nil before it is known.
  private var isClear: Bool?

  private enum Answer {
    case chain(ServedChain)
    case refused(String)
    case failed(String)
  }
  enum Outcome {
    case seen(CertificateSighting)
    case nothing(String)
  }

  init(_ prober: TLSProber) { self.prober = prober }

  mutating func run() -> Outcome {
    let handshake = FullHandshake.run(prober)
    guard var sighting = first(handshake) else { return .nothing(reason(handshake)) }
    if handshake.negotiated != nil, !handshake.isTLS13 { isClear = true }
    let nameless = prober.serverName == nil ? nil : askNameless()
    let main = sighting.chains[0]
    for kind in Self.others(than: main.keyKind) {
      switch ask(for: kind) {
      case .chain(let chain):
        if !sighting.chains.contains(where: { $0.fingerprint == chain.fingerprint }) { sighting.chains.append(chain) }
      case .refused: break
      case .failed(let reason): sighting.unasked.append((kind, reason))
      }
    }
    sighting.nameless =
      switch nameless {
      case nil: .notAsked
      case .chain(let chain): .chain(chain)
      case .refused(let how): .refused(how)
      case .failed(let reason): .failed(reason)
      }
    return .seen(sighting)
  }

  /// An Edwards key is shown by preference where there is one: nobody need ask for it.
  private static func others(than kind: KeyKind) -> [KeyKind] {
    switch kind {
    case .rsa: [.ecdsa]
    case .ecdsa: [.rsa]
    case .edwards, .other: [.ecdsa, .rsa]
    }
  }

  private mutating func first(_ handshake: FullHandshake) -> CertificateSighting? {
    if let chain = ServedChain(handshake.chain, sent: handshake.sent) {
      // What came counts; what did not come before a failure might have.
      let missed = handshake.failure.map { CertificateSighting.Companion.notSeen($0) } ?? .none
      var sighting = CertificateSighting(
        chains: [chain], staple: handshake.staple.map { .bytes($0) } ?? missed,
        timestamps: handshake.timestamps.map { .bytes($0) } ?? missed)
      sighting.negotiated = handshake.negotiated
      return sighting
    }
    guard !prober.context.isStopped, case .chain(let chain) = askClear(prober, nil) else { return nil }
    let why = handshake.failure ?? "no full handshake"
    return CertificateSighting(chains: [chain], staple: .notSeen(why), timestamps: .notSeen(why))
  }

  /// Why there is nothing; a group that OpenSSL does not have is the likeliest where TLS 1.3 answers a raw hello.
  private func reason(_ handshake: FullHandshake) -> String {
    let reason =
      handshake.failure ?? (handshake.chain.isEmpty ? "no certificate was sent" : "the certificate cannot be read")
    guard handshake.isRefused, case .flight(let flight) = prober.ask(.tls13), let hello = flight.hello,
      hello.isRetryRequest, let group = hello.group, !Self.groups.contains(group)
    else { return reason }
    return "group not supported here: \(TLSGroup(rawValue: group))"
  }
  /// OpenSSL 3.0's: curves and finite fields.
  private static let groups: Set<UInt16> = [23, 24, 25, 29, 30, 256, 257, 258, 259, 260]

  private mutating func askNameless() -> Answer {
    var bare = TLSProber(
      context: prober.context, endpoint: prober.endpoint, serverName: nil, startTLS: prober.startTLS)
    bare.isSlow = prober.isSlow
    if isClear != false {
      let answer = askClear(bare, nil)
      if case .chain = answer { return answer }
      if isClear == true { return answer }
    }
    return askFully(bare, nil)
  }

  private mutating func ask(for kind: KeyKind) -> Answer {
    guard isClear == true else { return askFully(prober, kind) }
    let answer = askClear(prober, kind)
    // A server may show what it has instead of refusing.
    if case .chain(let chain) = answer, chain.keyKind != kind { return .refused("a key of another kind") }
    return answer
  }

  private func askFully(_ prober: TLSProber, _ kind: KeyKind?) -> Answer {
    let handshake = FullHandshake.run(prober, kind: kind)
    if let chain = ServedChain(handshake.chain, sent: handshake.sent) { return .chain(chain) }
    let reason = handshake.failure ?? "the certificate cannot be read"
    return handshake.isRefused ? .refused(reason) : .failed(reason)
  }

  /// By a raw hello: below TLS 1.3 the chain comes before anything is encrypted.
  private mutating func askClear(_ prober: TLSProber, _ kind: KeyKind?) -> Answer {
    let suites = kind.map { kind in TLSOffer.suites(in: .tls12).filter { Self.proves($0, kind) } }
    switch prober.ask(.tls12, suites, wholeFlight: true) {
    case .failure(let failure): return .failed(failure.sentence)
    case .flight(let flight):
      if let chain = ServedChain(flight.certificates) {
        isClear = true
        return .chain(chain)
      }
      if let alert = flight.alert {
        let sentence = TLSAlert.sentence(alert)
        // Not now, or not this name, is no answer about certificates.
        return TLSAlert.isRefusal(alert) || alert == 112 ? .refused(sentence) : .failed(sentence)
      }
      return .failed(flight.oddity == .plainHTTP ? "the server talks plain HTTP" : "no certificate came in clear")
    }
  }

  private static func proves(_ suite: TLSCipherSuite, _ kind: KeyKind) -> Bool {
    let name = suite.description
    return kind == .rsa
      ? ["TLS_ECDHE_RSA_", "TLS_DHE_RSA_", "TLS_RSA_"].contains { name.hasPrefix($0) }
      : name.hasPrefix("TLS_ECDHE_ECDSA_")
  }
}
