internal import Records
internal import Wire

/// What mail senders and receivers find at the registrable domain.
extension DNSLook {
  mutating func mail() {
    guard let domain = RegistrableDomain.of(host) else {
      for check in DNSChecks.all
      where ["dns.spf.", "dns.dmarc.", "dns.mx.", "dns.mta_sts."].contains(where: check.id.hasPrefix) {
        leave(check.id, because: "does not apply: \(host) is a public suffix")
      }
      return
    }
    facts.append(Fact("mail domain", domain))
    spf(domain)
    dmarc(domain)
    let receives = exchanges(domain)
    let found = ask("_mta-sts.\(domain)", .txt)
    if receives == false {
      leave("dns.mta_sts.missing", because: "does not apply: the domain receives no mail")
    } else if let answer = found.value {
      add("dns.mta_sts.missing", !answer.texts.contains { TagList($0).tags["v"] == "STSv1" })
    } else {
      leave("dns.mta_sts.missing", because: found.reason)
    }
  }

  private mutating func spf(_ domain: String) {
    let rest = ["malformed", "pass_all", "neutral_all", "too_many_lookups", "ptr"].map { "dns.spf.\($0)" }
    let found = ask(domain, .txt)
    guard let answer = found.value else {
      for id in ["dns.spf.missing", "dns.spf.multiple"] + rest { leave(id, because: found.reason) }
      return
    }
    let records = answer.texts.filter(SPFRecord.isOne)
    add("dns.spf.missing", records.isEmpty)
    guard records.count == 1, let record = SPFRecord(records[0]) else {
      let none = records.isEmpty
      none
        ? leave("dns.spf.multiple", because: "does not apply: there is no SPF record")
        : add("dns.spf.multiple", true, "\(records.count) records")
      for id in rest {
        leave(id, because: none ? "does not apply: there is no SPF record" : "more than one SPF record")
      }
      return
    }
    facts.append(Fact("spf", ServiceBanner.printable(records[0])))
    add("dns.spf.multiple", false)
    add("dns.spf.malformed", record.fault != nil, record.fault ?? "")
    add("dns.spf.ptr", record.terms.contains { $0.name == "ptr" })
    var walk = SPFWalk(look: self)
    let final = walk.follow(record, domain)
    let ids = ("dns.spf.pass_all", "dns.spf.neutral_all")
    if let final {
      add(ids.0, final == "+")
      // Without `all` and redirect the result is neutral (RFC 7208 section 4.7).
      add(ids.1, final == "?")
    } else {
      leave(ids.0, ids.1, because: walk.reason ?? "the redirect was not followed")
    }
    if walk.lookups > SPFWalk.limit {
      add("dns.spf.too_many_lookups", true, "\(walk.lookups) or more")
    } else if let reason = walk.reason {
      leave("dns.spf.too_many_lookups", because: reason)
    } else {
      add("dns.spf.too_many_lookups", false, "\(walk.lookups)")
    }
  }

  private mutating func dmarc(_ domain: String) {
    let rest = ["dns.dmarc.malformed", "dns.dmarc.none", "dns.dmarc.no_reports"]
    let found = ask("_dmarc.\(domain)", .txt)
    guard let answer = found.value else {
      for id in ["dns.dmarc.missing"] + rest { leave(id, because: found.reason) }
      return
    }
    let records = answer.texts.filter(TagList.isDMARC)
    add("dns.dmarc.missing", records.isEmpty)
    guard let text = records.first else {
      for id in rest { leave(id, because: "does not apply: there is no DMARC record") }
      return
    }
    facts.append(Fact("dmarc", ServiceBanner.printable(text)))
    let list = TagList(text)
    let policy = list.tags["p"]?.lowercased()
    let isKnown = policy.map { ["none", "quarantine", "reject"].contains($0) } ?? false
    let fault = records.count > 1 ? "\(records.count) records" : !isKnown ? "p is not none, quarantine or reject" : ""
    add("dns.dmarc.malformed", list.hasFault || !fault.isEmpty, fault)
    isKnown
      ? add("dns.dmarc.none", policy == "none", "p=\(policy ?? "")")
      : leave("dns.dmarc.none", because: "the DMARC record is malformed")
    add("dns.dmarc.no_reports", list.tags["rua"]?.isEmpty ?? true)
  }

  /// Whether the domain receives mail; nil where not known.
  private mutating func exchanges(_ domain: String) -> Bool? {
    let found = ask(domain, .mx)
    guard let answer = found.value else {
      leave("dns.mx.cname", "dns.mx.private", because: found.reason)
      return nil
    }
    let names = answer.contents(.mx).compactMap { content -> String? in
      if case .mx(_, let range) = content { answer.name(range) } else { nil }
    }
    memory.sets["MX"] = names.sorted()
    facts.append(Fact("mail servers", names.isEmpty ? "none" : names.prefix(8).joined(separator: " ")))
    guard names.contains(where: { $0 != "." }) else {
      let why = names.isEmpty ? "there is no MX record" : "a null MX says that it receives no mail"
      leave("dns.mx.cname", "dns.mx.private", because: "does not apply: \(why)")
      return names.isEmpty ? nil : false
    }
    judgeExchanges(names)
    return true
  }

  /// Mail servers that are looked at; more than this many is not a real set.
  private static let exchangeLimit = 8

  private mutating func judgeExchanges(_ names: [String]) {
    var (aliases, inner): ([String], [String]) = ([], [])
    var missed: String?
    for name in names.prefix(DNSLook.exchangeLimit) where name != "." {
      for type in [DNSType.a, .aaaa] {
        let found = ask(name, type)
        guard let answer = found.value else {
          missed = found.reason
          continue
        }
        if type == .a, !answer.names(.cname).isEmpty { aliases.append(name) }
        let isInner = answer.addresses.contains { AddressPolicy().refusal(of: $0) != nil }
        if isInner, !inner.contains(name) { inner.append(name) }
      }
    }
    for (id, weak) in [("dns.mx.cname", aliases), ("dns.mx.private", inner)] {
      if weak.isEmpty, let missed {
        leave(id, because: missed)
      } else {
        add(id, !weak.isEmpty, weak.joined(separator: " "))
      }
    }
  }
}

/// Follows includes and redirects of an SPF record as a receiver would, and counts.
struct SPFWalk {
  let look: DNSLook
  /// RFC 7208 section 4.6.4.
  static let limit = 10
  private(set) var lookups = 0
  /// Why some of it was not followed.
  private(set) var reason: String?

  /// The qualifier that strangers get at the end; nil where it was not found out.
  mutating func follow(_ record: SPFRecord, _ domain: String) -> Character? {
    lookups += record.ownLookups
    for include in record.includes where lookups <= SPFWalk.limit {
      if let inner = fetch(include) { _ = follow(inner, include) }
    }
    if let all = record.all { return all.qualifier }
    guard let redirect = record.redirect else { return "?" }
    guard lookups <= SPFWalk.limit, let next = fetch(redirect) else { return nil }
    return follow(next, redirect)
  }

  private mutating func fetch(_ name: String) -> SPFRecord? {
    guard !name.contains("%") else {
      reason = "SPF names \(name.prefix(60)), which depends on the sender"
      return nil
    }
    let found = look.ask(name, .txt)
    guard let answer = found.value else {
      reason = found.reason
      return nil
    }
    guard let text = answer.texts.first(where: SPFRecord.isOne) else {
      reason = "\(name) has no SPF record"
      return nil
    }
    return SPFRecord(text)
  }
}
