internal import Records
internal import Wire

extension TLSResumption {
  var answers: [CheckAnswer] { [resumption, early, renegotiationAnswer].compactMap(\.self) }

  private var resumption: CheckAnswer? {
    let id = "tls.resumption.missing"
    let good = outcomes.filter { $0.outcome == .resumed }.map(\.name)
    if !good.isEmpty { return CheckAnswer(id, .no, good.joined(separator: ", ")) }
    for outcome in outcomes { if case .unknown(let why) = outcome.outcome { return open(id, why) } }
    return outcomes.isEmpty ? nil : CheckAnswer(id, .yes, text)
  }

  private var early: CheckAnswer? {
    let id = "tls.early_data.accepted"
    switch enumeration.support[.tls13] {
    case .rejected?: return CheckAnswer(id, .no, "TLS 1.3 is not accepted")
    case .unknown(let why)?: return open(id, why)
    case .accepted?:
      if let earlyData {
        return CheckAnswer(id, earlyData > 0 ? .yes : .no, earlyData > 0 ? "tickets allow \(earlyData) bytes" : "")
      }
      guard case .unknown(let why)? = outcomes.first(where: { $0.name == "TLS 1.3 ticket" })?.outcome else {
        return CheckAnswer(id, .no, "no ticket came")
      }
      return open(id, why)
    case nil: return nil
    }
  }

  private var renegotiationAnswer: CheckAnswer? {
    if let renegotiation { return renegotiation }
    let id = "tls.renegotiation.client_initiated"
    if enumeration.accepted == [.tls13], case .rejected = enumeration.support[.tls12] {
      return CheckAnswer(id, .no, "TLS 1.3 has none")
    }
    for (name, outcome) in outcomes where name == "session id" {
      if case .unknown(let why) = outcome { return open(id, why) }
    }
    return nil
  }

  private func open(_ id: String, _ why: String) -> CheckAnswer { CheckAnswer(id, .notDetermined(reason: why)) }

  private var text: String {
    outcomes.map { name, outcome in
      switch outcome {
      case .resumed: "\(name): yes"
      case .notResumed(let why), .unknown(let why): "\(name): \(why)"
      }
    }.joined(separator: ", ")
  }

  /// Why no full handshake was had.
  var handshakeGap: String? {
    for (_, outcome) in outcomes { if case .unknown(let why) = outcome { return "certificate: \(why)" } }
    return nil
  }

  var facts: [Fact] {
    var facts = outcomes.isEmpty ? [] : [Fact("resumption", text)]
    if enumeration.classic?.hello.extensions.applicationProtocols.isEmpty != false, let applicationProtocol {
      facts.append(Fact("alpn", applicationProtocol))
    }
    return facts
  }
}
