package import Records
internal import Wire

/// The certificates that a site shows: every chain, what it says, whom it is trusted by, whether it was taken back,
/// and what has changed since the last look.
package struct CertificateEngine: ScanEngine {
  package let name = "certificate"
  package let version = "2"
  package let title = BilingualText(en: "Certificate", zh: "证书")
  package let checks = CertificateChecks.all

  package init() {}

  /// An ordinary site needs three: a full handshake, one without a name, one for the other kind of key. One that
  /// speaks TLS 1.3 alone needs four. The rest is for retries and for the authority, where it may be asked.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 7) }

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
    var asked = job
    asked.target.serverName = job.target.serverName.map(CertificateName.ascii)
    var survey = CertificateSurvey(TLSProber(asked, context, endpoint))
    switch survey.run() {
    case .nothing(let reason): return failed(reason, job: job, context)
    case .seen(let sighting):
      let judgement = CertificateJudgement(
        sighting, name: job.target.serverName ?? job.target.host, settings: context.settings, known: job.known,
        acceptsChange: job.options.acceptsChange,
        inquire: !context.settings.asksRevocation
          ? nil
          : { leaf, issuer, certificate in
            RevocationInquiry(context: context, leaf: leaf, issuer: issuer, extensions: certificate.extensions).run()
          })
      var result = ended(judgement.answers, judgement.facts, job: job, context, memory: judgement.memory)
      result.sightings[.certificateName] = sighting.chains.flatMap(\.leaf.hostNames)
      return result
    }
  }
}
