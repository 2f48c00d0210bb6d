/// One pass over a JSON text that masks inside its strings and leaves all else as it is. No tree is built: a
/// member's name is what stood before its colon.
struct JSONMaskScan {
  let line: ByteText
  let masking: Masking
  private var copied = 0
  private var member: Range<Int>?
  /// Value of `"name"` in the running object: EVE lists headers as name and value.
  private var headerName: Range<Int>?
  private var scratch: [UInt8] = []

  init(line: ByteText, masking: Masking) {
    self.line = line
    self.masking = masking
  }

  /// Bodies, payloads and packets: not kept.
  private static let opaque: Set<String> = [
    "payload", "payload_printable", "packet", "http_request_body", "http_response_body",
    "http_request_body_printable", "http_response_body_printable", "request_body", "response_body", "body_printable",
  ]
  /// Constants of rules, and digests that only look like numbers.
  private static let plain: Set<String> = [
    "timestamp", "event_type", "signature", "category", "flow_id", "community_id", "ja3", "ja3s", "ja4", "hash",
    "fingerprint", "serial", "sha256", "sha1", "md5", "src_ip", "dest_ip", "proto", "app_proto", "in_iface",
  ]

  mutating func run(into output: inout [UInt8]) -> Bool {
    var place = 0
    while place < line.count {
      switch line[place] {
      case UInt8(ascii: "\""):
        guard let end = endOfString(place + 1) else {
          rest(from: place + 1, into: &output)
          place = line.count
          continue
        }
        string(place + 1..<end, into: &output)
        place = end + 1
      case UInt8(ascii: "{"):
        headerName = nil
        member = nil
        place += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        member = nil
        place += 1
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): place = number(place, into: &output)
      default: place += 1
      }
    }
    guard copied > 0 else { return false }
    line[copied..<line.count].append(to: &output)
    return true
  }

  /// The closing quote, or nil where the text ends before.
  private func endOfString(_ start: Int) -> Int? {
    var place = start
    while place < line.count {
      let byte = line[place]
      if byte == UInt8(ascii: "\"") { return place }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  private mutating func string(_ range: Range<Int>, into output: inout [UInt8]) {
    var next = range.upperBound + 1
    while next < line.count, line[next] == UInt8(ascii: " ") { next += 1 }
    if next < line.count, line[next] == UInt8(ascii: ":") {
      member = range
      return
    }
    let name = member.map { text($0) } ?? ""
    guard !range.isEmpty, !JSONMaskScan.plain.contains(name) else { return }
    if name == "name" { headerName = range }
    if JSONMaskScan.opaque.contains(name) { return remove(range, into: &output) }
    if isSecretMember() || (name == "value" && isSecretHeader()) { return hide(range, into: &output) }
    value(range, into: &output)
  }

  private func isSecretMember() -> Bool {
    guard let member else { return false }
    return SecretNames.isSecret(slice(member), strict: true) || SecretNames.isHeader(slice(member))
  }
  private func isSecretHeader() -> Bool {
    guard let headerName else { return false }
    return SecretNames.isHeader(slice(headerName))
  }

  /// A number under a secret's name is replaced too; elsewhere numbers are ids and counters.
  private mutating func number(_ start: Int, into output: inout [UInt8]) -> Int {
    var end = start + 1
    scan: while end < line.count {
      switch line[end] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
        UInt8(ascii: "+"), UInt8(ascii: "-"):
        end += 1
      default: break scan
      }
    }
    guard isSecretMember() else { return end }
    line[copied..<start].append(to: &output)
    output.append(UInt8(ascii: "\""))
    masking.appendMask(of: slice(start..<end), to: &output)
    output.append(UInt8(ascii: "\""))
    copied = end
    return end
  }

  private mutating func remove(_ range: Range<Int>, into output: inout [UInt8]) {
    let note = Array("[removed: \(range.count) characters]".utf8)
    guard !slice(range).starts(with: Array("[removed: ".utf8)) else { return }
    line[copied..<range.lowerBound].append(to: &output)
    output += note
    copied = range.upperBound
  }

  private mutating func hide(_ range: Range<Int>, into output: inout [UInt8]) {
    guard !MaskScan.isMask(line, at: range.lowerBound) else { return }
    line[copied..<range.lowerBound].append(to: &output)
    masking.appendMask(of: slice(range), to: &output)
    copied = range.upperBound
  }

  private mutating func value(_ range: Range<Int>, into output: inout [UInt8]) {
    guard slice(range).contains(UInt8(ascii: "\\")) else {
      guard masking.mask(text: slice(range), into: &scratch) else { return }
      return replace(range, with: scratch, into: &output)
    }
    let bare = JSONString.unescaped(slice(range))
    guard bare.withText({ masking.mask(text: $0, into: &scratch) }) else { return }
    replace(range, with: JSONString.escaped(scratch), into: &output)
  }

  private mutating func replace(_ range: Range<Int>, with bytes: [UInt8], into output: inout [UInt8]) {
    line[copied..<range.lowerBound].append(to: &output)
    output += bytes
    copied = range.upperBound
  }

  /// An unterminated string: a line that was cut.
  private mutating func rest(from place: Int, into output: inout [UInt8]) {
    guard masking.mask(text: slice(place..<line.count), into: &scratch) else { return }
    replace(place..<line.count, with: scratch, into: &output)
  }

  private func slice(_ range: Range<Int>) -> ByteText {
    line[range]
  }
  private func text(_ range: Range<Int>) -> String { slice(range).text }
}

/// The inside of a JSON string, without its quotes.
enum JSONString {
  /// A lone surrogate becomes U+FFFD; an escape that is none is kept as it stands.
  static func unescaped(_ bytes: ByteText) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      guard byte == UInt8(ascii: "\\"), place + 1 < bytes.count else {
        output.append(byte)
        place += 1
        continue
      }
      let escape = bytes[place + 1]
      place += 2
      switch escape {
      case UInt8(ascii: "n"): output.append(10)
      case UInt8(ascii: "r"): output.append(13)
      case UInt8(ascii: "t"): output.append(9)
      case UInt8(ascii: "b"): output.append(8)
      case UInt8(ascii: "f"): output.append(12)
      case UInt8(ascii: "u"): place += unicode(bytes, at: place, into: &output)
      default: output.append(escape)
      }
    }
    return output
  }

  /// How many bytes behind `\u` were used.
  private static func unicode(_ bytes: ByteText, at place: Int, into output: inout [UInt8]) -> Int {
    guard let first = hex(bytes, at: place) else { return 0 }
    var used = 4
    var scalar = first
    if (0xd800..<0xdc00).contains(first), place + 6 <= bytes.count, bytes[place + 4] == UInt8(ascii: "\\"),
      bytes[place + 5] == UInt8(ascii: "u"), let second = hex(bytes, at: place + 6),
      (0xdc00..<0xe000).contains(second)
    {
      scalar = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
      used = 10
    }
    output.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
    return used
  }

  private static func hex(_ bytes: ByteText, at place: Int) -> UInt32? {
    guard place + 4 <= bytes.count else { return nil }
    return UInt32(bytes[place..<place + 4].text, radix: 16)
  }

  static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: output += Array("\\u00".utf8) + [HexDigits.lower(byte >> 4), HexDigits.lower(byte & 15)]
      default: output.append(byte)
      }
    }
    return output
  }
}
