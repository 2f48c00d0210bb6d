internal import Records
internal import Wire

/// MTA-STS as a sender sees it: the record, then the policy behind it (RFC 8461).
extension DNSLook {
  mutating func mtaSTS(_ domain: String) {
    let (missing, unusable, lax) = ("dns.mta_sts.missing", "dns.mta_sts.unusable", "dns.mta_sts.not_enforced")
    if case .none = exchanges {
      return leave(missing, unusable, lax, because: "does not apply: the domain receives no mail")
    }
    let found = ask("_mta-sts.\(domain)", .txt)
    guard let answer = found.value else { return leave(missing, unusable, lax, because: found.reason) }
    let isThere = answer.texts.contains(where: MTASTSRecord.isOne)
    add(missing, !isThere)
    guard isThere else { return leave(unusable, lax, because: "does not apply: there is no MTA-STS record") }
    if let fault = MTASTSRecord.fault(in: answer.texts) {
      add(unusable, true, "the record: \(fault)")
      return leave(lax, because: "the MTA-STS record is unusable")
    }
    switch policy(of: "mta-sts.\(domain)") {
    case .open(let reason): leave(unusable, lax, because: reason)
    case .unusable(let why):
      add(unusable, true, why)
      leave(lax, because: "the MTA-STS policy is unusable")
    case .policy(let policy): judge(policy)
    }
  }

  private mutating func judge(_ policy: MTASTSPolicy) {
    facts.append(
      Fact("mta-sts", "mode \(policy.mode.rawValue), mx \(policy.exchanges.prefix(8).joined(separator: " "))"))
    add("dns.mta_sts.not_enforced", policy.mode != .enforce, "mode \(policy.mode.rawValue)")
    switch exchanges {
    case .unknown(let reason): leave("dns.mta_sts.unusable", because: reason)
    case .named(let names) where policy.mode != .none:
      let strangers = names.filter { !policy.covers($0) }
      let sentence = "the policy does not name \(strangers.prefix(8).joined(separator: " "))"
      add("dns.mta_sts.unusable", !strangers.isEmpty, strangers.isEmpty ? "" : sentence)
    default: add("dns.mta_sts.unusable", false)
    }
  }

  private enum Fetched {
    case policy(MTASTSPolicy)
    /// Senders find none here.
    case unusable(String)
    /// Not found out.
    case open(String)
  }

  /// A policy is short; a body of more is none.
  private static let policyLimit = 64 << 10

  private func policy(of name: String) -> Fetched {
    let found = [ask(name, .a), ask(name, .aaaa)]
    let addresses = found.compactMap(\.value).flatMap(\.addresses)
    guard let first = addresses.first else {
      let gap = found.first { $0.value == nil }
      return gap.map { .open($0.reason) } ?? .unusable("\(name) has no address")
    }
    guard let address = addresses.first(where: { context.refusal(of: $0) == nil }) else {
      return .open("\(name): \(context.refusal(of: first) ?? "")")
    }
    let endpoint = Endpoint(address: address, port: context.settings.resolver.policyPort)
    switch fetch(name, endpoint) {
    case .policy(let policy):
      switch ServedTrust.of(name, at: endpoint, context) {
      case .trusted: return .policy(policy)
      case .refused(let why, _): return .unusable("\(name): \(why)")
      case .open(let reason): return .open("\(name): \(reason)")
      }
    case let other: return other
    }
  }

  private func fetch(_ name: String, _ endpoint: Endpoint) -> Fetched {
    let port = endpoint.port == 443 ? "" : ":\(endpoint.port)"
    var request = HTTPRequest(url: "https://\(name)\(port)/.well-known/mta-sts.txt", host: name)
    (request.keepsBody, request.bodyLimit) = (true, DNSLook.policyLimit)
    switch HTTPExchange.send(request, at: endpoint, context) {
    case .failure(let failure):
      let isWord = [.connectionRefused, .handshake, .notHTTP].contains(failure)
      return isWord ? .unusable("\(name): \(failure.sentence)") : .open("\(name): \(failure.sentence)")
    case .success(let response):
      // No redirect is followed (RFC 8461 section 3.3); a server's own trouble may pass.
      guard response.status == 200 else {
        let sentence = "\(name) answers \(response.status)"
        return (300..<500).contains(response.status) ? .unusable(sentence) : .open(sentence)
      }
      guard !response.isCut, let policy = MTASTSPolicy(String(decoding: response.body, as: UTF8.self)) else {
        return .unusable("the policy of \(name) is malformed")
      }
      return .policy(policy)
    }
  }
}

/// A server's chain and whether one who asks for the name may trust it.
enum ServedTrust {
  case trusted(ServedChain)
  case refused(String, ServedChain)
  case open(String)

  var chain: ServedChain? {
    switch self {
    case .trusted(let chain), .refused(_, let chain): chain
    case .open: nil
    }
  }

  /// `startTLS`: what comes before the hello.
  static func of(
    _ name: String, at endpoint: Endpoint, _ context: ScanContext, startTLS: StartTLS? = nil
  ) -> ServedTrust {
    let prober = TLSProber(context: context, endpoint: endpoint, serverName: name, startTLS: startTLS)
    let handshake = FullHandshake.run(prober)
    guard let chain = ServedChain(handshake.chain, sent: handshake.sent) else {
      return .open(handshake.failure ?? "no certificate was sent that can be read")
    }
    let trust = ChainTrust(chain, context.settings)
    let now = context.settings.now().seconds
    switch trust.primary {
    case .unreadable(let why): return .open(why)
    case .issuerMissing(let why), .refused(let why): return .refused("the certificate is not trusted: \(why)", chain)
    case .trusted(_, let outdated):
      if let outdated { return .refused("the certificate is not trusted: \(outdated)", chain) }
    }
    guard chain.leaf.notBeforeSeconds <= now, now <= chain.leaf.notAfterSeconds else {
      return .refused("the certificate is out of date", chain)
    }
    return trust.leaf?.matches(name) == true
      ? .trusted(chain) : .refused("the certificate is not for this name", chain)
  }
}
