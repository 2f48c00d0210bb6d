internal import Wire

/// pcapng: blocks until one holds a packet.
extension CaptureReader {
  mutating func nextBlock() -> Step {
    while true {
      if let outcome = need(12) { return .nothing(outcome) }
      let type = PcapNGBlockType(rawValue: word(0))
      if type == .section {
        if let outcome = section() { return .nothing(outcome) }
        continue
      }
      let length = Int(word(4))
      guard length >= 12, length & 3 == 0 else {
        return .nothing(corrupt("a block of type \(type.rawValue) claims \(length) bytes"))
      }
      switch type {
      case .enhancedPacket, .packet, .simplePacket, .interface:
        if let step = known(type, length) { return step }
      default:
        if let outcome = skip(length) { return .nothing(outcome) }
      }
    }
  }

  /// In the byte order of the section; before the first one it does not matter (the section's type is a palindrome).
  private func word(_ offset: Int) -> UInt32 { buffer.window.u32(offset, littleEndian: littleEndian) }
  private func half(_ offset: Int) -> UInt16 { buffer.window.u16(offset, littleEndian: littleEndian) }

  /// Nil when the section's header was read and passed.
  private mutating func section() -> DispatchOutcome? {
    switch buffer.window.u32(8) {
    case 0x1a2b_3c4d: littleEndian = false
    case 0x4d3c_2b1a: littleEndian = true
    default: return corrupt("a section without a byte order")
    }
    let length = Int(word(4))
    guard length >= 28, length & 3 == 0 else { return corrupt("a section header claims \(length) bytes") }
    if let outcome = need(16) { return outcome }
    guard half(12) == 1 else { return corrupt("a section of version \(half(12)), this reads version 1") }
    interfaces.removeAll(keepingCapacity: true)
    return skip(length)
  }

  /// Passes over a block of any size.
  private mutating func skip(_ length: Int) -> DispatchOutcome? {
    var left = length
    while left > 0 {
      let step = min(left, ReadBuffer.size / 2)
      if let outcome = need(step) {
        // A pipe may fall idle here: wait on, so that the block is passed as a whole.
        if outcome == .idle { continue }
        return outcome
      }
      buffer.consume(step)
      left -= step
    }
    return nil
  }

  /// Nil when the block was passed and held no packet.
  private mutating func known(_ type: PcapNGBlockType, _ length: Int) -> Step? {
    // The largest packet, its header and generous options.
    guard length <= ReadBuffer.size else { return .nothing(corrupt("a block claims \(length) bytes")) }
    if let outcome = need(length) { return .nothing(outcome) }
    guard Int(word(length - 4)) == length else {
      return .nothing(corrupt("a block's two lengths differ: \(length) and \(word(length - 4))"))
    }
    if type == .interface {
      guard interfaces.count < CaptureReader.maximumInterfaces,
        let interface = PcapNGInterface(buffer.window.clamped(8, length - 4), littleEndian: littleEndian)
      else { return .nothing(corrupt("an interface that cannot be")) }
      interfaces.append(interface)
      buffer.consume(length)
      return nil
    }
    return packet(type, length)
  }

  private mutating func packet(_ type: PcapNGBlockType, _ length: Int) -> Step {
    let isSimple = type == .simplePacket
    let dataOffset = isSimple ? 12 : 28
    guard length >= dataOffset + 4 else { return .nothing(corrupt("a packet block of \(length) bytes")) }
    let index = isSimple ? 0 : type == .packet ? Int(half(8)) : Int(word(8))
    guard index < interfaces.count else {
      return .nothing(corrupt("a packet of interface \(index), of which there is no description"))
    }
    let interface = interfaces[index]
    let wire = Int(word(isSimple ? 8 : 24))
    let room = length - dataOffset - 4
    let captured = isSimple ? min(wire, room, interface.snapLength == 0 ? .max : interface.snapLength) : Int(word(20))
    guard captured <= room, captured <= CaptureFile.maximumPacketSize else {
      return .nothing(corrupt("packet \(number &+ 1) claims \(captured) bytes, its block has room for \(room)"))
    }
    number &+= 1
    behind = length
    let time = isSimple ? Timestamp(nanoseconds: 0) : interface.timestamp(high: word(12), low: word(16))
    let header = PacketHeader(
      timestamp: time, capturedLength: captured, wireLength: max(wire, captured), linkType: interface.linkType,
      number: number, interface: UInt16(truncatingIfNeeded: index))
    return .packet(header, offset: dataOffset)
  }
}
