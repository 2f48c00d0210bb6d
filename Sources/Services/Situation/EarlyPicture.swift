package import Records
package import Wire

/// The early picture of a campaign out of what is kept: at which sites a source or a rule was seen, and which weakness
/// was made use of. Pure.
package enum EarlyPicture {
  /// Seen at so many sites, a source or a rule is a campaign: as the queue folds one (MODEL.md).
  package static let campaignSites = 6

  package struct Reach: Sendable {
    package var isSource: Bool
    package var value: String
    /// What a rule says; of a source nothing.
    package var title: BilingualText
    package var sites: [String]
    package var since: Timestamp
    package var last: Timestamp
    package init(
      isSource: Bool, value: String, title: BilingualText, sites: [String], since: Timestamp, last: Timestamp
    ) {
      self.isSource = isSource
      self.value = value
      self.title = title
      self.sites = sites
      self.since = since
      self.last = last
    }
  }

  package static func campaigns(_ reaches: [Reach], isComplete: Bool) -> [EarlyWarning] {
    reaches.filter { $0.sites.count >= campaignSites }.map { reach in
      let title =
        reach.isSource
        ? BilingualText(
          en: "\(reach.value) attacks \(reach.sites.count) sites", zh: "\(reach.value) 攻击 \(reach.sites.count) 个网站")
        : BilingualText(
          en: "\(reach.title.en) at \(reach.sites.count) sites", zh: "\(reach.title.zh)：\(reach.sites.count) 个网站")
      return EarlyWarning(
        id: "\(reach.isSource ? "source" : "technique")/\(reach.value)/\(reach.since.text.prefix(10))",
        kind: reach.isSource ? .source : .technique, value: reach.value, title: title, since: reach.since,
        last: reach.last, seenAt: reach.sites, isComplete: isComplete)
    }
  }

  package struct Exploit: Sendable {
    package var check: String
    package var title: BilingualText
    package var site: String?
    package var time: Timestamp
    package init(check: String, title: BilingualText, site: String?, time: Timestamp) {
      self.check = check
      self.title = title
      self.site = site
      self.time = time
    }
  }

  /// One for each weakness that was exploited, with every other site that has it open. `exposed` is asked once a
  /// weakness.
  package static func weaknesses(
    _ exploits: [Exploit], exposed: (String) throws -> [EarlyWarning.Exposure]
  ) rethrows -> [EarlyWarning] {
    let byCheck = Dictionary(grouping: exploits, by: \.check)
    return try byCheck.sorted { $0.key < $1.key }.compactMap { check, seen -> EarlyWarning? in
      guard let first = seen.min(by: { $0.time < $1.time }), let last = seen.map(\.time).max() else { return nil }
      let sites = Set(seen.compactMap(\.site))
      let others = try exposed(check).filter { !sites.contains($0.site) }
      return EarlyWarning(
        id: "weakness/\(check)", kind: .weakness, value: check,
        title: BilingualText(
          en: "\(first.title.en): exploited, \(others.count) further sites have it",
          zh: "\(first.title.zh)：已被利用，另有 \(others.count) 个网站存在"),
        since: first.time, last: last, seenAt: sites.sorted(), exposed: others)
    }
  }
}
