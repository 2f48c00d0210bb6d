internal import Records
internal import Wire

/// The enumeration as answers. Only what was seen is claimed: a *no* about suites needs every list to be whole.
struct TLSJudgement {
  let enumeration: TLSEnumeration

  var answers: [CheckAnswer] {
    versions + suiteAnswers + keyExchangeAnswers + weaknesses
      + [preference, compression, renegotiation, masterSecret].compactMap(\.self)
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

  /// Every suite seen with the version it was seen in.
  var found: [(TLSVersion, TLSCipherSuite)] {
    enumeration.accepted.flatMap { version in (enumeration.suites[version] ?? []).map { (version, $0) } }
  }

  private var suiteAnswers: [CheckAnswer] {
    let kinds: [(String, (TLSCipherSuite) -> Bool)] = [
      ("null", \.isNull), ("anonymous", \.isAnonymous), ("export", \.isExport), ("rc4", \.isRC4), ("des", \.isDES),
      ("3des", \.is3DES), ("no_forward_secrecy", { !$0.isForwardSecret }),
    ]
    return kinds.map { id, isMember in answer("tls.suite.\(id)") { _, suite in isMember(suite) } }
  }

  /// *Yes* with the suites that are members; *no* only where every list that may hold one is whole.
  func answer(
    _ id: String, in versions: [TLSVersion] = TLSEnumeration.order, _ isMember: (TLSVersion, TLSCipherSuite) -> Bool
  ) -> CheckAnswer {
    let members = found.filter { versions.contains($0.0) && isMember($0.0, $0.1) }
    guard members.isEmpty else {
      let names = members.prefix(8).map { "\($0.0.title) \($0.1)" }.joined(separator: ", ")
      return CheckAnswer(id, .yes, names + (members.count > 8 ? ", ..." : ""))
    }
    return CheckAnswer(id, suiteGap(in: versions).map { .notDetermined(reason: $0) } ?? .no)
  }

  /// Why a suite may be accepted that was not seen; nil where the lists are whole.
  func suiteGap(in versions: [TLSVersion] = TLSEnumeration.order) -> String? {
    for version in versions where version != .ssl2 {
      guard let support = enumeration.support[version] else { return "not seen" }
      if case .unknown(let why) = support { return "\(version.title): \(why)" }
      if support == .accepted, let why = enumeration.incomplete[version] { return "\(version.title): \(why)" }
    }
    return enumeration.accepted.isEmpty ? "no version was accepted" : nil
  }

  private var preference: CheckAnswer? {
    let id = "tls.suite.client_preference"
    if let follows = enumeration.followsClient { return CheckAnswer(id, follows ? .yes : .no) }
    let single = suiteGap() == nil && enumeration.accepted.allSatisfy { (enumeration.suites[$0]?.count ?? 0) < 2 }
    return single ? CheckAnswer(id, .notDetermined(reason: "does not apply: no choice of suites")) : nil
  }

  private var compression: CheckAnswer? {
    let id = "tls.compression"
    if let has = enumeration.hasCompression { return CheckAnswer(id, has ? .yes : .no) }
    return onlyTLS13 ? CheckAnswer(id, .no, "TLS 1.3 has none") : nil
  }

  private var renegotiation: CheckAnswer? {
    let id = "tls.renegotiation.insecure"
    if let hello = enumeration.classic?.hello {
      return CheckAnswer(id, hello.extensions.hasRenegotiationInfo ? .no : .yes)
    }
    return onlyTLS13 ? CheckAnswer(id, .no, "TLS 1.3 has none") : nil
  }

  private var masterSecret: CheckAnswer? {
    let id = "tls.extended_master_secret.missing"
    if let classic = enumeration.classic, classic.version == .tls12 {
      guard !enumeration.needsPlain else { return CheckAnswer(id, .notDetermined(reason: "it was not offered")) }
      let has = classic.hello.extensions.types.contains(TLSNumber.Extension.extendedMasterSecret)
      return CheckAnswer(id, has ? .no : .yes)
    }
    if onlyTLS13 { return CheckAnswer(id, .no, "TLS 1.3 has it built in") }
    return enumeration.classic == nil
      ? nil : CheckAnswer(id, .notDetermined(reason: "does not apply: only old versions are accepted"))
  }

  var onlyTLS13: Bool {
    guard enumeration.support[.tls13] == .accepted, case .rejected = enumeration.support[.tls12] else { return false }
    return enumeration.accepted == [.tls13]
  }
}
