internal import Wire

/// What a server accepts, found by offering: everything, then everything but what it picked, until it refuses.
/// This file finds the versions; `TLSEnumeration+Suites` the suites and curves below TLS 1.3, `TLSEnumeration+Groups`
/// the suites and groups of TLS 1.3.
struct TLSEnumeration {
  enum Support: Hashable {
    case accepted
    case rejected(String)
    case unknown(String)
  }
  static let order: [TLSVersion] = [.tls12, .tls13, .tls11, .tls10, .ssl3, .ssl2]

  var support: [TLSVersion: Support] = [:]
  /// In the order in which the server picked them.
  var suites: [TLSVersion: [TLSCipherSuite]] = [:]
  /// Why a version's list of suites may have a hole.
  var incomplete: [TLSVersion: String] = [:]
  /// The place of a suite in its list is not known: it was picked while curves were left out.
  var isOrderPartial = false
  var ssl2Suites: [String] = []
  var followsClient: Bool?
  /// The first flight below TLS 1.3, whole where the server sent it, and the version that it was asked for.
  var classic: (flight: ServerFlight, hello: TLSServerHello, version: TLSVersion)?
  var retry: TLSServerHello?
  var hasCompression: Bool?
  /// Groups of TLS 1.3, and curves below it; each in the order picked, with the reason for a possible hole.
  var groups: [UInt16] = []
  var groupGap: String?
  var curves: [UInt16] = []
  var curveGap: String?
  /// Schemes with which key exchanges were signed, as seen.
  var signatures: Set<UInt16> = []
  /// Every DH group seen, by its prime.
  var dhGroups: [[UInt8]: TLSServerDHParameters] = [:]
  /// Versions and lists that were refused by closing: worth nothing once a server was seen to close at random.
  var refusedByClosing: Set<TLSVersion> = []
  var listsEndedByClosing: Set<TLSVersion> = []
  /// The server answers a short hello and no long one.
  var needsPlain = false
  /// Why no question was worth asking further.
  var end: String?
  let prober: TLSProber

  init(_ prober: TLSProber) { self.prober = prober }

  var accepted: [TLSVersion] { TLSEnumeration.order.filter { support[$0] == .accepted } }
  var certificates: [[UInt8]] { classic?.flight.certificates ?? [] }
  var dhBits: Int? { dhGroups.values.map(\.primeBits).min() }
  /// Why nothing was seen at all; nil where something answered.
  var silence: String? {
    guard !prober.memory.hasAnswered, case .unknown(let why)? = support[.tls12] ?? support[.tls13] else { return nil }
    return why
  }
  /// The hello that is known to be answered.
  var knownGood: TLSOffer? {
    guard let version = accepted.first(where: { suites[$0]?.isEmpty == false }), let suite = suites[version]?.first
    else {
      return nil
    }
    return offer(version, suites: [suite])
  }

  func offer(
    _ version: TLSVersion, _ extras: TLSOffer.Extras = [], suites: [TLSCipherSuite]? = nil, groups: [UInt16]? = nil
  ) -> TLSOffer {
    let all = needsPlain && version != .tls13 && version != .ssl2 ? TLSOffer.plain : TLSOffer.suites(in: version)
    var offer = TLSOffer(version: version, suites: suites ?? all, serverName: prober.serverName, groups: groups)
    offer.extras = extras
    return offer
  }

  /// The cheap part of an observation: what any visitor's browser would learn.
  mutating func observe() {
    for version in [TLSVersion.tls12, .tls13] where end == nil { findVersion(version) }
  }

  /// What needs permission to probe: every suite, and old versions. What ordinary visitors use comes first, so that a
  /// deadline cuts off the rest.
  mutating func probe() {
    if support[.tls12] == .accepted { findSuites(.tls12) }
    if support[.tls13] == .accepted { findModern() }
    for version in TLSEnumeration.order.dropFirst(2) where end == nil { findVersion(version) }
    confirmClosed()
    for version in [TLSVersion.tls11, .tls10, .ssl3] where support[version] == .accepted { findSuites(version) }
    findPreference()
    doubtClosings()
  }

  private mutating func findVersion(_ version: TLSVersion) {
    let isClassic = ![TLSVersion.tls13, .ssl3, .ssl2].contains(version)
    let asked = offer(version, classic == nil && isClassic ? .browser : [])
    let depth: TLSProber.Depth = classic == nil && version != .tls13 ? .flight : .hello
    let isFirst = version == .tls12 && !prober.memory.hasAnswered
    let reply = prober.ask(asked, depth, or: isFirst ? plain(version) : nil)
    if isFirst, prober.memory.tookOther { needsPlain = !isAnswered(prober.askOnce(asked, .hello)) }
    switch reply {
    case .failure(let failure):
      support[version] = .unknown(failure.sentence)
      // A hello that is met with silence is no sign that the server is gone, where another is answered.
      if failure.isClosing || failure == .timedOut, confirms(), failure.isClosing {
        support[version] = .rejected(failure.sentence)
        refusedByClosing.insert(version)
      }
      if let failure = prober.end { end = failure.sentence }
      // Nothing but silence: a long hello and a short one, each waited for, were enough.
      if !prober.memory.hasAnswered, failure == .timedOut { end = failure.sentence }
    case .flight(let flight):
      read(flight, version)
      askOtherwise(version, flight)
    }
  }

  /// Once more in another form, where the alert may have been about the form and not about the version.
  private mutating func askOtherwise(_ version: TLSVersion, _ flight: ServerFlight) {
    if flight.alert == TLSAlert.internalError { return confirmError(version) }
    guard case .rejected = support[version], let alert = flight.alert, alert != TLSAlert.protocolVersion else { return }
    switch version {
    case .tls13: tryKeyShare()
    case .tls12:
      guard case .flight(let second) = prober.ask(plain(version), .flight), second.hello?.version == version else {
        return
      }
      needsPlain = alert != TLSAlert.noApplicationProtocol
      read(second, version)
    default: break
    }
  }

  /// A server that has a version switched on and nothing to sign with says *internal error*, and so does one in
  /// trouble: the first says it again, and answers what it answered before.
  private mutating func confirmError(_ version: TLSVersion) {
    guard case .flight(let again) = prober.ask(offer(version), .hello), again.alert == TLSAlert.internalError,
      confirms()
    else { return }
    support[version] = .rejected(TLSAlert.sentence(TLSAlert.internalError) + ", twice")
  }

  private func plain(_ version: TLSVersion) -> TLSOffer {
    var offer = TLSOffer(version: version, suites: TLSOffer.plain, serverName: prober.serverName)
    offer.groups = Array(TLSOffer.curves.prefix(5))
    return offer
  }

  private func isAnswered(_ reply: TLSProber.Reply) -> Bool { if case .flight = reply { true } else { false } }

  /// Servers that refuse an empty list of key shares, which the standard allows, may still speak TLS 1.3.
  private mutating func tryKeyShare() {
    guard case .flight(let flight) = prober.ask(offer(.tls13, .keyShare), .hello), flight.hello != nil else {
      return
    }
    read(flight, .tls13)
    groupGap = "the server refuses an empty list of key shares"
    if support[.tls13] == .accepted { incomplete[.tls13] = groupGap }
  }

  private mutating func read(_ flight: ServerFlight, _ version: TLSVersion) {
    if let oddity = flight.oddity {
      let what = oddity == .plainHTTP ? "plain HTTP" : "something that is not TLS"
      support[version] = .unknown("the server talks \(what)")
      if accepted.isEmpty { end = "the server talks \(what) on this port" }
    } else if flight.isSSL2 {
      support[version] = version == .ssl2 ? .accepted : .rejected("the server answered in SSLv2")
      if version == .ssl2 { ssl2Suites = flight.ssl2Suites }
    } else if let hello = flight.hello {
      guard hello.version == version else {
        support[version] = .rejected("the server answered with \(hello.version.title)")
        return
      }
      support[version] = .accepted
      suites[version] = [hello.suite]
      keep(flight, hello, version)
    } else if let alert = flight.alert {
      let sentence = TLSAlert.sentence(alert)
      support[version] = TLSAlert.isRefusal(alert) ? .rejected(sentence) : .unknown(sentence)
    } else {
      support[version] = .unknown("the answer was cut short")
    }
  }

  /// What any flight says besides what was asked.
  mutating func keep(_ flight: ServerFlight, _ hello: TLSServerHello, _ version: TLSVersion) {
    if version == .tls13 {
      if let group = hello.group, !groups.contains(group) { groups.append(group) }
      if retry == nil { retry = hello }
      return
    }
    if classic == nil { classic = (flight, hello, version) }
    if let curve = flight.keyExchange?.group, !curves.contains(curve) { curves.append(curve) }
    if let scheme = flight.keyExchange?.signatureScheme { signatures.insert(scheme) }
    if let dh = flight.keyExchange?.dh { dhGroups[dh.prime] = dh }
    if version != .ssl3 { hasCompression = (hasCompression ?? false) || hello.compression != 0 }
  }

  /// A server that only closes on a hello has refused it if another hello, right after, is answered as before.
  private mutating func confirmClosed() {
    let closing = [ConnectionFailure.closed.sentence, ConnectionFailure.reset.sentence]
    for version in TLSEnumeration.order {
      guard case .unknown(let reason) = support[version], closing.contains(reason), confirms() else { continue }
      support[version] = .rejected(reason)
      refusedByClosing.insert(version)
    }
  }

  /// Whether the server still answers what it answered before.
  func confirms() -> Bool {
    guard let knownGood, case .flight(let flight) = prober.ask(knownGood, .hello) else { return false }
    return flight.hello?.version == knownGood.version
  }

  private mutating func doubtClosings() {
    guard prober.memory.isFlaky else { return }
    let why = "the server closes connections at random"
    for version in refusedByClosing { support[version] = .unknown(why) }
    for version in listsEndedByClosing where incomplete[version] == nil { incomplete[version] = why }
  }
}
