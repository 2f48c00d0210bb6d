internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// The watch's side: one row, the overview, sites.
extension HubCore {
  // MARK: queue

  nonisolated func detail(_ text: String, within purview: Purview) throws -> ControlAPI.QueueDetail {
    guard let id = Int64(text) else { throw APIProblem(.badRequest, "\(text.prefix(32)) is no row's number") }
    let detail = try found {
      guard try !store.ids([id], within: purview).isEmpty else { throw StoreError.noRow(id) }
      return try store.detail(id, within: purview)
    }
    return ControlAPI.QueueDetail(
      item: item(detail.row), group: detail.group, rule: detail.rule, finding: detail.finding,
      comments: detail.comments, alerts: detail.alerts, audit: detail.audit, alertsKept: detail.alertsKept)
  }

  nonisolated func found<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as StoreError where error.code == .notFound {
      throw APIProblem(error)
    }
  }

  // MARK: situation

  /// Of a part of the city the hours, the shift's times and what waits to leave are not told: they are counted for all
  /// of it.
  func overview(within purview: Purview) async throws -> Overview {
    let now = clock.now()
    let glance = purview.isAll ? try await glance(now) : nil
    let counters =
      purview.isAll
      ? try store.counters(since: Timestamp(seconds: now.seconds - 23 * 3600))
      : try store.openCounts(within: purview)
    let sensors = sensorItems(now, within: purview)
    let scans = scanOverview(now, within: purview)
    let content = contentItems(now)
    let incidents = try openIncidents(within: purview)
    var watch = try watchNow(now)
    if !purview.isAll { watch?.answers = nil }
    return Overview(
      time: now, city: configuration.city, language: configuration.language.rawValue,
      posture: try posture(within: purview),
      severities: purview.isAll ? Situation.hours(counters, now: now) : [], queue: try counts(counters, purview),
      sensors: sensors,
      scanners: registry.scannerItems(now: now), scans: scans, watch: watch,
      warnings: warnings(sensors, scans, purview) + contentWarnings(now)
        + (purview.isAll ? deliveryWarnings(now) : []) + incidentWarnings(incidents),
      content: content.isEmpty ? nil : content, incidents: IncidentCounts(incidents), situation: glance)
  }

  /// To which ends the traffic went is the names of everybody's sites.
  func sensorItems(_ now: Timestamp, within purview: Purview) -> [SensorItem] {
    registry.sensorItems(now: now).map { item in
      var item = item
      if !purview.isAll { item.status.ends = nil }
      return item
    }
  }

  private func counts(_ counters: QueueCounters, _ purview: Purview) throws -> QueueCounts {
    Situation.counts(counters, overdue: try store.overdue(clocks, within: purview, now: clock.now()))
  }

  func posture(within purview: Purview) throws -> Posture {
    let cells = try siteCells(purview).values.sorted { a, b in
      if a.organisation != b.organisation { return (a.organisation ?? "\u{10ffff}") < (b.organisation ?? "\u{10ffff}") }
      return a.score ?? 101 != b.score ?? 101 ? a.score ?? 101 < b.score ?? 101 : a.site < b.site
    }
    guard purview.isAll else {
      let hers = board.mean(of: purview.sites.sorted(), platforms: purview.platforms.sorted())
      return Posture(score: hers.score, change: nil, cells: cells)
    }
    let score = board.city().score
    keepPostureDays(clock.now())
    let change = score.flatMap { now in lastPostureDay?.city.score.map { now - $0 } }
    return Posture(score: score, change: change, cells: cells)
  }

  /// Every site's cell, from the kept counts of its open rows; of a part of the city counted.
  private func siteCells(_ purview: Purview) throws -> [String: SiteCell] {
    let counts = try store.siteCounts(within: purview)
    try followPosture()
    return Dictionary(
      scheduler.inventory.sites.filter { purview.has(site: $0.id) }.map { site in
        (site.id, Situation.cell(site, counts[site.id], score: board.posture(ofSite: site.id).score))
      }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: sites

  func siteList(_ request: ListRequest, within purview: Purview) throws -> Page<SiteItem> {
    let filter = try Filter(request.filter, .sites).resolved(
      in: FilterContext(organisations: OrganisationNames(scheduler.inventory.organisations)))
    let now = clock.now()
    let cells = try siteCells(purview)
    let names = organisationNames
    let items = scheduler.inventory.sites.filter { purview.has(site: $0.id) }.map { siteItem($0, cells, names, now) }
      .filter { filter.matches($0, now: now) }
      .sorted { ($0.cell.score ?? 101, $0.id) < ($1.cell.score ?? 101, $1.id) }
    return Page(items: Array(items.dropFirst(request.offset).prefix(request.limit)), total: items.count)
  }

  /// Made once a list: hundreds of organisations are not walked for each of thousands of sites.
  private var organisationNames: [String: BilingualText] {
    Dictionary(scheduler.inventory.organisations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  private func siteItem(
    _ site: Site, _ cells: [String: SiteCell], _ names: [String: BilingualText], _ now: Timestamp
  ) -> SiteItem {
    let tested = scheduler.coverage.entries(site: site.id).filter { $0.status == .tested }.map(\.time).max()
    return SiteItem(
      site: site, organisation: site.organisation.flatMap { names[$0] },
      cell: cells[site.id] ?? Situation.cell(site, nil, score: nil),
      isAuthorised: isAuthorised(site, now), lastTested: tested)
  }

  /// Check by check, as far as the engine's checks are known.
  private func coverage(of site: String) throws -> [CoverageEntry] {
    let checks = Dictionary(engines.map { ($0.name, $0.checks) }, uniquingKeysWith: { first, _ in first })
    return try store.coverage(site: site).flatMap { $0.entries(checks: checks[$0.engine] ?? []) }
  }

  func siteDetail(_ id: String, within purview: Purview) throws -> SiteDetail {
    guard let site = site(id, within: purview) else {
      throw APIProblem.noSite(id)
    }
    let now = clock.now()
    let rows = try store.rows(
      QueueQuery(
        states: [.new, .acknowledged, .escalated, .shelved], site: id, purview: purview, places: [.shown, .member],
        limit: ListRequest.longestPage))
    let findings = try store.findings(rows.filter { $0.wing == .scanner }.map(\.id)).map(FindingItem.init)
    try followPosture()
    // Its hosting's weaknesses are shown with its own, and counted with its hosting.
    let own = rows.filter { $0.platform == nil && $0.gathering == nil && !$0.isDrill }
    let cell = Situation.cell(site, own, score: board.posture(ofSite: id).score)
    return SiteDetail(
      item: siteItem(site, [id: cell], organisationNames, now), deductions: deductions(of: id),
      findings: findings, alerts: rows.filter { $0.wing == .sensor }.map(item), coverage: try coverage(of: id),
      authorisations: scheduler.inventory.within(purview).authorisations.filter {
        $0.covers(host: site.host, address: site.target.address)
      })
  }

  /// One of an indicator, hung on the first row that shows it.
  private func deductions(of site: String) -> [SiteDetail.Deduction] {
    board.posture(ofSite: site).deductions.map {
      SiteDetail.Deduction(points: $0.points, finding: $0.rows.first ?? 0, title: $0.title)
    }
  }
}
