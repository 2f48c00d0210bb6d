internal import Records
internal import Reports
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Puts a report's contents together from the log, the store and the inventory. A value: it can work beside the hub.
struct ReportAssembly: Sendable {
  enum Subject: Sendable {
    case city
    case organisation(Organisation)
    case site(Site)
  }

  let subject: Subject
  let period: ReportPeriod
  let now: Timestamp
  let store: Store
  let tree: IndicatorTree
  let inventory: Scheduling.Inventory
  /// By engine.
  let checks: [String: [String]]
  let city: String
  /// Whether a program reads it: then more of the findings stand in it.
  let isForPrograms: Bool
  /// Whether a sensor is known at all.
  let hasSensor: Bool
  /// What of it the one who asks may see.
  let purview: Purview

  func contents() throws -> ReportContents {
    var log = PosturePeriod(tree: tree, period: period.from..<period.until)
    var ranking = Ranking(tree: tree, period: period.from..<period.until)
    try store.eachPostureEvent { event in
      log.take(event)
      ranking.take(event)
    }
    var board = log.end
    let members = members(board)
    let ids = Set(members)
    let postures = members.map { board.posture(ofSite: $0) }
    let hostings = platforms(board)
    let hosted = hostings.map { board.posture(ofPlatform: $0) }
    let mean = board.mean(of: members, platforms: hostings)
    let days = try days(log, mean.score)
    let alerts = try alerts()
    let attacks = alerts.filter { isAttack($0, on: ids) }
    var contents = ReportContents(
      kind: kind, id: id, title: title, city: city, made: now, version: Hub.version, period: period,
      logBegan: log.logBegan, posture: mean, scoreBefore: scoreBefore(log), dimensions: dimensions(mean),
      days: days.map(\.line))
    let findings = try add(findingsOf: log, ids, Set(hostings), attacks, to: &contents)
    contents.deductions = deductions(postures + hosted, findings)
    if case .city = subject { contents.ranking = named(ranking.table()) }
    add(sites: postures, to: &contents)
    add(attacks: attacks, to: &contents)
    let coverage = try store.coverage(site: kind == .site ? id : nil).filter { ids.contains($0.site) }
    add(coverage, members, to: &contents)
    if case .site(let site) = subject { try add(trailOf: site, to: &contents) }
    add(authorisationsOf: members, to: &contents)
    contents.unknown = unknown(contents, log, days, coverage, alerts)
    return contents
  }

  // MARK: whose

  private var kind: ReportContents.Kind {
    switch subject {
    case .city: .city
    case .organisation: .organisation
    case .site: .site
    }
  }

  private var id: String? {
    switch subject {
    case .city: nil
    case .organisation(let organisation): organisation.id
    case .site(let site): site.id
    }
  }

  private var title: BilingualText {
    switch subject {
    case .city: BilingualText(city)
    case .organisation(let organisation): organisation.name
    case .site(let site): BilingualText(site.url)
    }
  }

  /// As the log has it at that time; a site that has gone to somebody else since is that one's.
  private func members(_ board: PostureBoard) -> [String] {
    switch subject {
    case .city: board.sites
    case .organisation(let organisation): board.sites(ofOrganisation: organisation.id).filter(purview.has(site:))
    case .site(let site): [site.id]
    }
  }

  /// Hostings that the scope answers for: what they show takes points beside the sites.
  private func platforms(_ board: PostureBoard) -> [String] {
    switch subject {
    case .city: board.platforms
    case .organisation(let organisation):
      board.platforms(ofOrganisation: organisation.id).filter(purview.has(platform:))
    case .site: []
    }
  }

  // MARK: scores

  private func scoreBefore(_ log: PosturePeriod) -> Int? {
    var board = log.before
    return board.mean(of: members(board), platforms: platforms(board)).score
  }

  private func dimensions(_ mean: MeanPosture) -> [ReportContents.Dimension] {
    zip(tree.dimensions, mean.dimensions).map { .init(id: $0.id, title: $0.title, score: $1.score) }
  }

  /// Kept days as they were told; the running one, where the period goes on, as it stands.
  private func days(_ log: PosturePeriod, _ score: Int?) throws -> [(line: ReportContents.Day, isOtherTree: Bool)] {
    let range = period.days
    var kept: [Int64: PostureDay] = [:]
    for day in try store.postureDays(from: range.lowerBound, limit: range.count) where range.contains(day.day) {
      kept[day.day] = try RecordJSON.decode(PostureDay.self, from: day.json)
    }
    let today = ReportPeriod.day(of: now, period.utcOffset)
    return range.map { number in
      let day = kept[number]
      let known = number == today && period.isRunning ? score : day.flatMap(self.score)
      return (.init(day: ReportPeriod.civil(number), score: known), day.map { $0.tree != tree.digest } ?? false)
    }
  }

  private func score(_ day: PostureDay) -> Int? {
    switch subject {
    case .city: day.city.score
    case .organisation(let organisation): day.organisations[organisation.id]?.score
    case .site(let site): day.sites[site.id]
    }
  }

  private func named(_ table: [RankingLine]) -> [ReportContents.RankedOrganisation] {
    let names = Dictionary(inventory.organisations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return table.map { .init(name: names[$0.organisation] ?? BilingualText($0.organisation), line: $0) }
  }

  private func add(sites postures: [SitePosture], to contents: inout ReportContents) {
    guard kind != .site else { return }
    let limit = kind == .city ? ReportLimits.citySites : ReportLimits.sites
    let worst = postures.sorted { ($0.score ?? 101, $0.site) < ($1.score ?? 101, $1.site) }
    let known = Dictionary(inventory.sites.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let names = Dictionary(inventory.organisations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    contents.sites = worst.prefix(limit).map { posture in
      let site = known[posture.site]
      return ReportContents.SiteLine(
        site: posture.site, url: site?.url ?? posture.site,
        organisation: site?.organisation.map { names[$0] ?? BilingualText($0) },
        criticality: site?.criticality ?? .ordinary, score: posture.score,
        worst: posture.deductions.prefix(3).map(\.title))
    }
    note(.sites, shown: contents.sites.count, total: worst.count, in: &contents)
  }

  func note(
    _ list: ReportContents.Cut.List, shown: Int, total: Int, in contents: inout ReportContents
  ) {
    if shown < total { contents.cuts.append(.init(list: list, shown: shown, total: total)) }
  }
}
