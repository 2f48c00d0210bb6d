/// A request's head, as far as the city listens to it.
struct PlannedRequest {
  var method: String
  /// Without its query.
  var path: String
  var origin: String?
  var host: String?
  var closes: Bool
  /// It names itself as browsers do.
  var isOfBrowser = false
  /// The whole head, for TRACE.
  var head: [UInt8]

  /// Nil where the first line is no request line.
  init?(_ head: [UInt8]) {
    let lines = head.split(separator: 10)
    guard let first = lines.first else { return nil }
    let words = first.split(separator: 32)
    guard words.count >= 3, words[2].starts(with: "HTTP/1.".utf8) else { return nil }
    method = String(decoding: words[0], as: UTF8.self)
    path = String(decoding: words[1].prefix { $0 != 0x3f }, as: UTF8.self)
    closes = words[2].starts(with: "HTTP/1.0".utf8)
    self.head = head
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: 0x3a) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = line[line.index(after: colon)...].drop { $0 == 32 }.prefix { $0 != 13 }
      switch name {
      case "origin": origin = String(decoding: value, as: UTF8.self)
      case "host": host = String(decoding: value.prefix { $0 != 0x3a }, as: UTF8.self).lowercased()
      case "user-agent": isOfBrowser = value.starts(with: "Mozilla/".utf8)
      case "connection": closes = String(decoding: value, as: UTF8.self).lowercased() == "close"
      default: break
      }
    }
  }

  /// What servers commonly allow of a head.
  static let largest = 8192

  /// The bytes of the first head in `bytes`; nil while its empty line is not there.
  static func end(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 3..<bytes.count where bytes[index] == 10 {
      if bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 { return index + 1 }
    }
    return nil
  }
}
