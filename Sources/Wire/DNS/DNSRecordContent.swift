/// What a record says. Ranges are of the message's `text`, as are names.
public enum DNSRecordContent: Sendable {
  case address(IPAddress)
  /// NS, CNAME, PTR, DNAME...
  case name(Range<Int>)
  case soa(
    primary: Range<Int>, mailbox: Range<Int>, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
    minimum: UInt32)
  case mx(preference: UInt16, exchange: Range<Int>)
  /// The strings, each a range.
  case txt([Range<Int>])
  case srv(priority: UInt16, weight: UInt16, port: UInt16, target: Range<Int>)
  case sshfp(algorithm: UInt8, kind: UInt8, fingerprint: Range<Int>)
  case ds(keyTag: UInt16, algorithm: UInt8, digestKind: UInt8, digest: Range<Int>)
  case dnskey(flags: UInt16, protocolNumber: UInt8, algorithm: UInt8, key: Range<Int>)
  case caa(flags: UInt8, tag: Range<Int>, value: Range<Int>)
  /// TLSA (RFC 6698 section 2.1).
  case tlsa(usage: UInt8, selector: UInt8, matching: UInt8, association: Range<Int>)
  case service(priority: UInt16, target: Range<Int>, parameters: Range<Int>)
  /// EDNS options (code, bytes) of an OPT record; its class is the payload size.
  case options([(code: UInt16, bytes: Range<Int>)])
  /// NULL, and every type that is not read.
  case bytes(Range<Int>)
  /// Too short for its type.
  case malformed
}

extension DNSMessage {
  mutating func readRecordData(_ bytes: RawSpan, _ type: DNSType, _ start: Int, _ end: Int) -> DNSRecordContent {
    let length = end - start
    switch type {
    case .a: return length >= 4 ? .address(IPAddress(v4: bytes.u32(start))) : length == 0 ? .bytes(0..<0) : .malformed
    case .aaaa:
      guard length >= 16 else { return length == 0 ? .bytes(0..<0) : .malformed }
      return .address(IPAddress(high: bytes.u64(start), low: bytes.u64(start + 8)))
    case .ns, .cname, .ptr, DNSType(rawValue: 39): return inner(bytes, start, end).map { .name($0) } ?? .malformed
    case .soa: return readSOA(bytes, start, end)
    case .mx:
      guard length >= 3, let name = inner(bytes, start + 2, end) else { return .malformed }
      return .mx(preference: bytes.u16(start), exchange: name)
    case .txt: return readTexts(bytes, start, end)
    case .srv:
      guard length >= 7, let name = inner(bytes, start + 6, end) else { return .malformed }
      return .srv(
        priority: bytes.u16(start), weight: bytes.u16(start + 2), port: bytes.u16(start + 4), target: name)
    case .svcb, .https:
      guard length >= 3 else { return .malformed }
      var at = start + 2
      guard let name = inner(bytes, &at, end) else { return .malformed }
      return .service(priority: bytes.u16(start), target: name, parameters: append(text: bytes.clamped(at, end)))
    case .opt: return readOptions(bytes, start, end)
    default: return readKeys(bytes, type, start, end)
    }
  }

  private mutating func readKeys(_ bytes: RawSpan, _ type: DNSType, _ start: Int, _ end: Int) -> DNSRecordContent {
    let length = end - start
    switch type {
    case .sshfp where length >= 3:
      return .sshfp(
        algorithm: bytes.byte(start), kind: bytes.byte(start + 1),
        fingerprint: append(text: bytes.clamped(start + 2, end)))
    case .ds where length >= 5:
      return .ds(
        keyTag: bytes.u16(start), algorithm: bytes.byte(start + 2), digestKind: bytes.byte(start + 3),
        digest: append(text: bytes.clamped(start + 4, end)))
    case .dnskey where length >= 5:
      return .dnskey(
        flags: bytes.u16(start), protocolNumber: bytes.byte(start + 2), algorithm: bytes.byte(start + 3),
        key: append(text: bytes.clamped(start + 4, end)))
    case .tlsa where length >= 4:
      return .tlsa(
        usage: bytes.byte(start), selector: bytes.byte(start + 1), matching: bytes.byte(start + 2),
        association: append(text: bytes.clamped(start + 3, end)))
    case .caa where length >= 2:
      let split = start + 2 + Int(bytes.byte(start + 1))
      guard split <= end else { return .malformed }
      return .caa(
        flags: bytes.byte(start), tag: append(text: bytes.clamped(start + 2, split)),
        value: append(text: bytes.clamped(split, end)))
    case .sshfp, .ds, .dnskey, .tlsa, .caa: return .malformed
    default: return .bytes(append(text: bytes.clamped(start, end)))
    }
  }

  /// A name inside record data: it may point anywhere before, but must not run over its record.
  private mutating func inner(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Range<Int>? {
    var at = start
    return inner(bytes, &at, end)
  }
  private mutating func inner(_ bytes: RawSpan, _ at: inout Int, _ end: Int) -> Range<Int>? {
    guard at < end else { return nil }
    let mark = text.count
    let name = readName(bytes, &at)
    guard let name, at <= end else {
      discardText(from: mark)
      return nil
    }
    return name
  }

  private mutating func readSOA(_ bytes: RawSpan, _ start: Int, _ end: Int) -> DNSRecordContent {
    var at = start
    guard let primary = inner(bytes, &at, end), let mailbox = inner(bytes, &at, end), at + 20 <= end else {
      return .malformed
    }
    return .soa(
      primary: primary, mailbox: mailbox, serial: bytes.u32(at), refresh: bytes.u32(at + 4),
      retry: bytes.u32(at + 8), expire: bytes.u32(at + 12), minimum: bytes.u32(at + 16))
  }

  private mutating func readTexts(_ bytes: RawSpan, _ start: Int, _ end: Int) -> DNSRecordContent {
    var at = start
    var texts: [Range<Int>] = []
    while at < end {
      let length = Int(bytes.byte(at))
      guard at + 1 + length <= end else { return .malformed }
      texts.append(append(text: bytes.clamped(at + 1, at + 1 + length)))
      at += 1 + length
    }
    return .txt(texts)
  }

  private mutating func readOptions(_ bytes: RawSpan, _ start: Int, _ end: Int) -> DNSRecordContent {
    var at = start
    var options: [(code: UInt16, bytes: Range<Int>)] = []
    while at + 4 <= end {
      let stop = at + 4 + Int(bytes.u16(at + 2))
      guard stop <= end else { return .malformed }
      options.append((bytes.u16(at), append(text: bytes.clamped(at + 4, stop))))
      at = stop
    }
    return at == end ? .options(options) : .malformed
  }
}
