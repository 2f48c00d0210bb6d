package import Records
internal import Wire

/// The site's name as its visitors and its mail's senders find it: addresses, zone, signatures, mail policy, and,
/// where leave is given, the zone's servers one by one.
package struct DNSEngine: ScanEngine {
  package let name = "dns"
  package let version = "2"
  package let title = BilingualText(en: "Names and mail policy", zh: "域名与邮件策略")
  package let checks = DNSChecks.all
  /// Connections are TCP to name servers, a cut answer or a transfer each; and for a TLSA record and an MTA-STS policy
  /// two handshakes and a request, each tried twice.
  private static let connectionLimit = 2 * NameServers.serverLimit + 6

  package init() {}

  /// Some 60 questions to the resolver and three to each server, at their paces, some of them slow; the certificate
  /// and the policy take a few seconds more where there are records of them.
  package var asksTargetAlone: Bool { false }
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    ScanBudget(connections: DNSEngine.connectionLimit, milliseconds: job.probeClass == .observe ? 55_000 : 100_000)
  }

  package func applies(to target: Target) -> Bool { IPAddress(target.host) == nil }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    guard applies(to: job.target) else {
      let reason = "does not apply: the site is named by its address"
      return EngineResult(status: .completed, answers: completed([], job: job, else: reason))
    }
    guard let resolver = ValidatingResolver(context) else {
      return EngineResult(
        status: .failed, reason: "the resolver library does not begin", source: .vigil,
        answers: completed([], job: job, else: "the resolver library does not begin"))
    }
    var look = DNSLook(job, resolver, context)
    look.addresses()
    look.findZone()
    look.signatures()
    look.certificatePolicy()
    look.mail()
    look.change(known: job.known.flatMap(DNSMemory.init), accepts: job.options.acceptsChange)
    if job.probeClass >= .probe { look.servers(isIntrusive: job.probeClass >= .intrusive) }
    let memory = look.memory.sets.isEmpty ? nil : look.memory.text
    var result = ended(look.answers, look.facts, job: job, context, memory: memory)
    result.sightings[.address] = ["A", "AAAA"].flatMap { look.memory.sets[$0] ?? [] }
    return result
  }
}
