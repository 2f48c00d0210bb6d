internal import Wire

/// What a server's first bytes say of it: a service and, where it tells one, a version. Pure, total on any bytes.
package struct ServiceBanner: Hashable, Sendable {
  package var service: String
  /// As told, printable, bounded; empty where it tells none.
  package var version: String

  /// What we said before it answered: a lone `S` means PostgreSQL only after its SSLRequest.
  package enum Question: Hashable, Sendable, CaseIterable {
    case nothing, redis, memcached, postgresql, mongodb, rdp, http
  }

  /// Longer lines are no version.
  package static let versionLimit = 80
  /// First bytes that are looked at; what follows is not read.
  package static let byteLimit = 4096

  package init(service: String, version: String = "") { (self.service, self.version) = (service, version) }

  package static func recognise(_ bytes: [UInt8], after question: Question) -> ServiceBanner? {
    let bytes = Array(bytes.prefix(byteLimit))
    return binary(bytes, question) ?? text(bytes, question)
  }

  private static func text(_ bytes: [UInt8], _ question: Question) -> ServiceBanner? {
    let line = String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    func found(_ service: String, _ version: some StringProtocol) -> ServiceBanner {
      ServiceBanner(service: service, version: printable(version))
    }
    if line.hasPrefix("SSH-") { return found("ssh", line) }
    if line.hasPrefix("HTTP/1.") || line.hasPrefix("HTTP/2") { return found("http", server(bytes)) }
    if line.hasPrefix("RFB 00") { return found("vnc", line) }
    if line.hasPrefix("* OK") || line.hasPrefix("* PREAUTH") { return found("imap", line.dropFirst(5)) }
    if question == .redis {
      for start in ["+PONG", "-NOAUTH", "-DENIED", "-WRONGPASS"] where line.hasPrefix(start) {
        return found("redis", "")
      }
    }
    if question == .memcached, line.hasPrefix("VERSION ") { return found("memcached", line.dropFirst(8)) }
    if line.hasPrefix("+OK") { return found("pop3", line.dropFirst(4)) }
    if line.hasPrefix("220"), question == .nothing {
      let upper = line.uppercased()
      if upper.contains("SMTP") || upper.contains("MAIL") { return found("smtp", line.dropFirst(4)) }
      if upper.contains("FTP") { return found("ftp", line.dropFirst(4)) }
    }
    return nil
  }

  /// The Server field of an answer's head; of no other field anything is kept.
  private static func server(_ bytes: [UInt8]) -> String {
    for line in bytes.split(separator: 10).dropFirst() {
      let text = String(decoding: line, as: UTF8.self).trimmingSpace
      if text.isEmpty { break }
      if text.lowercased().hasPrefix("server:") { return text.dropFirst(7).description.trimmingSpace }
    }
    return ""
  }

  private static func binary(_ bytes: [UInt8], _ question: Question) -> ServiceBanner? {
    if let mysql = mysql(bytes) { return mysql }
    if bytes.starts(with: [0xff, 0xfb]) || bytes.starts(with: [0xff, 0xfd]) {
      return ServiceBanner(service: "telnet")
    }
    switch question {
    case .postgresql where bytes == [0x53] || bytes == [0x4e]: return ServiceBanner(service: "postgresql")
    // TPKT, then X.224 connection confirm (MS-RDPBCGR 2.2.1.2).
    case .rdp where bytes.count >= 11 && bytes.starts(with: [3, 0, 0]) && bytes[5] == 0xd0:
      return ServiceBanner(service: "rdp")
    case .mongodb: return mongodb(bytes)
    default: return nil
    }
  }

  /// Protocol::HandshakeV10, or the error packet that comes instead when this host may not connect.
  private static func mysql(_ bytes: [UInt8]) -> ServiceBanner? {
    guard bytes.count >= 7, bytes[3] == 0 else { return nil }
    let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
    guard (3...1024).contains(length) else { return nil }
    if bytes[4] == 10, let end = bytes.dropFirst(5).firstIndex(of: 0), (6...64).contains(end) {
      let text = bytes[5..<end]
      guard text.allSatisfy({ (0x21...0x7e).contains($0) }), text.first.map({ (0x30...0x39).contains($0) }) == true
      else {
        return nil
      }
      return ServiceBanner(service: "mysql", version: printable(String(decoding: text, as: UTF8.self)))
    }
    let code = Int(bytes[5]) | Int(bytes[6]) << 8
    return bytes[4] == 0xff && (1040...1250).contains(code) ? ServiceBanner(service: "mysql") : nil
  }

  /// OP_REPLY (1) or OP_MSG (2013) with a length that fits, in answer to our request id.
  private static func mongodb(_ bytes: [UInt8]) -> ServiceBanner? {
    guard bytes.count >= 16 else { return nil }
    func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) } }
    guard (26...48_000_000).contains(word(0)), word(8) == ServiceQuestion.mongoRequest, [1, 2013].contains(word(12))
    else { return nil }
    return ServiceBanner(service: "mongodb")
  }

  /// ASCII that prints, cut.
  static func printable(_ text: some StringProtocol) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.lazy.filter { (0x20...0x7e).contains($0.value) }.prefix(versionLimit))
    ).trimmingSpace
  }
}
