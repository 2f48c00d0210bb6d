internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// The posture: the board follows the store's log, days are kept as they end, and people ask.
extension HubCore {
  static func restoredBoard(_ store: Store, _ tree: IndicatorTree, _ now: Timestamp) throws -> PostureBoard {
    try store.beginPosture(at: now)
    var board = PostureBoard(tree: tree)
    for event in try store.postureState() { board.apply(event) }
    return board
  }

  /// Takes in what the log has that the board has not.
  func followPosture() throws { try store.eachPostureEvent(after: board.through) { board.apply($0) } }

  // MARK: days

  /// The whole log folded into days; each kept day stays as it was told first.
  private nonisolated func fold(until now: Timestamp, _ tree: IndicatorTree) throws -> (days: [PostureDay], lines: Int)
  {
    var history = PostureHistory(tree: tree, utcOffset: LocalTime.utcOffset(at: now))
    var (days, lines): ([PostureDay], Int) = ([], 0)
    try store.eachPostureEvent { event in
      days += history.take(event)
      lines += 1
    }
    return (days + history.end(before: now), lines)
  }

  /// Once a day, soon after midnight, and at the start. The log is folded only where a day that has passed is not kept.
  func keepPostureDays(_ now: Timestamp) {
    let today = PostureHistory.day(of: now, utcOffset: LocalTime.utcOffset(at: now))
    guard today != postureDay else { return }
    do {
      var last = try keptDay()
      if last.map({ $0.day < today - 1 }) ?? true {
        try store.keep(postureDays: try fold(until: now, board.tree).days.map { ($0.day, try RecordJSON.text($0)) })
        last = try keptDay()
      }
      (postureDay, lastPostureDay) = (today, last)
      ailments[.posture] = nil
    } catch { ailments[.posture] = "\(error)" }
  }

  private func keptDay() throws -> PostureDay? {
    try store.postureDays(from: .min, newestFirst: true, limit: 1).first
      .map { try RecordJSON.decode(PostureDay.self, from: $0.json) }
  }

  private nonisolated func days(_ count: Int, _ now: Timestamp) throws -> [PostureDay] {
    let today = PostureHistory.day(of: now, utcOffset: LocalTime.utcOffset(at: now))
    return try store.postureDays(from: today - Int64(count), limit: count).map {
      try RecordJSON.decode(PostureDay.self, from: $0.json)
    }
  }

  func checkPosture() throws -> PostureCheck {
    let now = clock.now()
    let (days, lines) = try fold(until: now, board.tree)
    var again: [Int64: PostureDay] = [:]
    for day in days { again[day.day] = day }
    var check = PostureCheck(lines: lines, same: 0, different: [], otherTree: 0)
    for kept in try store.postureDays(from: .min, limit: .max) {
      let day = try RecordJSON.decode(PostureDay.self, from: kept.json)
      if day.tree != board.tree.digest {
        check.otherTree += 1
      } else if again[day.day] == day {
        check.same += 1
      } else {
        check.different.append(LocalTime.text(day: day.day))
      }
    }
    check.rankings = try checkRankings()
    return check
  }

  // MARK: questions

  func postureReport(_ request: PostureRequest, within purview: Purview) throws -> PostureReport {
    try followPosture()
    let now = clock.now()
    let parts = request.scope.split(separator: "/", maxSplits: 1).map(String.init)
    let days = try days(request.days, now)
    switch (parts.first, parts.count) {
    case ("city", 1):
      try HubCore.wholeCity(purview)
      let name = BilingualText(configuration.city)
      return report(
        request, name, board.city(), board.sites, board.platforms, days.map { ($0.day, $0.city.score) })
    case ("organisation", 2):
      guard let organisation = organisation(parts[1], within: purview) else {
        throw APIProblem.noOrganisation(parts[1])
      }
      let id = organisation.id
      return report(
        request, organisation.name, board.posture(ofOrganisation: id), board.sites(ofOrganisation: id),
        board.platforms(ofOrganisation: id), days.map { ($0.day, $0.organisations[id]?.score) })
    case ("site", 2):
      guard let site = site(parts[1], within: purview) else {
        throw APIProblem.noSite(parts[1])
      }
      return report(
        request, BilingualText(site.url), board.mean(of: [site.id]), [site.id],
        board.platform(ofSite: site.id).map { [$0] }?.filter(purview.has(platform:)) ?? [],
        days.map { ($0.day, $0.sites[site.id]) })
    default:
      throw APIProblem(
        .badRequest, "\(request.scope.prefix(64)) is no scope", hint: "city, organisation/ID or site/ID")
    }
  }

  private func report(
    _ request: PostureRequest, _ title: BilingualText, _ mean: MeanPosture, _ members: [String],
    _ platforms: [String], _ days: [(day: Int64, score: Int?)]
  ) -> PostureReport {
    let postures = members.map { board.posture(ofSite: $0) }
    let worst = postures.filter { $0.score != nil }.sorted { ($0.score ?? 0, $0.site) < ($1.score ?? 0, $1.site) }
    let hosted = platforms.map { board.posture(ofPlatform: $0) }.filter { !$0.deductions.isEmpty }
      .sorted { ($0.score ?? 101, $0.site) < ($1.score ?? 101, $1.site) }
    // At a site its hosting's weaknesses are shown, and cost it nothing.
    let costing = mean.platforms == nil ? postures : postures + hosted
    let dimensions = zip(board.tree.dimensions, mean.dimensions).map { dimension, score in
      PostureDimension(
        id: dimension.id, title: dimension.title, score: score.score,
        classes: dimension.classes.map { PostureClass(id: $0.id, title: $0.title) })
    }
    return PostureReport(
      scope: request.scope, title: title, time: clock.now(), mean: mean, dimensions: dimensions,
      deductions: shared(costing), sites: Array(worst.prefix(PostureReport.siteLimit)),
      days: days.map { PostureScoreDay(day: LocalTime.text(day: $0.day), score: $0.score) },
      platforms: Array(hosted.prefix(PostureReport.siteLimit)))
  }

  private func shared(_ postures: [SitePosture]) -> [SharedDeduction] {
    var found: [String: SharedDeduction] = [:]
    let remedies = Dictionary(board.tree.indicators.map { ($0.id, $0.remedy) }, uniquingKeysWith: { a, _ in a })
    for deduction in postures.lazy.flatMap(\.deductions) {
      var line =
        found[deduction.indicator]
        ?? SharedDeduction(
          indicator: deduction.indicator, title: deduction.title, points: 0, sites: 0,
          remedy: remedies[deduction.indicator] ?? BilingualText(""))
      line.points += deduction.points
      line.sites += 1
      found[deduction.indicator] = line
    }
    return found.values.sorted { ($1.points, $0.indicator) < ($0.points, $1.indicator) }
  }

  func ranking(_ request: PostureRequest, within purview: Purview) throws -> RankingReport {
    let now = clock.now()
    let from = now.advanced(seconds: -Double(request.days) * 86_400)
    var ranking = Ranking(tree: board.tree, period: from..<now)
    try store.eachPostureEvent { ranking.take($0) }
    let names = Dictionary(
      scheduler.inventory.organisations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let lines = ranking.table().filter { purview.has(organisation: $0.organisation) }.map {
      RankingReport.NamedLine(name: names[$0.organisation] ?? BilingualText($0.organisation), line: $0)
    }
    return RankingReport(from: from, until: now, lines: lines)
  }
}
