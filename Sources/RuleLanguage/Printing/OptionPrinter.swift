extension RuleOption {
  /// As it is written in a rule, without the last semicolon.
  package var text: String {
    switch self {
    case .buffer(let selection): selection.text
    case .content(let match): match.text
    case .pcre(let match): match.text
    case .byteTest(let test): test.text
    case .byteJump(let jump): jump.text
    case .byteExtract(let extract): extract.text
    case .byteMath(let math): math.text
    case .isDataAt(let match):
      "isdataat:\(match.isNegated ? "!" : "")\(match.position.text)\(match.isRelative ? ",relative" : "")"
        + (match.isRawBytes ? ",rawbytes" : "")
    case .bufferSize(let comparison): "bsize:\(comparison.text)"
    case .absent(let orElse): orElse ? "absent:or_else" : "absent"
    case .entropy(let match): match.text
    case .dataset(let match): match.text
    case .base64Decode(let decode): decode.text
    case .prefilter: "prefilter"
    case .generic(let keyword, let arguments): arguments.isEmpty ? keyword : "\(keyword):\(arguments)"
    default: packetText
    }
  }

  private var packetText: String {
    switch self {
    case .flow(let match): "flow:\(match.words.joined(separator: ","))"
    case .integer(let match): match.text
    case .tcpFlags(let match): match.text
    case .fragBits(let match): "fragbits:\(match.mode.sign)\(FlagLetters.text(match.bits, "MDR"))"
    case .ipOption(let name): "ipopts:\(name)"
    case .ipProtocol(let match): "ip_proto:\(match.comparison.rawValue)\(match.number)"
    case .sameIP: "sameip"
    case .geoIP(let match):
      "geoip:\(match.side.rawValue),\(match.isNegated ? "!" : "")\(match.countries.joined(separator: ","))"
    case .ipReputation(let match):
      "iprep:\(match.side.rawValue),\(match.category),"
        + (match.comparison?.text ?? (match.isSet ? "isset" : "isnotset"))
    case .streamSize(let match): "stream_size:\(match.side.rawValue),\(match.comparison.text)"
    case .appLayerProtocol(let match):
      "app-layer-protocol:\(match.isNegated ? "!" : "")\(match.name)"
        + (match.mode == .any ? "" : ",\(match.mode.rawValue)")
    case .tlsVersion(let match): match.text
    case .tlsState(let match): match.text
    case .tlsValidity(let match): match.text
    case .event(let match): "\(match.source.rawValue):\(match.name)"
    default: stateText
    }
  }

  private var stateText: String {
    switch self {
    case .flowbits(let match): "flowbits:\(match.command.rawValue),\(match.names.joined(separator: "|"))"
    case .flowint(let match):
      "flowint:\(match.name),\(match.command.rawValue)" + (match.value.map { ",\($0.text)" } ?? "")
    case .xbits(let match):
      "xbits:\(match.command.rawValue),\(match.name),track \(match.track.rawValue),expire \(match.expire)"
    case .hostbits(let match): "hostbits:\(match.command.rawValue),\(match.name),\(match.side.rawValue)"
    case .threshold(let option): option.text
    case .detectionFilter(let filter):
      "detection_filter:track \(filter.track.rawValue), count \(filter.count), seconds \(filter.seconds)"
    case .tag(let tag):
      "tag:\(tag.kind.rawValue),\(tag.count),\(tag.metric.rawValue)" + (tag.side.map { ",\($0.rawValue)" } ?? "")
    default: ""
    }
  }
}

enum FlagLetters {
  /// The letters of the bits that are set, the lowest first.
  static func text(_ bits: UInt8, _ letters: String) -> String {
    String(letters.enumerated().filter { bits >> UInt8($0.offset) & 1 == 1 }.map(\.element))
  }
}

extension TCPFlagsMatch.Mode {
  var sign: String {
    switch self {
    case .exact: ""
    case .all: "+"
    case .any: "*"
    case .not: "!"
    }
  }
}

extension TCPFlagsMatch {
  var text: String {
    let letters = flags == 0 ? "0" : FlagLetters.text(flags, "FSRPAUEC")
    return "tcp.flags:\(mode.sign)\(letters)" + (ignored == 0 ? "" : ",\(FlagLetters.text(ignored, "FSRPAUEC"))")
  }
}

extension FlowMatch {
  private static let names: [(FlowMatch, String)] = [
    (.established, "established"), (.notEstablished, "not_established"), (.stateless, "stateless"),
    (.toServer, "to_server"), (.toClient, "to_client"), (.onlyStream, "only_stream"), (.noStream, "no_stream"),
    (.onlyFrag, "only_frag"), (.noFrag, "no_frag"),
  ]
  var words: [String] { FlowMatch.names.filter { contains($0.0) }.map(\.1) }
}

extension IntegerMatch {
  var text: String {
    guard let qualifier else { return "\(keyword):\(comparison.text)" }
    if keyword == "flow.pkts" || keyword == "flow.bytes" { return "\(keyword):\(qualifier),\(comparison.text)" }
    return "\(keyword):\(comparison.text),\(qualifier)"
  }
}

extension ThresholdOption {
  var text: String {
    let rate = kind == .backoff ? "multiplier \(multiplier)" : "seconds \(seconds)"
    return "threshold:type \(kind.rawValue), track \(track.rawValue), count \(count), \(rate)"
  }
}

extension TLSVersionMatch {
  var text: String {
    let names = versions.map { version -> String in
      let name = TLSKeywords.numbers.first {
        $0.value == version && ($0.key.first == "1") == (keyword == "tls.version")
      }
      return (isNegated ? "!" : "") + (name?.key ?? "0x\(String(version, radix: 16))")
    }
    return "\(keyword):\(names.joined(separator: ","))"
  }
}

extension TLSStateMatch {
  var text: String {
    let names = TLSKeywords.stateNames.filter { states.contains($0.1) }.map { (isNegated ? "!" : "") + $0.0 }
    return "ssl_state:\(names.joined(separator: "|"))"
  }
}

extension TLSValidityMatch {
  var text: String {
    switch self {
    case .expired: "tls_cert_expired"
    case .valid: "tls_cert_valid"
    case .notBefore(let comparison): "tls_cert_notbefore:\(comparison.dateText)"
    case .notAfter(let comparison): "tls_cert_notafter:\(comparison.dateText)"
    }
  }
}

extension IntegerComparison {
  var dateText: String {
    switch self {
    case .less(let n): "<\(Dates.text(n))"
    case .greater(let n): ">\(Dates.text(n))"
    case .between(let low, let high): "\(Dates.text(low))<>\(Dates.text(high))"
    case .equal(let n): Dates.text(n)
    default: text
    }
  }
}
