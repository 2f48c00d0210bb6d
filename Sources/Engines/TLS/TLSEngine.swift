package import Records
internal import Wire

/// What a TLS port accepts and how it behaves: by raw hellos versions, suites and groups; by OpenSSL's handshakes
/// sessions; by wrong messages, where the authorisation allows them, old weaknesses.
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

  package func unasked(_ reason: String, _ job: ScanJob, _ context: ScanContext) -> EngineResult? {
    failed(reason, job: job, context)
  }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    if let refusal = StartTLS.refusal(of: job.options) { return failed(refusal, job: job, context) }
    let endpoint: Endpoint
    switch context.resolve(job.target) {
    case .success(let found): endpoint = found
    case .failure(let result): return abandoned(result, job: job)
    }
    var posture = TLSPosture(job, context, endpoint)
    posture.run()
    if let failure = posture.failure { return failed(failure, job: job, context) }
    let (answers, facts) = posture.conclude()
    return ended(answers, facts, job: job, context)
  }
}
