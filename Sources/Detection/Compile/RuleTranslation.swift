internal import AppLayer
internal import Decode
internal import Flow
internal import RuleLanguage
internal import Wire

/// Turns one validated rule into a draft of a compiled one, or says why not.
struct RuleTranslation {
  struct Block {
    var selection: BufferSelection
    var buffer: UInt8
    var isHeader: Bool
    var isMulti: Bool
    var steps: [MatchStep] = []
    var absence = BufferBlock.Absence.refuses
    var literals: [ContentMatch] = []
  }

  let source: Rule
  let variables: RuleVariables
  var rule = CompiledRule()
  var payload: [MatchStep] = []
  var payloadLiterals: [ContentMatch] = []
  var blocks: [Block] = []
  var tests: [PacketTest] = []
  var transactionTests: [TransactionTest] = []
  var checks: [StateStep] = []
  var changes: [StateStep] = []
  var limits: [LimitStep] = []
  var events: [EventKey] = []
  var content = ContentTranslation()
  /// -1: the payload.
  var current = -1
  /// Where a `base64_data` writes its steps: the step to complete when it ends.
  var decode: Base64Decode?
  var inner: [MatchStep]?
  var innerOwner = -1
  var proto = AppProtocol.unknown
  var isPacketOnly = false
  var isStreamOnly = false
  var hasDsize = false

  init(_ source: Rule, _ variables: RuleVariables) {
    self.source = source
    self.variables = variables
  }

  mutating func draft(_ tables: inout RuleTablesDraft, facts: RuleFacts) throws(RuleRefusal) -> RuleDraft {
    try header(&tables)
    for (index, option) in source.options.enumerated() {
      do throws(RuleRefusal) { try add(option, &tables) } catch {
        var refusal = error
        refusal.option = refusal.option ?? index
        throw refusal
      }
    }
    try endInner(&tables)
    return try finish(&tables, facts)
  }

  // MARK: Header.

  private mutating func header(_ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    if let hook = source.proto.hook {
      throw RuleRefusal(.unsupportedKeyword, "rule hooks ('\(source.proto.name):\(hook)') are not inspected yet")
    }
    guard source.direction != .transaction else {
      throw RuleRefusal(.unsupportedKeyword, "transactional rules ('=>') are not inspected yet")
    }
    rule.isBidirectional = source.direction == .both
    rule.noAlert = source.noAlert
    switch source.action {
    case .pass: rule.action = .pass
    case .drop: rule.action = .drop
    case .reject, .rejectSource, .rejectDestination, .rejectBoth: rule.action = .reject
    case .alert: rule.action = .alert
    }
    try headerProtocol(source.proto.name)
  }

  private mutating func headerProtocol(_ name: String) throws(RuleRefusal) {
    switch name {
    case "ip", "pkthdr", "any": rule.transports = .all
    case "ipv4", "ip4": rule.versions = 1
    case "ipv6", "ip6": rule.versions = 2
    case "tcp": rule.transports = .tcp
    case "tcp-pkt": (rule.transports, isPacketOnly) = (.tcp, true)
    case "tcp-stream": (rule.transports, isStreamOnly) = (.tcp, true)
    case "udp": rule.transports = .udp
    case "icmp": rule.transports = .icmp
    case "icmpv4": (rule.transports, rule.versions) = (.icmp, 1)
    case "icmpv6": (rule.transports, rule.versions) = (.icmp, 2)
    case "sctp":
      rule.transports = .other
      tests.append(.ipProtocol(.equal, TransportProtocol.sctp.rawValue))
    default:
      guard let known = AppProtocol(name: name) else {
        throw RuleRefusal(.unsupportedProtocol, "the protocol '\(name)' is not inspected yet")
      }
      rule.transports = known == .dns ? [.tcp, .udp] : .tcp
      try require(known)
    }
  }

  mutating func require(_ wanted: AppProtocol) throws(RuleRefusal) {
    guard proto == .unknown || proto == wanted else {
      throw RuleRefusal(.contradiction, "the rule needs \(proto.name) and \(wanted.name) at once")
    }
    proto = wanted
    rule.appProtocol = wanted.rawValue
  }

  // MARK: Options.

  private mutating func add(_ option: RuleOption, _ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    switch option {
    case .buffer(let selection): try select(selection, &tables)
    case .content, .pcre, .byteTest, .byteJump, .byteExtract, .byteMath, .isDataAt, .bufferSize, .entropy:
      if let step = try content.step(option, &tables) { append(step) }
      if case .content(let match) = option, !match.isNegated, inner == nil {
        if current < 0 { payloadLiterals.append(match) } else { blocks[current].literals.append(match) }
      }
    case .absent(let orElse):
      guard current >= 0, !blocks[current].isHeader else {
        throw RuleRefusal(.contradiction, "'absent' needs a sticky buffer before it")
      }
      blocks[current].absence = orElse ? .accepted : .needed
    case .base64Decode(let match): decode = match
    case .flow(let match): flow(match)
    case .tlsVersion, .tlsState, .tlsValidity: try tls(option)
    case .appLayerProtocol, .event: try application(option)
    case .flowbits, .flowint, .xbits, .hostbits: try state(option, &tables)
    case .threshold, .detectionFilter: limit(option)
    case .integer(let match): try integer(match)
    case .tcpFlags, .fragBits, .ipOption, .ipProtocol, .sameIP, .streamSize: try packet(option)
    case .tag, .prefilter: break
    case .dataset, .geoIP, .ipReputation:
      throw RuleRefusal(.unsupportedKeyword, "data sets, country and reputation lists are not inspected yet")
    case .generic(let keyword, let arguments): try generic(keyword, arguments)
    }
  }

  private mutating func append(_ step: MatchStep) {
    if inner != nil {
      inner?.append(step)
    } else if current < 0 {
      payload.append(step)
    } else {
      blocks[current].steps.append(step)
    }
  }

  private mutating func flow(_ match: FlowMatch) {
    rule.flow.formUnion(CompiledRule.FlowConditions(match))
    if match.contains(.toServer) { rule.directions = 1 }
    if match.contains(.toClient) { rule.directions = 2 }
    if match.contains(.onlyStream) { isStreamOnly = true }
    if match.contains(.noStream) { isPacketOnly = true }
  }

  // MARK: Buffers.

  private mutating func select(_ selection: BufferSelection, _ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    if selection.name == "base64_data" {
      guard decode != nil else { throw RuleRefusal(.contradiction, "'base64_data' needs a 'base64_decode' before it") }
      (inner, innerOwner) = ([], current)
      return
    }
    try endInner(&tables)
    guard selection.name != BufferSelection.payload else {
      guard selection.transforms.isEmpty else {
        throw RuleRefusal(.unsupportedKeyword, "transforms of the payload are not applied yet")
      }
      current = -1
      return
    }
    if let header = HeaderBuffer(name: selection.name) {
      return choose(Block(selection: selection, buffer: header.rawValue, isHeader: true, isMulti: false))
    }
    guard let buffer = AppBuffer(name: selection.name) else {
      throw RuleRefusal(.unsupportedKeyword, "the buffer '\(selection.name)' is not inspected yet")
    }
    let entry = buffer.entry
    if entry.protocols.count == 1 { try require(entry.protocols[0]) }
    choose(Block(selection: selection, buffer: buffer.rawValue, isHeader: false, isMulti: entry.isMulti))
  }

  /// The same buffer named twice is one buffer, unless a transaction has several of it.
  private mutating func choose(_ block: Block) {
    if !block.isMulti, let known = blocks.firstIndex(where: { $0.selection == block.selection }) {
      current = known
      return
    }
    blocks.append(block)
    current = blocks.count - 1
  }

  /// Completes the decoded part: its steps go into the table, and a step that runs them into its owner.
  mutating func endInner(_ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    guard let match = decode else { return }
    let start = tables.steps.count
    tables.steps += inner ?? []
    let step = MatchStep.base64(
      Base64Step(
        bytes: match.bytes.map(Int64.init) ?? .max, offset: Int64(match.offset), isRelative: match.isRelative,
        inner: Part(start..<tables.steps.count)))
    let owner = inner == nil ? current : innerOwner
    if owner < 0 { payload.append(step) } else { blocks[owner].steps.append(step) }
    (decode, inner) = (nil, nil)
  }
}
