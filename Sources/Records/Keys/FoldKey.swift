/// What makes two events the same row: SHA-256 over length-prefixed fields behind a version tag. Severity, title,
/// description and engine are never in it.
package struct FoldKey: RawRepresentable, Codable, Sendable, Hashable {
  /// 64 hexadecimal digits.
  package var rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  init(version: String, _ fields: [String]) {
    var bytes: [UInt8] = []
    for field in CollectionOfOne(version) + fields {
      let length = UInt32(truncatingIfNeeded: field.utf8.count)
      for shift in stride(from: UInt32(24), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: length >> shift))
      }
      bytes.append(contentsOf: field.utf8)
    }
    rawValue = SHA256.hex(SHA256.digest(bytes))
  }

  /// `v1 | gid:sid | site, else protected address and port`.
  package static func alertGroup(rule: String, site: String?, protected: String) -> FoldKey {
    FoldKey(version: "v1", ["alert", rule, site.map { "site:" + $0 } ?? "end:" + protected])
  }

  /// `v1 | site or platform | weakness | scheme class | host without www | port class | path template | parameter`.
  package static func finding(
    site: String, weakness: String, scheme: String, host: String, port: UInt16, path: String?, parameter: String?
  ) -> FoldKey {
    let lower = host.lowercased()
    let bare = lower.hasPrefix("www.") ? String(lower.dropFirst(4)) : lower
    return FoldKey(
      version: "v1",
      [
        "finding", site, weakness, schemeClass(scheme), bare, portClass(port), path.map(pathTemplate) ?? "",
        parameter ?? "",
      ])
  }

  /// http and https are one class: the redirect from one to the other does not make a second finding.
  static func schemeClass(_ scheme: String) -> String {
    scheme == "https" || scheme == "http" ? "web" : scheme
  }
  static func portClass(_ port: UInt16) -> String { port == 80 || port == 443 ? "web" : String(port) }

  /// Numbers and long hexadecimal segments of a path are one template; the query is not part of it.
  package static func pathTemplate(_ path: String) -> String {
    let bare = path.prefix { $0 != "?" && $0 != "#" }
    return bare.split(separator: "/", omittingEmptySubsequences: false).map { segment in
      if !segment.isEmpty, segment.allSatisfy(\.isNumber) { return "{n}" }
      let plain = segment.filter { $0 != "-" }
      return plain.count >= 16 && plain.allSatisfy(\.isHexDigit) ? "{id}" : String(segment)
    }.joined(separator: "/")
  }
}
