internal import Records
internal import Wire

/// DH groups, curves, and the attacks with names that follow from what is accepted.
extension TLSJudgement {
  private static let classic = TLSEnumeration.order.filter { $0 != .tls13 && $0 != .ssl2 }
  /// Hybrids of ML-KEM, and ML-KEM alone.
  static let postQuantum: Set<UInt16> = [0x11eb, 0x11ec, 0x11ed, 0x0200, 0x0201, 0x0202, 0x6399, 0x639a]
  /// Under 224 bits: sect163k1 to sect193r2, secp160k1 to secp192r1.
  private static let weakCurves: Set<UInt16> = [1, 2, 3, 4, 5, 15, 16, 17, 18, 19]

  var keyExchangeAnswers: [CheckAnswer] { [weakDH, weakCurve, postQuantum].compactMap(\.self) }

  var weaknesses: [CheckAnswer] {
    [
      answer("tls.weakness.poodle", in: [.ssl3]) { _, suite in suite.isCBC },
      answer("tls.weakness.freak", in: TLSJudgement.classic) { _, suite in suite.isExport && suite.isRSAKeyExchange },
      answer("tls.weakness.sweet32", in: TLSJudgement.classic) { _, suite in suite.hasSmallBlock },
      answer("tls.weakness.beast", in: [.ssl3, .tls10]) { _, suite in suite.isCBC },
      answer("tls.weakness.lucky13", in: TLSJudgement.classic) { _, suite in suite.isCBC },
      drown, logjam,
    ].compactMap(\.self)
  }

  private var usesDH: Bool { found.contains { $0.0 != .tls13 && $0.1.isFiniteFieldEphemeral } }
  private var dhText: String {
    enumeration.dhGroups.values.sorted { $0.primeBits < $1.primeBits }.map(TLSJudgement.text).joined(separator: ", ")
  }
  static func text(_ group: TLSServerDHParameters) -> String {
    "\(group.primeBits) bits" + (KnownPrime.name(of: group).map { " (\($0))" } ?? "")
  }

  private func withoutDH(_ id: String) -> CheckAnswer {
    if let gap = suiteGap() { return CheckAnswer(id, .notDetermined(reason: gap)) }
    return CheckAnswer(id, .no, "no DHE suite is accepted")
  }

  private var weakDH: CheckAnswer? {
    let id = "tls.key_exchange.weak_dh"
    guard usesDH else { return withoutDH(id) }
    guard let bits = enumeration.dhBits else {
      return CheckAnswer(id, .notDetermined(reason: "the DH group was not seen"))
    }
    if bits >= 2048, let gap = suiteGap() { return CheckAnswer(id, .notDetermined(reason: gap)) }
    return CheckAnswer(id, bits < 2048 ? .yes : .no, dhText)
  }

  private var logjam: CheckAnswer? {
    let id = "tls.weakness.logjam"
    let export = answer(id, in: TLSJudgement.classic) { _, suite in suite.isExport && suite.isFiniteFieldEphemeral }
    if export.answer == .yes { return export }
    guard usesDH else { return withoutDH(id) }
    guard let bits = enumeration.dhBits else {
      return CheckAnswer(id, .notDetermined(reason: "the DH group was not seen"))
    }
    if bits <= KnownPrime.sharedLimit { return CheckAnswer(id, .yes, dhText) }
    if let gap = suiteGap() { return CheckAnswer(id, .notDetermined(reason: gap)) }
    return CheckAnswer(id, .no, dhText)
  }

  private var weakCurve: CheckAnswer? {
    let id = "tls.key_exchange.weak_curve"
    let weak = enumeration.curves.filter(TLSJudgement.weakCurves.contains)
    guard weak.isEmpty else { return CheckAnswer(id, .yes, TLSJudgement.names(weak)) }
    if let gap = suiteGap() ?? enumeration.curveGap { return CheckAnswer(id, .notDetermined(reason: gap)) }
    return CheckAnswer(id, .no)
  }

  private var postQuantum: CheckAnswer? {
    let id = "tls.key_exchange.no_post_quantum"
    let seen = enumeration.groups.filter(TLSJudgement.postQuantum.contains)
    guard seen.isEmpty else { return CheckAnswer(id, .no, TLSJudgement.names(seen)) }
    switch enumeration.support[.tls13] {
    case .rejected?: return CheckAnswer(id, .yes, "TLS 1.3 is not accepted")
    case .unknown(let why)?: return CheckAnswer(id, .notDetermined(reason: why))
    case .accepted?:
      if let gap = enumeration.groupGap { return CheckAnswer(id, .notDetermined(reason: gap)) }
      return CheckAnswer(id, .yes, TLSJudgement.names(enumeration.groups))
    case nil: return nil
    }
  }

  private var drown: CheckAnswer? {
    let id = "tls.weakness.drown"
    switch enumeration.support[.ssl2] {
    case .accepted?: return CheckAnswer(id, .yes, enumeration.ssl2Suites.prefix(8).joined(separator: ", "))
    case .rejected(let how)?: return CheckAnswer(id, .no, how)
    case .unknown(let why)?: return CheckAnswer(id, .notDetermined(reason: why))
    case nil: return nil
    }
  }

  static func names(_ groups: [UInt16]) -> String {
    groups.map { TLSGroup(rawValue: $0).description }.joined(separator: ", ")
  }
}
