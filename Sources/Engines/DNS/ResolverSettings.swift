internal import Glibc
package import Wire

/// Whom names are asked of: the operator's own resolver, as any visitor's computer does.
package struct ResolverSettings: Sendable, Hashable {
  package struct Server: Sendable, Hashable {
    package var address: IPAddress
    package var port: UInt16
    package init(_ address: IPAddress, port: UInt16 = 53) { (self.address, self.port) = (address, port) }
    /// As libunbound writes it.
    var text: String { "\(address)@\(port)" }
  }
  package struct Stub: Sendable, Hashable {
    package var zone: String
    package var server: Server
    package init(zone: String, server: Server) { (self.zone, self.server) = (zone, server) }
  }

  /// Empty: those of `resolvConf`; where it names none, full recursion from the root.
  package var forwarders: [Server] = []
  package var resolvConf = "/etc/resolv.conf"
  /// Zones asked at one server instead: for tests.
  package var stubs: [Stub] = []
  /// DS or DNSKEY records in zone file form.
  package var anchors: [String] = []
  /// The root's keys, used when `anchors` is empty and the file is there (Debian's dns-root-data).
  package var anchorFile = "/usr/share/dns/root.key"
  /// Where authoritative servers listen; another one only in tests.
  package var authorityPort: UInt16 = 53
  /// Where MTA-STS policies are served; another one only in tests.
  package var policyPort: UInt16 = 443
  /// One question, every retry of the resolver's included.
  package var questionMilliseconds = 5_000

  package init() {}

  var asked: [Server] { forwarders.isEmpty && stubs.isEmpty ? ResolverSettings.system(resolvConf) : forwarders }
  var hasAnchorFile: Bool { unsafe access(anchorFile, R_OK) == 0 }

  /// The name below which answers can be validated; nil where there is no anchor.
  func anchor(covering name: String) -> String? {
    guard !anchors.isEmpty else { return hasAnchorFile ? "." : nil }
    let owners = anchors.compactMap { line in
      line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map { DomainName.normal(String($0)) }
    }
    return owners.filter { DomainName.isAt(name, orBelow: $0) }.max { $0.utf8.count < $1.utf8.count }
  }

  private static func system(_ path: String) -> [Server] {
    guard let file = unsafe fopen(path, "r") else { return [] }
    defer { unsafe fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let got = unsafe fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(got), as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count >= 2, words[0] == "nameserver", let address = IPAddress(words[1]) else { return nil }
      return Server(address)
    }
  }
}

/// Names as text: lower case, no trailing dot, the root a dot.
enum DomainName {
  static func normal(_ name: String) -> String {
    let lower = name.lowercased()
    return lower == "." || lower.isEmpty ? "." : lower.hasSuffix(".") ? String(lower.dropLast()) : lower
  }
  static func isAt(_ name: String, orBelow zone: String) -> Bool {
    zone == "." || name == zone || name.hasSuffix("." + zone)
  }
  static func parent(_ name: String) -> String? {
    name.firstIndex(of: ".").map { String(name[name.index(after: $0)...]) }.flatMap { $0.isEmpty ? nil : $0 }
  }
  /// Bytes of a name as they came; what does not print is a question mark.
  static func text(_ bytes: [UInt8]) -> String {
    normal(String(decoding: bytes.map { (0x21...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self))
  }
}
