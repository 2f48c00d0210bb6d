package import Records
package import Wire

/// What engines read of others' bytes apart from any connection: the entrances for a fuzzer. Nothing else calls it.
package enum EngineReading {
  /// The answers to JARM's hellos, each a flight; what is fingerprinted, and each key exchange.
  package static func fingerprint(flights: [[UInt8]]) -> String {
    let answers = flights.prefix(JARM.hellos.count).map { bytes in
      var flight = ServerFlight()
      flight.receive(bytes)
      _ = (flight.dhBits, flight.hasAnswer, flight.ssl2Suites)
      return flight.hello
    }
    return JARM.condense(answers)
  }

  /// What a server does after a wrong message, its stream in pieces: `alert(40)`, `closed`.
  package static func reaction(_ pieces: [[UInt8]]) -> String {
    var rest = pieces.filter { !$0.isEmpty }[...]
    return "\(TLSInjection.reaction { () throws(ConnectionFailure) in rest.popFirst() ?? [] })"
  }

  /// The key that a probe for ROBOT encrypts with, out of a certificate. Nil where it is none of RSA.
  package static func encrypted(for certificate: [UInt8]) -> [UInt8]? {
    guard let key = OpenSSLCertificate(certificate).flatMap(RSAKey.init) else { return nil }
    return key.encrypt(TLSRobot.block(.right, .tls12, key.length))
  }

  /// What an authority says when asked of a certificate's revocation: an OCSP response, a list, both held against the
  /// pair; and the places to ask at that the certificate names. True for a list or response that says *revoked*.
  package static func revocation(
    response: [UInt8], list: [UInt8], leaf: [UInt8], issuer: [UInt8], now: Timestamp
  ) -> Bool {
    guard let leaf = OpenSSLCertificate(leaf), let issuer = OpenSSLCertificate(issuer) else { return false }
    let answer = OCSPAnswer.read(response, leaf: leaf, issuer: issuer, at: now)
    let listed = RevocationList.status(list, of: leaf, issuer: issuer, at: now)
    if let body = answer.timestamps { _ = unsafe SignedTimestampList(body.span.bytes) }
    if case .revoked? = answer.revocation(from: "an answer") { return true }
    if case .revoked = listed { return true }
    return false
  }

  /// A place that a certificate names for asking: what would be connected to and what would be asked there.
  package static func place(_ text: String) -> (host: String, port: UInt16, path: String)? {
    HTTPPlace(text).map { ($0.host, $0.port, $0.path) }
  }

  /// A link of a page, and a Location, both as they stand on `here`: the target that would be asked, if any.
  package static func link(_ reference: String, on here: Target) -> Target? {
    PageAddress(here).resolve(reference)?.target(like: here)
  }
  package static func redirect(_ location: String, from here: Target) -> Target? {
    RedirectTarget.resolve(location, from: here)
  }

  /// A resolver's answer, every record read as the DNS engine reads it. Nil for what is no message.
  package static func records(_ bytes: [UInt8]) -> [String]? {
    guard let message = unsafe DNSMessage(bytes.span.bytes) else { return nil }
    let answer = DNSAnswer(message: message, responseCode: 0, doesNotExist: false, security: .unsigned)
    var lines = answer.addresses.map(\.description) + answer.texts
    for type in [DNSType.cname, .ns] { lines += answer.names(type) }
    for record in message.records { lines.append(line(record.data, answer)) }
    return lines
  }

  private static func line(_ content: DNSRecordContent, _ answer: DNSAnswer) -> String {
    switch content {
    case .mx(_, let range), .srv(_, _, _, let range), .name(let range): return answer.name(range)
    case .soa(let primary, let mailbox, _, _, _, _, _): return answer.name(primary) + " " + answer.name(mailbox)
    case .caa(_, let tag, let value):
      let (tag, value) = (answer.message.name(tag), answer.message.name(value))
      return CAAProperty.fault(
        tag: String(decoding: tag, as: UTF8.self), value: String(decoding: value, as: UTF8.self)) ?? ""
    case .tlsa(_, _, _, let range), .ds(_, _, _, let range), .dnskey(_, _, _, let range), .bytes(let range):
      return answer.message.name(range).hexadecimal
    default: return ""
    }
  }

  /// The memory of the engine called `name`, as it comes back from the store, and as it would be kept after one more
  /// look. Nil where that engine keeps none, or none like this.
  package static func memory(_ name: String, _ text: String, now: Timestamp) -> String? {
    switch name {
    case "availability":
      let memory = AvailabilityMemory.after(.down, reason: "a reason", at: now, known: text)
      _ = (memory.sentences, memory.facts)
      return AvailabilityMemory.after(.up, reason: "", at: now, known: memory.text).text
    case "dns":
      return DNSMemory(text).flatMap { memory in
        _ = (memory.changes(in: DNSMemory()), DNSMemory().changes(in: memory))
        return memory.text
      }
    case "ports": return PortsMemory(text)?.text
    case "certificate": return KnownCertificates(text)?.memory
    case "content": return Baseline(json: text)?.json
    default: return nil
    }
  }
}
