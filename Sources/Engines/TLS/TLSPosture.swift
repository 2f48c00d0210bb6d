internal import Records
internal import Wire

/// Everything the engine asks of one port, in order, within the job's class; and what follows from it: answers, facts,
/// profile, grade.
struct TLSPosture {
  let job: ScanJob
  let context: ScanContext
  private(set) var enumeration: TLSEnumeration
  private var further: [CheckAnswer] = []
  private var resumption: TLSResumption?
  private var jarm: String?

  init(_ job: ScanJob, _ context: ScanContext, _ endpoint: Endpoint) {
    self.job = job
    self.context = context
    enumeration = TLSEnumeration(TLSProber(job, context, endpoint))
  }

  /// Why nothing at all was seen; nil where something was.
  var failure: String? { enumeration.accepted.isEmpty ? enumeration.end ?? enumeration.silence : nil }

  mutating func run() {
    enumeration.observe()
    guard job.probeClass >= .probe else { return }
    enumeration.probe()
    guard failure == nil, !enumeration.accepted.isEmpty else { return }
    further += TLSTolerance(enumeration: enumeration).answers()
    let isIntrusive = job.probeClass >= .intrusive
    var resumption = TLSResumption(enumeration, isIntrusive: isIntrusive, speaksHTTP: job.options.startTLS == nil)
    resumption.run()
    further += resumption.answers
    self.resumption = resumption
    if isIntrusive {
      further += TLSInjection(enumeration: enumeration, ticket: resumption.ticket).answers()
      let leaf = enumeration.certificates.first ?? resumption.chain.first
      further += [TLSRobot(enumeration: enumeration, certificate: leaf).answer()].compactMap(\.self)
    }
    if job.options.wantsJARM {
      jarm = JARM(prober: enumeration.prober, name: job.target.serverName ?? job.target.host).fingerprint()
    }
  }

  /// Answers and facts of what was seen.
  func conclude() -> ([CheckAnswer], [Fact]) {
    let judgement = TLSJudgement(enumeration: enumeration)
    let answers = judgement.answers + further
    var facts = judgement.facts + (resumption?.facts ?? [])
    if let jarm { facts.append(Fact("jarm", jarm)) }
    guard job.probeClass >= .probe else { return (answers, facts) }
    return (answers, facts + profileFacts(judgement) + gradeFacts(judgement, answers))
  }

  private func profileFacts(_ judgement: TLSJudgement) -> [Fact] {
    if let gap = judgement.suiteGap() ?? enumeration.groupGap ?? enumeration.curveGap {
      return [Fact("profile", "not determined: \(gap)")]
    }
    let profiles = context.settings.tables.profiles
    guard let widest = profiles.all.last?.name else {
      return [Fact("profile", "not determined: no profiles are installed")]
    }
    let deviations = profiles.all.map { ($0.name, profiles.deviations(from: $0, of: enumeration)) }
    let fit = deviations.first { $0.1.isEmpty }?.0
    var facts = [Fact("profile", fit ?? "none")]
    for (name, list) in deviations where !list.isEmpty && (name != widest || fit == nil) {
      facts.append(Fact("deviations from \(name)", list.joined(separator: "; ")))
    }
    return facts
  }

  private func gradeFacts(_ judgement: TLSJudgement, _ answers: [CheckAnswer]) -> [Fact] {
    let seen = enumeration.certificates
    let chain = seen.isEmpty ? resumption?.chain ?? [] : seen
    let trust = TLSTrust(chain, job.target, context.settings, gap: resumption?.handshakeGap)
    let known = Dictionary(answers.map { ($0.check, $0) }, uniquingKeysWith: { first, _ in first })
    return TLSGrade(
      judgement: judgement, answers: known, trust: trust, strictTransportSeconds: resumption?.strictTransportSeconds
    ).facts
  }
}
