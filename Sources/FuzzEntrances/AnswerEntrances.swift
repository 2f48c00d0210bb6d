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

  /// A dialogue that has ended takes nothing more, and one that goes on has not read beyond its limit.
  static func startTLS(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let names = StartTLSDialogue.names
    guard var dialogue = StartTLSDialogue(name: names[Int(input.byte()) % names.count]) else { return }
    var total = 0
    while !input.isAtEnd {
      let piece = input.take(Int(input.byte()))
      total += piece.count
      switch dialogue.receive(piece) {
      case .wait, .send: precondition(total <= StartTLSDialogue.limit, "a dialogue is given up at its limit")
      case .begin, .refused: return
      }
    }
  }

  /// An answer as it comes: lines of a head, an empty one, a body.
  static func posture(_ bytes: [UInt8]) {
    let newline = UInt8(ascii: "\n")
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: newline), end > rest.startIndex {
      lines.append(Array(rest[..<end]))
      rest = rest[(end + 1)...]
    }
    let answers = HTTPEngine.read(head: lines, body: Array(rest.dropFirst()), now: Timestamp(seconds: 1_800_000_000))
    precondition(Set(answers.map(\.check)).count == answers.count, "a check is answered once")
    for answer in answers { precondition(answer.evidence.utf8.count < 4096, "evidence is a line") }
  }

  static func content(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let kind = input.byte()
    let rest = input.rest()
    switch kind % 3 {
    case 0:
      let types = ["text/html", "text/html; charset=gbk", "text/html; charset=big5", "text/html; charset=utf-8"]
      let type = types[Int(kind / 3) % types.count]
      guard let answers = ContentEngine.judge(page: rest, contentType: type, known: nil) else { return }
      precondition(Set(answers.map(\.check)).count == answers.count, "a check is answered once")
    case 1:
      let rules = RobotsRules(rest)
      for path in ["/", "/a/b.html?c=d", Array(rest.prefix(64)).text] { _ = rules.allows(path) }
    default:
      guard let baseline = Baseline(json: rest.text) else { return }
      guard let again = baseline.json.flatMap({ Baseline(json: $0) }) else { return }
      precondition(again == baseline || again.json == baseline.json, "a baseline comes back as it went")
      let page = Array("<html><title>t</title><p>some text of a page</p></html>".utf8)
      _ = ContentEngine.judge(page: page, contentType: "text/html", known: rest.text)
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
      if let record = SPFRecord(text) {
        precondition(record.reached.count <= record.terms.count, "what is reached is there")
        for term in record.terms { _ = (term.domain, term.namesEverybody) }
      }
      if let policy = MTASTSPolicy(text) { _ = policy.covers(String(text.prefix(20))) }
      _ = DMARCRecord([text])
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
