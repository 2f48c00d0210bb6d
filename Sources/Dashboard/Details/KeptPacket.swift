import Documents
import Records
import Wire

/// The packet that a rule matched, as far as its record has it. Masking takes the bytes of packets and payloads out
/// before an alert is kept; with `sensor.rawEvidence` they stay.
struct KeptPacket {
  enum Bytes: Equatable {
    case kept([UInt8])
    /// How many characters stood there.
    case removed(Int)
    case none

    var isGone: Bool { if case .kept = self { false } else { true } }
  }
  private(set) var packet = Bytes.none
  private(set) var payload = Bytes.none
  private(set) var link: LinkType?

  init(record: String?) {
    guard let record, let value = KeptPacket.parsed(record) else { return }
    packet = KeptPacket.bytes(value["packet"])
    payload = KeptPacket.bytes(value["payload"])
    link = (try? value["packet_info"]?["linktype"]?.int(in: 0...65_535)).flatMap {
      $0.map { LinkType(rawValue: UInt16($0)) }
    }
  }

  static func parsed(_ record: String) -> DocumentValue? {
    // A record that was not cut is at most so long.
    guard record.utf8.count <= 4 * AlertRecord.rawLimit else { return nil }
    return try? JSONDocument.parse(record, file: "record")
  }

  /// As masking writes it: `[removed: 104 characters]`.
  private static let removal = "[removed: "

  private static func bytes(_ value: DocumentValue?) -> Bytes {
    guard let text = try? value?.string() else { return .none }
    if text.hasPrefix(removal) {
      return .removed(Int(text.dropFirst(removal.count).prefix { $0.isASCII && $0.isNumber }) ?? 0)
    }
    return Base64Text.bytes(of: text).map { $0.isEmpty ? .none : .kept($0) } ?? .none
  }

  func lines(_ forms: DetailForms, rows: Int) -> [DetailLine] {
    let dump = packet != .none ? packet : payload
    switch dump {
    case .none:
      return forms.section(
        "packet", "报文", [], none: BilingualText(en: "its bytes were not recorded", zh: "未记录报文内容"))
    case .removed(let size):
      let none = BilingualText(
        en: "its bytes are not kept: \(size) characters were taken out before the alert was stored",
        zh: "报文内容不保存：入库前已去除（\(size) 字符）")
      return forms.section("packet", "报文", [], none: none)
    case .kept(let bytes):
      let isPacket = packet != .none
      let heads = isPacket ? PacketHeads.lines(bytes, link: link ?? .ethernet) : []
      let size = forms.words("\(Figures.grouped(bytes.count)) bytes", "\(Figures.grouped(bytes.count)) 字节")
      let lines =
        [forms.line(size, .dim)] + heads.map { forms.fact($0.layer, $0.layer, $0.text) } + dumped(bytes, forms, rows)
      return isPacket ? forms.section("packet", "报文", lines) : forms.section("payload", "载荷", lines)
    }
  }

  private func dumped(_ bytes: [UInt8], _ forms: DetailForms, _ rows: Int) -> [DetailLine] {
    let width = forms.columns >= 74 ? 16 : 8
    let all = HexDump.rows(bytes, width: width)
    let shown = all.prefix(rows).map { row in
      DetailLine(Line([Run(row.offset + "  ", .dim), Run(row.hex + "  "), Run(row.text, .key)]))
    }
    let left = all.count - shown.count
    return shown + (left > 0 ? [forms.line("+\(Figures.grouped(left * width))", .dim)] : [])
  }
}

/// Bytes as hexadecimal and as what of them can be shown.
enum HexDump {
  struct Row: Equatable {
    var offset: String
    var hex: String
    var text: String
  }

  static func rows(_ bytes: [UInt8], width: Int) -> [Row] {
    stride(from: 0, to: bytes.count, by: max(width, 1)).map { start in
      let part = bytes[start..<min(start + max(width, 1), bytes.count)]
      let pairs = part.map { hex(UInt32($0), 2) } + Array(repeating: "  ", count: max(width - part.count, 0))
      let text = part.map { (0x20..<0x7f).contains($0) ? Character(Unicode.Scalar($0)) : "." }
      return Row(
        offset: hex(UInt32(truncatingIfNeeded: start), 4), hex: pairs.joined(separator: " "), text: String(text))
    }
  }

  private static func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }
}
