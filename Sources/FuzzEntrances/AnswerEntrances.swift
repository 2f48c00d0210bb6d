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
}
