internal import Wire

/// What a server accepts, found by offering: everything, then everything but what it picked, until it refuses.
struct TLSEnumeration {
  enum Support: Hashable {
    case accepted
    case rejected(String)
    case unknown(String)
  }
  static let order: [TLSVersion] = [.tls12, .tls13, .tls11, .tls10, .ssl3, .ssl2]

  private(set) var support: [TLSVersion: Support] = [:]
  private(set) var suites: [TLSVersion: [TLSCipherSuite]] = [:]
  /// Why a version's list of suites may have a hole.
  private(set) var incomplete: [TLSVersion: String] = [:]
  private(set) var followsClient: Bool?
  private(set) var hello12: TLSServerHello?
  private(set) var hasCompression: Bool?
  private(set) var groups: [UInt16] = []
  private(set) var certificates: [[UInt8]] = []
  private(set) var dhBits: Int?
  /// Why no question was worth asking further.
  private(set) var end: String?
  private let prober: TLSProber

  init(_ prober: TLSProber) { self.prober = prober }

  var accepted: [TLSVersion] { TLSEnumeration.order.filter { support[$0] == .accepted } }

  /// The cheap part of an observation: what any visitor's browser would learn.
  mutating func observe() {
    for version in [TLSVersion.tls12, .tls13] where end == nil { findVersion(version) }
  }

  /// What needs permission to probe: old versions and every suite.
  mutating func probe() {
    for version in TLSEnumeration.order.dropFirst(2) where end == nil { findVersion(version) }
    confirmClosed()
    for version in accepted where version != .ssl2 { findSuites(version) }
    findPreference()
  }

  private mutating func findVersion(_ version: TLSVersion) {
    switch prober.ask(version, wholeFlight: version == .tls12) {
    case .failure(let failure):
      support[version] = .unknown(failure.sentence)
      let isFinal = !failure.isTransient || accepted.isEmpty && support.count >= 2 && allTimedOut
      if isFinal { end = failure.sentence }
    case .flight(let flight): read(flight, version)
    }
  }

  private var allTimedOut: Bool {
    support.values.allSatisfy { if case .unknown = $0 { true } else { false } }
  }

  private mutating func read(_ flight: ServerFlight, _ version: TLSVersion) {
    if let oddity = flight.oddity {
      let what = oddity == .plainHTTP ? "plain HTTP" : "something that is not TLS"
      support[version] = .unknown("the server talks \(what)")
      if accepted.isEmpty { end = "the server talks \(what) on this port" }
    } else if flight.isSSL2 {
      support[version] = version == .ssl2 ? .accepted : .rejected("the server answered in SSLv2")
    } else if let hello = flight.hello {
      guard hello.version == version else {
        support[version] = .rejected("the server answered with \(hello.version.title)")
        return
      }
      support[version] = .accepted
      suites[version] = [hello.suite]
      keep(flight, hello, version)
    } else if let alert = flight.alert {
      support[version] =
        TLSAlert.isRefusal(alert) ? .rejected(TLSAlert.sentence(alert)) : .unknown(TLSAlert.sentence(alert))
    } else {
      support[version] = .unknown("the answer was cut short")
    }
  }

  private mutating func keep(_ flight: ServerFlight, _ hello: TLSServerHello, _ version: TLSVersion) {
    if let group = hello.group, !groups.contains(group) { groups.append(group) }
    if certificates.isEmpty { certificates = flight.certificates }
    if let bits = flight.dhBits { dhBits = min(bits, dhBits ?? .max) }
    guard version != .tls13 else { return }
    if hello12 == nil { hello12 = hello }
    if version != .ssl3 { hasCompression = (hasCompression ?? false) || hello.compression != 0 }
  }

  /// A server that only closes on a hello has refused it if another hello, right after, is answered as before.
  private mutating func confirmClosed() {
    let closing = ["the server closed the connection", "the server reset the connection"]
    guard let known = accepted.first else { return }
    for version in TLSEnumeration.order {
      guard case .unknown(let reason) = support[version], closing.contains(reason), version != known else { continue }
      if case .flight(let flight) = prober.ask(known), flight.hello?.version == known {
        support[version] = .rejected(reason)
      }
    }
  }

  private mutating func findSuites(_ version: TLSVersion) {
    var found = suites[version] ?? []
    var offered = TLSOffer.suites(in: version).filter { !found.contains($0) }
    while !offered.isEmpty {
      let wantsDH = dhBits == nil && version != .tls13
      guard case .flight(let flight) = prober.ask(version, offered, wholeFlight: wantsDH && offersDH(offered)) else {
        incomplete[version] = failureSentence
        break
      }
      if let hello = flight.hello {
        guard hello.version == version, offered.contains(hello.suite) else {
          if hello.version == version { incomplete[version] = "the server picked a suite that was not offered" }
          break
        }
        found.append(hello.suite)
        keep(flight, hello, version)
        offered.removeAll { $0 == hello.suite }
      } else {
        let isRefusal = flight.alert.map(TLSAlert.isRefusal) ?? false
        if !isRefusal { incomplete[version] = flight.alert.map(TLSAlert.sentence) ?? "the answer was cut short" }
        break
      }
    }
    suites[version] = found
  }

  private func offersDH(_ offered: [TLSCipherSuite]) -> Bool { offered.contains { $0.isFiniteFieldEphemeral } }

  private var failureSentence: String {
    prober.context.isStopped ? "stopped" : prober.context.deadline.isPast ? "deadline" : "the server stopped answering"
  }

  /// Offers the newest classic version's suites in the opposite order: does the pick change?
  private mutating func findPreference() {
    guard let version = accepted.first(where: { $0 != .tls13 && $0 != .ssl2 && (suites[$0]?.count ?? 0) > 1 }),
      let picks = suites[version], incomplete[version] == nil,
      case .flight(let flight) = prober.ask(version, picks.reversed()), let pick = flight.hello?.suite
    else { return }
    followsClient = pick != picks.first
  }
}
