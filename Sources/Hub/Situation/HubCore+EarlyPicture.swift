internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Campaigns in their beginning, and weaknesses that were made use of.
extension HubCore {
  /// A campaign is a thing of a day, for which it is kept; an exploited weakness warns for a week.
  static let campaignSeconds = 24.0 * 3600
  static let exploitSeconds = 7 * 24.0 * 3600

  /// The widest first within each kind; weaknesses before campaigns. Of some sites only where one of them is concerned.
  /// Who sees a part of the city is told what concerns it, and of that no other site.
  func earlyWarnings(
    _ now: Timestamp, sites wanted: Set<String>? = nil, within purview: Purview
  ) throws -> [EarlyWarning] {
    try followPosture()
    guard purview.isAll else { return try earlyWarnings(ofPart: wanted ?? purview.sites, purview, now) }
    let exploits = try store.exploits(since: now.advanced(seconds: -HubCore.exploitSeconds)).map {
      EarlyPicture.Exploit(check: $0.check, title: $0.title, site: $0.site, time: $0.time)
    }
    let weaknesses = try EarlyPicture.weaknesses(exploits, exposed: exposures)
    let (found, isComplete) = try reaches(among: nil, within: purview, now)
    let all = weaknesses + EarlyPicture.campaigns(found, isComplete: isComplete)
    guard let wanted else { return all }
    return all.filter { warning in
      warning.seenAt.contains(where: wanted.contains) || warning.exposed.contains { wanted.contains($0.site) }
    }
  }

  private func earlyWarnings(
    ofPart own: Set<String>, _ purview: Purview, _ now: Timestamp
  ) throws -> [EarlyWarning] {
    let since = now.advanced(seconds: -HubCore.exploitSeconds)
    let exploits = try store.exploits(since: since, within: purview).map { exploit in
      EarlyPicture.Exploit(
        check: exploit.check, title: try store.title(ofRule: exploit.check, within: purview),
        site: exploit.site.flatMap { exploit.isOwn && own.contains($0) ? $0 : nil }, time: exploit.time)
    }
    let weaknesses = try EarlyPicture.weaknesses(ofPart: exploits) { check in
      try exposures(check).filter { own.contains($0.site) && $0.platform.map(purview.has(platform:)) ?? true }
    }
    let (found, isComplete) = try reaches(among: own, within: purview, now)
    return weaknesses + EarlyPicture.campaigns(ofPart: found, isComplete: isComplete)
  }

  private func reaches(
    among sites: Set<String>?, within purview: Purview, _ now: Timestamp
  ) throws -> (reaches: [EarlyPicture.Reach], isComplete: Bool) {
    let found = try store.reaches(
      since: now.advanced(seconds: -HubCore.campaignSeconds), sites: EarlyPicture.campaignSites, among: sites)
    let reaches = try found.reaches.map { reach in
      EarlyPicture.Reach(
        isSource: reach.isSource, value: reach.value,
        title: reach.isSource ? BilingualText(reach.value) : try store.title(ofRule: reach.value, within: purview),
        sites: reach.sites, since: reach.since, last: reach.last)
    }
    return (reaches, found.isComplete)
  }

  /// Every site that has it open: by itself, or by its hosting.
  private func exposures(_ check: String) throws -> [EarlyWarning.Exposure] {
    var seen: Set<String> = []
    return try board.findings(showing: check).flatMap { row -> [EarlyWarning.Exposure] in
      guard let platform = row.platform else {
        return [EarlyWarning.Exposure(site: row.site, organisation: board.organisation(of: row), finding: row.id)]
      }
      return try store.sitesShowing(row.id).map { site in
        EarlyWarning.Exposure(
          site: site, organisation: board.member(site)?.organisation, finding: row.id, platform: platform)
      }
    }.filter { seen.insert($0.site).inserted }.sorted { $0.site < $1.site }
  }
}
