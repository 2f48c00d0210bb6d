internal import AppLayer
internal import RuleLanguage
internal import Wire

/// Groups of payload rules by family, direction and port.
extension GroupBuilder {
  /// Ports of a family and direction with rules of their own get at most so many groups; the others share one.
  static let ownGroups = 3
  /// A port set of more ports counts as any port.
  static let narrowPorts = 1_024

  func isIn(_ family: PayloadFamily, _ rule: CompiledRule) -> Bool {
    guard rule.kind == .stream else { return false }
    switch family {
    case .tcpStream: return rule.inspectsStream
    case .tcpPacketHead, .tcpPacket:
      return rule.inspectsPacket && rule.transports.contains(.tcp) && !onlyStreamOfIP(rule)
    case .udp: return rule.inspectsPacket && rule.transports.contains(.udp)
    case .icmp: return rule.inspectsPacket && rule.transports.contains(.icmp)
    case .other: return rule.inspectsPacket && rule.transports.contains(.other)
    }
  }

  /// A rule for all of IP looks at TCP through the stream.
  private func onlyStreamOfIP(_ rule: CompiledRule) -> Bool { rule.transports != .tcp && rule.inspectsStream }

  mutating func portMap(_ family: PayloadFamily, _ direction: Direction) -> PortMap? {
    var anywhere: [Entry] = []
    var byPort: [UInt16: [Entry]] = [:]
    var odd: [(ports: PortSet, entry: Entry)] = []
    for (index, draft) in drafts.enumerated()
    where isIn(family, draft.rule) && draft.rule.directions & bit(direction) != 0 {
      if family == .tcpStream, draft.rule.appProtocol != 0 { continue }
      guard let entry = entry(index, family) else { continue }
      place(draft, entry, direction, &anywhere, &byPort, &odd)
    }
    if anywhere.isEmpty, byPort.isEmpty, odd.isEmpty { return nil }
    let oddGroup = group(odd.map(\.entry))
    var bits = [UInt64](repeating: 0, count: 1_024)
    for (ports, _) in odd {
      for range in ports.ranges { for port in range { bits[Int(port >> 6)] |= 1 << UInt64(port & 63) } }
    }
    return PortMap(byPort: Table(table(anywhere, byPort)), odd: oddGroup, oddPorts: Table(bits))
  }

  func bit(_ direction: Direction) -> UInt8 { direction == .toServer ? 1 : 2 }

  /// Nil where the rule belongs to the sibling family of TCP packets.
  private func entry(_ rule: Int, _ family: PayloadFamily) -> Entry? {
    let entry = payloadEntry(rule, head: family == .tcpPacketHead || family == .tcpPacket)
    let isHead = !entry.literal.isEmpty && entry.end <= Int32(PayloadFamily.headLength)
    switch family {
    case .tcpPacketHead: return isHead ? entry : nil
    case .tcpPacket: return isHead ? nil : entry
    default: return entry
    }
  }

  private func place(
    _ draft: RuleDraft, _ entry: Entry, _ direction: Direction, _ anywhere: inout [Entry],
    _ byPort: inout [UInt16: [Entry]], _ odd: inout [(ports: PortSet, entry: Entry)]
  ) {
    let server = direction == .toServer ? draft.destinationPorts : draft.sourcePorts
    let client = direction == .toServer ? draft.sourcePorts : draft.destinationPorts
    if draft.rule.isBidirectional {
      anywhere.append(entry)
    } else if isNarrow(server) {
      for range in server.ranges { for port in range { byPort[port, default: []].append(entry) } }
    } else if isNarrow(client) {
      odd.append((client, entry))
    } else {
      anywhere.append(entry)
    }
  }

  private func isNarrow(_ ports: PortSet) -> Bool {
    !ports.isAny && ports.ranges.reduce(0) { $0 + $1.count } <= GroupBuilder.narrowPorts
  }

  /// The group of each port.
  private mutating func table(_ anywhere: [Entry], _ byPort: [UInt16: [Entry]]) -> [Int16] {
    var weights: [[Entry]: Int] = [:]
    for entries in byPort.values { weights[entries] = entries.count }
    let own = weights.keys.sorted { ($0.count, $1.first?.rule ?? 0) > ($1.count, $0.first?.rule ?? 0) }.prefix(
      GroupBuilder.ownGroups)
    var numbers: [[Entry]: Int32] = [:]
    for entries in own { numbers[entries] = group(merged(anywhere, entries)) }
    let rest = weights.keys.filter { numbers[$0] == nil }.flatMap { $0 }
    let shared = rest.isEmpty ? -1 : group(merged(anywhere, Array(Set(rest))))
    let plain = group(anywhere)
    var table = [Int16](repeating: Int16(truncatingIfNeeded: plain), count: 65_536)
    for (port, entries) in byPort { table[Int(port)] = Int16(truncatingIfNeeded: numbers[entries] ?? shared) }
    return table
  }

  func merged(_ one: [Entry], _ other: [Entry]) -> [Entry] { (one + other).sorted { $0.rule < $1.rule } }

  /// Flows of a protocol with stream rules of its own scan one group: those rules and all of TCP's.
  mutating func protocolStream(_ proto: UInt8, _ direction: Direction) -> Int32 {
    var own = false
    var entries: [Entry] = []
    for (index, draft) in drafts.enumerated()
    where draft.rule.kind == .stream && draft.rule.inspectsStream && draft.rule.directions & bit(direction) != 0 {
      guard draft.rule.appProtocol == 0 || draft.rule.appProtocol == proto else { continue }
      if draft.rule.appProtocol == proto { own = true }
      entries.append(payloadEntry(index, head: false))
    }
    return own ? group(entries) : -1
  }
}
