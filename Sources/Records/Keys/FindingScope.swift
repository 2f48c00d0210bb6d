/// Whose a weakness is on a site that shares a hosting: the hosting's, found on all its sites alike and mended once by
/// its owner, or the site's own. A table with reasons; the longest prefix decides, and what no line names is the site's.
package enum FindingScope: String, Codable, Sendable, CaseIterable {
  case platform, site

  package struct Line: Sendable, Hashable {
    /// A check, or with a last dot all checks that begin so.
    package var prefix: String
    package var scope: FindingScope
    package var reason: String
    init(_ prefix: String, _ scope: FindingScope, _ reason: String) {
      self.prefix = prefix
      self.scope = scope
      self.reason = reason
    }
  }

  package static let table: [Line] = [
    Line("tls.", .platform, "versions, suites and faults are of the software that ends TLS for all sites"),
    Line("ports.", .platform, "the address is the hosting's, and every port on it"),
    Line("http.version_leak.server", .platform, "the Server line is the hosting's own"),
    Line("http.error_page.version", .platform, "the server's own error page is the same for all sites"),
    Line("http.methods.trace", .platform, "TRACE is answered by the server, before any site"),
    Line("http.exposed.server_status", .platform, "the status page is of the server, and tells of all sites"),
    Line("http.", .site, "headers, cookies, redirects and files are the site's application"),
    Line("certificate.", .site, "each name has its own certificate, also where one address serves many"),
    Line("dns.", .site, "the zone belongs to who holds the name, wherever it is hosted"),
    Line("availability.", .site, "one site can be down alone; its visitors ask its owner"),
    Line("content.", .site, "pages are the site's"),
    Line("testssl.", .site, "the tool's own words on headers and on TLS are not told apart by their ids"),
    Line("sslscan.", .platform, "the tool asks TLS alone"),
    Line("nmap.", .platform, "the tool asks ports alone"),
    Line("nuclei.", .site, "templates ask applications"),
    Line("nikto.", .site, "the tool asks files and headers"),
    Line("zap.", .site, "the tool asks applications"),
  ]

  package static func line(of check: String) -> Line? {
    table.filter { $0.prefix.hasSuffix(".") ? check.hasPrefix($0.prefix) : check == $0.prefix }
      .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
  }

  package static func of(_ check: String) -> FindingScope { line(of: check)?.scope ?? .site }
}
