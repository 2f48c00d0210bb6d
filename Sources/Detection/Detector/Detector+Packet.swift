internal import AppLayer
internal import Decode
internal import Flow
internal import Wire

/// Rules about packets: addresses, events, headers, payload.
extension Detector {
  private var transportPlace: Int {
    switch packet.transport {
    case .tcp: 0
    case .udp: 2
    case .icmp, .icmpv6: 4
    default: 6
    }
  }

  /// Address-only rules: once per direction of a flow; each packet that has none.
  func inspectAddresses() {
    guard packet.ipVersion != 0, !packet.isInvalid else { return }
    if let flow {
      let bit: UInt8 = flow.direction == .toServer ? 1 : 2
      let isDone = flows.with(flow.slot) { state in
        defer { state.addressesDone |= bit }
        return state.addressesDone & bit != 0
      }
      if isDone { return }
    }
    startRound()
    let index = groups.addresses
    noteAll(AddressIndex.find(packet.source, index.sourceStarts, index.sourceMembers))
    noteAll(AddressIndex.find(packet.destination, index.destinationStarts, index.destinationMembers))
    noteAll(index.always)
    guard !candidates.isEmpty else { return }
    sortCandidates()
    for candidate in candidates {
      let rule = tables.rules[Int(candidate)]
      if fits(rule) { matched(candidate, rule, [.packet, .flow]) }
    }
  }

  /// Rules for decode, stream and session events.
  func inspectEvents(_ bytes: RawSpan) {
    guard !packet.events.isEmpty || !streamEvents.isEmpty || !sessionEvents.isEmpty else { return }
    startRound()
    noteAll(groups.packetEvents)
    evaluatePackets(bytes)
  }

  func inspectPacket(_ bytes: RawSpan) {
    guard packet.ipVersion != 0, !packet.isInvalid else { return }
    startRound()
    let place = transportPlace + direction.index
    noteAll(groups.packets[place])
    if packet.tcpFlags & 2 != 0, packet.transport == .tcp { noteAll(groups.synPackets[place]) }
    if packet.payloadLength > 0, !packet.isFragment { scanPayload(bytes) }
    evaluatePackets(bytes)
  }

  private func scanPayload(_ bytes: RawSpan) {
    let payload = bytes.clamped(packet.payloadOffset, packet.payloadOffset + packet.payloadLength)
    unsafe payload.withUnsafeBytes { raw in
      let view = unsafe ByteView(raw)
      switch packet.transport {
      case .tcp:
        if isEncrypted { return }
        scan(.tcpPacketHead, view)
        scan(.tcpPacket, view)
      case .udp: scan(.udp, view)
      case .icmp, .icmpv6: scan(.icmp, view)
      default: scan(.other, view)
      }
    }
  }

  /// TLS behind its handshake: nothing that a payload rule could read.
  private var isEncrypted: Bool {
    guard let flow, flow.appProtocol == AppProtocol.tls.rawValue else { return false }
    let state = flows.state(flow.slot)
    return state.window.0.isOff && state.window.1.isOff
  }

  private func scan(_ family: PayloadFamily, _ bytes: ByteView) {
    guard let map = groups.ports[family.rawValue * 2 + direction.index] else { return }
    let isToServer = direction == .toServer
    let server = isToServer ? packet.destinationPort : packet.sourcePort
    let client = isToServer ? packet.sourcePort : packet.destinationPort
    scan(Int32(map.byPort[Int(server)]), bytes)
    if map.odd >= 0, map.isOdd(client) { scan(map.odd, bytes) }
  }

  private func evaluatePackets(_ bytes: RawSpan) {
    guard !candidates.isEmpty else { return }
    sortCandidates()
    counters.candidates += UInt64(candidates.count)
    unsafe bytes.withUnsafeBytes { raw in
      let all = unsafe ByteView(raw)
      for candidate in candidates {
        let rule = tables.rules[Int(candidate)]
        guard fits(rule), rule.payload.isEmpty || payloadMatches(rule, all), headersMatch(rule, all) else { continue }
        matched(candidate, rule, .packet)
      }
    }
  }

  private func payloadMatches(_ rule: CompiledRule, _ all: ByteView) -> Bool {
    inspector.matches(
      rule.payload, part(all, packet.payloadOffset, packet.payloadLength), triesAll: rule.payloadTriesAll)
  }

  private func part(_ all: ByteView, _ offset: Int, _ length: Int) -> ByteView {
    let start = min(max(0, offset), all.count)
    return all.dropFirst(start).prefix(max(0, length))
  }

  // MARK: Header buffers.

  func headersMatch(_ rule: CompiledRule, _ all: ByteView) -> Bool {
    for index in rule.headerBlocks.indices where !headerMatches(tables.blocks[index], all) { return false }
    return true
  }

  private func headerMatches(_ block: BufferBlock, _ all: ByteView) -> Bool {
    guard let kind = HeaderBuffer(rawValue: block.buffer), let view = header(kind, all) else { return false }
    guard block.transforms >= 0 else {
      return inspector.matches(block.steps, view, triesAll: block.triesAll)
    }
    return unsafe transforms.withTransformed(block.transforms, view.raw) { changed in
      unsafe changed.map { unsafe inspector.matches(block.steps, ByteView($0), triesAll: block.triesAll) } ?? false
    }
  }

  private func header(_ kind: HeaderBuffer, _ all: ByteView) -> ByteView? {
    let ip = packet.ipOffset >= 0 ? part(all, packet.ipOffset, packet.ipHeaderLength) : nil
    let transport = packet.transportOffset >= 0 ? part(all, packet.transportOffset, packet.transportHeaderLength) : nil
    switch kind {
    case .ipv4: return packet.ipVersion == 4 ? ip : nil
    case .ipv6: return packet.ipVersion == 6 ? ip : nil
    case .tcp: return packet.transport == .tcp ? transport : nil
    case .udp: return packet.transport == .udp ? transport : nil
    case .icmpv4: return packet.transport == .icmp ? transport : nil
    case .icmpv6: return packet.transport == .icmpv6 ? transport : nil
    case .source, .destination:
      guard let ip else { return nil }
      let isSource = kind == .source
      return packet.ipVersion == 4 ? part(ip, isSource ? 12 : 16, 4) : part(ip, isSource ? 8 : 24, 16)
    }
  }
}
