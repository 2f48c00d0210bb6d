/// JSON that may be wrong: names may come twice, and a token may be what no writer of JSON would write.
indirect enum FuzzJSON: Decodable, Sendable {
  case object([Member])
  case list([FuzzJSON])
  case text(String)
  /// Written as it is: numbers, words, escapes, rubbish.
  case raw(String)

  struct Member: Sendable {
    var name: String
    var value: FuzzJSON
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let list = try? value.decode([FuzzJSON].self) {
      self = .list(list)
    } else if let members = try? value.decode([String: FuzzJSON].self) {
      self = .object(members.sorted { $0.key < $1.key }.map { Member(name: $0.key, value: $0.value) })
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .raw("\(flag)")
    } else if let number = try? value.decode(Int64.self) {
      self = .raw("\(number)")
    } else {
      self = .raw((try? value.decode(Double.self)).map { "\($0)" } ?? "null")
    }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .raw(let token): bytes += Array(token.utf8)
    case .text(let text): FuzzJSON.write(text, to: &bytes)
    case .list(let items):
      bytes.append(UInt8(ascii: "["))
      for (number, item) in items.enumerated() {
        if number > 0 { bytes.append(UInt8(ascii: ",")) }
        item.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (number, member) in members.enumerated() {
        if number > 0 { bytes.append(UInt8(ascii: ",")) }
        FuzzJSON.write(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += Array((byte < 16 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
