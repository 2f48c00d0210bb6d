/// Keywords about fields of packet headers.
enum PacketKeywords {
  private static let byte: UInt64 = 255
  private static let word: UInt64 = 65_535
  private static let long: UInt64 = 4_294_967_295

  static let all: [Keyword] = [
    integer("dsize", "The size of the packet's payload.", word),
    integer("ttl", "IPv4 time to live or IPv6 hop limit.", byte),
    integer("tos", "IPv4 type of service.", byte),
    integer("id", "IPv4 identification.", word),
    integer("fragoffset", "IPv4 fragment offset.", word),
    integer("itype", "ICMP type.", byte),
    integer("icode", "ICMP code.", byte),
    integer("icmp_id", "ICMP identifier.", word),
    integer("icmp_seq", "ICMP sequence number.", word),
    integer("icmpv6.mtu", "MTU of an ICMPv6 packet-too-big.", long),
    integer("tcp.mss", "Maximum segment size option.", word),
    integer("tcp.wscale", "Window scale option.", byte),
    integer("tcp.seq", "TCP sequence number.", long, ["seq"]),
    integer("tcp.ack", "TCP acknowledgement number.", long, ["ack"]),
    integer("tcp.window", "TCP window.", word, ["window"]),
    integer("vlan.id", "VLAN id, with an optional layer: `vlan.id:100,0`.", 4_095),
    integer("vlan.layers", "How many VLAN tags.", 3),
    Keyword("ipopts", .packet, .needed, "An IP option: rr, eol, nop, ts, sec, lsrr, ssrr...", .custom(ipOption)),
    Keyword("fragbits", .packet, .needed, "M, D, R of IPv4, with + * or !.", .custom(fragBits)),
    Keyword("ip_proto", .packet, .needed, "IP protocol by number or name.", .custom(ipProtocol)),
    Keyword("sameip", .packet, .none, "Source and destination are equal.", .custom(sameIP)),
    Keyword("tcp.flags", ["flags"], .packet, .needed, "TCP flags: `S,12`, `+A`.", .custom(tcpFlags)),
    Keyword("geoip", .packet, .needed, "`src,RU,CN`: countries of addresses.", .custom(geoIP)),
    Keyword("iprep", .packet, .needed, "`any,CnC,>,30`: reputation of addresses.", .custom(reputation)),
    Keyword(
      "l3_proto", [], .packet, .needed, "Accepted in the header: ipv4, ipv6.", .generic,
      support: .refused("name ipv4 or ipv6 in the rule's header")),
  ]

  private static func integer(_ name: String, _ summary: String, _ most: UInt64, _ aliases: [String] = []) -> Keyword {
    Keyword(name, aliases, .packet, .needed, summary, .integer(most, [:]))
  }

  static let ipOptions: Set<String> = [
    "rr", "eol", "nop", "ts", "sec", "esec", "lsrr", "ssrr", "satid", "lsrre", "ssrre", "any",
  ]
  static let protocolNames: [String: UInt8] = [
    "ip": 0, "hopopt": 0, "icmp": 1, "igmp": 2, "ipencap": 4, "tcp": 6, "egp": 8, "igp": 9, "udp": 17, "dccp": 33,
    "ipv6": 41, "rsvp": 46, "gre": 47, "esp": 50, "ah": 51, "icmpv6": 58, "ipv6-icmp": 58, "eigrp": 88, "ospf": 89,
    "pim": 103, "vrrp": 112, "l2tp": 115, "sctp": 132, "udplite": 136,
  ]

  @Sendable static func ipOption(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    guard ipOptions.contains(a.value.string) else { throw a.bad("knows no IP option \(a.value.quoted)", at: a.value) }
    b.add(.ipOption(a.value.string), a)
  }

  @Sendable static func sameIP(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) { b.add(.sameIP, a) }

  @Sendable static func ipProtocol(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var text = a.value
    var comparison = IPProtocolMatch.Operator.equal
    if let first = text.first, let sign = IPProtocolMatch.Operator(rawValue: String(UnicodeScalar(first))) {
      comparison = sign
      text = text.dropFirst().trimmed()
    }
    guard let number = text.number(as: UInt8.self) ?? protocolNames[text.string.lowercased()] else {
      throw a.bad("knows no IP protocol \(text.quoted)", at: text)
    }
    b.add(.ipProtocol(IPProtocolMatch(comparison: comparison, number: number)), a)
  }

  private static func mode(_ text: Text) -> (TCPFlagsMatch.Mode, Text) {
    switch text.first {
    case UInt8(ascii: "+"): (.all, text.dropFirst().trimmed())
    case UInt8(ascii: "*"): (.any, text.dropFirst().trimmed())
    case ASCII.bang: (.not, text.dropFirst().trimmed())
    default: (.exact, text)
    }
  }

  @Sendable static func fragBits(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var (mode, text) = mode(a.value)
    if let last = text.last, "+*!".utf8.contains(last) {
      mode = Self.mode(text[(text.endIndex - 1)...]).0
      text = text.dropLast().trimmed()
    }
    var bits: UInt8 = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "M"): bits |= 1
      case UInt8(ascii: "D"): bits |= 2
      case UInt8(ascii: "R"): bits |= 4
      default: throw a.bad("knows M, D and R, not \(text[index...index].quoted)", at: text[index...])
      }
    }
    guard bits != 0 else { throw a.bad("names no bit", at: a.value) }
    b.add(.fragBits(FragBitsMatch(mode: mode, bits: bits)), a)
  }

  private static func flagBits(_ text: Text, _ a: Argument) throws(RuleProblem) -> UInt8 {
    var bits: UInt8 = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "F"): bits |= 1
      case UInt8(ascii: "S"): bits |= 2
      case UInt8(ascii: "R"): bits |= 4
      case UInt8(ascii: "P"): bits |= 8
      case UInt8(ascii: "A"): bits |= 16
      case UInt8(ascii: "U"): bits |= 32
      case UInt8(ascii: "E"), UInt8(ascii: "2"): bits |= 64
      case UInt8(ascii: "C"), UInt8(ascii: "1"): bits |= 128
      case UInt8(ascii: "0") where text.count == 1: break
      case 32: break
      default: throw a.bad("knows F S R P A U E C 1 2 and 0, not \(text[index...index].quoted)", at: text[index...])
      }
    }
    return bits
  }

  @Sendable static func tcpFlags(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count <= 2 else { throw a.bad("takes flags and ignored flags, not \(a.value.quoted)", at: a.value) }
    var (mode, text) = mode(parts[0])
    if let last = text.last, "+*".utf8.contains(last) {
      mode = last == UInt8(ascii: "+") ? .all : .any
      text = text.dropLast()
    }
    guard !text.isEmpty else { throw a.bad("names no flag", at: a.value) }
    let ignored = parts.count == 2 ? try flagBits(parts[1], a) : 0
    b.add(.tcpFlags(TCPFlagsMatch(mode: mode, flags: try flagBits(text, a), ignored: ignored)), a)
  }

  @Sendable static func geoIP(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    var parts = a.value.pieces(ASCII.comma)
    var side = GeoIPMatch.Side.any
    if let named = GeoIPMatch.Side(rawValue: parts[0].string) {
      side = named
      parts.removeFirst()
    }
    var countries: [String] = []
    var negated = false
    for (index, part) in parts.enumerated() {
      var code = part
      if index == 0, code.first == ASCII.bang {
        negated = true
        code = code.dropFirst()
      }
      guard code.count == 2, code.isName else {
        throw a.bad("needs codes of two letters, not \(part.quoted)", at: part)
      }
      countries.append(code.string.uppercased())
    }
    guard !countries.isEmpty else { throw a.bad("names no country", at: a.value) }
    b.add(.geoIP(GeoIPMatch(side: side, countries: countries, isNegated: negated)), a)
  }

  @Sendable static func reputation(_ b: inout RuleBuilder, _ a: Argument) throws(RuleProblem) {
    let parts = a.value.pieces(ASCII.comma)
    guard parts.count == 3 || parts.count == 4 else { throw a.bad("needs side, category and comparison", at: a.value) }
    var match = IPReputationMatch(
      side: try a.raw(parts[0], expected: "any, src, dst and both"), category: try a.identifier(parts[1]))
    if parts.count == 3, parts[2].isEqual("isset") || parts[2].isEqual("isnotset") {
      match.isSet = parts[2].isEqual("isset")
    } else {
      let text = parts.count == 4 ? Array(parts[2] + parts[3])[...] : parts[2]
      guard let comparison = IntegerSyntax.parse(text), comparison.largest <= 127 else {
        throw a.bad("needs a comparison with 0 to 127", at: parts[2])
      }
      match.comparison = comparison
    }
    b.add(.ipReputation(match), a)
  }
}
