internal import Documents
package import Records
internal import Wire

/// An external tool that is there, as an engine: the address is resolved, judged and asked once by us, then the tool is
/// started, and what it wrote is read.
package struct ExternalEngine: ScanEngine {
  package let tool: any ExternalTool
  package let program: String
  package let version: String

  package init(_ tool: any ExternalTool, program: String, version: String) {
    (self.tool, self.program, self.version) = (tool, program, version)
  }

  package var name: String { tool.name }
  package var title: BilingualText { tool.title }
  package var checks: [Check] { tool.mappedChecks }
  package var confidence: Int { tool.confidence }

  package var asksTargetAlone: Bool { false }
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { tool.budget(for: job, limits) }
  package func applies(to target: Target) -> Bool { tool.applies(to: target) }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    guard tool.probeClass <= job.probeClass else {
      return failed("not authorised: \(name) needs \(tool.probeClass.rawValue)", job: job, context)
    }
    if let refusal = refusal(of: job, context) { return refused(refusal, job: job) }
    let endpoint: Endpoint
    switch context.resolve(job.target) {
    case .success(let found): endpoint = found
    case .failure(let result): return abandoned(result, job: job)
    }
    // Asked by us first: whether it answers at all is not a tool's to judge.
    if tool.reach == .relay, let failure = knock(endpoint, context) {
      return failed("\(failure.sentence) by \(endpoint.address):\(endpoint.port)", job: job, context)
    }
    guard let folder = WorkFolder() else { return broken("no folder can be made for \(name)", job: job) }
    switch tool.reach {
    case .address:
      guard
        context.gate.enter(endpoint.address, context.settings.limits, context.deadline, stopped: { context.isStopped })
      else { return failed("deadline", job: job, context) }
      defer { context.gate.leave(endpoint.address) }
      context.noteAddress(endpoint.address)
      context.count { $0.connections += 1 }
      return answer(ask(job, context, folder, endpoint), job, context, folder, nil)
    case .relay:
      guard let relay = PacedRelay.open(to: endpoint, context) else {
        return broken("no relay can be made for \(name)", job: job)
      }
      let loopback = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: relay.port)
      return answer(ask(job, context, folder, loopback), job, context, folder, relay)
    }
  }

  /// What no tool shall be told, or cannot do.
  private func refusal(of job: ScanJob, _ context: ScanContext) -> String? {
    if job.options.startTLS != nil { return "does not apply: \(name) is not asked with STARTTLS" }
    if tool.reach == .address, context.settings.proxy != nil { return "does not apply: \(name) does not go by a proxy" }
    for word in [job.target.host, job.target.serverName ?? "a"] where !ExternalEngine.isPlain(word) {
      return "refused target: the name has a character that \(name) is not given"
    }
    return nil
  }

  /// Letters, digits and what addresses are written with; nothing that a program takes for a switch.
  static func isPlain(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.count <= 253 && !word.hasPrefix("-")
      && word.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", ":": true
        default: false
        }
      }
  }

  private func knock(_ endpoint: Endpoint, _ context: ScanContext) -> ConnectionFailure? {
    do throws(ConnectionFailure) {
      _ = try Connection(to: endpoint, context)
      return nil
    } catch {
      context.countCause(error)
      return error
    }
  }

  private func ask(_ job: ScanJob, _ context: ScanContext, _ folder: WorkFolder, _ reached: Endpoint) -> ToolAsk {
    ToolAsk(
      scheme: job.target.scheme, host: job.target.host,
      serverName: job.options.omitsServerName ? nil : job.target.serverName, address: reached.address,
      port: reached.port, path: job.target.path, probeClass: job.probeClass, options: job.options,
      limits: context.settings.limits, userAgent: context.settings.userAgent, folder: folder.path)
  }

  private func answer(
    _ ask: ToolAsk, _ job: ScanJob, _ context: ScanContext, _ folder: WorkFolder, _ relay: PacedRelay?
  ) -> EngineResult {
    let command = ToolCommand(program: program, arguments: tool.arguments(ask), bounds: tool.bounds)
    let run = ToolProcess.run(command, in: folder.path, until: context.deadline) { context.isStopped }
    relay?.close()
    if context.isStopped { return failed("stopped", job: job, context) }
    guard case .exited(let status) = run.end, tool.isDone(status) else {
      let reason = run.reason(name)
      return reason == "deadline" ? failed(reason, job: job, context) : broken(reason, job: job)
    }
    let written = tool.reportFile.map { folder.read($0, limit: ToolReport.bytesLimit) } ?? run.output
    guard let written else { return broken("\(name) left no report", job: job) }
    do throws(DocumentError) {
      let report = try tool.read(written, file: "the report of \(name)")
      return judged(report, doubt: doubt(report, relay), job: job, context)
    } catch {
      return broken("\(error)", job: job)
    }
  }

  /// Why the tool's *no* is not believed; nil where it is.
  private func doubt(_ report: ToolReport, _ relay: PacedRelay?) -> String? {
    if let (opened, failed, first) = relay?.counted, failed > 0 {
      return "\(failed) of \(opened + failed) connections of \(name) failed: \(first?.sentence ?? "unknown")"
    }
    return report.isWhole ? nil : "the report of \(name) is not whole"
  }

  private func judged(_ report: ToolReport, doubt: String?, job: ScanJob, _ context: ScanContext) -> EngineResult {
    let folded = ToolFold(tool).answers(report, doubt: doubt)
    let known = Set(folded.answers.map(\.check))
    let silent = checks.filter { !known.contains($0.id) && $0.probeClass <= job.probeClass }.map { check in
      CheckAnswer(check.id, .notDetermined(reason: doubt ?? "does not apply: \(name) says nothing of it"))
    }
    let facts = report.facts + [Fact("\(name) version", version)]
    var result = ended(folded.answers + silent, facts, job: job, context)
    result.found = folded.found
    return result
  }

  private func refused(_ reason: String, job: ScanJob) -> EngineResult {
    EngineResult(
      status: .refused, reason: reason, source: .policy, answers: completed([], job: job, else: reason))
  }

  /// Not the site's fault.
  private func broken(_ reason: String, job: ScanJob) -> EngineResult {
    EngineResult(
      status: .failed, reason: reason, source: .vigil, retry: .after(seconds: 3600),
      answers: completed([], job: job, else: reason))
  }
}
