internal import Records
internal import Wire

/// The chain a server sent, as answers and facts.
struct CertificateJudgement {
  private(set) var answers: [CheckAnswer] = []
  private(set) var facts: [Fact] = []

  /// The days ahead in which an expiry is said.
  static let soonDays = 30

  init(_ chain: CertificateChain, _ target: Target, _ settings: ScanContext.Settings) {
    judge(chain, target, settings)
  }

  private mutating func add(_ id: String, _ isWeak: Bool, _ evidence: String = "") {
    answers.append(CheckAnswer("certificate." + id, isWeak ? .yes : .no, evidence))
  }

  private mutating func judge(_ chain: CertificateChain, _ target: Target, _ settings: ScanContext.Settings) {
    let (leaf, now) = (chain.leaf, settings.now())
    facts += [
      Fact("subject", leaf.subject), Fact("issuer", leaf.issuer), Fact("valid from", leaf.notBefore.text),
      Fact("valid until", leaf.notAfter.text), Fact("key", leaf.key), Fact("signature", leaf.signature),
      Fact("certificates sent", "\(chain.count)"),
    ]
    let left = Double(leaf.notAfter.nanoseconds(since: now)) / 86_400e9
    add("expired", left <= 0, "valid until \(leaf.notAfter.text)")
    add("not_yet_valid", leaf.notBefore > now, "valid from \(leaf.notBefore.text)")
    add(
      "expires_soon", left > 0 && left <= Double(CertificateJudgement.soonDays), "\(Int(left.rounded(.down))) days left"
    )
    let name = target.serverName ?? target.host
    add("name_mismatch", !leaf.matches(name), "asked for \(name), the certificate names \(leaf.names)")
    add("weak_key", leaf.isKeyWeak, leaf.key)
    let weak = chain.weakSignature
    add("weak_signature", weak != nil, weak ?? leaf.signature)
    add("self_signed", leaf.isSelfSigned, leaf.isSelfSigned ? "issued by itself" : "issued by \(leaf.issuer)")
    add("chain_order", !chain.isOrdered, chain.isOrdered ? "" : "a certificate is not followed by its issuer's")
    judgeTrust(chain, settings)
  }

  private mutating func judgeTrust(_ chain: CertificateChain, _ settings: ScanContext.Settings) {
    guard let store = TrustStore.shared(file: settings.trustFile) else {
      let why = "the trust store \(settings.trustFile ?? "of the system") could not be read"
      for id in ["certificate.untrusted", "certificate.chain_incomplete"] {
        answers.append(CheckAnswer(id, .notDetermined(reason: why)))
      }
      return
    }
    let verdict = store.verify(chain)
    add("untrusted", !verdict.isTrusted, verdict.sentence)
    switch verdict {
    case .trusted: add("chain_incomplete", false)
    case .issuerMissing where !chain.leaf.isSelfSigned && chain.count == 1:
      add("chain_incomplete", true, "only the site's own certificate was sent")
    case .issuerMissing where !chain.leaf.isSelfSigned:
      answers.append(
        CheckAnswer("certificate.chain_incomplete", .notDetermined(reason: "the chain ends at an unknown issuer")))
    default: add("chain_incomplete", false, "the chain is whole")
    }
  }
}
