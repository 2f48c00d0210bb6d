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
    campaigns(reaches.filter { $0.sites.count >= campaignSites }, isComplete) { reach in
      reach.isSource
        ? BilingualText(
          en: "\(reach.value) attacks \(reach.sites.count) sites", zh: "\(reach.value) 攻击 \(reach.sites.count) 个网站")
        : BilingualText(
          en: "\(reach.title.en) at \(reach.sites.count) sites", zh: "\(reach.title.zh)：\(reach.sites.count) 个网站")
    }
  }

  /// The same for those who see a part of the city: `reaches` are campaigns already, with the sites of that part alone.
  package static func campaigns(ofPart reaches: [Reach], isComplete: Bool) -> [EarlyWarning] {
    campaigns(reaches, isComplete) { reach in
      let count = reach.sites.count
      return reach.isSource
        ? BilingualText(
          en: "\(reach.value) attacks sites of the city, \(count) of them yours",
          zh: "\(reach.value) 攻击本市网站，其中您辖内 \(count) 个")
        : BilingualText(
          en: "\(reach.title.en) at sites of the city, \(count) of them yours",
          zh: "\(reach.title.zh)：涉及本市网站，其中您辖内 \(count) 个")
    }
  }

  private static func campaigns(
    _ reaches: [Reach], _ isComplete: Bool, title: (Reach) -> BilingualText
  ) -> [EarlyWarning] {
    reaches.map { reach in
      EarlyWarning(
        id: "\(reach.isSource ? "source" : "technique")/\(reach.value)/\(reach.since.text.prefix(10))",
        kind: reach.isSource ? .source : .technique, value: reach.value, title: title(reach), since: reach.since,
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
    try weaknesses(exploits, exposed) { title, others, _ in
      BilingualText(
        en: "\(title.en): exploited, \(others) further sites have it", zh: "\(title.zh)：已被利用，另有 \(others) 个网站存在")
    }
  }

  /// The same for those who see a part of the city: exploits elsewhere have no site, and what concerns no site of the
  /// part is left out.
  package static func weaknesses(
    ofPart exploits: [Exploit], exposed: (String) throws -> [EarlyWarning.Exposure]
  ) rethrows -> [EarlyWarning] {
    try weaknesses(exploits, exposed) { title, others, seen in
      BilingualText(
        en: "\(title.en): exploited in the city, at \(seen) of your sites; \(others) further of yours have it",
        zh: "\(title.zh)：本市已有利用，您辖内 \(seen) 个网站被利用，另有 \(others) 个存在")
    }.filter { !$0.seenAt.isEmpty || !$0.exposed.isEmpty }
  }

  private static func weaknesses(
    _ exploits: [Exploit], _ exposed: (String) throws -> [EarlyWarning.Exposure],
    words: (_ title: BilingualText, _ others: Int, _ seen: Int) -> BilingualText
  ) rethrows -> [EarlyWarning] {
    let byCheck = Dictionary(grouping: exploits, by: \.check)
    return try byCheck.sorted { $0.key < $1.key }.compactMap { check, seen -> EarlyWarning? in
      guard let first = seen.min(by: { $0.time < $1.time }), let last = seen.map(\.time).max() else { return nil }
      let sites = Set(seen.compactMap(\.site))
      let others = try exposed(check).filter { !sites.contains($0.site) }
      return EarlyWarning(
        id: "weakness/\(check)", kind: .weakness, value: check, title: words(first.title, others.count, sites.count),
        since: first.time, last: last, seenAt: sites.sorted(), exposed: others)
    }
  }
}
