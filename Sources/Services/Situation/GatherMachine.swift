package import Records
package import Wire

/// Rows that one cause made are folded under one row, so that the default queue stays one that a person can read.
///
/// A row is gathered while nobody has touched it and its attack has not succeeded; its alerts stay its own, and the
/// gathering row's count is the sum of its members'. Rows whose alerts have several sources are no part of one source's
/// campaign, and may be of a wave. What cannot be ordered by rule, source or site meets the storm's limit.
package struct GatherMachine: GatherRules {
  /// More than `most` rows within the window make a gathering row.
  package struct Limit: Sendable {
    package let most: Int
    package let seconds: Double
  }
  package static func limit(_ axis: GatherAxis) -> Limit {
    switch axis {
    // MODEL.md's five sites; a day, as long as rows take alerts.
    case .campaign: Limit(most: 5, seconds: 24 * 3600)
    // Ten rules are a tool's list: a person's attack trips fewer.
    case .tool: Limit(most: 10, seconds: 24 * 3600)
    // A page of the queue is full of the same title.
    case .wave: Limit(most: 25, seconds: 24 * 3600)
    // New rows of one severity in an hour that a watch of one still reads.
    case .storm: Limit(most: 100, seconds: 3600)
    }
  }

  package init() {}

  package func keys(
    _ group: AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution, isMade: Bool
  ) -> [GatherKey] {
    guard isFree(group), alert.source != nil else { return [] }
    var keys: [GatherKey] = []
    if let remote = site.remote, site.isOutbound != true, isOfOneSource(group) {
      keys.append(GatherKey(.campaign, "\(alert.signature.id)|\(remote)"))
      keys.append(GatherKey(.tool, "\(remote)|\(site.site ?? site.subject)"))
    }
    keys.append(GatherKey(.wave, alert.signature.id))
    if isMade { keys.append(GatherKey(.storm, group.row.severity.rawValue)) }
    return keys
  }

  package func touch(
    _ track: inout GatherTrack, row: Int64, at time: Timestamp, isOpen: Bool
  ) -> GatherDecision {
    let limit = GatherMachine.limit(track.axis)
    track.last = max(track.last, time)
    let from = track.last.advanced(seconds: -limit.seconds)
    track.touched.removeAll { $0.time < from }
    if !isOpen { track.row = nil }
    if track.axis == .storm { return storm(&track, row, time, limit) }
    note(row, time, &track, room: limit.most + 1)
    if let gathering = track.row { return .joins(gathering) }
    return track.touched.count > limit.most ? .opens(track.touched.map(\.row)) : .stays
  }

  /// The rows within the limit stay as they are; those beyond it are gathered while it lasts.
  private func storm(
    _ track: inout GatherTrack, _ row: Int64, _ time: Timestamp, _ limit: Limit
  ) -> GatherDecision {
    guard track.touched.count >= limit.most else {
      note(row, time, &track, room: limit.most)
      return .stays
    }
    return track.row.map { .joins($0) } ?? .opens([row])
  }

  private func note(_ row: Int64, _ time: Timestamp, _ track: inout GatherTrack, room: Int) {
    if let place = track.touched.firstIndex(where: { $0.row == row }) {
      track.touched[place].time = max(track.touched[place].time, time)
      return
    }
    track.touched.append(GatherTrack.Touch(row: row, time: time))
    track.touched.removeFirst(max(track.touched.count - room, 0))
  }

  // MARK: membership

  package func mayJoin(_ group: AlertGroup, _ gathering: AlertGroup) -> Bool {
    guard isFree(group), group.row.id != gathering.row.id else { return false }
    guard let source = gathering.row.gathering?.source else { return true }
    return isOfOneSource(group) && group.facets.sources.entries.first?.value == source
  }

  /// Of the rows that were touched some may be in people's hands; of few others it would be a row more, not fewer.
  package func opens(_ axis: GatherAxis, joinable: Int) -> Bool {
    axis == .storm ? joinable > 0 : joinable > GatherMachine.limit(axis).most / 2
  }

  private func isFree(_ group: AlertGroup) -> Bool {
    let row = group.row
    return row.place == .shown && row.gathering == nil && row.triage.state == .new && row.triage.assignee == nil
      && row.comments == 0 && row.triage.judged == nil && row.outcome < .succeeded
  }

  private func isOfOneSource(_ group: AlertGroup) -> Bool { group.facets.sources.entries.count == 1 }

  package func takes(_ gathering: AlertGroup, at time: Timestamp) -> Bool { AlertFold.takes(gathering, at: time) }

  package func mustShow(_ member: AlertGroup) -> Bool {
    member.row.place == .member && member.row.outcome >= .succeeded
  }

  package func join(_ member: inout AlertGroup, _ gathering: inout AlertGroup) {
    member.row.place = .member
    member.row.parent = gathering.row.id
    if gathering.row.triage.state != .new { member.row.triage = gathering.row.triage }
    // An organisation's people see what is theirs alone; rows of several are the city's.
    let isFirst = gathering.row.gathering?.members == 0
    if isFirst || gathering.row.organisation != member.row.organisation {
      gathering.row.organisation = isFirst ? member.row.organisation : nil
    }
    gathering.row.gathering?.members += 1
    gathering.row.count += member.row.count
    gathering.row.firstSeen = min(gathering.row.firstSeen, member.row.firstSeen)
    gathering.row.lastSeen = max(gathering.row.lastSeen, member.row.lastSeen)
    merge(member, into: &gathering.facets)
    raise(&gathering, by: member)
    let members = Int64(gathering.row.gathering?.members ?? 0)
    gathering.rate.hits = members
    let known = gathering.rate.acknowledged
    if known > 0, members == known * AlertFold.rateRise {
      AlertFold.bringBack(&gathering, because: "it grew tenfold, to \(members) rows")
    }
  }

  package func release(_ member: inout AlertGroup, _ gathering: inout AlertGroup) {
    guard member.row.place == .member else { return }
    member.row.place = .shown
    member.row.parent = nil
    gathering.row.gathering?.members -= 1
    gathering.row.count -= member.row.count
  }

  package func counted(
    _ member: inout AlertGroup, _ gathering: inout AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution
  ) {
    gathering.row.count += 1
    let source = AlertFold.source(alert, site).map(\.description)
    if let campaign = gathering.row.gathering?.source, source != campaign { return release(&member, &gathering) }
    if mustShow(member) { return release(&member, &gathering) }
    gathering.row.lastSeen = max(gathering.row.lastSeen, member.row.lastSeen)
    gathering.row.firstSeen = min(gathering.row.firstSeen, member.row.firstSeen)
    if let source { gathering.facets.sources.add(source) }
    if let url = alert.context.url { gathering.facets.urls.add(url) }
    gathering.facets.sites?.add(member.row.site ?? member.row.subject)
    gathering.facets.rules?.add(alert.signature.id)
    raise(&gathering, by: member)
    if member.row.triage.state == .new, let reason = member.row.triage.returned {
      AlertFold.bringBack(&gathering, because: "row \(member.row.id): \(reason)")
    }
  }

  private func raise(_ gathering: inout AlertGroup, by member: AlertGroup) {
    if member.row.outcome > gathering.row.outcome {
      gathering.machine = max(gathering.machine ?? .failed, member.row.outcome)
      gathering.row.outcome = PersonJudgement.effective(
        gathering.row.triage.judged, machine: gathering.machine ?? .failed)
      gathering.judgements = Array(member.judgements.suffix(1))
    }
    guard member.row.severity > gathering.row.severity else { return }
    gathering.row.severity = member.row.severity
    AlertFold.bringBack(&gathering, because: "severity rose to \(member.row.severity.rawValue)")
  }

  private func merge(_ member: AlertGroup, into facets: inout AlertFacets) {
    for entry in member.facets.sources.entries { facets.sources.add(entry.value, count: entry.count) }
    for entry in member.facets.targets.entries { facets.targets.add(entry.value, count: entry.count) }
    for entry in member.facets.sensors.entries { facets.sensors.add(entry.value, count: entry.count) }
    for entry in member.facets.urls.entries { facets.urls.add(entry.value, count: entry.count) }
    facets.sites?.add(member.row.site ?? member.row.subject, count: member.row.count)
    facets.rules?.add(member.signature.id, count: member.row.count)
  }

  // MARK: the gathering row

  package func begin(
    _ key: GatherKey, _ group: AlertGroup, _ alert: AlertRecord, _ site: SiteAttribution
  ) -> AlertGroup {
    let source = key.axis == .campaign || key.axis == .tool ? site.remote?.description : nil
    let isOfSite = key.axis == .tool
    let row = QueueRow(
      wing: .sensor, key: .gathering(key), title: GatherWords.title(key, group, source: source),
      severity: group.row.severity, outcome: .failed, site: isOfSite ? site.site : nil,
      organisation: isOfSite ? site.organisation : nil, subject: isOfSite ? site.subject : source ?? key.axis.rawValue,
      check: isOfSite || key.axis == .storm ? key.axis.rawValue : alert.signature.id, count: 0,
      firstSeen: group.row.firstSeen, lastSeen: group.row.lastSeen,
      gathering: Gathering(axis: key.axis, source: source))
    return AlertGroup(
      row: row, signature: alert.signature, facets: AlertFacets(sites: Facet(), rules: Facet()),
      rate: HourlyRate(hour: 0), machine: .failed)
  }
}

enum GatherWords {
  static func title(_ key: GatherKey, _ group: AlertGroup, source: String?) -> BilingualText {
    let (title, source) = (group.row.title, source ?? "-")
    let place = group.row.site ?? group.row.subject
    return switch key.axis {
    case .campaign: BilingualText(en: "campaign of \(source): \(title.en)", zh: "\(source) 批量攻击：\(title.zh)")
    case .tool: BilingualText(en: "\(source) tries many attacks at \(place)", zh: "\(source) 对 \(place) 多种攻击")
    case .wave: BilingualText(en: "at many sites: \(title.en)", zh: "多站点同类告警：\(title.zh)")
    case .storm:
      BilingualText(
        en: "storm: more new rows of severity \(group.row.severity.rawValue) than can be read",
        zh: "告警风暴：\(group.row.severity.title.zh)新增过多")
    }
  }
}
