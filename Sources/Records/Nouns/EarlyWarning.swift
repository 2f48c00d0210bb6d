package import Wire

/// The early picture of a campaign: what was seen at some sites and may come to others. A proposal to people; a notice
/// may be made of it.
package struct EarlyWarning: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// One source against many sites; one rule hit at many sites; a weakness that was exploited somewhere.
    case source, technique, weakness

    package var title: BilingualText {
      switch self {
      case .source: BilingualText(en: "one source, many sites", zh: "同源多站攻击")
      case .technique: BilingualText(en: "one technique, many sites", zh: "同手法多站攻击")
      case .weakness: BilingualText(en: "a weakness was exploited", zh: "漏洞已被利用")
      }
    }
  }
  /// A site that has the very weakness open.
  package struct Exposure: Codable, Sendable, Hashable {
    package var site: String
    package var organisation: String?
    /// The finding's row.
    package var finding: Int64
    /// It is the hosting's, and shows at the site.
    package var platform: String?
    package init(site: String, organisation: String?, finding: Int64, platform: String? = nil) {
      self.site = site
      self.organisation = organisation
      self.finding = finding
      self.platform = platform
    }
  }

  /// The same while it goes on: `weakness/http.exposed.git`, `source/198.51.100.9/2026-11-26`.
  package var id: String
  package var kind: Kind
  /// An address, `gid:sid`, or a weakness id.
  package var value: String
  package var title: BilingualText
  package var since: Timestamp
  package var last: Timestamp
  /// Sites at which it was seen, at most `sitesShown`; `seenSites` counts all that are known.
  package var seenAt: [String]
  package var seenSites: Int
  /// Of a weakness: every site that has it open, those at which it was exploited left out; bounded as `seenAt`.
  package var exposed: [Exposure]
  package var exposedSites: Int
  /// False: the bounded tables that it is made from were full, and more sites may be concerned.
  package var isComplete: Bool
  package static let sitesShown = 500

  package init(
    id: String, kind: Kind, value: String, title: BilingualText, since: Timestamp, last: Timestamp, seenAt: [String],
    exposed: [Exposure] = [], isComplete: Bool = true
  ) {
    self.id = id
    self.kind = kind
    self.value = value
    self.title = title
    self.since = since
    self.last = last
    self.seenAt = Array(seenAt.prefix(EarlyWarning.sitesShown))
    seenSites = seenAt.count
    self.exposed = Array(exposed.prefix(EarlyWarning.sitesShown))
    exposedSites = exposed.count
    self.isComplete = isComplete
  }
}
