/// What a rule asks of packets, flows and certificates, in words.
extension RuleOption {
  /// Nil where the option is of another kind.
  var packetMeaning: RuleWords? {
    switch self {
    case .flow(let match): match.meaning
    case .integer(let match): match.meaning
    case .tcpFlags(let match): match.meaning
    case .fragBits(let match): match.meaning
    case .ipOption(let name): RuleWords("it carries the IP option \(name)", "带 IP 选项 \(name)")
    case .ipProtocol(let match): match.meaning
    case .sameIP: RuleWords("source and destination are the same address", "源与目的地址相同")
    case .geoIP(let match): match.meaning
    case .ipReputation(let match): match.meaning
    case .streamSize(let match): match.meaning
    case .appLayerProtocol(let match): match.meaning
    case .tlsVersion(let match): match.meaning
    case .tlsState(let match): match.meaning
    case .tlsValidity(let match): match.meaning
    case .event(let match): match.meaning
    default: nil
    }
  }
}

extension FlowMatch {
  private static let sentences: [(FlowMatch, RuleWords)] = [
    (.toServer, RuleWords("towards the server", "发往服务器")), (.toClient, RuleWords("towards the client", "发往客户端")),
    (.established, RuleWords("of an established connection", "连接已建立")),
    (.notEstablished, RuleWords("before the connection stands", "连接尚未建立")),
    (.stateless, RuleWords("in any state of the connection", "不论连接状态")),
    (.onlyStream, RuleWords("reassembled bytes only", "仅限重组后的流")),
    (.noStream, RuleWords("single packets only", "仅限单个报文")),
    (.onlyFrag, RuleWords("put together from fragments only", "仅限分片重组的报文")),
    (.noFrag, RuleWords("not put together from fragments", "非分片重组的报文")),
  ]
  var meaning: RuleWords { .list(FlowMatch.sentences.filter { contains($0.0) }.map(\.1)) }
}

extension TCPFlagsMatch.Mode {
  fileprivate var meaning: RuleWords {
    switch self {
    case .exact: RuleWords(" are just ", "恰为 ")
    case .all: RuleWords(" include all of ", "包含 ")
    case .any: RuleWords(" include any of ", "包含任一 ")
    case .not: RuleWords(" include none of ", "不含 ")
    }
  }
}

extension TCPFlagsMatch {
  private static let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
  private static func names(of bits: UInt8) -> String {
    names.enumerated().filter { bits >> UInt8($0.offset) & 1 == 1 }.map(\.element).joined(separator: " ")
  }

  var meaning: RuleWords {
    let asked =
      flags == 0
      ? RuleWords("no TCP flag is set", "无 TCP 标志")
      : RuleWords("the TCP flags", "TCP 标志") + mode.meaning + RuleWords(TCPFlagsMatch.names(of: flags))
    let rest = TCPFlagsMatch.names(of: ignored)
    return ignored == 0 ? asked : asked + RuleWords(", whatever \(rest) are", "，不计 \(rest)")
  }
}

extension FragBitsMatch {
  private static let names = [
    RuleWords("more fragments", "后有分片"), RuleWords("do not fragment", "不得分片"), RuleWords("reserved", "保留位"),
  ]

  var meaning: RuleWords {
    let set = FragBitsMatch.names.enumerated().filter { bits >> UInt8($0.offset) & 1 == 1 }.map(\.element)
    return RuleWords("the fragment bits", "分片标志") + mode.meaning + .list(set)
  }
}

extension IPProtocolMatch {
  var meaning: RuleWords {
    let verb: RuleWords
    switch comparison {
    case .equal: verb = RuleWords(" is ", "等于 ")
    case .not: verb = RuleWords(" is not ", "不等于 ")
    case .less: verb = RuleWords(" is below ", "小于 ")
    case .greater: verb = RuleWords(" is above ", "大于 ")
    }
    return RuleWords("the IP protocol", "IP 协议号") + verb + RuleWords("\(number)")
  }
}

extension RuleWords {
  /// By the word that `geoip` and `iprep` have for a side.
  fileprivate static let ends = [
    "src": RuleWords("the source", "源地址"), "dst": RuleWords("the destination", "目的地址"),
    "both": RuleWords("both ends", "双方地址"), "any": RuleWords("one end", "任一方地址"),
  ]
}

extension GeoIPMatch {
  var meaning: RuleWords {
    let end = RuleWords.ends[side.rawValue] ?? RuleWords(side.rawValue)
    let verb = isNegated ? RuleWords(" not in ", "不属于 ") : RuleWords(" in ", "属于 ")
    return end + verb + RuleWords(countries.joined(separator: ", "))
  }
}

extension IPReputationMatch {
  var meaning: RuleWords {
    let end = RuleWords.ends[side.rawValue] ?? RuleWords(side.rawValue)
    if let comparison {
      return RuleWords("the reputation of ", "") + end + RuleWords(" as \(category) ", "的 \(category) 信誉值")
        + comparison.meaning
    }
    return end
      + (isSet
        ? RuleWords(" is known as \(category)", "列入 \(category)")
        : RuleWords(" is not known as \(category)", "未列入 \(category)"))
  }
}

extension StreamSizeMatch {
  var meaning: RuleWords {
    let who: RuleWords
    switch side {
    case .server: who = RuleWords("what the server sent", "服务器已发字节数")
    case .client: who = RuleWords("what the client sent", "客户端已发字节数")
    case .both: who = RuleWords("what each side sent", "双方已发字节数均")
    case .either: who = RuleWords("what one side sent", "任一方已发字节数")
    }
    return who + RuleWords(", in bytes, ", "") + comparison.meaning
  }
}

extension AppLayerProtocolMatch {
  var meaning: RuleWords {
    RuleWords("the protocol found ", "识别出的协议") + (isNegated ? RuleWords("is not ", "不是 ") : RuleWords("is ", "是 "))
      + RuleWords(name)
      + (mode == .any ? RuleWords("") : RuleWords(" (\(mode.rawValue))", "（\(mode.rawValue)）"))
  }
}

extension TLSVersionMatch {
  private static let names: [UInt16: String] = [
    2: "SSL 2", 0x300: "SSL 3", 0x301: "TLS 1.0", 0x302: "TLS 1.1", 0x303: "TLS 1.2", 0x304: "TLS 1.3",
  ]

  var meaning: RuleWords {
    let shown = versions.map { TLSVersionMatch.names[$0] ?? "0x\(String($0, radix: 16))" }.joined(separator: ", ")
    return (isNegated ? RuleWords("the version is none of ", "版本不是 ") : RuleWords("the version is ", "版本为 "))
      + RuleWords(shown)
  }
}

extension TLSStateMatch {
  var meaning: RuleWords {
    let names = TLSKeywords.stateNames.filter { states.contains($0.1) }.map(\.0).joined(separator: ", ")
    return isNegated
      ? RuleWords("the handshake has not come to \(names)", "握手未到 \(names)")
      : RuleWords("the handshake has come to \(names)", "握手已到 \(names)")
  }
}

extension TLSValidityMatch {
  var meaning: RuleWords {
    switch self {
    case .expired: RuleWords("the certificate is past its time", "证书已过期")
    case .valid: RuleWords("the certificate is within its time", "证书在有效期内")
    case .notBefore(let comparison): RuleWords("the certificate's time begins ", "证书生效时间") + comparison.dateWords
    case .notAfter(let comparison): RuleWords("the certificate's time ends ", "证书到期时间") + comparison.dateWords
    }
  }
}

extension EventMatch {
  var meaning: RuleWords {
    let who: RuleWords
    switch source {
    case .appLayer: who = RuleWords("the protocol's parser", "协议解析器")
    case .decode: who = RuleWords("the packet decoder", "报文解码器")
    case .stream: who = RuleWords("the stream engine", "流重组引擎")
    case .engine: who = RuleWords("the sensor", "探针")
    }
    return who + RuleWords(" says \(name)", "报告 \(name)")
  }
}
