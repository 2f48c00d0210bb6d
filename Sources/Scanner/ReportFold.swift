internal import Engines
internal import Records
internal import Wire

/// An engine's answers as the records that leave the process.
struct ReportFold {
  let job: ScanJob
  let result: EngineResult
  let engine: (any ScanEngine)?
  let vantage: String
  let time: Timestamp

  private func reason(_ answer: CheckAnswer) -> String? {
    if case .notDetermined(let reason) = answer.answer { return reason }
    return nil
  }

  var observations: [Observation] {
    guard let engine else { return [] }
    let checks = Dictionary(
      (engine.checks + result.found).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return result.answers.compactMap { answer in
      guard let check = checks[answer.check] else { return nil }
      let why = reason(answer) ?? ""
      guard !why.hasPrefix("does not apply"), !why.hasPrefix("not authorised") else { return nil }
      return Observation(
        time: time, engine: engine.name, engineVersion: engine.version, check: check.id, title: check.title,
        severity: check.severity, site: job.site, target: job.target, path: answer.path,
        parameter: answer.parameter, answer: answer.answer, evidence: answer.evidence, confidence: engine.confidence,
        vantage: vantage)
    }
  }

  var coverage: [CoverageEntry] {
    guard let site = job.site else { return [] }
    let whole: CoverageEntry.Status =
      switch result.status {
      case .completed, .partial: .tested
      case .failed: .notDetermined
      case .refused: result.reason.hasPrefix("not authorised") ? .notAuthorised : .skipped
      case .stopped: .stopped
      }
    var entries = [
      CoverageEntry(site: site, engine: job.engine, status: whole, reason: result.reason, time: time)
    ]
    for answer in result.answers {
      guard let why = reason(answer) else { continue }
      let status: CoverageEntry.Status =
        why.hasPrefix("not authorised") ? .notAuthorised : why.hasPrefix("does not apply") ? .skipped : .notDetermined
      entries.append(
        CoverageEntry(site: site, check: answer.check, engine: job.engine, status: status, reason: why, time: time))
    }
    return entries
  }
}
