package import Records
internal import Wire

/// What a TLS port accepts, by raw hellos: versions, suites, groups.
package struct TLSEngine: ScanEngine {
  package let name = "tls"
  package let version = "3"
  package let title = BilingualText(en: "TLS", zh: "TLS 配置")
  package let checks = TLSChecks.all

  package init() {}

  /// An ordinary site takes under 40; six versions, the suites of a generous server and retries are allowed for.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    ScanBudget(connections: 200, milliseconds: job.options.isSlow ? 40_000 : 20_000)
  }

  package func applies(to target: Target) -> Bool { target.scheme == "https" }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    if let refusal = StartTLS.refusal(of: job.options) { return failed(refusal, job: job, context) }
    let endpoint: Endpoint
    switch context.resolve(job.target) {
    case .success(let found): endpoint = found
    case .failure(let result): return abandoned(result, job: job)
    }
    var enumeration = TLSEnumeration(TLSProber(job, context, endpoint))
    enumeration.observe()
    if job.probeClass >= .probe { enumeration.probe() }
    if enumeration.accepted.isEmpty, let end = enumeration.end ?? enumeration.silence {
      return failed(end, job: job, context)
    }
    var answers: [CheckAnswer] = []
    if job.probeClass >= .probe { answers += TLSTolerance(enumeration: enumeration).answers() }
    let judgement = TLSJudgement(enumeration: enumeration)
    answers += judgement.answers
    return ended(answers, judgement.facts, job: job, context)
  }
}
