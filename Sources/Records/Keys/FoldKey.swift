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

  /// The same apart from other alerts: those that a suppression hides (its id), and those of our own scans.
  package static func alertGroup(rule: String, site: String?, protected: String, apart: String) -> FoldKey {
    FoldKey(version: "v1", ["alert", rule, site.map { "site:" + $0 } ?? "end:" + protected, apart])
  }

  /// Of a row that gathers others.
  package static func gathering(_ key: GatherKey) -> FoldKey {
    FoldKey(version: "v1", ["gathering", key.axis.rawValue, key.key])
  }

  /// `v1 | site or platform | weakness | scheme class | host without www | port class | path template | parameter`.
  /// Every part in its one form first (`HostForm`, `PathForm`).
  package static func finding(
    site: String, weakness: String, scheme: String, host: String, port: UInt16, path: String?, parameter: String?
  ) -> FoldKey {
    finding(site, weakness, scheme, HostForm.key(host), port, path, parameter)
  }

  /// The same of a hosting: which of its sites showed it is not in the key, and no host is empty.
  package static func finding(
    platform: String, weakness: String, scheme: String, port: UInt16, path: String?, parameter: String?
  ) -> FoldKey {
    finding("platform:" + platform, weakness, scheme, "", port, path, parameter)
  }

  /// Of what an engine saw: the hosting's where the attribution says so, else the site's.
  package static func finding(_ observation: Observation, _ owner: SiteAttribution) -> FoldKey {
    let target = observation.target
    guard let platform = owner.platform else {
      return .finding(
        site: owner.place, weakness: observation.check, scheme: target.scheme, host: target.host, port: target.port,
        path: observation.path, parameter: observation.parameter)
    }
    return .finding(
      platform: platform, weakness: observation.check, scheme: target.scheme, port: target.port,
      path: observation.path, parameter: observation.parameter)
  }

  private static func finding(
    _ owner: String, _ weakness: String, _ scheme: String, _ host: String, _ port: UInt16, _ path: String?,
    _ parameter: String?
  ) -> FoldKey {
    FoldKey(
      version: "v1",
      [
        "finding", owner, weakness, schemeClass(scheme), host, portClass(port), path.map(PathForm.template) ?? "",
        parameter.map(parameterForm) ?? "",
      ])
  }

  /// http and https are one class: the redirect from one to the other does not make a second finding.
  static func schemeClass(_ scheme: String) -> String {
    let scheme = scheme.lowercased()
    return scheme == "https" || scheme == "http" ? "web" : scheme
  }

  /// 80 and 443 are one class, as their schemes are.
  package static func portClass(_ port: UInt16) -> String { port == 80 || port == 443 ? "web" : String(port) }

  /// A parameter's name as people write it: without percent codes, where what they say is text.
  static func parameterForm(_ text: String) -> String { PercentText.decoded(text) ?? text }
}
