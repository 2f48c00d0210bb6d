internal import AppLayer
internal import PatternMatching
internal import RuleLanguage
internal import Wire

/// Rules that no payload literal wakes: packets, transactions, events, addresses.
extension GroupBuilder {
  mutating func packetLists(_ tests: [PacketTest]) -> (all: [Part], syn: [Part]) {
    var all: [Part] = []
    var syn: [Part] = []
    for transport in [CompiledRule.Transports.tcp, .udp, .icmp, .other] {
      for direction in Direction.allCases {
        var (some, onlySyn): ([Int32], [Int32]) = ([], [])
        for (index, draft) in drafts.enumerated()
        where draft.rule.kind == .packet && draft.events.isEmpty && draft.rule.transports.contains(transport)
          && draft.rule.directions & bit(direction) != 0
        {
          if transport == .tcp, asksSyn(draft.rule, tests) {
            onlySyn.append(Int32(index))
          } else {
            some.append(Int32(index))
          }
        }
        all.append(part(some))
        syn.append(part(onlySyn))
      }
    }
    return (all, syn)
  }

  private func asksSyn(_ rule: CompiledRule, _ tests: [PacketTest]) -> Bool {
    rule.tests.indices.contains {
      guard case .tcpFlags(let mode, let flags, _) = tests[$0] else { return false }
      return (mode == .exact || mode == .all) && flags & 2 != 0
    }
  }

  mutating func transactionLists(_ blocks: [BufferBlock], _ tests: [TransactionTest]) -> TransactionLists {
    var lists = TransactionLists()
    for proto in 0..<UInt8(GroupTables.protocols) {
      for direction in Direction.allCases {
        var waiting: [ScanKey: [Entry]] = [:]
        var always: [Int32] = []
        for (index, draft) in drafts.enumerated() where isTransaction(draft.rule, proto, direction, tests) {
          let own = draft.rule.blocks.indices.map { blocks[$0] }
          if let (block, entry) = blockEntry(index, own) {
            waiting[ScanKey(buffer: block.buffer, transforms: block.transforms), default: []].append(entry)
          } else {
            always.append(Int32(index))
          }
        }
        lists.buffers.append(scans(waiting, direction, &lists.scans))
        lists.always.append(part(always))
      }
      lists.events.append(
        part(
          drafts.indices.filter { isEvent(drafts[$0].rule, tests) && drafts[$0].rule.appProtocol == proto }.map(
            Int32.init)))
    }
    return lists
  }

  struct TransactionLists {
    var buffers: [Part] = []
    var scans: [BufferScan] = []
    var always: [Part] = []
    var events: [Part] = []
  }

  struct ScanKey: Hashable {
    var buffer: UInt8
    var transforms: Int32
  }

  private func isTransaction(_ rule: CompiledRule, _ proto: UInt8, _ direction: Direction, _ tests: [TransactionTest])
    -> Bool
  {
    guard rule.kind == .transaction, rule.directions & bit(direction) != 0, !isEvent(rule, tests) else { return false }
    return rule.appProtocol == proto || (rule.appProtocol == 0 && AppProtocol.known.contains { $0.rawValue == proto })
  }

  private func isEvent(_ rule: CompiledRule, _ tests: [TransactionTest]) -> Bool {
    rule.kind == .transaction
      && rule.transactionTests.indices.contains { if case .event = tests[$0] { true } else { false } }
  }

  private mutating func scans(_ waiting: [ScanKey: [Entry]], _ direction: Direction, _ scans: inout [BufferScan])
    -> Part
  {
    let start = scans.count
    for key in waiting.keys.sorted(by: { ($0.buffer, $0.transforms) < ($1.buffer, $1.transforms) }) {
      guard let buffer = AppBuffer(rawValue: key.buffer), let final = buffer.entry.finalProgress(direction) else {
        continue
      }
      scans.append(
        BufferScan(
          buffer: key.buffer, final: final, isMulti: buffer.entry.isMulti, transforms: key.transforms,
          group: group(waiting[key] ?? [])))
    }
    return Part(start..<scans.count)
  }

  // MARK: Addresses.

  mutating func addressIndex() -> AddressIndex {
    var sources: [(ranges: [ClosedRange<IPAddress>], rule: Int32)] = []
    var destinations: [(ranges: [ClosedRange<IPAddress>], rule: Int32)] = []
    var always: [Int32] = []
    for (index, draft) in drafts.enumerated() where draft.rule.kind == .ipOnly {
      let (source, destination) = (Self.share(draft.sourceAddresses), Self.share(draft.destinationAddresses))
      if min(source, destination) > 0.5 {
        always.append(Int32(index))
      } else if source <= destination {
        sources.append((draft.sourceAddresses.ranges, Int32(index)))
      } else {
        destinations.append((draft.destinationAddresses.ranges, Int32(index)))
      }
    }
    let (sourceStarts, sourceMembers) = sweep(sources)
    let (destinationStarts, destinationMembers) = sweep(destinations)
    return AddressIndex(
      sourceStarts: Table(sourceStarts), sourceMembers: Table(sourceMembers),
      destinationStarts: Table(destinationStarts),
      destinationMembers: Table(destinationMembers), always: part(always))
  }

  /// Which share of the IPv4 space a set takes; of IPv6's, when it has none of the other.
  static func share(_ set: AddressSet) -> Double {
    if set.isAny { return 1 }
    return set.ranges.reduce(0.0) { sum, range in
      range.lowerBound.isV6
        ? max(sum, (Double(range.upperBound.high) - Double(range.lowerBound.high)) / Double(UInt64.max))
        : sum + Double(range.upperBound.low - range.lowerBound.low) / 4_294_967_296.0
    }
  }

  /// Ranges of many rules to elementary intervals, each with its rules.
  private mutating func sweep(_ sets: [(ranges: [ClosedRange<IPAddress>], rule: Int32)]) -> (
    [AddressIndex.Start], [Part]
  ) {
    var edges: [(at: IPAddress, rule: Int32, opens: Bool)] = []
    for set in sets {
      for range in set.ranges {
        edges.append((range.lowerBound, set.rule, true))
        if let after = range.upperBound.successor { edges.append((after, set.rule, false)) }
      }
    }
    edges.sort { ($0.at, $0.opens ? 1 : 0) < ($1.at, $1.opens ? 1 : 0) }
    var starts: [AddressIndex.Start] = []
    var parts: [Part] = []
    var active: [Int32: Int] = [:]
    var index = 0
    while index < edges.count {
      let at = edges[index].at
      while index < edges.count, edges[index].at == at {
        active[edges[index].rule, default: 0] += edges[index].opens ? 1 : -1
        if active[edges[index].rule] == 0 { active[edges[index].rule] = nil }
        index += 1
      }
      starts.append(AddressIndex.Start(address: at))
      parts.append(active.isEmpty ? Part() : part(active.keys.sorted()))
    }
    return (starts, parts)
  }
}

extension IPAddress {
  /// The next address; nil after the last of its family.
  var successor: IPAddress? {
    guard isV6 else { return low < 0xffff_ffff ? IPAddress(v4: UInt32(truncatingIfNeeded: low + 1)) : nil }
    if low < .max { return IPAddress(high: high, low: low + 1) }
    return high < .max ? IPAddress(high: high + 1, low: 0) : nil
  }
}
