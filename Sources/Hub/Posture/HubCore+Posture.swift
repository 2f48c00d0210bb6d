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
  func followPosture() throws {
    while true {
      let events = try store.postureLog(after: board.through)
      for event in events { board.apply(event) }
      guard !events.isEmpty else { return }
    }
  }

  // MARK: days

  /// The whole log folded into days; each kept day stays as it was told first.
  private nonisolated func fold(until now: Timestamp, _ tree: IndicatorTree) throws -> (days: [PostureDay], lines: Int)
  {
    var history = PostureHistory(tree: tree, utcOffset: LocalTime.utcOffset(at: now))
    var (days, lines, through): ([PostureDay], Int, Int64) = ([], 0, 0)
    while true {
      let events = try store.postureLog(after: through)
      guard let last = events.last else { break }
      for event in events { days += history.take(event) }
      through = last.number
      lines += events.count
    }
    return (days + history.end(before: now), lines)
  }

  /// Once a day, soon after midnight, and at the start.
  func keepPostureDays(_ now: Timestamp) {
    let today = PostureHistory.day(of: now, utcOffset: LocalTime.utcOffset(at: now))
    guard today != postureDay else { return }
    do {
      let days = try fold(until: now, board.tree).days
      try store.keep(postureDays: days.map { ($0.day, try RecordJSON.text($0)) })
      postureDay = today
      ailments["posture"] = nil
    } catch { ailments["posture"] = "\(error)" }
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
    return check
  }

  // MARK: questions

  func postureReport(_ request: PostureRequest) throws -> PostureReport {
    try followPosture()
    let now = clock.now()
    let parts = request.scope.split(separator: "/", maxSplits: 1).map(String.init)
    let days = try days(request.days, now)
    switch (parts.first, parts.count) {
    case ("city", 1):
      let name = BilingualText(configuration.city)
      return report(request, name, board.city(), board.sites, days.map { ($0.day, $0.city.score) })
    case ("organisation", 2):
      guard let organisation = scheduler.inventory.organisations.first(where: { $0.id == parts[1] }) else {
        throw APIProblem(.notFound, "there is no organisation \(parts[1].prefix(128))")
      }
      let id = organisation.id
      return report(
        request, organisation.name, board.posture(ofOrganisation: id), board.sites(ofOrganisation: id),
        days.map { ($0.day, $0.organisations[id]?.score) })
    case ("site", 2):
      guard let site = sites[parts[1]] else { throw APIProblem(.notFound, "there is no site \(parts[1].prefix(128))") }
      return report(
        request, BilingualText(site.url), board.mean(of: [site.id]), [site.id], days.map { ($0.day, $0.sites[site.id]) }
      )
    default:
      throw APIProblem(
        .badRequest, "\(request.scope.prefix(64)) is no scope", hint: "city, organisation/ID or site/ID")
    }
  }

  private func report(
    _ request: PostureRequest, _ title: BilingualText, _ mean: MeanPosture, _ members: [String],
    _ days: [(day: Int64, score: Int?)]
  ) -> PostureReport {
    let postures = members.map { board.posture(ofSite: $0) }
    let worst = postures.filter { $0.score != nil }.sorted { ($0.score ?? 0, $0.site) < ($1.score ?? 0, $1.site) }
    let dimensions = zip(board.tree.dimensions, mean.dimensions).map { dimension, score in
      PostureDimension(id: dimension.id, title: dimension.title, score: score.score)
    }
    return PostureReport(
      scope: request.scope, title: title, time: clock.now(), mean: mean, dimensions: dimensions,
      deductions: shared(postures), sites: Array(worst.prefix(PostureReport.siteLimit)),
      days: days.map { PostureScoreDay(day: LocalTime.text(day: $0.day), score: $0.score) })
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

  func ranking(_ request: PostureRequest) throws -> RankingReport {
    let now = clock.now()
    let from = now.advanced(seconds: -Double(request.days) * 86_400)
    var ranking = Ranking(tree: board.tree, period: from..<now)
    var through: Int64 = 0
    while case let events = try store.postureLog(after: through), let last = events.last {
      for event in events { ranking.take(event) }
      through = last.number
    }
    let names = Dictionary(
      scheduler.inventory.organisations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let lines = ranking.table().map {
      RankingReport.NamedLine(name: names[$0.organisation] ?? BilingualText($0.organisation), line: $0)
    }
    return RankingReport(from: from, until: now, lines: lines)
  }

  var indicators: [IndicatorItem] {
    board.tree.indicators.map {
      IndicatorItem(
        id: $0.id, title: $0.title, checks: $0.checks, alerts: $0.alerts, attacks: $0.attacks, severity: $0.severity,
        weight: $0.weight, remedy: $0.remedy, references: $0.references)
    }
  }
}
