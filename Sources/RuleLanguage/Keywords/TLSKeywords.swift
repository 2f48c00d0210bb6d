/// TLS keywords that are not buffers.
enum TLSKeywords {
  static let all: [Keyword] = [
    keyword("ssl_version", .needed, "`sslv3,tls1.0`: any of the versions.", .custom(versions)),
    keyword("tls.version", .needed, "`1.2` or `0x0303`.", .custom(version)),
    keyword("ssl_state", .needed, "`client_hello`, `!server_hello`...", .custom(state)),
    keyword("tls_cert_expired", .none, "The certificate is past its time.", .custom(expired)),
    keyword("tls_cert_valid", .none, "The certificate is within its time.", .custom(valid)),
    keyword("tls_cert_notbefore", .needed, "`>2016`, `<2016-05-07`: begin of validity.", .custom(date)),
    keyword("tls_cert_notafter", .needed, "`<2016-05-07 12:00:00`: end of validity.", .custom(date)),
    keyword("tls.cert_chain_len", .needed, "How many certificates came.", .integer(4_294_967_295, [:])),
    keyword("tls.subject", .needed, "Old form of tls.cert_subject with a content.", .custom(field)),
    keyword("tls.issuerdn", .needed, "Old form of tls.cert_issuer with a content.", .custom(field)),
    keyword("tls.fingerprint", .needed, "Old form of tls.cert_fingerprint.", .custom(field)),
  ]

  private static func keyword(
    _ name: String, _ value: Keyword.Value, _ summary: String, _ reading: Keyword.Reading
  ) -> Keyword {
    Keyword(name, [], .tls, value, summary, reading, support: .needsProtocol("tls"))
  }

  static let numbers: [String: UInt16] = [
    "sslv2": 2, "sslv3": 0x300, "tls1.0": 0x301, "tls1.1": 0x302, "tls1.2": 0x303, "tls1.3": 0x304, "1.0": 0x301,
    "1.1": 0x302, "1.2": 0x303, "1.3": 0x304,
  ]
  private static let states: [String: TLSStateMatch.States] = [
    "client_hello": .clientHello, "server_hello": .serverHello, "client_keyx": .clientKeyExchange,
    "server_keyx": .serverKeyExchange, "unknown": .unknown,
  ]
  static let stateNames: [(String, TLSStateMatch.States)] = states.sorted { $0.value.rawValue < $1.value.rawValue }
    .map { ($0.key, $0.value) }

  private static func number(_ text: Text, _ a: Argument) throws(RuleProblem) -> UInt16 {
    let bare = text.first == ASCII.quote && text.count > 2 ? text.dropFirst().dropLast() : text
    if let known = numbers[bare.string.lowercased()] { return known }
    guard bare.hasPrefix("0x"), let value = bare.number(as: UInt16.self) else {
      throw a.bad("knows no version \(text.quoted)", at: text, hint: "known: sslv2, sslv3, tls1.0 to tls1.3")
    }
    return value
  }

  @Sendable static func versions(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var match = TLSVersionMatch(keyword: a.name, versions: [], isNegated: a.value.first == ASCII.bang)
    for part in a.value.pieces(ASCII.comma) {
      guard (part.first == ASCII.bang) == match.isNegated else { throw a.bad("negates all versions or none", at: part) }
      match.versions.append(try number(match.isNegated ? part.dropFirst().trimmed() : part, a))
    }
    b.add(.tlsVersion(match), a)
  }

  @Sendable static func version(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let negated = a.value.first == ASCII.bang
    let version = try number(negated ? a.value.dropFirst().trimmed() : a.value, a)
    b.add(.tlsVersion(TLSVersionMatch(keyword: a.name, versions: [version], isNegated: negated)), a)
  }

  @Sendable static func state(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var match = TLSStateMatch(states: [], isNegated: a.value.first == ASCII.bang)
    let parts = a.value.contains(ASCII.pipe) ? a.value.pieces(ASCII.pipe) : a.value.pieces(ASCII.comma)
    for part in parts {
      guard (part.first == ASCII.bang) == match.isNegated else { throw a.bad("negates all states or none", at: part) }
      let name = match.isNegated ? part.dropFirst().trimmed() : part
      guard let state = states[name.string] else { throw a.bad("knows no state \(name.quoted)", at: name) }
      match.states.formUnion(state)
    }
    b.add(.tlsState(match), a)
  }

  @Sendable static func expired(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.add(.tlsValidity(.expired), a)
  }
  @Sendable static func valid(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.add(.tlsValidity(.valid), a)
  }

  @Sendable static func date(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let text = a.value
    let comparison: IntegerComparison?
    switch text.first {
    case UInt8(ascii: "<"):
      comparison = text.dropFirst().first == UInt8(ascii: ">") ? nil : Dates.seconds(text.dropFirst()).map { .less($0) }
    case UInt8(ascii: ">"): comparison = Dates.seconds(text.dropFirst()).map { .greater($0) }
    default:
      if let angle = text.firstIndex(of: UInt8(ascii: "<")), text[(angle + 1)...].first == UInt8(ascii: ">") {
        let low = Dates.seconds(text[..<angle])
        let high = Dates.seconds(text[(angle + 2)...])
        comparison = low.flatMap { low in high.flatMap { low < $0 ? .between(low, $0) : nil } }
      } else {
        comparison = Dates.seconds(text).map { .equal($0) }
      }
    }
    guard let comparison else { throw a.bad("needs a date (2016-05-07 12:00:00), not \(text.quoted)", at: text) }
    b.add(.tlsValidity(a.name == "tls_cert_notbefore" ? .notBefore(comparison) : .notAfter(comparison)), a)
  }

  @Sendable static func field(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    b.addContent(try ContentSyntax.parse(a), a)
    let buffers = ["tls.subject": "tls.cert_subject", "tls.issuerdn": "tls.cert_issuer"]
    try b.moveLastContent(to: buffers[a.name] ?? "tls.cert_fingerprint", a)
  }
}

/// Dates of TLS keywords: `2016`, `2016-05`, `2016-05-07`, `2016-05-07 12`, `2016-05-07T12:30:00`, in UTC.
enum Dates {
  static func seconds(_ text: Text) -> UInt64? {
    let parts = text.trimmed().split { $0 == 45 || $0 == 58 || $0 == 84 || ASCII.isSpace($0) }
    guard (1...6).contains(parts.count) else { return nil }
    var fields: [Int] = []
    for part in parts {
      guard let number = part.number(as: Int.self) else { return nil }
      fields.append(number)
    }
    fields += [1970, 1, 1, 0, 0, 0].suffix(6 - fields.count)
    guard (1970...9999).contains(fields[0]), (1...12).contains(fields[1]), (1...31).contains(fields[2]),
      fields[3] < 24, fields[4] < 60, fields[5] < 61
    else { return nil }
    return UInt64(days(fields[0], fields[1], fields[2]) * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5])
  }

  /// Days from 1970-01-01 in the Gregorian calendar.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func text(_ seconds: UInt64) -> String {
    var year = 1970
    var rest = Int(clamping: seconds / 86_400)
    while rest >= days(year + 1, 1, 1) - days(year, 1, 1) {
      rest -= days(year + 1, 1, 1) - days(year, 1, 1)
      year += 1
    }
    var month = 1
    while month < 12, rest >= days(year, month + 1, 1) - days(year, month, 1) {
      rest -= days(year, month + 1, 1) - days(year, month, 1)
      month += 1
    }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = Int(seconds % 86_400)
    let clock = "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
    return "\(year)-\(two(month))-\(two(rest + 1)) \(clock)"
  }
}
