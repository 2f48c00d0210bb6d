internal import ControlAPI
internal import Records
internal import Reports
internal import Scheduling
internal import Services
internal import Store
internal import Wire

extension HubCore {
  /// Made beside the hub's own work: a whole log is folded, and a city's days are read.
  @concurrent nonisolated func report(_ request: ReportRequest, within purview: Purview) async throws -> ReportAnswer {
    let contents = try await reportAssembly(request, purview).contents()
    let text = try contents.text(request.format, request.language)
    guard text.utf8.count <= ReportAnswer.largest else {
      throw APIProblem(
        .tooLarge, "the report has more than \(ReportAnswer.largest >> 20) MiB", hint: "ask for a shorter period")
    }
    return ReportAnswer(mediaType: request.format.mediaType, name: HubCore.name(request), text: text)
  }

  private func reportAssembly(_ request: ReportRequest, _ purview: Purview) throws -> ReportAssembly {
    let now = clock.now()
    keepPostureDays(now)
    let period: ReportPeriod
    do {
      period = try ReportPeriod(request.period, now: now, utcOffset: LocalTime.utcOffset(at: now))
    } catch {
      throw APIProblem(.badRequest, error.sentence, hint: error.hint)
    }
    return ReportAssembly(
      subject: try reportSubject(request.scope, purview), period: period, now: now, store: store, tree: board.tree,
      inventory: scheduler.inventory,
      checks: Dictionary(engines.map { ($0.name, $0.checks) }, uniquingKeysWith: { first, _ in first }),
      city: configuration.city, isForPrograms: request.format == .json || request.format == .sarif,
      hasSensor: !registry.sensorItems(now: now).isEmpty, purview: purview)
  }

  private func reportSubject(_ scope: String, _ purview: Purview) throws(APIProblem) -> ReportAssembly.Subject {
    let parts = scope.split(separator: "/", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("city", 1):
      try HubCore.wholeCity(purview)
      return .city
    case ("organisation", 2):
      guard let organisation = organisation(parts[1], within: purview) else {
        throw APIProblem.noOrganisation(parts[1])
      }
      return .organisation(organisation)
    case ("site", 2):
      guard let site = site(parts[1], within: purview) else {
        throw APIProblem.noSite(parts[1])
      }
      return .site(site)
    default:
      throw APIProblem(.badRequest, "\(scope.prefix(64)) is no scope", hint: "city, organisation/ID or site/ID")
    }
  }

  /// `vigil-site-tax.example.gov-2026-10.html`.
  private static func name(_ request: ReportRequest) -> String {
    let words = "vigil-\(request.scope)-\(request.period)".prefix(200).map { character in
      character.isASCII && (character.isLetter || character.isNumber || character == ".") ? character : "-"
    }
    return String(words) + "." + request.format.fileExtension
  }
}
