internal import Wire

/// IPv4: header, options, checksum; then what its protocol field announces.
extension Decoder {
  /// - Parameter always: the transport where the header's protocol field means something else (RFC 1144).
  @inline(__always)
  mutating func ipv4(
    _ bytes: RawSpan, _ at: Int, _ end: Int, _ packet: inout DecodedPacket, _ body: Body,
    always: TransportProtocol? = nil
  ) {
    counters.ipv4 &+= 1
    guard enterLayer(&packet) else { return }
    guard let header = IPv4View(bytes.clamped(at, end)) else { return refuseIPv4(bytes.clamped(at, end), &packet) }
    let total = header.totalLength
    let headerLength = header.headerLength
    guard total >= headerLength else { return refuse(.ipv4LengthSmallerThanHeader, &packet) }
    guard at &+ total <= end else { return refuse(.ipv4Truncated, &packet) }
    packet.ipVersion = 4
    packet.ipOffset = at
    packet.ipHeaderLength = headerLength
    packet.ipTotalLength = total
    packet.typeOfService = header.typeOfService
    packet.ttl = header.ttl
    packet.ipID = UInt32(header.identification)
    packet.dontFragment = header.dontFragment
    packet.reservedIPBit = header.reservedBit
    packet.source = header.source
    packet.destination = header.destination
    packet.transport = always ?? header.transport
    packet.payloadOffset = at &+ headerLength
    packet.payloadLength = total &- headerLength
    if headerLength > 20, !ipv4Options(header.options, &packet) { return }
    if configuration.verifyChecksums {
      let isValid = header.isChecksumValid
      packet.ipChecksum = isValid ? .valid : .invalid
      if !isValid { counters.invalidChecksums &+= 1 }
    }
    if header.isFragment {
      packet.isFragment = true
      packet.moreFragments = header.moreFragments
      packet.fragmentOffset = header.fragmentOffset
      return
    }
    transport(bytes, at &+ headerLength, at &+ total, &packet, body)
  }

  /// Why the header's view could not be had.
  @inline(never)
  private mutating func refuseIPv4(_ header: RawSpan, _ packet: inout DecodedPacket) {
    guard header.byteCount >= 20 else { return refuse(.ipv4PacketTooSmall, &packet) }
    guard header.byte(0) &>> 4 == 4 else { return refuse(.ipv4WrongVersion, &packet) }
    guard header.byte(0) & 15 >= 5 else { return refuse(.ipv4HeaderTooSmall, &packet) }
    refuse(.ipv4Truncated, &packet)
  }

  /// False when the list is broken: a host would not take the packet either.
  @inline(never)
  private mutating func ipv4Options(_ list: RawSpan, _ packet: inout DecodedPacket) -> Bool {
    var walk = OptionWalk(list)
    while true {
      switch walk.next() {
      case .end(let marked):
        if marked { packet.ipOptions.insert(.endOfList) }
        return true
      case .padding: packet.ipOptions.insert(.noOperation)
      case .broken:
        refuse(.ipv4OptionInvalidLength, &packet)
        return false
      case .option(let type, let start, let end):
        guard let option = IPOptionSet(ipv4Type: type) else {
          packet.ipOptions.insert(.unknown)
          note(.ipv4OptionUnknown, &packet)
          continue
        }
        if packet.ipOptions.contains(option) { note(.ipv4OptionDuplicate, &packet) }
        packet.ipOptions.insert(option)
        if let event = option.fault(list, start, end) { note(event, &packet) }
      }
    }
  }
}

extension IPOptionSet {
  /// By the option's type byte (IANA "IP Option Numbers").
  init?(ipv4Type type: UInt8) {
    switch type {
    case 7: self = .recordRoute
    case 25: self = .quickStart
    case 68: self = .timestamp
    case 130: self = .security
    case 131: self = .looseSourceRoute
    case 133: self = .extendedSecurity
    case 134: self = .commercialSecurity
    case 136: self = .streamID
    case 137: self = .strictSourceRoute
    case 148: self = .routerAlert
    default: return nil
    }
  }

  /// What is wrong with one option whose value lies at `start..<end` (RFC 791 section 3.1, RFC 1108, RFC 2113).
  func fault(_ list: RawSpan, _ start: Int, _ end: Int) -> DecodeEvent? {
    let length = end - start + 2
    switch self {
    case .recordRoute, .looseSourceRoute, .strictSourceRoute:
      guard length >= 3 else { return .ipv4OptionInvalidLength }
      return isPointerSound(list.byte(start), minimum: 4, length: length) ? nil : .ipv4OptionMalformed
    case .timestamp:
      guard length >= 4 else { return .ipv4OptionInvalidLength }
      return isPointerSound(list.byte(start), minimum: 5, length: length) ? nil : .ipv4OptionMalformed
    case .streamID, .routerAlert: return length == 4 ? nil : .ipv4OptionInvalidLength
    case .quickStart: return length == 8 ? nil : .ipv4OptionInvalidLength
    case .security: return length >= 3 ? nil : .ipv4OptionInvalidLength
    case .commercialSecurity: return length >= 6 ? nil : .ipv4OptionInvalidLength
    default: return nil
    }
  }

  /// Pointers count from 1 at the option's type, step by whole addresses, and may stand just behind the option.
  private func isPointerSound(_ pointer: UInt8, minimum: Int, length: Int) -> Bool {
    let pointer = Int(pointer)
    return pointer >= minimum && pointer <= length + 1 && (pointer - minimum) % 4 == 0
  }
}
