internal import Wire

/// LDAP (RFC 4511 section 4.14), PostgreSQL (SSLRequest of its message formats), MySQL (connection phase, SSLRequest),
/// RDP ([MS-RDPBCGR] 2.2.1.1, 2.2.1.2).
extension StartTLSDialogue {
  /// An extended request, message 1, with the name 1.3.6.1.4.1.1466.20037.
  static let ldapRequest: [UInt8] =
    [0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16] + Array("1.3.6.1.4.1.1466.20037".utf8)
  static let postgreSQLRequest: [UInt8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]
  /// A connection request that asks for TLS or CredSSP, which begins with TLS.
  static let rdpRequest: [UInt8] = [
    3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0,
  ]

  /// Takes the buffer's first `count` bytes; nil while they are not there.
  private mutating func take(_ count: Int) -> [UInt8]? {
    guard buffer.count >= count else { return nil }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  mutating func receivePostgreSQL() -> Action {
    guard let answer = take(1)?.first else { return .wait }
    switch answer {
    case UInt8(ascii: "S"): return .begin([])
    case UInt8(ascii: "N"): return .refused("the server has no TLS")
    default: return .refused("the server answers an error")
    }
  }

  /// SEQUENCE { messageID, [APPLICATION 24] { resultCode ENUMERATED, ... } }; only short and one- to four-byte lengths.
  mutating func receiveLDAP() -> Action {
    var reader = BERReader(bytes: buffer)
    guard let message = reader.element() else { return reader.isBroken ? .refused("the answer is no LDAP") : .wait }
    buffer.removeFirst(reader.offset)
    var fields = BERReader(bytes: message.body)
    guard message.tag == 0x30, let number = fields.element(), number.tag == 2, let answer = fields.element(),
      answer.tag == 0x78
    else { return .refused("the answer is no LDAP") }
    var parts = BERReader(bytes: answer.body)
    guard let code = parts.element(), code.tag == 0x0a, let value = code.body.last else {
      return .refused("the answer is no LDAP")
    }
    return value == 0 ? .begin([]) : .refused("the server answers code \(value)")
  }

  /// The greeting's capabilities, then a short request, after which the server says nothing more in clear.
  mutating func receiveMySQL() -> Action {
    guard buffer.count >= 4 else { return .wait }
    let length = Int(buffer[0]) | Int(buffer[1]) << 8 | Int(buffer[2]) << 16
    guard length > 0, length <= 1024 else { return .refused("the greeting is no MySQL") }
    guard let packet = take(4 + length) else { return .wait }
    let body = packet.dropFirst(4)
    guard body.first == 10 else {
      return .refused(body.first == 0xff ? "the server answers an error" : "the greeting is no MySQL")
    }
    // Version up to its zero, thread (4), first part of the scramble (8), filler (1), capabilities (2).
    guard let zero = body.dropFirst().firstIndex(of: 0), zero + 15 < body.endIndex else {
      return .refused("the greeting is no MySQL")
    }
    let capabilities = UInt16(body[zero + 14]) | UInt16(body[zero + 15]) << 8
    guard capabilities & 0x0800 != 0 else { return .refused("the server has no TLS") }
    // TLS, protocol 4.1, long passwords, secure connection; packets up to 16 MiB; utf8; 23 zeros. Packet 1.
    let head: [UInt8] = [32, 0, 0, 1, 0x01, 0x8a, 0, 0, 0, 0, 0, 1, 33]
    return .begin(head + [UInt8](repeating: 0, count: 23))
  }

  mutating func receiveRDP() -> Action {
    guard buffer.count >= 4 else { return .wait }
    let length = Int(buffer[2]) << 8 | Int(buffer[3])
    guard buffer[0] == 3, length >= 11, length <= 256 else { return .refused("the answer is no RDP") }
    guard let packet = take(length) else { return .wait }
    guard packet[5] & 0xf0 == 0xd0 else { return .refused("the answer is no connection confirm") }
    guard length >= 19, packet[11] == 2 else {
      return .refused(length >= 19 && packet[11] == 3 ? "the server refuses TLS" : "the server has no TLS")
    }
    return packet[15] == 0 ? .refused("the server has no TLS") : .begin([])
  }
}

/// Tags and lengths of BER, as far as one answer needs them.
private struct BERReader {
  let bytes: [UInt8]
  private(set) var offset = 0
  private(set) var isBroken = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Nil while it is not whole, and where it is broken.
  mutating func element() -> (tag: UInt8, body: [UInt8])? {
    guard bytes.count >= offset + 2 else { return nil }
    let (tag, first) = (bytes[offset], Int(bytes[offset + 1]))
    var (length, header) = (first, 2)
    if first >= 0x80 {
      let count = first & 0x7f
      guard (1...4).contains(count) else {
        isBroken = true
        return nil
      }
      guard bytes.count >= offset + 2 + count else { return nil }
      length = bytes[(offset + 2)..<(offset + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
      header += count
    }
    guard length <= StartTLSDialogue.limit else {
      isBroken = true
      return nil
    }
    guard bytes.count >= offset + header + length else { return nil }
    defer { offset += header + length }
    return (tag, Array(bytes[(offset + header)..<(offset + header + length)]))
  }
}
