package import Records
internal import Wire

/// The certificates that a site shows, from one full handshake by OpenSSL; where that fails, those that come in clear
/// before TLS 1.3.
package struct CertificateEngine: ScanEngine {
  package let name = "certificate"
  package let version = "1"
  package let title = BilingualText(en: "Certificate", zh: "证书")
  package let checks = CertificateChecks.all

  package init() {}

  /// A handshake and a hello, each tried twice.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 4) }

  package func applies(to target: Target) -> Bool { target.scheme == "https" }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    let endpoint: Endpoint
    switch context.resolve(job.target) {
    case .success(let found): endpoint = found
    case .failure(let result): return abandoned(result, job: job)
    }
    let prober = TLSProber(context: context, endpoint: endpoint, serverName: job.target.serverName)
    let handshake = FullHandshake.run(prober)
    var chain = handshake.chain
    if chain.isEmpty, case .flight(let flight) = prober.ask(.tls12, wholeFlight: true) { chain = flight.certificates }
    guard let seen = CertificateChain(der: chain) else {
      return failed(handshake.failure ?? "the certificate could not be read", job: job, context)
    }
    let judgement = CertificateJudgement(seen, job.target, context.settings)
    return ended(judgement.answers, handshake.facts + judgement.facts, job: job, context)
  }
}
