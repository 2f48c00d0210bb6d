internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Findings as people ask about them: lists, differences, how often engines are right.
extension HubCore {
  nonisolated func precision() throws -> [PrecisionLine] {
    Precision.table(try store.judgedRows()).map(PrecisionLine.init)
  }

  /// The log is read beside the hub's other work: only whose findings are asked about is its own to say.
  nonisolated func findingDiff(_ request: FindingDiffRequest, within purview: Purview) async throws -> FindingDiff {
    let now = clock.now()
    let since = try HubCore.moment(request.since, "since", now)
    let until = min(try request.until.map { try HubCore.moment($0, "until", now) } ?? now, now)
    guard since < until else {
      throw APIProblem(.badRequest, "since (\(since.text)) is not before until (\(until.text))")
    }
    let scope = try await diffScope(request, purview)
    var difference = FindingDifference(since: since, until: until)
    try store.eachPostureEvent { difference.take($0) }
    var report = FindingDiffReport(store: store, since: since, until: until, openChecks: uncovered)
    for shift in difference.all
    where purview.has(site: shift.after.site, platform: shift.after.platform) {
      if try scope.has(shift.after, in: store) { try report.add(shift) }
    }
    let begins = difference.begins.flatMap { $0 > since ? $0 : nil }
    return report.diff(begins: begins, limit: request.limit)
  }

  static func moment(_ text: String, _ name: String, _ now: Timestamp) throws -> Timestamp {
    if let span = DurationText.nanoseconds(text) { return Timestamp(nanoseconds: now.nanoseconds &- span) }
    if let time = TimeText.parse(text) { return time }
    throw APIProblem(
      .badRequest, "\(name) is \(text.prefix(40)), neither a span nor a moment",
      hint: "2h, 30m or 7d before now, or a moment such as 2026-11-22T03:04:05Z")
  }

  private func diffScope(_ request: FindingDiffRequest, _ purview: Purview) throws -> DiffScope {
    if let id = request.site {
      guard site(id, within: purview) != nil else { throw APIProblem.noSite(id) }
      return .site(id)
    }
    guard let id = request.organisation else { return .all }
    guard organisation(id, within: purview) != nil else {
      throw APIProblem.noOrganisation(id)
    }
    try followPosture()
    return .members(
      sites: Set(board.sites(ofOrganisation: id)), platforms: Set(board.platforms(ofOrganisation: id)))
  }

  /// Why an engine's last look did not answer the check; nil where it did.
  nonisolated func uncovered(_ site: String, _ engine: String, _ check: String) throws -> String? {
    guard let word = try store.coverage(site: site).first(where: { $0.engine == engine }) else { return nil }
    if let open = word.open[check] { return "\(engine): \(open.reason)" }
    return word.status == .tested ? nil : "\(engine): \(word.reason.isEmpty ? word.status.rawValue : word.reason)"
  }
}

/// Whose findings a difference is about.
enum DiffScope: Sendable {
  case all
  /// With what its hosting has shown there.
  case site(String)
  /// Of an organisation and all below it.
  case members(sites: Set<String>, platforms: Set<String>)

  func has(_ row: PostureEvent.Row, in store: Store) throws -> Bool {
    switch self {
    case .all: true
    case .site(let id): row.platform == nil ? row.site == id : try store.isTold(row: row.id, at: id)
    case .members(let sites, let platforms): row.platform.map(platforms.contains) ?? sites.contains(row.site)
    }
  }
}
