internal import AppLayer
internal import PatternMatching
internal import RuleLanguage
internal import Wire

extension RuleTranslation {
  /// The kind of rule, what it needs, and its parts into the tables.
  mutating func finish(_ tables: inout RuleTablesDraft, _ facts: RuleFacts) throws(RuleRefusal) -> RuleDraft {
    let ends = try resolveEnds(&tables)
    try chooseKind(ends)
    rule.payloadTriesAll = content.usesVariables
    let start = tables.steps.count
    tables.steps += payload
    rule.payload = Part(start..<tables.steps.count)
    rule.headerBlocks = try place(blocks.filter(\.isHeader), &tables)
    let application = blocks.filter { !$0.isHeader }
    rule.blocks = try place(application, &tables)
    rule.tests = part(&tables.tests, tests)
    rule.transactionTests = part(&tables.transactionTests, transactionTests)
    rule.checks = part(&tables.states, checks)
    rule.changes = part(&tables.states, changes)
    rule.limits = part(&tables.limits, limits)
    var draft = RuleDraft(
      rule: rule, source: source, sourcePorts: ends.sourcePorts, destinationPorts: ends.destinationPorts,
      sourceAddresses: ends.source, destinationAddresses: ends.destination, facts: facts)
    draft.literals = payloadLiterals.map { LiteralChoice(block: -1, content: $0) }
    for (index, block) in application.enumerated() where block.absence == .refuses {
      draft.literals += block.literals.map { LiteralChoice(block: index, content: $0) }
    }
    draft.events = events
    draft.stateOrder = RuleDraft.stateRank(source)
    return draft
  }

  struct Ends {
    var source: AddressSet
    var destination: AddressSet
    var sourcePorts: PortSet
    var destinationPorts: PortSet
    var isAnyPort: Bool { sourcePorts.isAny && destinationPorts.isAny }
  }

  private mutating func resolveEnds(_ tables: inout RuleTablesDraft) throws(RuleRefusal) -> Ends {
    do throws(RuleVariables.Problem) {
      let ends = Ends(
        source: try variables.addresses(of: source.source),
        destination: try variables.addresses(of: source.destination),
        sourcePorts: try variables.ports(of: source.sourcePorts),
        destinationPorts: try variables.ports(of: source.destinationPorts))
      rule.source = tables.addresses.add(ends.source)
      rule.destination = tables.addresses.add(ends.destination)
      rule.sourcePorts = tables.ports.add(ends.sourcePorts)
      rule.destinationPorts = tables.ports.add(ends.destinationPorts)
      return ends
    } catch {
      throw RuleRefusal(.undefinedVariable, error.sentence)
    }
  }

  private func part<T>(_ table: inout [T], _ elements: [T]) -> Part {
    let start = table.count
    table += elements
    return Part(start..<table.count)
  }

  private func place(_ blocks: [Block], _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> Part {
    var placed: [BufferBlock] = []
    for block in blocks {
      let chain = try TransformTranslation.chain(block.selection.transforms, &tables)
      let steps = part(&tables.steps, block.steps)
      placed.append(
        BufferBlock(
          buffer: block.buffer, isMulti: block.isMulti, absence: block.absence, triesAll: content.usesVariables,
          transforms: tables.chain(chain), steps: steps))
    }
    return part(&tables.blocks, placed)
  }

  private mutating func chooseKind(_ ends: Ends) throws(RuleRefusal) {
    let application = blocks.filter { !$0.isHeader }
    if !application.isEmpty || !transactionTests.isEmpty {
      rule.kind = .transaction
      try needs(application)
    } else if !payload.isEmpty {
      rule.kind = .stream
    } else {
      let isIPOnly =
        tests.isEmpty && blocks.isEmpty && events.isEmpty && rule.flow.isEmpty && ends.isAnyPort
        && rule.appProtocol == 0 && !checks.contains { !$0.isChange } && !rule.isBidirectional
        && !(rule.source < 0 && rule.destination < 0 && source.options.isEmpty && false)
      rule.kind = isIPOnly ? .ipOnly : .packet
    }
    guard !payload.isEmpty else { return }
    let isTCP = rule.transports.contains(.tcp)
    rule.inspectsStream = isTCP && !isPacketOnly && !hasDsize
    rule.inspectsPacket = !isStreamOnly && (isPacketOnly || hasDsize || !isTCP || hasPlace || rule.transports != .tcp)
    if !rule.transports.isSuperset(of: .tcp) { rule.inspectsStream = false }
  }

  /// A content counted from the payload's start is looked for in each packet too.
  private var hasPlace: Bool {
    guard proto == .unknown else { return false }
    return payload.contains {
      guard case .content(let step) = $0 else { return false }
      return step.hasDepth || step.hasOffset || step.startsWith
    }
  }

  /// The directions where all buffers exist, and the progress where all of them are final.
  private mutating func needs(_ blocks: [Block]) throws(RuleRefusal) {
    for direction in Direction.allCases {
      var need: UInt8 = 0
      var isThere = true
      for block in blocks {
        guard let buffer = AppBuffer(rawValue: block.buffer), let final = buffer.entry.finalProgress(direction) else {
          isThere = false
          continue
        }
        need = max(need, final)
      }
      for test in transactionTests {
        if let final = test.finalProgress(direction) { need = max(need, final) } else { isThere = false }
      }
      if !isThere { rule.directions &= direction == .toServer ? 2 : 1 }
      if direction == .toServer { rule.needToServer = need } else { rule.needToClient = need }
    }
    guard rule.directions != 0 else {
      throw RuleRefusal(
        .contradiction, "the rule's buffers and its flow direction never meet in one direction of a transaction")
    }
  }
}

extension TransactionTest {
  /// The progress of a direction from which the condition can be told; nil: never in that direction.
  func finalProgress(_ direction: Direction) -> UInt8? {
    switch self {
    case .uriLength: direction == .toServer ? AppProgress.line : nil
    case .dnsOpcode, .dnsType: AppProgress.complete
    case .dnsRcode: AppProgress.complete
    case .event: 0
    case .tlsVersion: AppProgress.hello
    case .tlsState: AppProgress.hello
    case .tlsExpired, .tlsValid, .tlsNotBefore, .tlsNotAfter, .tlsChainLength:
      direction == .toClient ? AppProgress.certificate : nil
    }
  }
}

/// Transforms of rule language to those that are applied.
enum TransformTranslation {
  static func chain(_ transforms: [BufferTransform], _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> [Transform]
  {
    var chain: [Transform] = []
    for transform in transforms {
      switch transform.keyword {
      case "dotprefix": chain.append(.dotPrefix)
      case "strip_whitespace": chain.append(.stripWhitespace)
      case "compress_whitespace": chain.append(.compressWhitespace)
      case "to_lowercase": chain.append(.lowercase)
      case "to_uppercase": chain.append(.uppercase)
      case "url_decode": chain.append(.urlDecode)
      case "header_lowercase": chain.append(.headerLowercase)
      case "strip_pseudo_headers": break
      case "xor" where !transform.argument.isEmpty: chain.append(.xor(transform.argument))
      case "pcrexform": chain.append(try capture(transform.argument, &tables))
      case "from_base64": chain.append(try base64(transform.argument))
      default:
        throw RuleRefusal(.unsupportedKeyword, "the transform '\(transform.keyword)' is not applied yet")
      }
    }
    return chain
  }

  private static func capture(_ text: [UInt8], _ tables: inout RuleTablesDraft) throws(RuleRefusal) -> Transform {
    do {
      let index = try tables.expression(text, [])
      guard tables.expressions[Int(index)].captureCount >= 1 else {
        throw RuleRefusal(.badValue, "'pcrexform' needs a group that captures")
      }
      return .capture(index)
    } catch let refusal as RuleRefusal {
      throw refusal
    } catch {
      throw RuleRefusal(.badValue, "the expression cannot be compiled: \(error)")
    }
  }

  private static func base64(_ argument: [UInt8]) throws(RuleRefusal) -> Transform {
    var (bytes, offset) = (Int.max, 0)
    let text = String(decoding: argument, as: UTF8.self)
    for part in text.split(separator: ",") {
      let words = part.split(separator: " ")
      guard words.count == 2 else { continue }
      if words[0] == "bytes", let number = Int(words[1]), number > 0 { bytes = number }
      if words[0] == "offset", let number = Int(words[1]) { offset = number }
    }
    return .base64(bytes: bytes, offset: offset)
  }
}
