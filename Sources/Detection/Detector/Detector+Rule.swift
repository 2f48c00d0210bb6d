internal import AppLayer
internal import Decode
internal import Flow
internal import RuleLanguage
internal import Wire

/// One rule against the packet at hand: everything but its payload and buffers.
extension Detector {
  /// Header, flow and packet conditions, bits asked for. Cheap tests first.
  func fits(_ rule: CompiledRule) -> Bool {
    guard fitsProtocol(rule), fitsFlow(rule) else { return false }
    guard fitsEnds(rule) else { return false }
    for index in rule.tests.indices where !holds(tables.tests[index]) { return false }
    for index in rule.checks.indices where !holds(tables.states[index]) { return false }
    return true
  }

  private func fitsProtocol(_ rule: CompiledRule) -> Bool {
    guard rule.transports.contains(transport) else { return false }
    if rule.versions != 3 {
      guard packet.ipVersion == 4 ? rule.versions == 1 : packet.ipVersion == 6 && rule.versions == 2 else {
        return false
      }
    }
    guard rule.appProtocol != 0 else { return true }
    return flow.map { $0.appProtocol == rule.appProtocol } ?? false
  }

  var transport: CompiledRule.Transports {
    switch packet.transport {
    case .tcp: .tcp
    case .udp: .udp
    case .icmp, .icmpv6: .icmp
    default: .other
    }
  }

  private func fitsFlow(_ rule: CompiledRule) -> Bool {
    let wanted = rule.flow
    if rule.directions != 3 {
      guard let flow, rule.directions & (flow.direction == .toServer ? 1 : 2) != 0 else { return false }
    }
    guard !wanted.isEmpty else { return true }
    if wanted.contains(.established) { guard flow?.isEstablished == true else { return false } }
    if wanted.contains(.notEstablished) { guard flow?.isEstablished == false else { return false } }
    if wanted.contains(.onlyFrag) { guard packet.origin == .defragmented else { return false } }
    if wanted.contains(.noFrag) { guard packet.origin != .defragmented else { return false } }
    return true
  }

  private func fitsEnds(_ rule: CompiledRule) -> Bool {
    let ports = rule.sourcePorts >= 0 || rule.destinationPorts >= 0
    if ports, packet.transport != .tcp && packet.transport != .udp && packet.transport != .sctp { return false }
    if ends(rule, packet.source, packet.sourcePort, packet.destination, packet.destinationPort) { return true }
    return rule.isBidirectional
      && ends(rule, packet.destination, packet.destinationPort, packet.source, packet.sourcePort)
  }

  @inline(__always) private func ends(
    _ rule: CompiledRule, _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ destinationPort: UInt16
  ) -> Bool {
    tables.ports.contains(rule.destinationPorts, destinationPort) && tables.ports.contains(rule.sourcePorts, sourcePort)
      && tables.addresses.contains(rule.source, source) && tables.addresses.contains(rule.destination, destination)
  }

  // MARK: Packet conditions.

  private func holds(_ test: PacketTest) -> Bool {
    switch test {
    case .number(let field, let test): return value(of: field).map(test.matches) ?? false
    case .tcpFlags(let mode, let flags, let ignored):
      guard packet.transport == .tcp, packet.transportOffset >= 0 else { return false }
      return Detector.bits(packet.tcpFlags & ~ignored, mode, flags)
    case .fragmentBits(let mode, let bits):
      guard packet.ipVersion == 4 else { return false }
      let set: UInt8 = (packet.moreFragments ? 1 : 0) | (packet.dontFragment ? 2 : 0) | (packet.reservedIPBit ? 4 : 0)
      return Detector.bits(set, mode, bits)
    case .ipOption(let mask): return packet.ipOptions.rawValue & mask != 0
    case .ipProtocol(let comparison, let number): return ipProtocol(comparison, number)
    case .sameAddress: return packet.ipVersion != 0 && packet.source == packet.destination
    case .streamSize(let side, let test): return streamSize(side, test)
    case .appProtocol(let raw, let mode, let isNegated): return appProtocol(raw, mode) != isNegated
    case .decodeEvent(let raw): return DecodeEvent(rawValue: raw).map { packet.events.contains($0) } ?? false
    case .streamEvent(let raw): return StreamEvent(rawValue: raw).map { streamEvents.contains($0) } ?? false
    case .sessionEvent(let raw): return AppEvent(rawValue: raw).map { sessionEvents.contains($0) } ?? false
    case .checksum(let field, let isInvalid): return checksum(field, isInvalid)
    }
  }

  private static func bits(_ value: UInt8, _ mode: TCPFlagsMatch.Mode, _ wanted: UInt8) -> Bool {
    switch mode {
    case .exact: value == wanted
    case .all: value & wanted == wanted
    case .any: value & wanted != 0
    case .not: value & wanted != wanted
    }
  }

  private func ipProtocol(_ comparison: IPProtocolMatch.Operator, _ number: UInt8) -> Bool {
    guard packet.ipVersion != 0 else { return false }
    let value = packet.transport.rawValue
    return switch comparison {
    case .equal: value == number
    case .not: value != number
    case .less: value < number
    case .greater: value > number
    }
  }

  private func streamSize(_ side: StreamSizeMatch.Side, _ test: NumberTest) -> Bool {
    guard let flow, packet.transport == .tcp else { return false }
    let (client, server) = (test.matches(flow.streamToServer), test.matches(flow.streamToClient))
    return switch side {
    case .server: server
    case .client: client
    case .both: client && server
    case .either: client || server
    }
  }

  private func appProtocol(_ raw: UInt8, _ mode: AppLayerProtocolMatch.Mode) -> Bool {
    guard let flow else { return false }
    let own = flow.direction == .toServer ? flow.appProtocolToServer : flow.appProtocolToClient
    if raw == AppProtocol.failed.rawValue, flow.detectionFailed { return true }
    return switch mode {
    case .any, .final, .original: flow.appProtocol == raw
    case .direction: own == raw
    case .toServer: flow.appProtocolToServer == raw
    case .toClient: flow.appProtocolToClient == raw
    case .either: flow.appProtocolToServer == raw || flow.appProtocolToClient == raw
    }
  }

  private func checksum(_ field: PacketTest.ChecksumField, _ isInvalid: Bool) -> Bool {
    let wanted = isInvalid ? ChecksumState.invalid : .valid
    switch field {
    case .ip: return packet.ipVersion == 4 && packet.ipChecksum == wanted
    case .tcp4, .udp4, .icmp4: guard packet.ipVersion == 4 else { return false }
    case .tcp6, .udp6, .icmp6: guard packet.ipVersion == 6 else { return false }
    }
    let transport: TransportProtocol =
      switch field {
      case .tcp4, .tcp6: .tcp
      case .udp4, .udp6: .udp
      case .icmp4: .icmp
      case .icmp6, .ip: .icmpv6
      }
    return packet.transport == transport && packet.transportChecksum == wanted
  }

  private func value(of field: PacketField) -> UInt64? {
    let isTCP = packet.transport == .tcp && packet.transportOffset >= 0
    let isICMP = (packet.transport == .icmp || packet.transport == .icmpv6) && packet.transportOffset >= 0
    switch field {
    case .dsize: return packet.ipVersion == 0 || packet.transportOffset < 0 ? nil : UInt64(max(0, packet.payloadLength))
    case .ttl: return packet.ipVersion == 0 ? nil : UInt64(packet.ttl)
    case .tos: return packet.ipVersion == 4 ? UInt64(packet.typeOfService) : nil
    case .id: return packet.ipVersion == 4 ? UInt64(packet.ipID) : nil
    case .fragmentOffset: return packet.ipVersion == 0 ? nil : UInt64(packet.fragmentOffset / 8)
    case .itype: return isICMP ? UInt64(packet.icmpType) : nil
    case .icode: return isICMP ? UInt64(packet.icmpCode) : nil
    case .icmpID: return hasEcho ? UInt64(packet.icmpID) : nil
    case .icmpSequence: return hasEcho ? UInt64(packet.icmpSequence) : nil
    case .icmpMTU: return nil
    case .maximumSegmentSize:
      return isTCP && packet.tcpOptions.hasMaximumSegmentSize ? UInt64(packet.tcpOptions.maximumSegmentSize) : nil
    case .windowScale: return isTCP && packet.tcpOptions.hasWindowScale ? UInt64(packet.tcpOptions.windowScale) : nil
    case .sequence: return isTCP ? UInt64(packet.tcpSequence) : nil
    case .acknowledgement: return isTCP ? UInt64(packet.tcpAcknowledgement) : nil
    case .window: return isTCP ? UInt64(packet.tcpWindow) : nil
    case .vlanLayers: return UInt64(packet.vlanCount)
    case .flowAge: return flow?.age
    case .packetsToClient: return flow?.packetsToClient
    case .packetsToServer: return flow?.packetsToServer
    case .bytesToClient: return flow?.bytesToClient
    case .bytesToServer: return flow?.bytesToServer
    }
  }

  /// Messages that carry an identifier and a sequence number (RFC 792, RFC 4443).
  private var hasEcho: Bool {
    guard packet.transportOffset >= 0 else { return false }
    switch packet.transport {
    case .icmp: return [0, 8, 13, 14, 15, 16, 17, 18].contains(packet.icmpType)
    case .icmpv6: return packet.icmpType == 128 || packet.icmpType == 129
    default: return false
    }
  }
}
