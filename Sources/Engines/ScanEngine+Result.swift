package import Records

/// How an engine ends: every check of it is answered, and the status says whether all that was asked was seen.
extension ScanEngine {
  /// `answers` and, for the checks that they leave open, one reason: nothing is silently safe.
  package func completed(_ answers: [CheckAnswer], job: ScanJob, else reason: String) -> [CheckAnswer] {
    let known = Set(answers.map(\.check))
    return answers
      + checks.filter { !known.contains($0.id) }.map { check in
        let asked = check.probeClass <= job.probeClass
        let why = asked ? reason : "not authorised: this check needs \(check.probeClass.rawValue)"
        return CheckAnswer(check.id, .notDetermined(reason: why))
      }
  }

  /// Whole where every permitted check that applies was answered yes or no; else partial, with the first reason.
  func ended(
    _ answers: [CheckAnswer], _ facts: [Fact], job: ScanJob, _ context: ScanContext, memory: String? = nil
  ) -> EngineResult {
    let whole = completed(answers, job: job, else: "not seen")
    let open = whole.lazy.compactMap { answer -> String? in
      guard case .notDetermined(let reason) = answer.answer else { return nil }
      return reason.hasPrefix("not authorised") || reason.hasPrefix("does not apply") ? nil : reason
    }.first
    let status: ScanOutcome.Status = context.isStopped ? .stopped : open == nil ? .completed : .partial
    return EngineResult(
      status: status, reason: open ?? "", source: open.map { blamed(for: $0) } ?? .site, answers: whole, facts: facts,
      memory: memory)
  }

  /// Nothing was seen: `reason` for every check, and whose fault it was.
  func failed(_ reason: String, job: ScanJob, _ context: ScanContext) -> EngineResult {
    let answers = completed([], job: job, else: reason)
    if context.isStopped { return EngineResult(status: .stopped, reason: "stopped", source: .policy, answers: answers) }
    if reason.hasPrefix("refused target") || reason.hasPrefix("not authorised") {
      return EngineResult(status: .refused, reason: reason, source: .policy, answers: answers)
    }
    let source = blamed(for: reason)
    return EngineResult(
      status: .failed, reason: reason, source: source, retry: source == .site ? .after(seconds: 60) : .no,
      answers: answers)
  }

  /// Whose fault a sentence tells of: a site that answers, but not us, is asked again much later.
  private func blamed(for reason: String) -> ScanOutcome.Source {
    if reason.hasSuffix("status 429") { return .rateLimited }
    return reason.hasPrefix("blocked") ? .blocked : .site
  }

  /// The same, where `result` says why.
  func abandoned(_ result: EngineResult, job: ScanJob) -> EngineResult {
    var result = result
    result.answers = completed([], job: job, else: result.reason)
    return result
  }
}
