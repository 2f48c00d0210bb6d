internal import Records
internal import Wire

/// Whether the certificate was taken back, what staple says so, and in which logs it stands.
extension CertificateJudgement {
  /// The staple's own list of certificate timestamps comes back, where it is valid.
  mutating func judgeRevocation(
    _ chain: ServedChain, _ trust: ChainTrust, _ staple: CertificateSighting.Companion,
    _ inquire: ((OpenSSLCertificate, OpenSSLCertificate, Certificate) -> RevocationStatus)?
  ) -> [UInt8]? {
    judgeMustStaple(chain.leaf, staple)
    let answer = read(staple, trust)
    judgeStaple(staple, answer, trust)
    guard !chain.leaf.isSelfIssued else {
      sheet.skip("revoked", "nobody can take back a self-signed certificate")
      return nil
    }
    var status =
      answer?.revocation(from: "the staple")
      ?? .open("not authorised: there is no valid staple, and the settings do not allow to ask the authority")
    if case .open = status, let inquire {
      if let leaf = trust.leaf, let issuer = trust.issuer {
        status = inquire(leaf, issuer, chain.leaf)
      } else {
        status = .open("the issuer's certificate is not known")
      }
    }
    switch status {
    case .good(let line): sheet.add("revoked", false, line)
    case .revoked(let line): sheet.add("revoked", true, line)
    case .open(let reason): sheet.leaveOpen("revoked", reason)
    }
    return answer?.fault == nil ? answer?.timestamps : nil
  }

  private func read(_ staple: CertificateSighting.Companion, _ trust: ChainTrust) -> OCSPAnswer? {
    guard case .bytes(let bytes) = staple, let leaf = trust.leaf, let issuer = trust.issuer else { return nil }
    return OCSPAnswer.read(bytes, leaf: leaf, issuer: issuer, at: now)
  }

  private mutating func judgeMustStaple(_ leaf: Certificate, _ staple: CertificateSighting.Companion) {
    // *No*, not *does not apply*: a certificate that no longer asks ends what one before it lacked.
    guard leaf.extensions.mustStaple else {
      return sheet.add("staple_missing", false, "the certificate asks for no staple")
    }
    switch staple {
    case .none: sheet.add("staple_missing", true, "the certificate asks for a staple and none was sent")
    case .bytes: sheet.add("staple_missing", false)
    case .notSeen(let why): sheet.leaveOpen("staple_missing", why)
    }
  }

  private mutating func judgeStaple(
    _ staple: CertificateSighting.Companion, _ answer: OCSPAnswer?, _ trust: ChainTrust
  ) {
    switch staple {
    case .none:
      sheet.skip("staple_invalid", "no staple was sent")
      tell("OCSP staple", "none")
    case .notSeen(let why): sheet.leaveOpen("staple_invalid", why)
    case .bytes:
      guard let answer else {
        sheet.leaveOpen("staple_invalid", "the issuer's certificate is not known")
        return tell("OCSP staple", "sent, not verified: the issuer's certificate is not known")
      }
      sheet.add("staple_invalid", answer.fault != nil, answer.fault ?? "")
      let status =
        switch answer.status {
        case .good: "good"
        case .revoked: "revoked"
        case .unknown: "unknown"
        case nil: "of no use"
        }
      let reach = answer.nextUpdate.map { ", until \($0.text)" } ?? ""
      tell("OCSP staple", status + (answer.fault.map { ": \($0)" } ?? reach))
    }
  }

  /// Where certificate timestamps come from besides the certificate.
  struct TimestampSources {
    var tls: CertificateSighting.Companion
    var ocsp: [UInt8]?
  }

  /// Browsers want the word of two logs at least; they are counted, their signatures are not verified.
  private static let logsWanted = 2

  mutating func judgeTimestamps(_ chain: ServedChain, _ trust: ChainTrust, _ sources: TimestampSources) {
    var lists: [(String, [UInt8])] = []
    if let range = chain.leaf.extensions.timestampList { lists.append(("embedded", chain.leafBytes(range))) }
    if case .bytes(let bytes) = sources.tls { lists.append(("TLS extension", bytes)) }
    if let bytes = sources.ocsp { lists.append(("OCSP", bytes)) }
    var logs: Set<[UInt8]> = []
    var words: [String] = []
    for (place, bytes) in lists {
      guard let list = unsafe SignedTimestampList(bytes.span.bytes) else {
        words.append("\(place): cannot be read")
        continue
      }
      logs.formUnion(list.logs)
      words.append("\(place): \(list.timestamps.count)")
    }
    let line = (words.isEmpty ? "none" : words.joined(separator: ", ")) + "; signatures not verified"
    tell(sheet.label.isEmpty ? "certificate timestamps" : "certificate timestamps of the \(sheet.label)", line)
    if let reason = isOutside(trust) { return sheet.leaveOpen("sct_missing", reason) }
    if logs.count < Self.logsWanted, case .notSeen(let why) = sources.tls {
      return sheet.leaveOpen("sct_missing", "\(line); TLS extension: \(why)")
    }
    sheet.add("sct_missing", logs.count < Self.logsWanted, "\(logs.count) logs of \(Self.logsWanted) (\(line))")
  }
}
