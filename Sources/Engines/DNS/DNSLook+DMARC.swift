internal import Records
internal import Wire

/// The policy for mail from the host's name: its own record, else that of the registrable domain (RFC 7489
/// section 6.6.3).
extension DNSLook {
  mutating func dmarc(_ domain: String) {
    let rest = ["dns.dmarc.malformed", "dns.dmarc.none", "dns.dmarc.no_reports"]
    for name in host == domain ? [domain] : [host, domain] {
      let found = ask("_dmarc.\(name)", .txt)
      guard let answer = found.value else {
        for id in ["dns.dmarc.missing"] + rest { leave(id, because: found.reason) }
        return
      }
      if let record = DMARCRecord(answer.texts) { return judge(record, at: name) }
    }
    add("dns.dmarc.missing", true)
    for id in rest { leave(id, because: "does not apply: there is no DMARC record") }
  }

  private mutating func judge(_ record: DMARCRecord, at name: String) {
    facts.append(Fact("dmarc", "at \(name): \(ServiceBanner.printable(record.text))"))
    add("dns.dmarc.missing", false, "at \(name)")
    add("dns.dmarc.malformed", record.fault != nil, record.fault ?? "")
    add("dns.dmarc.no_reports", !record.asksForReports)
    // More than one record, or none of a sound policy, is no policy: neither watched nor refused.
    guard let policy = record.policy, record.fault == nil else {
      return leave("dns.dmarc.none", because: "the DMARC record is malformed")
    }
    let below = name == host ? nil : record.subdomainPolicy
    let evidence = "p=\(policy.rawValue)" + (below.map { " sp=\($0.rawValue)" } ?? "") + " at \(name)"
    add("dns.dmarc.none", policy == .none || below == DMARCRecord.Policy.none, evidence)
  }
}
