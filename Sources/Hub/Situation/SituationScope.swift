internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Wire

/// Whom a question about the situation is about, as far as who asks may know.
struct SituationScope: Sendable {
  let name: String
  /// Nil: all.
  let sites: Set<String>?
  /// Hostings whose weaknesses are told; nil: those that the sites stand on.
  let platforms: Set<String>?
  let purview: Purview

  static let city = "city"
  /// All that one sees who sees several organisations.
  static let part = "part"

  fileprivate init(_ name: String, sites: Set<String>?, platforms: Set<String>?, _ purview: Purview) {
    self.name = name
    self.sites = purview.isAll ? sites : sites?.intersection(purview.sites) ?? purview.sites
    self.platforms = purview.isAll ? nil : platforms?.intersection(purview.platforms) ?? purview.platforms
    self.purview = purview
  }

  var isCity: Bool { sites == nil }
  var isPart: Bool { name == SituationScope.part }
  /// What lists are narrowed to beside the purview; nil: nothing.
  var narrowed: Set<String>? { isPart ? nil : sites }
}

extension HubCore {
  /// The city of somebody who sees an organisation is that organisation; of several it is a part without a past.
  func situationScope(_ text: String, within purview: Purview) throws -> SituationScope {
    try followPosture()
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case (SituationScope.city, 1):
      guard !purview.isAll else { return SituationScope(text, sites: nil, platforms: nil, purview) }
      let roots = roots(of: purview)
      guard roots.count == 1, organisation(roots[0], within: purview) != nil else {
        return SituationScope(SituationScope.part, sites: nil, platforms: nil, purview)
      }
      return try situationScope("organisation/\(roots[0])", within: purview)
    case ("organisation", 2):
      guard organisation(parts[1], within: purview) != nil else {
        throw APIProblem.noOrganisation(parts[1])
      }
      return SituationScope(
        text, sites: Set(board.sites(ofOrganisation: parts[1])),
        platforms: Set(board.platforms(ofOrganisation: parts[1])), purview)
    case ("site", 2):
      guard site(parts[1], within: purview) != nil else {
        throw APIProblem.noSite(parts[1])
      }
      return SituationScope(
        text, sites: [parts[1]], platforms: Set([board.platform(ofSite: parts[1])].compactMap(\.self)), purview)
    default:
      throw APIProblem(.badRequest, "\(text.prefix(64)) is no scope", hint: "city, organisation/ID or site/ID")
    }
  }

  /// Organisations of hers that lie below none of hers.
  private func roots(of purview: Purview) -> [String] {
    let parents = Dictionary(
      scheduler.inventory.organisations.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
    return purview.organisations.filter { id in
      !((parents[id] ?? nil).map(purview.organisations.contains) ?? false)
    }.sorted()
  }

  /// How it stands, and how it stood at the ends of the last days.
  func standing(
    _ scope: SituationScope
  ) throws -> (title: BilingualText, mean: MeanPosture, days: [PostureScoreDay]) {
    guard scope.isPart else {
      let report = try postureReport(PostureRequest(scope: scope.name, days: 30), within: scope.purview)
      return (report.title, report.mean, report.days)
    }
    let names = roots(of: scope.purview).map { organisation($0, within: scope.purview)?.name ?? BilingualText($0) }
    let title = BilingualText(
      en: names.map(\.en).joined(separator: ", "), zh: names.map(\.zh).joined(separator: "、"))
    return (title, board.mean(of: scope.sites?.sorted() ?? [], platforms: scope.platforms?.sorted() ?? []), [])
  }
}
