internal import ControlAPI
internal import Records
internal import Services
internal import Store
internal import Wire

/// Incidents as people open, lead, ask about and end them.
extension HubCore {
  // MARK: questions

  /// Cases of a city are hundreds a year; more than this are not looked through for one list.
  private static let mostIncidents = 2_000

  func incidentList(_ request: ListRequest, within purview: Purview) throws -> Page<IncidentItem> {
    let filter = try Filter(request.filter, .incidents)
    let now = clock.now()
    let items = try store.incidents(within: purview, limit: HubCore.mostIncidents).map { try incidentItem($0, now) }
      .filter { filter.matches($0, now: now) }
    let page = items.dropFirst(request.offset).prefix(request.limit)
    return Page(items: page.map(\.shortened), total: items.count)
  }

  func incidentDetail(_ id: String, within purview: Purview) throws -> IncidentDetail {
    let now = clock.now()
    let incident = try store.incident(id, within: purview)
    return IncidentDetail(
      item: try incidentItem(incident, now).shortened, sites: try store.incidentSites(id),
      rows: try store.incidentRows(id), log: try store.incidentLog(id))
  }

  /// Open ones, those that have one of `sites`, or whichever.
  func openIncidents(of sites: Set<String>? = nil, within purview: Purview) throws -> [IncidentItem] {
    let now = clock.now()
    return try store.incidents(openOnly: true, sites: sites, within: purview).map { try incidentItem($0, now) }
  }

  private func incidentItem(_ incident: Incident, _ now: Timestamp) throws -> IncidentItem {
    let proposal = guide.propose(incident, measured: try measured(incident, now))
    let clocks = IncidentClocks.clocks(of: incident, proposed: proposal.level, guide: guide, now: now)
    return IncidentItem(
      incident: incident, sites: try store.incidentSites(incident.id), proposal: proposal, clocks: clocks)
  }

  /// Scans are asked once a minute what they say of a case; of a closed one no more.
  private static let measuredEvery = 60.0

  private func measured(_ incident: Incident, _ now: Timestamp) throws -> [IncidentFact] {
    if let kept = incidentMeasures[incident.id],
      (0..<Self.measuredEvery).contains(Double(now.nanoseconds(since: kept.asked)) / 1e9)
    {
      return kept.facts
    }
    guard incident.isOpen else {
      incidentMeasures[incident.id] = nil
      return []
    }
    let facts = try IncidentMeasure.allCases.compactMap { measure -> IncidentFact? in
      let checks = guide.measured[measure] ?? []
      let events = try store.standing(inIncident: incident.id, checks: checks)
      guard !events.isEmpty else { return nil }
      var standing = StandingHours()
      for event in events { standing.take(event) }
      let hours = (standing.longest(at: now) * 100).rounded() / 100
      return IncidentFact(
        measure: measure, value: hours, by: "vigil", time: now,
        basis: "how long scans saw \(checks.joined(separator: ", "))")
    }
    incidentMeasures[incident.id] = (now, facts)
    return facts
  }

  /// Alerts of open cases that are looked at for sources: the newest rows.
  private static let comparedRows = 50

  func incidentOffers(row id: Int64, within purview: Purview) throws -> [IncidentOffer] {
    try refuseForeign([id], within: purview)
    let row = try store.row(id)
    let cases = try store.incidents(openOnly: true, within: purview).map { incident in
      let rows = try store.incidentRows(incident.id).filter { $0.removed == nil }
      let features = IncidentProposal.Features(
        sites: Set(try store.incidentSites(incident.id)),
        sources: try sources(ofRows: rows.suffix(HubCore.comparedRows).filter { $0.wing == .sensor }.map(\.id)),
        checks: Set(rows.map(\.check)))
      return (incident: incident, features: features)
    }
    let features = IncidentProposal.Features(
      sites: Set([row.site].compactMap(\.self)), sources: try sources(ofRows: [id]), checks: [row.check])
    return IncidentProposal.offers(for: features, among: cases).map { offer in
      let reasons: [IncidentOffer.Reason?] = [
        offer.isSameSite ? .sameSite : nil, offer.isSameSource ? .sameSource : nil,
        offer.isSameTechnique ? .sameTechnique : nil,
      ]
      return IncidentOffer(incident: offer.incident, reasons: reasons.compactMap(\.self))
    }
  }

  private func sources(ofRows ids: [Int64]) throws -> Set<String> {
    Set(try store.alertSources(ofRows: ids))
  }

  // MARK: acts

  func openIncident(_ request: IncidentOpening, by actor: Actor, within purview: Purview) throws -> IncidentDetail {
    let incident = try open(request, by: actor, within: purview)
    return try incidentDetail(incident.id, within: purview)
  }

  private func open(_ request: IncidentOpening, by actor: Actor, within purview: Purview) throws -> Incident {
    let now = clock.now()
    let (rows, sites) = (request.rows ?? [], request.sites ?? [])
    guard rows.count + sites.count <= IncidentActRequest.mostRows else {
      throw APIProblem(
        .badRequest, "an incident is opened with at most \(IncidentActRequest.mostRows) rows and sites",
        zh: "立案最多包含 \(IncidentActRequest.mostRows) 行和站点")
    }
    guard purview.isAll || rows.count + sites.count > 0 else {
      throw APIProblem(
        .badRequest, "a case of nobody's is opened by those who see the whole city", zh: "无归属事件须由可见全市者立案",
        hint: "name rows or sites of yours"
      )
    }
    try refuseForeign(rows, within: purview)
    let first = try rows.first.map { id in try store.row(id) }
    let language: TextLanguage = configuration.language == .zh ? .zh : .en
    let title = request.title ?? first.map { "\($0.title[language]), \($0.site ?? $0.subject)" } ?? ""
    try IncidentMachine.need(
      title, BilingualText(en: "a title, or a row that has one", zh: "标题，或有标题的行"))
    try refuseUnknown(sites, within: purview)
    let draft = Incident(
      title: String(title.prefix(IncidentMachine.titleLimit)),
      kind: request.kind ?? first.map(IncidentProposal.kind) ?? .other, isDrill: request.isDrill ?? false,
      opened: now, openedBy: actor.name)
    let change = try store.openIncident(draft, rows: rows, sites: sites, year: year(now), by: actor, at: now)
    for row in change.rows { publish(row, .acted, now) }
    return change.incident
  }

  func act(
    _ act: IncidentAct, onIncident id: String, by actor: Actor, within purview: Purview
  ) throws -> IncidentDetail {
    let now = clock.now()
    _ = try store.incident(id, within: purview)
    if case .join(let rows, let sites) = act {
      try refuseForeign(rows, within: purview)
      try refuseUnknown(sites, within: purview)
    }
    let change = try store.act(act, onIncident: id, by: actor, at: now, rule: IncidentMachine.apply)
    incidentMeasures[id] = nil
    for row in change.rows { publish(row, .acted, now) }
    return try incidentDetail(id, within: purview)
  }

  private func refuseUnknown(_ ids: [String], within purview: Purview) throws {
    for id in ids where site(id, within: purview) == nil {
      throw APIProblem.noSite(id)
    }
  }

  /// In the words of a row that is not there. Of those who see all the store itself says so.
  private func refuseForeign(_ rows: [Int64], within purview: Purview) throws {
    let own = try store.ids(rows, within: purview)
    if let row = rows.first(where: { !own.contains($0) }) { throw StoreError.noRow(row) }
  }

  /// Of the watch's own time.
  private func year(_ now: Timestamp) -> Int64 {
    let day = PostureHistory.day(of: now, utcOffset: LocalTime.utcOffset(at: now))
    return Int64(LocalTime.text(day: day).prefix(4)) ?? 0
  }

  /// Rows of the queue into a case, `new` or an open one. A row that cannot go says why, and the others go.
  func escalate(
    _ request: ActRequest, rows: [Int64], into target: String, by actor: Actor, within purview: Purview
  ) throws -> ActReport {
    var (ids, refused): ([Int64], [ActReport.Refusal]) = ([], [])
    let own = try store.ids(rows, within: purview)
    for id in rows {
      guard own.contains(id) else {
        refused.append(.init(id, .noRow(id)))
        continue
      }
      switch Result(catching: { try store.row(id) }) {
      case .success(let row) where row.incident == nil || row.incident == target: ids.append(id)
      case .success(let row):
        let other = row.incident ?? ""
        refused.append(
          .init(id: id, reason: "row \(id) is in the open incident \(other) already", zh: "已在未结事件 \(other) 中"))
      case .failure(let error as StoreError) where error.code == .notFound:
        refused.append(.init(id, error))
      case .failure(let error): throw error
      }
    }
    guard !ids.isEmpty else { return ActReport(done: [], refused: refused) }
    if target == "new" {
      _ = try open(IncidentOpening(rows: ids), by: actor, within: purview)
    } else {
      _ = try act(.join(rows: ids, sites: []), onIncident: target, by: actor, within: purview)
    }
    if let comment = request.comment {
      let now = clock.now()
      for (_, result) in try store.act(.comment(comment), on: ids, by: actor, at: now) { _ = try result.get() }
    }
    return ActReport(done: try ids.map { item(try store.row($0)) }, refused: refused)
  }

  // MARK: overview

  func incidentWarnings(_ open: [IncidentItem]) -> [BilingualText] {
    open.filter { $0.isOverdue && !$0.incident.isDrill }.map { item in
      let late = item.clocks.filter { $0.state == .overdue }.map(\.title)
      return BilingualText(
        en: "incident \(item.id): overdue: \(late.map(\.en).joined(separator: ", "))",
        zh: "事件 \(item.id) 超时：\(late.map(\.zh).joined(separator: "、"))")
    }
  }
}

extension IncidentCounts {
  init(_ open: [IncidentItem]) {
    let real = open.filter { !$0.incident.isDrill }
    self.init(
      open: real.count, byLevel: IncidentLevel.allCases.map { level in real.count { $0.incident.level == level } },
      overdue: real.count(where: \.isOverdue), drills: open.count - real.count)
  }
}
