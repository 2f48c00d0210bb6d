/// The head of one response as it came, how long its body was, and the body where the request asked for it.
package struct HTTPResponse {
  struct Field: Hashable {
    /// Lower case.
    var name: String
    var value: String
  }
  var status = 0
  var fields: [Field] = []
  var bodyBytes = 0
  /// Kept only where the request asked for it, up to its limit.
  var body: [UInt8] = []
  /// The head or the body went over its limit and the rest was not read.
  var isCut = false
  /// The server broke the body off, or never ended it.
  var isBroken = false
  var isHTTP2 = false
  var times = StageTimes()

  package init() {}

  package func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
  func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// One line of a head; the name of its field, nil where it is none. A status line begins a new head: of an interim
  /// answer nothing is kept.
  @discardableResult package mutating func add(line bytes: [UInt8]) -> String? {
    let line = HTTPResponse.trimmed(bytes[...])
    if line.starts(with: HTTPResponse.statusMark) {
      fields = []
      status = line.split(separator: 0x20).dropFirst().first.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
      return nil
    }
    guard let colon = line.firstIndex(of: 0x3a) else { return nil }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    let value = HTTPResponse.trimmed(line[(colon + 1)...])
    fields.append(Field(name: name, value: String(decoding: value, as: UTF8.self)))
    return name
  }

  private static let statusMark = Array("HTTP/".utf8)

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = bytes.firstIndex(where: { !$0.isSpace }), let last = bytes.lastIndex(where: { !$0.isSpace })
    else { return [] }
    return bytes[first...last]
  }
}

/// How long each stage of a request took, in microseconds; 0 for a stage that a kept connection spared.
struct StageTimes: Hashable {
  var connect = 0
  var tls = 0
  /// From the request to the first byte of the answer.
  var firstByte = 0
  var total = 0
}

/// A Set-Cookie line (RFC 6265 section 4.1) without its value, which is never kept.
package struct CookieLine: Hashable {
  var name: String
  var isSecure: Bool
  var isHTTPOnly: Bool
  /// `strict`, `lax`, `none`; nil where not said.
  var sameSite: String?
  /// Max-Age=0 or a past date by its usual spelling: the server takes a cookie back.
  var isRemoval: Bool
  var path: String?
  var hasDomain: Bool

  package init?(_ line: String) {
    let parts = line.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmingSpace }
    guard let pair = parts.first, let equal = pair.firstIndex(of: "="), equal != pair.startIndex else { return nil }
    name = String(pair[..<equal].prefix(64)).filter { $0.isASCII && !$0.isNewline }
    let attributes = parts.dropFirst().map { part -> (String, String) in
      let halves = part.split(separator: "=", maxSplits: 1)
      return (String(halves.first ?? "").lowercased(), halves.count > 1 ? String(halves[1]).lowercased() : "")
    }
    isSecure = attributes.contains { $0.0 == "secure" }
    isHTTPOnly = attributes.contains { $0.0 == "httponly" }
    sameSite = attributes.last { $0.0 == "samesite" }?.1
    path = attributes.last { $0.0 == "path" }?.1
    hasDomain = attributes.contains { $0.0 == "domain" && !$0.1.isEmpty }
    isRemoval = attributes.contains {
      ($0.0 == "max-age" && ($0.1 == "0" || $0.1.hasPrefix("-"))) || ($0.0 == "expires" && $0.1.contains("1970"))
    }
  }
}

extension CookieLine {
  /// Which promise of its name (RFC 6265bis section 4.1.3) the cookie breaks: browsers drop it. Nil where none.
  package var brokenPrefix: String? {
    let lower = name.lowercased()
    if lower.hasPrefix("__host-") { return isSecure && path == "/" && !hasDomain ? nil : "__Host-" }
    if lower.hasPrefix("__secure-") { return isSecure ? nil : "__Secure-" }
    return nil
  }
}

extension UInt8 {
  /// Blank, tab, line feed, carriage return.
  fileprivate var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}

extension String {
  var trimmingSpace: String {
    guard let first = utf8.firstIndex(where: { !$0.isSpace }), let last = utf8.lastIndex(where: { !$0.isSpace }) else {
      return ""
    }
    return String(self[first..<utf8.index(after: last)])
  }
}
