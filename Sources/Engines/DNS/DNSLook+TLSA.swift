internal import Records
internal import Wire

/// What the zone says of the certificate at the target's port, and whether the server shows it.
extension DNSLook {
  /// Without DNSSEC a TLSA record binds nothing (RFC 6698 section 4.1).
  mutating func tlsa() {
    let found = ask("_\(job.target.port)._tcp.\(host)", .tlsa)
    guard let answer = found.value else {
      return leave("dns.tlsa.unusable", "dns.tlsa.mismatch", because: found.reason)
    }
    let set = answer.contents(.tlsa)
    guard !set.isEmpty else {
      return leave("dns.tlsa.unusable", "dns.tlsa.mismatch", because: "does not apply: there is no TLSA record")
    }
    let records = set.compactMap { TLSARecord($0, in: answer) }
    var faults = records.compactMap(\.fault)
    if records.count < set.count { faults.append("a record is too short") }
    if answer.security != .secure {
      guard context.settings.resolver.anchor(covering: host) != nil else {
        return leave("dns.tlsa.unusable", "dns.tlsa.mismatch", because: "no trust anchor covers \(host)")
      }
      faults.append("the record is not signed")
    }
    add("dns.tlsa.unusable", !faults.isEmpty, faults.joined(separator: ", "))
    let usable = answer.security == .secure ? records.filter { $0.fault == nil } : []
    match(usable)
  }

  /// One record that matches is enough (RFC 6698 section 4.1).
  private mutating func match(_ records: [TLSARecord]) {
    let id = "dns.tlsa.mismatch"
    guard !records.isEmpty else { return leave(id, because: "does not apply: no TLSA record is usable") }
    guard job.target.scheme == "https" || job.options.startTLS != nil else {
      return leave(id, because: "does not apply: the site is not asked over TLS")
    }
    let candidates = job.target.address.map { [$0] } ?? hostAddresses
    guard let address = candidates.first(where: { context.refusal(of: $0) == nil }) else {
      return leave(id, because: candidates.first.flatMap { context.refusal(of: $0) } ?? "the name has no address")
    }
    let served = ServedTrust.of(
      host, at: Endpoint(address: address, port: job.target.port), context,
      startTLS: job.options.startTLS.flatMap(StartTLS.init(rawValue:)))
    if case .open(let reason) = served { return leave(id, because: reason) }
    let isBound = records.contains { $0.matches(served) }
    let shown = served.chain.map { "the certificate \($0.fingerprint.prefix(16))" } ?? ""
    add(id, !isBound, isBound ? "\(shown) is bound" : "\(records.count) records, none of them of \(shown)")
  }
}
