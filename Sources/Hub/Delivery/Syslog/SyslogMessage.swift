internal import Glibc
internal import Records
internal import Wire

/// A dispatch as a line of syslog (RFC 5424), the same for every try.
struct SyslogMessage {
  /// Local use 0.
  private static let facility = 16
  /// RFC 5425 section 4.3.1 asks receivers for 2,048 bytes at least and 8,192 better.
  static let longestText = 1024

  let bytes: [UInt8]

  init(_ dispatch: Dispatch, host: String = SyslogMessage.hostName) {
    let priority = SyslogMessage.facility * 8 + SyslogMessage.level(dispatch.severity)
    var values = ["id": dispatch.id, "kind": dispatch.kind.rawValue, "to": dispatch.address.to]
    values["severity"] = dispatch.severity?.rawValue
    values["deadline"] = dispatch.deadline?.text
    values["link"] = dispatch.link
    // 32473 is the number that RFC 5612 keeps for examples: Vigil has none of its own.
    let data = values.sorted { $0.key < $1.key }.map { " \($0.key)=\"\(SyslogMessage.escaped($0.value))\"" }.joined()
    let text = DispatchText.clean(dispatch.subject + ": " + dispatch.text, keepsLines: false)
    let head = "<\(priority)>1 \(dispatch.created.text) \(host) vigil - \(dispatch.kind.rawValue) [vigil@32473\(data)] "
    bytes =
      Array(head.utf8) + [0xef, 0xbb, 0xbf] + Array(DispatchText.cut(text, bytes: SyslogMessage.longestText).utf8)
  }

  /// With its length before it (RFC 6587 section 3.4.1, RFC 5425 section 4.3).
  var framed: [UInt8] { Array("\(bytes.count) ".utf8) + bytes }

  private static func level(_ severity: Severity?) -> Int {
    switch severity {
    case .critical: 2
    case .high: 3
    case .medium: 4
    case .low: 5
    case .info, nil: 6
    }
  }

  /// RFC 5424 section 6.3.3.
  private static func escaped(_ text: String) -> String {
    String(DispatchText.clean(text, keepsLines: false).flatMap { "\"\\]".contains($0) ? ["\\", $0] : [$0] })
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, 255) == 0 else { return "-" }
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && !text.isEmpty ? text : "-"
  }
}
