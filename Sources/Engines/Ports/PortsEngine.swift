package import Records
internal import Wire

/// Which TCP ports of the site's address are open, what listens there, and what of it should not be reachable.
package struct PortsEngine: ScanEngine {
  package let name = "ports"
  package let version = "1"
  package let title = BilingualText(en: "Ports and services", zh: "端口与服务")
  package let checks = PortsChecks.all
  /// Open ports that are asked what they are; a host with more answers on all of them and means nothing by it.
  static let dialogueLimit = 64
  private static let connectionsADialogue = 3
  /// A day: 65,536 filtered ports at two open connections take 18 hours.
  private static let longest = 86_400_000

  package init() {}

  package var asksTargetAlone: Bool { false }
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget {
    let count = PortList.wanted(job.options.ports).count
    let dialogues = min(count, PortsEngine.dialogueLimit)
    let again = min(count, PortSweep.retryLimit)
    let connections = count + again + dialogues * PortsEngine.connectionsADialogue
    let byPace = 1000 / max(0.01, limits.connectsPerSecond) * Double(connections)
    let bySilence =
      Double(count * PortSweep.patience) / Double(max(1, limits.openPerAddress))
      + Double(again * (PortSweep.patience + PortSweep.retryPause))
      + Double(dialogues * PortsEngine.connectionsADialogue * ServiceDialogue.silence)
    return ScanBudget(
      connections: connections, milliseconds: min(Int(byPace + bySilence) + 10_000, PortsEngine.longest))
  }

  package func applies(to target: Target) -> Bool { true }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    guard job.probeClass >= .probe else {
      return EngineResult(status: .completed, answers: completed([], job: job, else: ""))
    }
    switch context.resolve(job.target) {
    case .failure(let failure): return abandoned(failure, job: job)
    case .success(let endpoint): return look(job, context, endpoint.address)
    }
  }

  private func look(_ job: ScanJob, _ context: ScanContext, _ address: IPAddress) -> EngineResult {
    let wanted = PortList.wanted(job.options.ports)
    var sweep = PortSweep(address, context)
    sweep.run(wanted)
    if sweep.states.isEmpty { return failed(sweep.failure?.sentence ?? "no port was tried", job: job, context) }
    guard sweep.states.values.contains(where: { $0 != .filtered }) else {
      return failed("no port answered: the host is down or drops what we send", job: job, context)
    }
    let open = sweep.states.filter { $0.value == .open }.map(\.key).sorted()
    let dialogue = ServiceDialogue(context: context, host: job.target.host)
    let found = PortDialogues.run(open.prefix(PortsEngine.dialogueLimit), of: address, dialogue)
    let judgement = PortsJudgement(
      wanted: wanted, states: sweep.states, found: found, failure: sweep.failure,
      known: job.known.flatMap(PortsMemory.init), acceptsChange: job.options.acceptsChange)
    return ended(
      judgement.answers, judgement.facts, job: job, context, memory: judgement.memory?.text)
  }
}
