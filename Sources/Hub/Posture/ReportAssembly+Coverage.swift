internal import Records
internal import Reports
internal import Scheduling
internal import Services
internal import Wire

/// How far was looked, what a site went through, what runs out, and what is not known.
extension ReportAssembly {
  func add(_ coverage: [EngineCoverage], _ members: [String], to contents: inout ReportContents) {
    let engines = Dictionary(grouping: coverage, by: \.engine)
    contents.coverage = engines.keys.sorted().map { line($0, engines[$0] ?? []) }
    guard case .site = subject else { return }
    let gaps = coverage.flatMap { $0.entries(checks: checks[$0.engine] ?? []) }.filter { $0.status != .tested }
    contents.gaps = Array(gaps.prefix(ReportLimits.gaps))
    note(.gaps, shown: contents.gaps.count, total: gaps.count, in: &contents)
  }

  private func line(_ engine: String, _ cells: [EngineCoverage]) -> ReportContents.EngineLine {
    var line = ReportContents.EngineLine(engine: engine)
    var reasons: [[String]: ReportContents.EngineLine.Reason] = [:]
    for cell in cells {
      if let tested = cell.tested {
        if tested < period.from {
          line.earlier += 1
        } else if tested < period.until {
          line.tested += 1
        } else {
          line.notDetermined += 1
        }
      } else {
        line.never += 1
      }
      guard cell.status != .tested else { continue }
      let key = [cell.status.rawValue, cell.reason]
      reasons[key, default: .init(status: cell.status, reason: cell.reason, sites: 0)].sites += 1
    }
    line.reasons = Array(
      reasons.values.sorted { ($1.sites, $0.reason) < ($0.sites, $1.reason) }.prefix(ReportLimits.reasons))
    return line
  }

  func add(trailOf site: Site, to contents: inout ReportContents) throws {
    let lines = try HubCore.trail(ofSite: site.id, within: purview, in: store).filter {
      period.from <= $0.time && $0.time < period.until
    }
    contents.trail = Array(lines.suffix(ReportLimits.trail))
    note(.trail, shown: contents.trail.count, total: lines.count, in: &contents)
  }

  /// Those that ended in the period, or end within the days that are announced ahead.
  func add(authorisationsOf members: [String], to contents: inout ReportContents) {
    let horizon = now.advanced(seconds: InventoryReview.announcedDays * 86_400)
    let ids = Set(members)
    let sites = inventory.sites.filter { ids.contains($0.id) }
    let lines = inventory.authorisations.filter { $0.until >= period.from && $0.until <= horizon }
      .sorted { ($0.until, $0.id) < ($1.until, $1.id) }.prefix(ReportLimits.rows)
      .compactMap { authorisation -> ReportContents.AuthorisationLine? in
        let covered = sites.count { authorisation.covers(host: $0.host, address: $0.target.address) }
        guard covered > 0 else { return nil }
        return .init(
          id: authorisation.id, document: authorisation.document, grantedBy: authorisation.grantedBy,
          until: authorisation.until, upTo: authorisation.upTo, sites: covered)
      }
    contents.authorisations = Array(lines.prefix(ReportLimits.authorisations))
    note(.authorisations, shown: contents.authorisations.count, total: lines.count, in: &contents)
  }

  // MARK: what is not known

  func unknown(
    _ contents: ReportContents, _ log: PosturePeriod, _ days: [(line: ReportContents.Day, isOtherTree: Bool)],
    _ coverage: [EngineCoverage], _ alerts: [QueueRow]
  ) -> [BilingualText] {
    contents.unknown + unknownOfLog(log, days) + unknownOfTests(contents.posture, coverage) + unknownOfWire(alerts)
      + sharedHosting(log)
  }

  /// A site's report leaves to another what its hosting shows.
  private func sharedHosting(_ log: PosturePeriod) -> [BilingualText] {
    var board = log.end
    guard case .site(let site) = subject, let platform = board.platform(ofSite: site.id) else { return [] }
    let weak = board.posture(ofPlatform: platform).deductions.count
    guard weak > 0 else { return [] }
    return [
      BilingualText(
        en:
          "Indicators that its hosting, \(platform), does not fulfil: \(weak). They are in the report of who answers for it.",
        zh: "其托管平台 \(platform) 有 \(weak) 项未达标，见平台责任单位的报告。")
    ]
  }

  private func unknownOfLog(
    _ log: PosturePeriod, _ days: [(line: ReportContents.Day, isOtherTree: Bool)]
  ) -> [BilingualText] {
    var result: [BilingualText] = []
    guard let began = log.logBegan else {
      return [
        BilingualText(en: "The posture log has no line yet: nothing of the period is known.", zh: "态势日志尚无记录，本期情况未知。")
      ]
    }
    let day = ReportPeriod.civil(ReportPeriod.day(of: began, period.utcOffset))
    if began >= period.until {
      result.append(
        BilingualText(
          en: "The whole period lies before the posture log, which begins \(day): no score of it is known.",
          zh: "本期全部早于态势日志起始日 \(day)，得分未知。"))
    } else if began > period.from {
      result.append(
        BilingualText(
          en: "The posture log begins \(day): what was before in the period is not known.",
          zh: "态势日志始于 \(day)，本期内此前情况未知。"))
    }
    let missing = days.count { $0.line.score == nil }
    if missing > 0 {
      result.append(
        BilingualText(
          en: "Days without a score: \(missing) of \(days.count). They were not kept, or nothing had been tested.",
          zh: "\(days.count) 天中有 \(missing) 天无得分：未留存，或尚未检测。"))
    }
    let other = days.count(where: \.isOtherTree)
    if other > 0 {
      result.append(
        BilingualText(
          en: "Days scored with other indicators or weights: \(other). They do not compare with the rest.",
          zh: "\(other) 天采用了不同的指标或权重，与其余日期不可比。"))
    }
    return result
  }

  private func unknownOfTests(_ mean: MeanPosture, _ coverage: [EngineCoverage]) -> [BilingualText] {
    var result: [BilingualText] = []
    let untested = mean.sites - mean.tested
    if mean.sites == 0 {
      result.append(BilingualText(en: "No site stood in the inventory at the period's end.", zh: "期末清单中没有网站。"))
    } else if untested > 0 {
      result.append(
        BilingualText(
          en:
            "Sites never tested by the period's end: \(untested) of \(mean.sites). They have no score and are in no mean.",
          zh: "截至期末，\(mean.sites) 个网站中有 \(untested) 个从未检测，无得分，不计入均值。"))
    }
    let last = Dictionary(grouping: coverage, by: \.site).mapValues { $0.compactMap(\.tested).max() }
    let stale = last.values.count { $0.map { $0 < period.from } ?? false }
    if stale > 0 {
      result.append(
        BilingualText(
          en: "Sites that no engine tested in the period: \(stale). Their scores stand on older tests.",
          zh: "\(stale) 个网站本期未经任何引擎检测，其得分依据更早的检测。"))
    }
    let later = coverage.count { $0.tested.map { $0 >= period.until } ?? false }
    if later > 0 {
      result.append(
        BilingualText(
          en:
            "Pairs of site and engine of which only a test after the period is kept: \(later). Whether one was made in it cannot be said.",
          zh: "有 \(later) 组网站与引擎仅保留本期之后的检测记录，本期内是否检测无法判定。"))
    }
    return result
  }

  private func unknownOfWire(_ alerts: [QueueRow]) -> [BilingualText] {
    var result: [BilingualText] = []
    if !hasSensor {
      result.append(
        BilingualText(
          en:
            "No sensor is known to the hub: what crossed the wire was not seen, unless alerts of others were taken in.",
          zh: "中心未登记任何探针：除引入的外部告警外，线路流量未被监测。"))
    }
    let kinds: [HubAlert.Kind] = [.silent, .blind, .missing, .wasBlind]
    let blind = Set(kinds.map { "\(HubAlert.gid):\($0.rawValue)" })
    for row in alerts.lazy.filter({ blind.contains($0.check) }).prefix(ReportLimits.sentences) {
      let last = ReportPeriod.civil(ReportPeriod.day(of: row.lastSeen, period.utcOffset))
      result.append(
        BilingualText(
          en: "\(row.title.en) (in all \(row.count), last \(last)): what passed meanwhile is not determined.",
          zh: "\(row.title.zh)（累计 \(row.count) 次，最近 \(last)）：其间流量情况尚不确定。"))
    }
    let spanning = alerts.count { !isCertain($0) && !$0.check.hasPrefix("\(HubAlert.gid):") }
    if spanning > 0 {
      result.append(
        BilingualText(
          en:
            "Rows of alerts that began before the period and went on after it: \(spanning). Whether an alert fell into it cannot be said.",
          zh: "有 \(spanning) 项告警始于本期之前、延续至本期之后，本期内是否发生无法判定。"))
    }
    if alerts.count >= ReportLimits.rows {
      result.append(
        BilingualText(
          en:
            "More than \(ReportLimits.rows) rows of alerts were seen since the period began: the oldest were not looked at.",
          zh: "自本期开始的告警超过 \(ReportLimits.rows) 条，最早的部分未纳入。"))
    }
    return result
  }
}
