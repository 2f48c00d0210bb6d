internal import Wire

/// Suites and curves below TLS 1.3. In the newest classic version both are found at once: each ECDHE pick names a
/// suite and a curve, and the next hello leaves out both.
extension TLSEnumeration {
  enum Pick {
    case hello(TLSServerHello, ServerFlight)
    case refused(byClosing: Bool)
    case failed(String)
  }

  func pick(_ offer: TLSOffer, _ depth: TLSProber.Depth) -> Pick {
    switch prober.ask(offer, depth) {
    case .failure(let failure):
      if failure.isClosing, confirms() { return .refused(byClosing: true) }
      return .failed(failureSentence)
    case .flight(let flight):
      guard let hello = flight.hello else {
        guard let alert = flight.alert else { return .failed("the answer was cut short") }
        return TLSAlert.isRefusal(alert) ? .refused(byClosing: false) : .failed(TLSAlert.sentence(alert))
      }
      guard hello.version == offer.version else { return .refused(byClosing: false) }
      guard offer.suites.contains(hello.suite) else { return .failed("the server picked a suite that was not offered") }
      return .hello(hello, flight)
    }
  }

  private var failureSentence: String {
    switch prober.end {
    case .stopped?: "stopped"
    case .deadline?: "deadline"
    default: "the server stopped answering"
    }
  }

  mutating func findSuites(_ version: TLSVersion) {
    var found = suites[version] ?? []
    let all = offer(version).suites
    var offered = all.filter { !found.contains($0) }
    var narrows = version == classic?.version && !curves.isEmpty
    while !offered.isEmpty, !found.isEmpty {
      let isNarrow = narrows && offered.contains { $0.isEllipticEphemeral }
      let offer = offer(version, suites: offered, groups: isNarrow ? openCurves(for: found[0]) : nil)
      let before = curves.count
      switch pick(offer, isNarrow ? .exchange : .hello) {
      case .hello(let hello, let flight):
        keep(flight, hello, version)
        if isNarrow, !hello.suite.isEllipticEphemeral || curves.count == before { narrows = false }
        // Found after others that were picked while its curves were left out: its true place is before them.
        if !isNarrow, hello.suite.isEllipticEphemeral, found.contains(where: { !$0.isEllipticEphemeral }),
          version == classic?.version, !narrows
        {
          isOrderPartial = true
        }
        found.append(hello.suite)
        offered.removeAll { $0 == hello.suite }
        continue
      case .refused(let byClosing):
        if isNarrow {
          narrows = false
          continue
        }
        if byClosing { listsEndedByClosing.insert(version) }
      case .failed(let reason): incomplete[version] = reason
      }
      break
    }
    suites[version] = found
    if needsPlain, incomplete[version] == nil {
      incomplete[version] = "the server answers no long hello, so that only \(all.count) suites were offered"
    }
    if version == classic?.version { finishCurves(version, found) }
  }

  /// The curves not yet seen. For an ECDSA certificate those that may be its own stay, at the end: without them the
  /// server could not use it at all.
  private func openCurves(for suite: TLSCipherSuite) -> [UInt16] {
    let own: [UInt16] = suite.isECDSA ? curves.filter { (23...28).contains($0) || $0 < 23 } : []
    return TLSOffer.curves.filter { !curves.contains($0) } + own
  }

  /// Asks with suites that are known to be accepted until no further curve is. Where an ECDSA certificate may have held
  /// the server to its own curve, it is asked once more without: for what it picks with another certificate, or with a
  /// key that is on no curve.
  private mutating func finishCurves(_ version: TLSVersion, _ found: [TLSCipherSuite]) {
    let known = found.filter(\.isEllipticEphemeral)
    guard let first = known.first, !curves.isEmpty else { return }
    let keepsOwn = openCurves(for: first).contains(where: curves.contains)
    guard askCurves(version, known, own: first) == .repeated, keepsOwn else { return }
    _ = askCurves(version, known, own: nil)
  }

  private enum CurveEnd { case refused, repeated, failed }

  private mutating func askCurves(
    _ version: TLSVersion, _ known: [TLSCipherSuite], own: TLSCipherSuite?
  ) -> CurveEnd {
    while true {
      let before = curves.count
      let open = own.map { openCurves(for: $0) } ?? TLSOffer.curves.filter { !curves.contains($0) }
      guard !open.isEmpty else { return .refused }
      switch pick(offer(version, suites: known, groups: open), .exchange) {
      case .hello(let hello, let flight):
        keep(flight, hello, version)
        if curves.count > before { continue }
        if flight.keyExchange?.group == nil { curveGap = "the curve was not seen" }
        return .repeated
      case .refused: return .refused
      case .failed(let reason):
        curveGap = reason
        return .failed
      }
    }
  }

  /// Offers the suites of the newest classic version, else those of TLS 1.3, in the opposite order: does the pick
  /// change?
  mutating func findPreference() {
    guard end == nil, let version = accepted.first(where: { $0 != .ssl2 && (suites[$0]?.count ?? 0) > 1 }),
      let picks = suites[version], let first = picks.first, incomplete[version] == nil,
      case .hello(let hello, _) = pick(offer(version, suites: picks.reversed()), .hello)
    else { return }
    followsClient = hello.suite != first
  }
}
