internal import Records
internal import Wire

/// What a target showed, as answers, facts and memory. Nothing is asked of the network here but what `inquire` asks.
package struct CertificateJudgement {
  package private(set) var answers: [CheckAnswer] = []
  package private(set) var facts: [Fact] = []
  /// What is to be known at the next look.
  package private(set) var memory: String?

  /// The days ahead in which an expiry is said.
  static let soonDays = 30.0

  let name: String
  let settings: ScanContext.Settings
  var now: Timestamp { settings.now() }
  var sheet = AnswerSheet()

  /// `name`: what the visitor asked for. Below, `inquire` asks the authority about a certificate; nil where that is not
  /// allowed.
  package init(
    _ sighting: CertificateSighting, name: String, settings: ScanContext.Settings, known: String? = nil
  ) {
    self.init(sighting, name: name, settings: settings, known: known, acceptsChange: false, inquire: nil)
  }

  init(
    _ sighting: CertificateSighting, name: String, settings: ScanContext.Settings, known: String?, acceptsChange: Bool,
    inquire: ((OpenSSLCertificate, OpenSSLCertificate, Certificate) -> RevocationStatus)?
  ) {
    (self.name, self.settings) = (CertificateName.ascii(name), settings)
    for (index, chain) in sighting.chains.enumerated() {
      let trust = ChainTrust(chain, settings)
      sheet.label = sighting.chains.count > 1 ? chain.label : ""
      judgeDates(chain, trust)
      judgeNames(chain, trust)
      judgeStrength(chain)
      judgeUsage(chain.leaf)
      judgeOrder(chain)
      judgeTrust(chain, trust)
      if index == 0 {
        let staple = judgeRevocation(chain, trust, sighting.staple, inquire)
        judgeTimestamps(chain, trust, .init(tls: sighting.timestamps, ocsp: staple))
        describe(chain, trust, sighting)
      } else {
        judgeTimestamps(chain, trust, .init(tls: .notSeen("not asked for with this chain"), ocsp: nil))
        facts.append(Fact("\(chain.keyKind.rawValue) chain", Self.line(chain)))
      }
    }
    sheet.label = ""
    judgeNameless(sighting)
    judgeChange(sighting, known, acceptsChange)
    answers = sheet.answers
  }

  private mutating func judgeNameless(_ sighting: CertificateSighting) {
    switch sighting.nameless {
    case .notAsked: sheet.skip("sni_differs", "no server name is sent")
    case .refused(let how):
      sheet.add("sni_differs", false, "without a name no certificate is shown: \(how)")
      facts.append(Fact("without server name", "refused: \(how)"))
    case .failed(let reason):
      sheet.leaveOpen("sni_differs", reason)
      facts.append(Fact("without server name", "not determined: \(reason)"))
    case .chain(let chain):
      let isKnown = sighting.chains.contains { $0.fingerprint == chain.fingerprint }
      // A chain of a kind that could not be asked for by name may be the same.
      let isOpen = !isKnown && sighting.unasked.contains { $0.kind == chain.keyKind }
      if isOpen { sheet.leaveOpen("sni_differs", "the chain with the name was not seen for this kind of key") }
      if !isOpen { sheet.add("sni_differs", !isKnown, isKnown ? "" : Self.line(chain)) }
      facts.append(Fact("without server name", isKnown ? "the same" : Self.line(chain)))
    }
  }

  private mutating func judgeChange(_ sighting: CertificateSighting, _ memory: String?, _ accepts: Bool) {
    let before = KnownCertificates(memory)
    var known = before ?? KnownCertificates()
    known.see(sighting.chains, at: now, accepts: accepts)
    self.memory = known.memory
    guard before != nil else {
      for id in ["changed", "renewed"] { sheet.skip(id, "this is the first look") }
      return
    }
    for (id, isRenewal) in [("changed", false), ("renewed", true)] {
      let said = known.changes.filter { $0.isRenewal == isRenewal }.map(\.sentence)
      sheet.add(id, !said.isEmpty, said.joined(separator: "; "))
    }
  }

  private mutating func describe(_ chain: ServedChain, _ trust: ChainTrust, _ sighting: CertificateSighting) {
    let leaf = chain.leaf
    facts += [
      Fact("subject", leaf.subject.description.shownOnALine), Fact("issuer", leaf.issuer.description.shownOnALine),
      Fact("names", leaf.shownNames), Fact("valid from", leaf.notBefore.text), Fact("valid until", leaf.notAfter.text),
      Fact("key", leaf.key.title), Fact("signature", leaf.signatureText), Fact("sha256", chain.fingerprint),
      Fact("public key sha256", chain.keyPin), Fact("certificates sent", "\(chain.sent)"),
    ]
    facts += trust.verdicts.map { Fact("trust: \($0.name)", $0.verdict.sentence) }
    if let anchor = trust.anchor { facts.append(Fact("trusted by", anchor)) }
    if let negotiated = sighting.negotiated { facts.append(Fact("negotiated", negotiated)) }
    facts += sighting.unasked.map { Fact("\($0.kind.rawValue) chain", "not determined: \($0.reason)") }
  }

  mutating func tell(_ name: String, _ value: String) { facts.append(Fact(name, value)) }

  static func line(_ chain: ServedChain) -> String {
    "\(chain.leaf.key.title), for \(chain.leaf.shownNames), until \(chain.leaf.notAfter.text), "
      + "by \(chain.leaf.issuer.description.shownOnALine), \(chain.fingerprint.prefix(16))"
  }
}
