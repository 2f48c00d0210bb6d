internal import Wire

/// DNSSEC, and what the zone says of certificates.
extension DNSLook {
  mutating func signatures() {
    let ids = ["dns.dnssec.missing", "dns.dnssec.bogus", "dns.dnssec.weak_algorithm", "dns.dnssec.weak_digest"]
    if let reason = whyNotValidated() {
      for id in ids { leave(id, because: reason) }
      return
    }
    do throws(ValidatingResolver.Failure) {
      // The host's own records may be bogus in a sound zone, and the other way round.
      let asked = [try resolver.ask(zone ?? host, .soa), try resolver.ask(host, .a), try resolver.ask(host, .aaaa)]
      for answer in asked {
        guard case .bogus(let why) = answer.security else { continue }
        facts.append(Fact("dnssec", "bogus"))
        add("dns.dnssec.bogus", true, why)
        for id in ids where id != "dns.dnssec.bogus" { leave(id, because: "the signatures do not validate") }
        return
      }
      guard zone != nil else {
        for id in ids { leave(id, because: zoneReason) }
        return
      }
      add("dns.dnssec.bogus", false)
      isSecure = asked[0].security == .secure
    } catch {
      for id in ids where !answers.contains(where: { $0.check == id }) { leave(id, because: error.sentence) }
      return
    }
    guard let zone else { return }
    facts.append(Fact("dnssec", isSecure ? "secure" : "unsigned"))
    let isIsland = !isSecure && !(ask(zone, .dnskey).value?.contents(.dnskey).isEmpty ?? true)
    add("dns.dnssec.missing", !isSecure, isIsland ? "there are keys, but no chain of trust leads to them" : "")
    guard isSecure else {
      return leave(ids[2], ids[3], because: "does not apply: the zone is not signed")
    }
    algorithms(zone)
  }

  /// The anchor's own keys must validate through this resolver: one that strips signatures would make all look bogus.
  private func whyNotValidated() -> String? {
    guard let anchor = context.settings.resolver.anchor(covering: host) else {
      return "no trust anchor covers \(host)"
    }
    do throws(ValidatingResolver.Failure) {
      let keys = try resolver.ask(anchor, .dnskey)
      if keys.security == .secure { return nil }
      // An anchor inside the site's own zone is broken with it: that is the zone's fault, not the resolver's.
      if anchor != ".", zone == anchor, case .bogus = keys.security { return nil }
      return "the resolver does not carry the signatures of the trust anchor \(anchor)"
    } catch {
      return error.sentence
    }
  }

  private mutating func algorithms(_ zone: String) {
    let keys = ask(zone, .dnskey)
    if let answer = keys.value {
      let used = Set(
        answer.contents(.dnskey).compactMap { if case .dnskey(_, _, let number, _) = $0 { number } else { nil } })
      facts.append(Fact("dnssec algorithms", used.sorted().map(DNSSECNumber.algorithm).joined(separator: " ")))
      let weak = used.filter(DNSSECNumber.weakAlgorithms.contains).sorted().map(DNSSECNumber.algorithm)
      add("dns.dnssec.weak_algorithm", !weak.isEmpty, weak.joined(separator: " "))
    } else {
      leave("dns.dnssec.weak_algorithm", because: keys.reason)
    }
    let delegation = ask(zone, .ds)
    guard let answer = delegation.value else { return leave("dns.dnssec.weak_digest", because: delegation.reason) }
    let kinds = Set(answer.contents(.ds).compactMap { if case .ds(_, _, let kind, _) = $0 { kind } else { nil } })
    kinds.isEmpty
      ? leave("dns.dnssec.weak_digest", because: "does not apply: a trust anchor stands for the delegation")
      : add("dns.dnssec.weak_digest", kinds.allSatisfy { $0 == 1 }, "digests \(kinds.sorted())")
  }

  // MARK: certificates

  mutating func certificatePolicy() {
    caa()
    tlsa()
  }

  /// The nearest set upwards from the host counts (RFC 8659 section 3).
  private mutating func caa() {
    var name: String? = host
    while let here = name, here.contains(".") {
      let found = ask(here, .caa)
      guard let answer = found.value else {
        return leave("dns.caa.missing", "dns.caa.malformed", because: found.reason)
      }
      let set = answer.contents(.caa)
      if !set.isEmpty { return judge(set, answer, here) }
      name = DomainName.parent(here)
    }
    add("dns.caa.missing", true)
    leave("dns.caa.malformed", because: "does not apply: there is no CAA record")
  }

  private mutating func judge(_ set: [DNSRecordContent], _ answer: DNSAnswer, _ owner: String) {
    var faults: [String] = []
    var shown: [String] = []
    for content in set {
      guard case .caa(_, let tag, let value) = content else {
        faults.append("a record is too short")
        continue
      }
      let tagText = String(decoding: answer.message.name(tag), as: UTF8.self)
      let valueText = String(decoding: answer.message.name(value), as: UTF8.self)
      CAAProperty.fault(tag: tagText, value: valueText).map { faults.append($0) }
      shown.append(ServiceBanner.printable("\(tagText) \(valueText)"))
    }
    facts.append(Fact("caa", "at \(owner): " + shown.prefix(10).joined(separator: "; ")))
    add("dns.caa.missing", false, "at \(owner)")
    add("dns.caa.malformed", !faults.isEmpty, faults.joined(separator: ", "))
  }
}

/// IANA "DNS Security Algorithm Numbers"; weak by RFC 8624 section 3.1.
enum DNSSECNumber {
  private static let names: [UInt8: String] = [
    1: "RSAMD5", 3: "DSA", 5: "RSASHA1", 6: "DSA-NSEC3-SHA1", 7: "RSASHA1-NSEC3-SHA1", 8: "RSASHA256",
    10: "RSASHA512", 12: "ECC-GOST", 13: "ECDSAP256SHA256", 14: "ECDSAP384SHA384", 15: "ED25519", 16: "ED448",
  ]
  static let weakAlgorithms: Set<UInt8> = [1, 3, 5, 6, 7, 12]
  static func algorithm(_ number: UInt8) -> String { names[number] ?? "algorithm \(number)" }
}
