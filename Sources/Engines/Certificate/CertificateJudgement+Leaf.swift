internal import Records
internal import Wire

/// What the site's own certificate says of itself: dates, names, strength, purpose.
extension CertificateJudgement {
  mutating func judgeDates(_ chain: ServedChain, _ trust: ChainTrust) {
    let leaf = chain.leaf
    let left = Double(leaf.notAfter.nanoseconds(since: now)) / 86_400e9
    sheet.add("expired", left <= 0, "valid until \(leaf.notAfter.text)")
    sheet.add("not_yet_valid", leaf.notBefore > now, "valid from \(leaf.notBefore.text)")
    // Publicly trusted ones may live 47 days: those are renewed in the last third of their life.
    let soon = trust.isPublic == true ? min(Self.soonDays, leaf.lifetimeDays / 3) : Self.soonDays
    sheet.add("expires_soon", left > 0 && left <= soon, "valid until \(leaf.notAfter.text)")
    judgeLifetime(leaf, trust)
  }

  private mutating func judgeLifetime(_ leaf: Certificate, _ trust: ChainTrust) {
    let known = settings.tables.lifetimes.days(issued: leaf.notBeforeSeconds)
    guard let limit = publicly("lifetime", trust, known) else { return }
    let days = leaf.lifetimeDays
    let rounded = Int(days.rounded(.up))
    sheet.add("lifetime", days > Double(limit), "\(rounded) days, at most \(limit) for its day of issue")
  }

  /// `value` where the chain is publicly trusted; else the check is answered and nil comes back.
  func isOutside(_ trust: ChainTrust) -> String? {
    switch trust.isPublic {
    case true?: nil
    case false?: "does not apply: the chain is not publicly trusted"
    case nil: "whether the public trusts the chain could not be looked up"
    }
  }

  private mutating func publicly<T>(_ id: String, _ trust: ChainTrust, _ value: T?) -> T? {
    if let reason = isOutside(trust) {
      sheet.leaveOpen(id, reason)
    } else if value == nil {
      sheet.skip(id, "no rule was in force when it was issued")
    } else {
      return value
    }
    return nil
  }

  mutating func judgeNames(_ chain: ServedChain, _ trust: ChainTrust) {
    let leaf = chain.leaf
    if let parsed = trust.leaf {
      let line = "asked for \(CertificateName.shown(name)), the certificate names \(leaf.shownNames)"
      sheet.add("name_mismatch", !parsed.matches(name), line)
    } else {
      sheet.leaveOpen("name_mismatch", "OpenSSL cannot read the certificate")
    }
    guard !(leaf.extensions.hasMalformed && leaf.hostNames.isEmpty) else {
      for id in ["no_san", "wildcard_public_suffix"] { sheet.leaveOpen(id, "an extension cannot be read") }
      return
    }
    let common = (leaf.subject.commonName ?? "none").shownOnALine
    sheet.add("no_san", leaf.hostNames.isEmpty, "no alternative name; the subject's common name is \(common)")
    let wide = leaf.hostNames.filter(CertificateName.isWildcardOverPublicSuffix)
    sheet.add(
      "wildcard_public_suffix", !wide.isEmpty, wide.prefix(4).map(CertificateName.shown).joined(separator: ", "))
  }

  mutating func judgeStrength(_ chain: ServedChain) {
    let strengths = chain.judged.map { ($0.key.strength, $0.subject.description.shownOnALine) }
    let weak = strengths.enumerated().compactMap { index, item -> String? in
      guard case .weak(let text) = item.0 else { return nil }
      return index == 0 ? text : "\(text) of the issuer \(item.1)"
    }
    if !weak.isEmpty {
      sheet.add("weak_key", true, weak.joined(separator: ", "))
    } else if chain.leaf.key.strength == .unknown {
      sheet.leaveOpen("weak_key", "\(chain.leaf.key.title): its strength is not known here")
    } else {
      sheet.add("weak_key", false, chain.leaf.key.title)
    }
    let broken = chain.judged.compactMap(\.brokenDigest).first
    sheet.add("weak_signature", broken != nil, broken ?? chain.leaf.signatureText)
  }

  /// RFC 5280 sections 4.2.1.3 and 4.2.1.12: an extension that is missing permits everything.
  mutating func judgeUsage(_ leaf: Certificate) {
    var faults: [String] = []
    let purposes = leaf.extensions.keyPurposes.map { $0.name ?? $0.description }
    if !purposes.isEmpty, !purposes.contains("serverAuth"), !purposes.contains("anyExtendedKeyUsage") {
      faults.append("made for \(purposes.prefix(4).joined(separator: ", ")), not for servers")
    }
    // Bit 0, digitalSignature: ECDHE and TLS 1.3 sign with the key, whatever its kind.
    if let usage = leaf.extensions.keyUsage, usage & 1 == 0 {
      faults.append("key usage without digitalSignature, which TLS 1.3 and ECDHE need")
    }
    sheet.add("usage", !faults.isEmpty, faults.joined(separator: "; "))
    sheet.add("leaf_is_authority", leaf.isAuthority, leaf.isAuthority ? "it may sign other certificates" : "")
  }
}
