import Engines
import Records
import Scheduling
import Wire

/// What of a report is taken, as observations by site, and what is not and why.
struct ImportPlan {
  struct Left: Hashable, Comparable {
    var place: String
    var reason: String
    static func < (a: Left, b: Left) -> Bool { (a.place, a.reason) < (b.place, b.reason) }
  }

  /// Records in one batch: some 100 KiB, far below the seam's frame.
  static let batchLimit = 200
  /// Places that are listed; the rest is counted as one.
  private static let leftLimit = 200

  private(set) var taken: [String: [Observation]] = [:]
  private(set) var left: [Left: Int] = [:]
  private let fileTime: Timestamp
  private let masking: Masking

  private struct Moment: Hashable {
    var site: String
    var time: Timestamp
  }

  private struct Group: Hashable {
    var site: Site
    var confidence: Int
  }

  init(
    _ parts: [ReportFormat.Part], sites: SiteMatch, authorisation: Authorisation, fileTime: Timestamp, masking: Masking
  ) {
    (self.fileTime, self.masking) = (fileTime, masking)
    for part in parts {
      var groups: [Group: [ToolStatement]] = [:]
      var order: [Group] = []
      // Thousands of statements are about few sites and moments: each is judged once.
      var judged: [Moment: String?] = [:]
      for statement in part.report.statements {
        switch sites.find(statement.place) {
        case .none(let reason): leave(statement.place, reason)
        case .site(let site):
          let moment = Moment(site: site.id, time: time(of: [statement], part))
          let refusal = judged[moment] ?? ImportPlan.refusal(site, moment.time, authorisation)
          judged[moment] = .some(refusal)
          if let reason = refusal {
            leave(statement.place, reason)
            continue
          }
          let group = Group(site: site, confidence: min(statement.confidence ?? part.confidence, 100))
          if groups[group] == nil { order.append(group) }
          groups[group, default: []].append(statement)
        }
      }
      for group in order { take(groups[group] ?? [], group, part) }
      if part.report.left > 0 {
        left[Left(place: "entries", reason: "they cannot be read"), default: 0] += part.report.left
      }
    }
  }

  /// The scan must have been permitted when it was made.
  private static func refusal(_ site: Site, _ time: Timestamp, _ authorisation: Authorisation) -> String? {
    let verdict = AuthorisationVerdict.judge(
      host: site.host, address: site.addresses.first, probe: .probe, at: time, by: [authorisation])
    if case .denied(let reason, _) = verdict { return "not authorised: \(reason)" }
    return nil
  }

  private mutating func leave(_ place: ToolPlace, _ reason: String) {
    let host = ToolText.line(place.host ?? "no host", limit: 100)
    var entry = Left(place: host + (place.port.map { ":\($0)" } ?? ""), reason: reason)
    if left[entry] == nil, left.count >= ImportPlan.leftLimit { entry = Left(place: "further places", reason: reason) }
    left[entry, default: 0] += 1
  }

  private func time(of statements: [ToolStatement], _ part: ReportFormat.Part) -> Timestamp {
    statements.compactMap(\.time).max() ?? part.report.time ?? fileTime
  }

  private mutating func take(_ statements: [ToolStatement], _ group: Group, _ part: ReportFormat.Part) {
    var report = part.report
    report.statements = statements
    let folded = part.fold.answers(report, doubt: report.isWhole ? nil : "the report is not whole")
    let checks = Dictionary(
      (EngineRegistry.all.flatMap(\.checks) + folded.found).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
    )
    let seen = time(of: statements, part)
    for answer in folded.answers {
      guard let check = checks[answer.check] else { continue }
      taken[group.site.id, default: []].append(
        Observation(
          time: seen, engine: part.engine, engineVersion: ToolText.line(part.version, limit: 40), check: check.id,
          title: check.title, severity: check.severity, site: group.site.id, target: group.site.target,
          path: answer.path.map(masking.mask), parameter: answer.parameter.map(masking.mask), answer: answer.answer,
          evidence: masking.mask(answer.evidence), confidence: group.confidence, vantage: "import"))
    }
  }

  /// One sequence of records per (file, site): a site that comes into the inventory later gets its own.
  static func boot(digest: String, site: String) -> UInt64 {
    let bytes = SHA256.digest(Array("\(digest) \(site)".utf8))
    // Kept below 2^63: the store's numbers have a sign.
    return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } & (.max >> 1)
  }
}
