internal import Records
internal import Wire

/// One hello each: how the server takes a client of the future, a client that fell back, and a client that knows only
/// SHA-1.
struct TLSTolerance {
  let enumeration: TLSEnumeration
  private var prober: TLSProber { enumeration.prober }

  func answers() -> [CheckAnswer] { [future(), fallback(), weakSignature()].compactMap(\.self) }

  /// The newest version below TLS 1.3 that is accepted, with its first suite's hello.
  private func known(_ extras: TLSOffer.Extras) -> TLSOffer? {
    guard let version = enumeration.classic?.version, let suites = enumeration.suites[version] else { return nil }
    return enumeration.offer(version, extras, suites: suites)
  }

  private func future() -> CheckAnswer? {
    let id = "tls.version.intolerant"
    guard let offer = known(.future) else {
      return enumeration.support[.tls13] == .accepted
        ? CheckAnswer(id, .notDetermined(reason: "does not apply: only TLS 1.3 is accepted")) : nil
    }
    switch prober.ask(offer, .hello) {
    case .failure(let failure):
      guard failure.isClosing, enumeration.confirms(), !prober.memory.isFlaky else {
        return CheckAnswer(id, .notDetermined(reason: failure.sentence))
      }
      return CheckAnswer(id, .yes, failure.sentence)
    case .flight(let flight):
      if let hello = flight.hello { return CheckAnswer(id, .no, "answered with \(hello.version.title)") }
      guard let alert = flight.alert else {
        return CheckAnswer(id, .notDetermined(reason: "the answer was cut short"))
      }
      let isAnswer = TLSAlert.isRefusal(alert)
      return CheckAnswer(
        id, isAnswer ? .yes : .notDetermined(reason: TLSAlert.sentence(alert)),
        isAnswer ? TLSAlert.sentence(alert) : "")
    }
  }

  /// Offers the newest version but one and says that it is not the newest.
  private func fallback() -> CheckAnswer? {
    let id = "tls.version.no_fallback_scsv"
    let ladder = [TLSVersion.tls13, .tls12, .tls11, .tls10, .ssl3].filter { enumeration.support[$0] == .accepted }
    guard ladder.count > 1, let suites = enumeration.suites[ladder[1]] else {
      return ladder.isEmpty ? nil : CheckAnswer(id, .notDetermined(reason: "does not apply: one version is accepted"))
    }
    switch prober.ask(enumeration.offer(ladder[1], .fallback, suites: suites), .hello) {
    case .failure(let failure): return CheckAnswer(id, .notDetermined(reason: failure.sentence))
    case .flight(let flight):
      if flight.alert == TLSAlert.inappropriateFallback {
        return CheckAnswer(id, .no, TLSAlert.sentence(TLSAlert.inappropriateFallback))
      }
      if let hello = flight.hello { return CheckAnswer(id, .yes, "\(hello.version.title) was agreed all the same") }
      return CheckAnswer(id, .notDetermined(reason: flight.alert.map(TLSAlert.sentence) ?? "the answer was cut short"))
    }
  }

  /// Only TLS 1.2 lets the client name the schemes; before it SHA-1, beside MD5 or alone, was the only one (RFC 4346
  /// section 7.4.3, RFC 8422 section 5.4).
  private func weakSignature() -> CheckAnswer? {
    let id = "tls.signature.sha1"
    guard let classic = enumeration.classic else {
      return enumeration.support[.tls13] == .accepted
        ? CheckAnswer(id, .notDetermined(reason: "does not apply: TLS 1.2 is not accepted")) : nil
    }
    guard classic.version == .tls12 else { return oldSignature(id) }
    let signed = signedSuites(.tls12)
    guard !signed.isEmpty else {
      return CheckAnswer(id, .notDetermined(reason: "does not apply: no key exchange is signed"))
    }
    var offer = enumeration.offer(.tls12, suites: signed)
    offer.signatures = TLSOffer.weakSignatures
    switch enumeration.pick(offer, .exchange) {
    case .hello(_, let flight):
      guard let scheme = flight.keyExchange?.signatureScheme else {
        return CheckAnswer(id, .notDetermined(reason: "the signature was not seen"))
      }
      let isWeak = TLSOffer.weakSignatures.contains(scheme)
      return CheckAnswer(id, isWeak ? .yes : .no, TLSSignatureScheme(rawValue: scheme).description)
    case .refused(let byClosing):
      guard !byClosing || !prober.memory.isFlaky else {
        return CheckAnswer(id, .notDetermined(reason: "the server closes connections at random"))
      }
      return CheckAnswer(id, .no, "refused")
    case .failed(let why): return CheckAnswer(id, .notDetermined(reason: why))
    }
  }

  private func oldSignature(_ id: String) -> CheckAnswer {
    let old = enumeration.accepted.filter { ![TLSVersion.tls13, .tls12, .ssl2].contains($0) }
    if let version = old.first(where: { !signedSuites($0).isEmpty }) {
      return CheckAnswer(id, .yes, "\(version.title) has nothing newer")
    }
    let gap = TLSJudgement(enumeration: enumeration).suiteGap(in: old)
    return CheckAnswer(id, .notDetermined(reason: gap ?? "does not apply: no key exchange is signed"))
  }

  /// Suites whose key exchange the server signs.
  private func signedSuites(_ version: TLSVersion) -> [TLSCipherSuite] {
    (enumeration.suites[version] ?? []).filter {
      ($0.isEllipticEphemeral || $0.isFiniteFieldEphemeral) && !$0.isAnonymous
    }
  }
}
