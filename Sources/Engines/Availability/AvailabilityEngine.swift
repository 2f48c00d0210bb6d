internal import Glibc
package import Records
internal import Wire

/// Whether a visitor gets the site's page, how long each stage took, and since when not: at most two requests a look.
///
/// *Down* is said after two looks that both failed, half a minute apart and at best from two places; where the name fails,
/// only if a second resolver, where one is named, has no address either (`SecondOpinion`). A look that is
/// the only one (`vigil scan`) says it after two requests. The outage began with the first look that failed.
package struct AvailabilityEngine: ScanEngine {
  package let name = "availability"
  package let version = "1"
  package let title = BilingualText(en: "Availability", zh: "可用性")
  package let checks = AvailabilityChecks.all

  /// From the name's resolution to the last byte: a visitor's patience.
  static let slowMilliseconds = 3_000
  /// Between two failures: a restart of a service takes about that long.
  static let pauseMilliseconds = 2_000
  /// Between a look that failed and the one that settles it: longer than a restart, shorter than any cadence.
  static let secondLookSeconds = 30

  package init() {}

  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 2) }

  package func applies(to target: Target) -> Bool { target.scheme == "https" || target.scheme == "http" }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    var look = AvailabilityLook(job.target, context)
    look.run()
    if case .failure(.refusedTarget(let sentence)) = look.outcome { return failed(sentence, job: job, context) }
    if context.isStopped { return failed("stopped", job: job, context) }
    let judged = AvailabilityJudgement(look)
    // What is down for its maintenance is not down: no outage begins, and one that lasts goes on.
    let planned = judged.state == .down ? job.maintenanceUntil : nil
    let memory = AvailabilityMemory.after(
      planned == nil ? judged.state : .notDetermined, reason: judged.reason, at: context.settings.now(),
      known: job.known, looks: job.asksAgain ? 2 : 1)
    var result = ended(
      judged.answers(memory, planned: planned), look.facts + memory.facts, job: job, context, memory: memory.text)
    if memory.state == .suspected { result.retry = .after(seconds: AvailabilityEngine.secondLookSeconds) }
    return result
  }
}

/// One or two requests for the site's page.
struct AvailabilityLook {
  let target: Target
  let context: ScanContext
  private(set) var outcome: Result<HTTPResponse, ConnectionFailure> = .failure(.closed)
  private(set) var lookup: NameLookup?
  /// Failures in a row, with their sentences.
  private(set) var failures: [String] = []
  /// The last failure is of this machine's network, not the site's.
  private(set) var isOurs = false
  private(set) var hops = 0
  /// Asked once the name has failed twice.
  private(set) var second = SecondOpinion.none

  init(_ target: Target, _ context: ScanContext) { (self.target, self.context) = (target, context) }

  mutating func run() {
    var here = target
    let exchange = HTTPExchange(context)
    for turn in 0..<2 {
      guard let address = address(turn) else { return }
      var request = HTTPRequest(url: here.url, host: here.host, keepsBody: true)
      (request.bodyLimit, request.decodes) = (PageVerdict.searched, true)
      outcome = exchange.once(request, at: Endpoint(address: address, port: here.port))
      isOurs = [ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EACCES, EPERM].contains(exchange.systemError)
      switch outcome {
      case .success(let response):
        if (300..<400).contains(response.status) {
          failures = []
          guard let location = response.first("location"), let next = RedirectTarget.resolve(location, from: here)
          else { return }
          (here, hops) = (next, hops + 1)
          continue
        }
        guard response.status >= 500, case .error(let sentence) = PageVerdict(response) else { return }
        failures.append(sentence)
      case .failure(let failure):
        failures.append(failure.sentence)
        if !failure.isWorthASecondLook { return }
      }
      exchange.close()
      guard turn == 0, context.pause(milliseconds: AvailabilityEngine.pauseMilliseconds) else { return }
    }
  }

  /// The second look takes the name's next address where it has one.
  private mutating func address(_ turn: Int) -> IPAddress? {
    if let given = target.address ?? IPAddress(target.host) { return given }
    if lookup?.addresses.isEmpty ?? true { lookup = NameLookup.run(target.host, until: context.deadline) }
    if lookup?.failure != nil, turn == 0, context.pause(milliseconds: AvailabilityEngine.pauseMilliseconds) {
      lookup = NameLookup.run(target.host, until: context.deadline)
    }
    if lookup?.failure != nil, turn == 0, !context.isStopped { second = SecondOpinion.ask(target.host, context) }
    let found = lookup?.addresses ?? []
    let allowed = found.filter { context.refusal(of: $0) == nil }
    if allowed.isEmpty, let first = found.first, let refusal = context.refusal(of: first) {
      outcome = .failure(.refusedTarget(refusal))
    }
    return allowed.isEmpty ? nil : allowed[turn % allowed.count]
  }

  var facts: [Fact] {
    var facts: [Fact] = []
    if let lookup, !lookup.addresses.isEmpty { facts.append(Fact("time name", shown(lookup.microseconds))) }
    guard case .success(let response) = outcome else { return facts }
    if response.times.connect > 0 { facts.append(Fact("time connect", shown(response.times.connect))) }
    if response.times.tls > 0 { facts.append(Fact("time tls", shown(response.times.tls))) }
    facts += [
      Fact("time first byte", shown(response.times.firstByte)), Fact("time total", shown(microseconds)),
      Fact("status", "\(response.status)"), Fact("bytes", "\(response.bodyBytes)\(response.isCut ? " and more" : "")"),
    ]
    if hops > 0 { facts.append(Fact("redirects followed", "\(hops)")) }
    return facts
  }

  /// What a visitor waits for one page: the name and the request that was answered.
  var microseconds: Int {
    guard case .success(let response) = outcome else { return 0 }
    return (lookup?.microseconds ?? 0) + response.times.total
  }

  private func shown(_ microseconds: Int) -> String { "\(microseconds / 1000).\(microseconds / 100 % 10) ms" }
}

extension ConnectionFailure {
  /// Whether the site may be blamed for it, were it to happen again.
  var isWorthASecondLook: Bool {
    switch self {
    case .connectionRefused, .unreachable, .timedOut, .reset, .closed, .notHTTP, .handshake: true
    default: false
    }
  }
}
