internal import AppLayer
internal import Decode
internal import Flow
internal import RuleLanguage
internal import Wire

/// Options that are not matches in a buffer.
extension RuleTranslation {
  mutating func integer(_ match: IntegerMatch) throws(RuleRefusal) {
    let test = NumberTest(match.comparison)
    switch match.keyword {
    case "urilen":
      try require(.http)
      transactionTests.append(.uriLength(test, isRaw: match.qualifier == "raw"))
    case "dns.opcode":
      try require(.dns)
      transactionTests.append(.dnsOpcode(test))
    case "dns.rcode":
      try require(.dns)
      transactionTests.append(.dnsRcode(test))
    case "dns.rrtype":
      try require(.dns)
      transactionTests.append(.dnsType(test))
    case "tls.cert_chain_len":
      try require(.tls)
      transactionTests.append(.tlsChainLength(test))
    case "flow.pkts", "flow.bytes":
      let kind = match.keyword == "flow.pkts" ? "pkts" : "bytes"
      guard match.qualifier != "either", let side = match.qualifier,
        let field = PacketField(rawValue: "flow.\(kind)_\(side)")
      else { throw unsupported("\(match.keyword) with 'either'") }
      tests.append(.number(field, test))
    default:
      guard let field = PacketField(rawValue: match.keyword), match.qualifier == nil else {
        throw unsupported(match.keyword)
      }
      if field == .dsize { hasDsize = true }
      tests.append(.number(field, test))
    }
  }

  func unsupported(_ keyword: String) -> RuleRefusal {
    RuleRefusal(.unsupportedKeyword, "the keyword '\(keyword)' is not inspected yet")
  }

  mutating func packet(_ option: RuleOption) throws(RuleRefusal) {
    switch option {
    case .tcpFlags(let match): tests.append(.tcpFlags(mode: match.mode, flags: match.flags, ignored: match.ignored))
    case .fragBits(let match): tests.append(.fragmentBits(mode: match.mode, bits: match.bits))
    case .ipOption(let name): tests.append(.ipOption(try RuleTranslation.ipOption(name)))
    case .ipProtocol(let match): tests.append(.ipProtocol(match.comparison, match.number))
    case .sameIP: tests.append(.sameAddress)
    case .streamSize(let match): tests.append(.streamSize(match.side, NumberTest(match.comparison)))
    default: break
    }
  }

  private static func ipOption(_ name: String) throws(RuleRefusal) -> UInt16 {
    let known: [String: IPOptionSet] = [
      "rr": .recordRoute, "eol": .endOfList, "nop": .noOperation, "ts": .timestamp, "sec": .security,
      "esec": .extendedSecurity, "lsrr": .looseSourceRoute, "lsrre": .looseSourceRoute, "ssrr": .strictSourceRoute,
      "satid": .streamID,
    ]
    if name == "any" { return .max }
    guard let option = known[name] else {
      throw RuleRefusal(.unsupportedKeyword, "the IP option '\(name)' is not inspected yet")
    }
    return option.rawValue
  }

  mutating func tls(_ option: RuleOption) throws(RuleRefusal) {
    try require(.tls)
    switch option {
    case .tlsVersion(let match):
      guard match.versions.count <= 4 else { throw RuleRefusal(.limit, "more than four TLS versions in one keyword") }
      let v = match.versions + [0, 0, 0, 0]
      transactionTests.append(.tlsVersion(v[0], v[1], v[2], v[3], isNegated: match.isNegated))
    case .tlsState(let match): transactionTests.append(.tlsState(match.states.rawValue, isNegated: match.isNegated))
    case .tlsValidity(.expired): transactionTests.append(.tlsExpired)
    case .tlsValidity(.valid): transactionTests.append(.tlsValid)
    case .tlsValidity(.notBefore(let test)): transactionTests.append(.tlsNotBefore(NumberTest(test)))
    case .tlsValidity(.notAfter(let test)): transactionTests.append(.tlsNotAfter(NumberTest(test)))
    default: break
    }
  }

  mutating func application(_ option: RuleOption) throws(RuleRefusal) {
    switch option {
    case .appLayerProtocol(let match):
      let raw: UInt8
      switch match.name {
      case "failed": raw = AppProtocol.failed.rawValue
      case "unknown": raw = AppProtocol.unknown.rawValue
      default:
        guard let known = AppProtocol(name: match.name) else {
          throw RuleRefusal(.unsupportedProtocol, "the protocol '\(match.name)' is not recognised yet")
        }
        raw = known.rawValue
      }
      tests.append(.appProtocol(raw, match.mode, isNegated: match.isNegated))
    case .event(let match): try event(match)
    default: break
    }
  }

  private mutating func event(_ match: EventMatch) throws(RuleRefusal) {
    switch match.source {
    case .appLayer:
      guard let event = AppEvent(name: match.name) else { throw unknownEvent(match) }
      if event.proto == .unknown {
        tests.append(.sessionEvent(event.rawValue))
        events.append(.session(event.rawValue))
      } else {
        try require(event.proto)
        transactionTests.append(.event(event.rawValue))
      }
    case .decode, .engine, .stream:
      if let event = StreamEvent(name: match.name) {
        tests.append(.streamEvent(event.rawValue))
        events.append(.stream(event.rawValue))
      } else if let event = DecodeEvent(name: match.name) {
        tests.append(.decodeEvent(event.rawValue))
        events.append(.decode(event.rawValue))
      } else {
        throw unknownEvent(match)
      }
    }
  }

  private func unknownEvent(_ match: EventMatch) -> RuleRefusal {
    RuleRefusal(.unsupportedKeyword, "the event '\(match.name)' is not raised by this engine")
  }

  mutating func generic(_ keyword: String, _ arguments: String) throws(RuleRefusal) {
    let sums: [String: PacketTest.ChecksumField] = [
      "ipv4-csum": .ip, "tcpv4-csum": .tcp4, "tcpv6-csum": .tcp6, "udpv4-csum": .udp4, "udpv6-csum": .udp6,
      "icmpv4-csum": .icmp4, "icmpv6-csum": .icmp6,
    ]
    if let field = sums[keyword] {
      let word = arguments.filter { $0 != "\"" }
      tests.append(.checksum(field, isInvalid: word == "invalid"))
      return
    }
    switch keyword {
    case "filestore", "rawbytes", "noalert", "prefilter": break
    default: throw unsupported(keyword)
    }
  }

  // MARK: State and limits.

  mutating func state(_ option: RuleOption, _ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    switch option {
    case .flowbits(let match): flowbits(match, &tables)
    case .flowint(let match): flowint(match, &tables)
    case .xbits(let match):
      let side: HostBitStep.Side
      switch match.track {
      case .source: side = .source
      case .destination: side = .destination
      case .pair: side = .pair
      case .transaction: throw RuleRefusal(.unsupportedKeyword, "xbits that track a transaction are not kept yet")
      }
      hostBit(match.command, "x:" + match.name, side, match.expire, &tables)
    case .hostbits(let match):
      let sides: [HostBitStep.Side] =
        match.side == .both ? [.source, .destination] : match.side == .source ? [.source] : [.destination]
      for side in sides { hostBit(match.command, "h:" + match.name, side, 300, &tables) }
    default: break
    }
  }

  private mutating func keep(_ step: StateStep) {
    if step.isChange { changes.append(step) } else { checks.append(step) }
  }

  private mutating func flowbits(_ match: FlowbitsMatch, _ tables: inout RuleTablesDraft) {
    let bits = match.names.map { RuleTablesDraft.number($0, in: &tables.flowBits) }
    guard let first = bits.first else { return }
    let start = tables.bits.count
    tables.bits += bits
    let part = Part(start..<tables.bits.count)
    switch match.command {
    case .isset: keep(.anyBit(part))
    case .isnotset: keep(.anyBitUnset(part))
    case .set: keep(.setBit(first))
    case .unset: keep(.unsetBit(first))
    case .toggle: keep(.toggleBit(first))
    }
  }

  private mutating func flowint(_ match: FlowintMatch, _ tables: inout RuleTablesDraft) {
    let counter = RuleTablesDraft.number(match.name, in: &tables.flowCounters)
    var value = CounterValue()
    switch match.value {
    case .literal(let number): value.value = UInt32(clamping: number)
    case .variable(let name): value.counter = RuleTablesDraft.number(name, in: &tables.flowCounters)
    case nil: break
    }
    switch match.command {
    case .isset: keep(.counterExists(counter, true))
    case .notset: keep(.counterExists(counter, false))
    case .add, .subtract, .assign: keep(.changeCounter(counter, match.command, value))
    default: keep(.compareCounter(counter, match.command, value))
    }
  }

  private mutating func hostBit(
    _ command: FlowbitsMatch.Command, _ name: String, _ side: HostBitStep.Side, _ seconds: UInt32,
    _ tables: inout RuleTablesDraft
  ) {
    let bit = RuleTablesDraft.number(name, in: &tables.hostBits)
    keep(.hostBit(HostBitStep(command: command, bit: bit, side: side, seconds: seconds)))
  }

  mutating func limit(_ option: RuleOption) {
    switch option {
    case .threshold(let match):
      let kind: LimitStep.Kind =
        switch match.kind {
        case .limit: .limit
        case .threshold: .threshold
        case .both: .both
        case .backoff: .backoff
        }
      limits.append(
        LimitStep(kind: kind, track: match.track, count: match.count, seconds: match.seconds, extra: match.multiplier))
    case .detectionFilter(let match):
      limits.append(LimitStep(kind: .detectionFilter, track: match.track, count: match.count, seconds: match.seconds))
    default: break
    }
  }
}
