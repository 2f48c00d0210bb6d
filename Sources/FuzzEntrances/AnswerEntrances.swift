internal import Engines
internal import Wire

/// What scanned sites and captured handshakes send us.
enum AnswerEntrances {
  static func certificate(_ bytes: [UInt8]) {
    bytes.lend { span in
      guard let certificate = Certificate(span) else { return }
      precondition(certificate.publicKeyRange.upperBound <= span.byteCount, "the key lies inside the certificate")
      _ = certificate.subject.description + certificate.issuer.description
      _ = certificate.extensions
    }
  }

  /// First byte even: a TLS server's bytes, in two pieces; odd: lines of an HTTP head.
  static func answer(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    if input.byte() & 1 == 0 {
      var flight = ServerFlight()
      let first = input.take(Int(input.byte()))
      flight.receive(first)
      flight.receive(input.rest())
      for certificate in flight.certificates { self.certificate(certificate) }
    } else {
      var response = HTTPResponse()
      for line in input.rest().split(separator: UInt8(ascii: "\n")) { response.add(line: Array(line)) }
      for cookie in response.values("set-cookie") { _ = CookieLine(cookie) }
    }
  }

  /// First byte mod 3: a DNS answer to our question, with any record; policy text; a banner after each first word.
  static func names(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    switch input.byte() % 3 {
    case 0:
      let rest = input.rest()
      let query = DNSQueryWriter.query(name: "a.example", type: .soa, id: 0x1234) ?? []
      guard let message = NameServerClient.answer(rest, to: query, "a.example", .soa) else { return }
      precondition(message.header.id == 0x1234, "an answer has its question's id")
      for record in message.records { _ = message.name(record.name) }
    case 1:
      let text = String(decoding: input.rest(), as: UTF8.self)
      if let record = SPFRecord(text) { precondition(record.ownLookups <= record.terms.count, "a term is one lookup") }
      _ = TagList(text).tags
      _ = CAAProperty.fault(tag: String(text.prefix(8)), value: String(text.dropFirst(8)))
    default:
      let rest = input.rest()
      for question in ServiceBanner.Question.allCases {
        guard let banner = ServiceBanner.recognise(rest, after: question) else { continue }
        precondition(
          banner.version.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) }
            && banner.version.utf8.count <= ServiceBanner.versionLimit, "a version prints and is bounded")
      }
    }
  }
}
