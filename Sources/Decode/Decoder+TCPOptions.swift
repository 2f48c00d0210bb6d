internal import Wire

/// The options of a segment (IANA "TCP Option Kind Numbers"). A fault is an event; the segment stands.
extension Decoder {
  @inline(never)
  mutating func tcpOptions(_ list: RawSpan, _ packet: inout DecodedPacket) {
    var walk = OptionWalk(list)
    while true {
      switch walk.next() {
      case .end: return
      case .padding: continue
      case .broken: return note(.tcpOptionInvalidLength, &packet)
      case .option(let type, let start, let end):
        if let event = packet.tcpOptions.take(type, list, start, end) { note(event, &packet) }
      }
    }
  }
}

extension TCPOptionValues {
  /// Keeps the first of each kind. The value lies at `start..<end`.
  mutating func take(_ kind: UInt8, _ list: RawSpan, _ start: Int, _ end: Int) -> DecodeEvent? {
    let length = end &- start
    switch kind {
    case 2:
      guard length == 2 else { return .tcpOptionInvalidLength }
      guard !hasMaximumSegmentSize else { return .tcpOptionDuplicate }
      hasMaximumSegmentSize = true
      maximumSegmentSize = list.u16(start)
    case 3:
      guard length == 1 else { return .tcpOptionInvalidLength }
      guard !hasWindowScale else { return .tcpOptionDuplicate }
      hasWindowScale = true
      windowScale = list.byte(start)
    case 4:
      guard length == 0 else { return .tcpOptionInvalidLength }
      guard !sackPermitted else { return .tcpOptionDuplicate }
      sackPermitted = true
    case 5:
      guard length >= 8, length % 8 == 0, length <= 32 else { return .tcpOptionInvalidLength }
      guard sackBlocks == 0 else { return .tcpOptionDuplicate }
      sackBlocks = UInt8(truncatingIfNeeded: length / 8)
    case 8:
      guard length == 8 else { return .tcpOptionInvalidLength }
      guard !hasTimestamps else { return .tcpOptionDuplicate }
      hasTimestamps = true
      timestampValue = list.u32(start)
      timestampEcho = list.u32(start &+ 4)
    case 34:
      // RFC 7413: no cookie asks for one; else 4 to 16 bytes, an even number.
      guard length == 0 || (4...16).contains(length) && length % 2 == 0 else { return .tcpOptionInvalidLength }
      guard !hasFastOpen else { return .tcpOptionDuplicate }
      hasFastOpen = true
    default: break
    }
    return nil
  }
}
