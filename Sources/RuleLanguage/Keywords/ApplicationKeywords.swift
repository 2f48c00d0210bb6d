/// Keywords about application protocols that are not buffers, and about events.
enum ApplicationKeywords {
  static let all: [Keyword] = [
    Keyword("app-layer-protocol", .application, .needed, "`[!]http[,final]`.", .custom(appProtocol)),
    Keyword("app-layer-event", .application, .needed, "A parser event by name.", .custom(event)),
    Keyword("decode-event", .application, .needed, "A decoder event by name.", .custom(event)),
    Keyword("stream-event", .application, .needed, "A stream event by name.", .custom(event)),
    Keyword("engine-event", .application, .needed, "An engine event by name.", .custom(event)),
    Keyword("urilen", .application, .needed, "The length of http.uri: `>100[,norm|raw]`.", .custom(uriLength)),
    Keyword("dns.opcode", [], .application, .needed, "The DNS opcode.", .integer(15, [:]), support: dns),
    Keyword("dns.rcode", [], .application, .needed, "The DNS answer code.", .integer(65_535, codes), support: dns),
    Keyword("dns.rrtype", [], .application, .needed, "The DNS record type.", .integer(65_535, types), support: dns),
  ]

  private static let dns = Keyword.Support.needsProtocol("dns")
  private static let codes: [String: UInt64] = [
    "noerror": 0, "formerr": 1, "servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5, "yxdomain": 6, "yxrrset": 7,
    "nxrrset": 8, "notauth": 9, "notzone": 10, "badvers": 16, "badsig": 16, "badkey": 17, "badtime": 18,
    "badmode": 19, "badname": 20, "badalg": 21, "badtrunc": 22,
  ]
  private static let types: [String: UInt64] = [
    "a": 1, "ns": 2, "md": 3, "mf": 4, "cname": 5, "soa": 6, "mb": 7, "mg": 8, "mr": 9, "null": 10, "wks": 11,
    "ptr": 12, "hinfo": 13, "minfo": 14, "mx": 15, "txt": 16, "rp": 17, "afsdb": 18, "sig": 24, "key": 25, "aaaa": 28,
    "loc": 29, "srv": 33, "naptr": 35, "cert": 37, "dname": 39, "opt": 41, "ds": 43, "sshfp": 44, "rrsig": 46,
    "nsec": 47, "dnskey": 48, "nsec3": 50, "nsec3param": 51, "tlsa": 52, "svcb": 64, "https": 65, "spf": 99,
    "tkey": 249, "tsig": 250, "ixfr": 251, "axfr": 252, "any": 255, "uri": 256, "caa": 257,
  ]

  @Sendable static func appProtocol(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count <= 2 else { throw a.bad("takes a protocol and a mode, not \(a.value.quoted)", at: a.value) }
    let negated = parts[0].first == ASCII.bang
    let name = negated ? parts[0].dropFirst().trimmed() : parts[0]
    guard name.isEqual("failed") || name.isEqual("unknown") || RuleProtocols.application.contains(name.string) else {
      throw a.bad("knows no protocol \(name.quoted)", at: name)
    }
    var mode = AppLayerProtocolMatch.Mode.any
    if parts.count == 2, !parts[1].isEqual("any") {
      mode = try a.raw(parts[1], expected: "final, original, either, to_server, to_client and direction")
    }
    b.add(.appLayerProtocol(AppLayerProtocolMatch(name: name.string, isNegated: negated, mode: mode)), a)
  }

  @Sendable static func event(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard let source = EventMatch.Source(rawValue: a.name) else { throw a.bad("is no source of events") }
    b.add(.event(EventMatch(source: source, name: try a.identifier(a.value))), a)
  }

  @Sendable static func uriLength(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count <= 2, let comparison = IntegerSyntax.parse(parts[0]), comparison.largest <= 65_535 else {
      throw a.bad("needs a number up to 65535 or a comparison, not \(a.value.quoted)", at: a.value)
    }
    var qualifier: String?
    if parts.count == 2 {
      guard parts[1].isEqual("norm") || parts[1].isEqual("raw") else {
        throw a.bad("knows 'norm' and 'raw', not \(parts[1].quoted)", at: parts[1])
      }
      qualifier = parts[1].string
    }
    b.needed.append(("http", a.name, a.place))
    b.add(.integer(IntegerMatch(keyword: "urilen", comparison: comparison, qualifier: qualifier)), a)
  }
}

/// Keywords about files in traffic.
enum FileKeywords {
  static let all: [Keyword] = [
    Keyword("filename", .file, .needed, "Part of a file's name, in quotes.", .custom(quoted)),
    Keyword("fileext", .file, .needed, "A file's extension, in quotes.", .custom(quoted)),
    Keyword("filemagic", .file, .needed, "Part of what libmagic says, in quotes.", .custom(quoted)),
    Keyword("filemd5", .file, .needed, "A list of MD5 digests.", .generic),
    Keyword("filesha1", .file, .needed, "A list of SHA-1 digests.", .generic),
    Keyword("filesha256", .file, .needed, "A list of SHA-256 digests.", .generic),
    Keyword("filestore", .file, .optional, "Store the file: `[request|response|both,tx|file]`.", .generic),
    Keyword("filesize", .file, .needed, "The size of a file.", .integer(.max, [:])),
  ]

  @Sendable static func quoted(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard try !a.quotedText().text.isEmpty else { throw a.bad("is empty") }
    b.add(.generic(keyword: a.name, arguments: a.value.string), a)
  }
}
