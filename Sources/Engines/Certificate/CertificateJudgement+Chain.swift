internal import Records
internal import Wire

/// What was sent around the site's own certificate, and whom it is trusted by.
extension CertificateJudgement {
  mutating func judgeOrder(_ chain: ServedChain) {
    let isOrdered = chain.isOrdered
    if let gap = chain.gap, isOrdered {
      sheet.leaveOpen("chain_order", gap)
    } else {
      sheet.add("chain_order", !isOrdered, isOrdered ? "" : "a certificate is not followed by its issuer's")
    }
    let twice = chain.duplicates
    sheet.add("duplicate", twice > 0, twice > 0 ? "\(twice) sent again" : "")
    let root = chain.extraRoot
    sheet.add("extra_root", root != nil, root.map { $0.subject.description.shownOnALine } ?? "")
  }

  mutating func judgeTrust(_ chain: ServedChain, _ trust: ChainTrust) {
    let leaf = chain.leaf
    let issuer = leaf.issuer.description.shownOnALine
    sheet.add("self_signed", leaf.isSelfIssued, leaf.isSelfIssued ? "issued by itself" : "issued by \(issuer)")
    let verdict = trust.primary
    if case .unreadable(let why) = verdict {
      for id in ["untrusted", "chain_incomplete", "chain_expired"] { sheet.leaveOpen(id, why) }
      return
    }
    sheet.add("untrusted", !verdict.isTrusted, verdict.sentence)
    judgeWholeness(chain, verdict)
    judgeChainDates(chain, verdict)
  }

  private mutating func judgeWholeness(_ chain: ServedChain, _ verdict: TrustStore.Verdict) {
    let hasIssuer = chain.certificates.dropFirst().contains { chain.leaf.issuer.matches($0.subject) }
    switch verdict {
    case .trusted: sheet.add("chain_incomplete", false)
    case .issuerMissing where chain.leaf.isSelfIssued: sheet.add("chain_incomplete", false, "the chain is whole")
    case .issuerMissing where chain.gap != nil: sheet.leaveOpen("chain_incomplete", chain.gap ?? "")
    case .issuerMissing where chain.sent == 1:
      sheet.add("chain_incomplete", true, "only the site's own certificate was sent")
    case .issuerMissing where !hasIssuer:
      sheet.add("chain_incomplete", true, "the issuer of the site's certificate was not sent")
    case .issuerMissing: sheet.leaveOpen("chain_incomplete", "the chain ends at an unknown issuer")
    default: sheet.add("chain_incomplete", false, "the chain is whole")
    }
  }

  /// On a trusted path by OpenSSL, which may have found one around an old certificate; else by what was sent.
  private mutating func judgeChainDates(_ chain: ServedChain, _ verdict: TrustStore.Verdict) {
    if case .trusted(_, let outdated) = verdict {
      sheet.add("chain_expired", outdated != nil, outdated ?? "")
      return
    }
    let above = chain.certificates.dropFirst()
    guard !above.isEmpty else { return sheet.skip("chain_expired", "nothing was sent above the certificate") }
    let old = above.first { $0.notAfter <= now || $0.notBefore > now }
    sheet.add(
      "chain_expired", old != nil, old.map { "\($0.subject.description.shownOnALine) until \($0.notAfter.text)" } ?? "")
  }
}
