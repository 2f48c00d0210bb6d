internal import Records
internal import Wire

/// What mail senders and receivers find at the registrable domain.
extension DNSLook {
  mutating func mail() {
    guard let domain = PublicSuffix.registrable(host) else {
      for check in DNSChecks.all
      where ["dns.spf.", "dns.dmarc.", "dns.mx.", "dns.mta_sts."].contains(where: check.id.hasPrefix) {
        leave(check.id, because: "does not apply: \(host) is a public suffix")
      }
      return
    }
    facts.append(Fact("mail domain", domain))
    spf(domain)
    dmarc(domain)
    mailServers(domain)
    mtaSTS(domain)
  }

  // MARK: SPF

  private mutating func spf(_ domain: String) {
    let rest = DNSChecks.all.map(\.id).filter {
      $0.hasPrefix("dns.spf.") && $0 != "dns.spf.missing" && $0 != "dns.spf.multiple"
    }
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
    walk(record, domain)
  }

  private mutating func walk(_ record: SPFRecord, _ domain: String) {
    let look = self
    var walk = SPFWalk { look.ask($0, $1) }
    let final = walk.follow(record, domain)
    let isOver = walk.lookups > SPFWalk.limit
    let cut = isOver ? "receivers stop at \(SPFWalk.limit) lookups" : nil
    if let final, walk.reason == nil || final == "+" {
      add("dns.spf.pass_all", final == "+")
      // Without `all` and redirect the result is neutral (RFC 7208 section 4.7).
      add("dns.spf.neutral_all", final == "?")
    } else {
      let why = walk.reason ?? walk.broken.first ?? cut ?? "the redirect was not followed"
      leave("dns.spf.pass_all", "dns.spf.neutral_all", because: why)
    }
    func conclude(_ id: String, _ isWeak: Bool, _ evidence: String, _ open: String?) {
      if let open, !isWeak { leave(id, because: open) } else { add(id, isWeak, evidence) }
    }
    conclude(
      "dns.spf.too_many_lookups", isOver, "\(walk.lookups)\(isOver ? " or more" : "")", walk.reason)
    conclude(
      "dns.spf.void_lookups", walk.voids.count > SPFWalk.voidLimit, walk.voids.joined(separator: " "),
      walk.reason ?? cut)
    conclude(
      "dns.spf.broken_include", !walk.broken.isEmpty, walk.broken.joined(separator: ", "), walk.reason ?? cut)
  }

  // MARK: mail servers

  private mutating func mailServers(_ domain: String) {
    let ids = ["dns.mx.cname", "dns.mx.private", "dns.mx.dangling"]
    let found = ask(domain, .mx)
    guard let answer = found.value else {
      for id in ids { leave(id, because: found.reason) }
      return exchanges = .unknown(found.reason)
    }
    let names = answer.contents(.mx).compactMap { content -> String? in
      if case .mx(_, let range) = content { answer.name(range) } else { nil }
    }
    memory.sets["MX"] = names.sorted()
    facts.append(Fact("mail servers", names.isEmpty ? "none" : names.prefix(8).joined(separator: " ")))
    let real = names.filter { $0 != "." }
    guard !real.isEmpty else {
      let why = names.isEmpty ? "there is no MX record" : "a null MX says that it receives no mail"
      for id in ids { leave(id, because: "does not apply: \(why)") }
      return exchanges = names.isEmpty ? .undeclared : .none
    }
    exchanges = .named(real)
    judgeExchanges(real)
  }

  /// Mail servers that are looked at; more than this many is not a real set.
  private static let exchangeLimit = 8

  private mutating func judgeExchanges(_ names: [String]) {
    var (aliases, inner, lost): ([String], [String], [String]) = ([], [], [])
    var missed: String?
    for name in names.prefix(DNSLook.exchangeLimit) {
      let found = [ask(name, .a), ask(name, .aaaa)]
      if let gap = found.first(where: { $0.value == nil }) { missed = gap.reason }
      let answers = found.compactMap(\.value)
      if answers.contains(where: { !$0.names(.cname).isEmpty }) { aliases.append(name) }
      let addresses = answers.flatMap(\.addresses)
      if addresses.contains(where: { AddressPolicy().refusal(of: $0) != nil }) { inner.append(name) }
      if addresses.isEmpty, answers.count == found.count { lost.append(name) }
    }
    for (id, weak) in [("dns.mx.cname", aliases), ("dns.mx.private", inner), ("dns.mx.dangling", lost)] {
      if weak.isEmpty, let missed {
        leave(id, because: missed)
      } else {
        add(id, !weak.isEmpty, weak.joined(separator: " "))
      }
    }
  }
}
