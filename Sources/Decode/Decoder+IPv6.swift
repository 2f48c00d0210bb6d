internal import Wire

/// IPv6: header and the chain of extension headers; then what its last "next header" announces.
extension Decoder {
  @inline(never)
  mutating func ipv6(_ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body) {
    counters.ipv6 &+= 1
    guard enterLayer(&packet) else { return }
    guard let header = IPv6View(bytes.clamped(at, end)) else {
      return refuse(end &- at < 40 ? .ipv6PacketTooSmall : .ipv6WrongVersion, &packet)
    }
    let next = IPv6Extension(rawValue: header.nextHeader)
    let isJumbogram = header.payloadLength == 0 && next == .hopByHop
    let last = isJumbogram ? end : at &+ 40 &+ header.payloadLength
    guard last <= end else { return refuse(.ipv6Truncated, &packet) }
    packet.ipVersion = 6
    packet.ipOffset = at
    packet.ipTotalLength = last &- at
    packet.typeOfService = header.trafficClass
    packet.ttl = header.hopLimit
    packet.source = header.source
    packet.destination = header.destination
    var chain = ExtensionChain(next: next, namedAt: at &+ 6, offset: at &+ 40, end: last)
    let isWhole = extensions(&chain, bytes, &packet)
    packet.ipHeaderLength = chain.offset &- at
    packet.transport = TransportProtocol(rawValue: chain.next.rawValue)
    packet.payloadOffset = chain.offset
    packet.payloadLength = last &- chain.offset
    guard isWhole, !packet.isFragment else { return }
    transport(bytes, chain.offset, last, &packet, body)
    if chain.hasFragment, packet.isInvalid, packet.transportOffset < 0 {
      // RFC 7112: whoever sends a fragment header sends the whole chain of headers with it.
      note(.ipv6ExtensionTruncated, &packet)
    }
  }

  /// Where the walk along the extension headers stands.
  struct ExtensionChain {
    var next: IPv6Extension
    /// Where the byte lies that names `next`.
    var namedAt: Int
    var offset: Int
    let end: Int
    var hasHopByHop = false
    var hasRouting = false
    var hasFragment = false
    var hasAuthentication = false
    var destinationHeaders = 0
  }

  /// False when a header is broken. Every step moves forward by eight bytes or more.
  private mutating func extensions(
    _ chain: inout ExtensionChain, _ bytes: RawSpan, _ packet: inout DecodedPacket
  ) -> Bool {
    while true {
      switch chain.next {
      case .hopByHop, .destination, .routing, .mobility, .hostIdentity, .shim6:
        guard common(&chain, bytes, &packet) else { return false }
      case .fragment:
        guard fragment(&chain, bytes, &packet) else { return false }
        if packet.isFragment { return true }
      case .authentication:
        guard authentication(&chain, bytes, &packet) else { return false }
      case .none:
        if chain.offset < chain.end { note(.ipv6DataAfterNoneHeader, &packet) }
        return true
      default: return true
      }
    }
  }

  private mutating func common(
    _ chain: inout ExtensionChain, _ bytes: RawSpan, _ packet: inout DecodedPacket
  ) -> Bool {
    guard let header = IPv6ExtensionView(bytes.clamped(chain.offset, chain.end)) else {
      refuse(.ipv6ExtensionTruncated, &packet)
      return false
    }
    switch chain.next {
    case .hopByHop:
      if chain.hasHopByHop { note(.ipv6DuplicateHopByHopHeader, &packet) }
      chain.hasHopByHop = true
      options(header.content, isHopByHop: true, &packet)
    case .destination:
      // One before a routing header and one before the payload: RFC 8200 section 4.1.
      chain.destinationHeaders &+= 1
      if chain.destinationHeaders > 2 { note(.ipv6DuplicateDestinationHeader, &packet) }
      options(header.content, isHopByHop: false, &packet)
    case .routing:
      if chain.hasRouting { note(.ipv6DuplicateRoutingHeader, &packet) }
      chain.hasRouting = true
      if header.routingType == 0 { note(.ipv6RoutingType0, &packet) }
    default: break
    }
    chain.namedAt = chain.offset
    chain.next = IPv6Extension(rawValue: header.nextHeader)
    chain.offset &+= header.headerLength
    return true
  }

  private mutating func fragment(
    _ chain: inout ExtensionChain, _ bytes: RawSpan, _ packet: inout DecodedPacket
  ) -> Bool {
    guard let header = IPv6FragmentView(bytes.clamped(chain.offset, chain.end)) else {
      refuse(.ipv6ExtensionTruncated, &packet)
      return false
    }
    if chain.hasFragment { note(.ipv6DuplicateFragmentHeader, &packet) }
    if header.reserved != 0 { note(.ipv6FragmentReservedNotZero, &packet) }
    if header.isAtomic { note(.ipv6UselessFragmentHeader, &packet) }
    chain.hasFragment = true
    packet.ipID = header.identification
    packet.fragmentHeaderOffset = chain.offset
    packet.fragmentHeaderNamedAt = chain.namedAt
    packet.fragmentOffset = header.offset
    packet.moreFragments = header.moreFragments
    packet.isFragment = !header.isAtomic
    chain.namedAt = chain.offset
    chain.next = IPv6Extension(rawValue: header.nextHeader)
    chain.offset &+= 8
    if header.moreFragments, (chain.end &- chain.offset) & 7 != 0 {
      // RFC 8200 section 4.5: such a fragment is discarded.
      refuse(.ipv6FragmentInvalidLength, &packet)
      return false
    }
    return true
  }

  private mutating func authentication(
    _ chain: inout ExtensionChain, _ bytes: RawSpan, _ packet: inout DecodedPacket
  ) -> Bool {
    guard let header = AuthenticationHeaderView(bytes.clamped(chain.offset, chain.end)) else {
      refuse(.ipv6ExtensionTruncated, &packet)
      return false
    }
    if chain.hasAuthentication { note(.ipv6DuplicateAuthenticationHeader, &packet) }
    if header.reserved != 0 { note(.ipv6AuthenticationReservedNotZero, &packet) }
    chain.hasAuthentication = true
    chain.namedAt = chain.offset
    chain.next = IPv6Extension(rawValue: header.nextHeader)
    chain.offset &+= header.headerLength
    return true
  }

  /// The options of a hop-by-hop or destination header: RFC 8200 section 4.2. Pad1 alone has no length.
  private mutating func options(_ list: RawSpan, isHopByHop: Bool, _ packet: inout DecodedPacket) {
    var offset = 0
    var paddingOnly = true
    while offset < list.byteCount {
      let type = list.byte(offset)
      if type == 0 {
        offset &+= 1
        continue
      }
      let length = offset &+ 1 < list.byteCount ? Int(list.byte(offset &+ 1)) : .max
      guard length <= list.byteCount &- offset &- 2 else { return note(.ipv6ExtensionInvalidOptionLength, &packet) }
      if type != 1 { paddingOnly = false }
      if let event = optionFault(type, length, isHopByHop: isHopByHop) { note(event, &packet) }
      offset &+= 2 &+ length
    }
    if paddingOnly { note(isHopByHop ? .ipv6HopByHopOnlyPadding : .ipv6DestinationOnlyPadding, &packet) }
  }

  /// Types are those of IANA's "Destination Options and Hop-by-Hop Options".
  private func optionFault(_ type: UInt8, _ length: Int, isHopByHop: Bool) -> DecodeEvent? {
    switch type {
    case 1: length == 0 ? .ipv6ZeroLengthPadN : nil
    case 0x05: length == 2 ? nil : .ipv6ExtensionInvalidOptionLength
    case 0xc2: length == 4 ? nil : .ipv6ExtensionInvalidOptionLength
    case 0xc9: length == 16 ? nil : .ipv6ExtensionInvalidOptionLength
    case 0x04, 0x07, 0x08, 0x0f, 0x11, 0x12, 0x1e, 0x23, 0x26, 0x30, 0x31, 0x63, 0x6d, 0x8b, 0x8c, 0xee: nil
    default: isHopByHop ? .ipv6HopByHopUnknownOption : .ipv6DestinationUnknownOption
    }
  }
}
