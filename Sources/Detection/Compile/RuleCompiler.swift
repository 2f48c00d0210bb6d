internal import AppLayer
package import PatternMatching
internal import Records
package import RuleLanguage
internal import Wire

/// What compiling came to.
package struct Compilation: Sendable {
  package var rules: CompiledRules
  /// Rules left out, each with its reason.
  package var diagnostics: [RuleDiagnostic]
  /// Literal sets that had to be compiled (0: all came from the cache).
  package var compiledSets: Int
}

/// Validated rules to `CompiledRules`. Cost: some 4 CPU s for 25,000 rules cold, under one with a cache.
package struct RuleCompiler: Sendable {
  package var variables: RuleVariables
  package var classification = Classification()
  /// The lines of `threshold.config`.
  package var limits: [ThresholdEntry] = []
  /// Where compiled literal sets are kept between runs; nil: nowhere.
  package var cacheFolder: String?
  /// For diagnostics.
  package var file = "rules"

  package init(variables: RuleVariables) { self.variables = variables }

  /// Throws only when Hyperscan itself fails; a rule that cannot be inspected is a diagnostic.
  package func compile(_ rules: [Rule]) throws(PatternError) -> Compilation {
    var tables = RuleTablesDraft()
    var diagnostics: [RuleDiagnostic] = []
    var drafts: [RuleDraft] = []
    for (order, rule) in rules.enumerated() {
      var translation = RuleTranslation(rule, variables)
      do throws(RuleRefusal) {
        try addLimits(&translation, &tables)
        var draft = try translation.draft(&tables, facts: RuleFacts(rule, classification))
        draft.order = order
        drafts.append(draft)
      } catch {
        diagnostics.append(error.diagnostic(for: rule, file: file))
      }
    }
    drafts.sort(by: RuleCompiler.isBefore)
    tables.rules = drafts.map(\.rule)
    let (groups, compiled) = try self.groups(drafts, tables)
    let compiledRules = CompiledRules(facts: drafts.map(\.facts), tables: tables.frozen(), groups: groups)
    return Compilation(rules: compiledRules, diagnostics: diagnostics, compiledSets: compiled)
  }

  /// Pass before drop before reject before alert; setters of bits before those that ask; then priority, then files.
  private static func isBefore(_ a: RuleDraft, _ b: RuleDraft) -> Bool {
    let left = (a.rule.action.rawValue, a.stateOrder, a.facts.severity, a.order)
    let right = (b.rule.action.rawValue, b.stateOrder, b.facts.severity, b.order)
    return left < right
  }

  private func groups(_ drafts: [RuleDraft], _ tables: RuleTablesDraft) throws(PatternError) -> (GroupTables, Int) {
    var builder = GroupBuilder(drafts)
    var ports: [PortMap?] = []
    for family in PayloadFamily.allCases {
      for direction in Direction.allCases { ports.append(builder.portMap(family, direction)) }
    }
    var streams: [Int32] = []
    for proto in 0..<UInt8(GroupTables.protocols) {
      for direction in Direction.allCases {
        streams.append(proto < 2 ? -1 : builder.protocolStream(proto, direction))
      }
    }
    let packets = builder.packetLists(tables.tests)
    let transactions = builder.transactionLists(tables.blocks, tables.transactionTests)
    let events = builder.part(
      drafts.indices.filter { drafts[$0].rule.kind == .packet && !drafts[$0].events.isEmpty }.map(Int32.init))
    let addresses = builder.addressIndex()
    let (sets, compiled) = try literalSets(builder.literalSets)
    let groups = GroupTables(
      groups: Table(builder.groups), literalMembers: Table(builder.literalMembers), members: Table(builder.members),
      sets: sets, ports: ports, protocolStreams: Table(streams), packets: Table(packets.all),
      synPackets: Table(packets.syn), buffers: Table(transactions.buffers), scans: Table(transactions.scans),
      transactions: Table(transactions.always), transactionEvents: Table(transactions.events), packetEvents: events,
      addresses: addresses)
    return (groups, compiled)
  }

  private func literalSets(_ literals: [[Literal]]) throws(PatternError) -> ([LiteralSet], Int) {
    guard let cacheFolder, !literals.isEmpty else { return (try LiteralCache.compile(literals), literals.count) }
    return try LiteralCache(folder: cacheFolder).sets(for: literals)
  }

  /// What `threshold.config` says of this rule.
  private func addLimits(_ translation: inout RuleTranslation, _ tables: inout RuleTablesDraft) throws(RuleRefusal) {
    for entry in limits {
      switch entry {
      case .suppress(let gid, let sid, let track, let addresses) where applies(gid, sid, translation.source):
        var step = LimitStep(kind: .suppress, track: .rule)
        if let track, let addresses {
          step.suppressed = track
          do { step.addresses = tables.addresses.add(try variables.addresses(of: addresses)) } catch {
            throw RuleRefusal(.undefinedVariable, error.sentence)
          }
        }
        translation.limits.append(step)
      case .threshold(let gid, let sid, let option) where applies(gid, sid, translation.source):
        translation.limit(.threshold(option))
      case .rateFilter(let gid, let sid, let filter) where applies(gid, sid, translation.source):
        var step = LimitStep(
          kind: .rate, track: filter.track, count: filter.count, seconds: filter.seconds, extra: filter.timeout)
        step.action =
          switch filter.action {
          case .alert: .alert
          case .pass: .pass
          case .drop: .drop
          case .reject, .rejectSource, .rejectDestination, .rejectBoth: .reject
          }
        translation.limits.append(step)
      default: break
      }
    }
  }

  private func applies(_ gid: UInt32, _ sid: UInt32, _ rule: Rule) -> Bool {
    (gid == 0 || gid == rule.gid) && (sid == 0 || sid == rule.sid)
  }
}
