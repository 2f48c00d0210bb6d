package import Records
internal import Wire

/// What a TLS port accepts, by raw hellos: versions, suites, groups.
package struct TLSEngine: ScanEngine {
  package let name = "tls"
  package let version = "2"
  package let title = BilingualText(en: "TLS", zh: "TLS 配置")
  package let checks = TLSChecks.all

  package init() {}

  /// Six versions, the suites of a generous server, retries.
  package func budget(for job: ScanJob, _ limits: ScanContext.Limits) -> ScanBudget { ScanBudget(connections: 160) }

  package func applies(to target: Target) -> Bool { target.scheme == "https" }

  package func run(_ job: ScanJob, _ context: ScanContext) -> EngineResult {
    let endpoint: Endpoint
    switch context.resolve(job.target) {
    case .success(let found): endpoint = found
    case .failure(let result): return abandoned(result, job: job)
    }
    let prober = TLSProber(context: context, endpoint: endpoint, serverName: job.target.serverName)
    var enumeration = TLSEnumeration(prober)
    enumeration.observe()
    if job.probeClass >= .probe { enumeration.probe() }
    if let end = enumeration.end, enumeration.accepted.isEmpty { return failed(end, job: job, context) }
    let judgement = TLSJudgement(enumeration: enumeration)
    return ended(judgement.answers, judgement.facts, job: job, context)
  }
}

/// The enumeration as answers. Only what was seen is claimed: a *no* about suites needs every list to be whole.
struct TLSJudgement {
  let enumeration: TLSEnumeration

  var answers: [CheckAnswer] {
    versions + suiteAnswers + [preference, weakDH, compression, renegotiation].compactMap(\.self)
  }

  private var versions: [CheckAnswer] {
    let old: [(String, TLSVersion)] = [
      ("ssl2", .ssl2), ("ssl3", .ssl3), ("tls1_0", .tls10), ("tls1_1", .tls11),
    ]
    var result = old.compactMap { id, version -> CheckAnswer? in
      guard let support = enumeration.support[version] else { return nil }
      return TLSJudgement.answer("tls.version.\(id)", support, yes: "\(version.title) was accepted")
    }
    let (new, newest) = (enumeration.support[.tls12], enumeration.support[.tls13])
    if new == .accepted || newest == .accepted {
      result.append(CheckAnswer("tls.version.no_modern", .no))
    } else if case .rejected = new, case .rejected = newest {
      let names = enumeration.accepted.map(\.title).joined(separator: ", ")
      result.append(CheckAnswer("tls.version.no_modern", .yes, names.isEmpty ? "" : "only \(names)"))
    }
    if newest == .accepted {
      result.append(CheckAnswer("tls.version.no_tls1_3", .no))
    } else if case .rejected(let how) = newest {
      result.append(CheckAnswer("tls.version.no_tls1_3", .yes, how))
    } else if case .unknown(let why) = newest {
      result.append(CheckAnswer("tls.version.no_tls1_3", .notDetermined(reason: why)))
    }
    return result
  }

  private static func answer(_ id: String, _ support: TLSEnumeration.Support, yes: String) -> CheckAnswer {
    switch support {
    case .accepted: CheckAnswer(id, .yes, yes)
    case .rejected(let how): CheckAnswer(id, .no, how)
    case .unknown(let why): CheckAnswer(id, .notDetermined(reason: why))
    }
  }

  private var suiteAnswers: [CheckAnswer] {
    let kinds: [(String, (TLSCipherSuite) -> Bool)] = [
      ("null", \.isNull), ("anonymous", \.isAnonymous), ("export", \.isExport), ("rc4", \.isRC4), ("des", \.isDES),
      ("3des", \.is3DES), ("no_forward_secrecy", { !$0.isForwardSecret }),
    ]
    let found = enumeration.accepted.flatMap { version in
      (enumeration.suites[version] ?? []).map { (version, $0) }
    }
    let gap = suiteGap
    return kinds.map { id, isMember in
      let members = found.filter { isMember($0.1) }
      if !members.isEmpty {
        let names = members.prefix(8).map { "\($0.0.title) \($0.1)" }.joined(separator: ", ")
        return CheckAnswer("tls.suite.\(id)", .yes, names + (members.count > 8 ? ", ..." : ""))
      }
      return CheckAnswer("tls.suite.\(id)", gap.map { .notDetermined(reason: $0) } ?? .no)
    }
  }

  /// Why a suite may be accepted that was not seen; nil where the lists are whole.
  private var suiteGap: String? {
    for version in TLSEnumeration.order where version != .ssl2 {
      guard let support = enumeration.support[version] else { return "not seen" }
      if case .unknown(let why) = support { return "\(version.title): \(why)" }
      if support == .accepted, let why = enumeration.incomplete[version] { return "\(version.title): \(why)" }
    }
    return enumeration.accepted.isEmpty ? "no version was accepted" : nil
  }

  private var preference: CheckAnswer? {
    guard let follows = enumeration.followsClient else {
      let single =
        suiteGap == nil && enumeration.accepted.allSatisfy { $0 == .tls13 || (enumeration.suites[$0]?.count ?? 0) < 2 }
      return single
        ? CheckAnswer("tls.suite.client_preference", .notDetermined(reason: "does not apply: no choice of suites"))
        : nil
    }
    return CheckAnswer("tls.suite.client_preference", follows ? .yes : .no)
  }

  private var weakDH: CheckAnswer? {
    let id = "tls.key_exchange.weak_dh"
    let uses = enumeration.suites.contains { $0.key != .tls13 && $0.value.contains { $0.isFiniteFieldEphemeral } }
    guard uses else { return suiteGap == nil ? CheckAnswer(id, .no, "no DHE suite is accepted") : nil }
    guard let bits = enumeration.dhBits else {
      return CheckAnswer(id, .notDetermined(reason: "the DH group was not seen"))
    }
    return CheckAnswer(id, bits < 2048 ? .yes : .no, "\(bits) bits")
  }

  private var compression: CheckAnswer? {
    let id = "tls.compression"
    if let has = enumeration.hasCompression { return CheckAnswer(id, has ? .yes : .no) }
    return onlyTLS13 ? CheckAnswer(id, .no, "TLS 1.3 has none") : nil
  }

  private var renegotiation: CheckAnswer? {
    let id = "tls.renegotiation.insecure"
    if let hello = enumeration.hello12 { return CheckAnswer(id, hello.extensions.hasRenegotiationInfo ? .no : .yes) }
    return onlyTLS13 ? CheckAnswer(id, .no, "TLS 1.3 has none") : nil
  }

  private var onlyTLS13: Bool {
    guard enumeration.support[.tls13] == .accepted, case .rejected = enumeration.support[.tls12] else { return false }
    return enumeration.accepted == [.tls13]
  }

  var facts: [Fact] {
    var facts = [Fact("versions", enumeration.accepted.map(\.title).joined(separator: ", "))]
    for version in enumeration.accepted {
      let names = (enumeration.suites[version] ?? []).map(\.description).joined(separator: " ")
      if !names.isEmpty { facts.append(Fact("suites of \(version.title)", names)) }
    }
    if !enumeration.groups.isEmpty {
      facts.append(
        Fact("groups", enumeration.groups.map { TLSGroup(rawValue: $0).description }.joined(separator: ", ")))
    }
    return facts
  }
}
