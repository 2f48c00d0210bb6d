package import Records

/// What can be said of a case before a person has.
package enum IncidentProposal {
  /// By what the row shows; a person may say otherwise.
  package static func kind(of row: QueueRow) -> IncidentKind {
    switch row.check {
    case let check where check.hasPrefix("content.personal") || check.hasPrefix("content.secret"): .leak
    case let check where check.hasPrefix("content."): .tampering
    case let check where check.hasPrefix("availability."): .outage
    default: row.wing == .sensor ? .attack : .other
    }
  }

  /// What of a row is compared with a case.
  package struct Features: Sendable {
    package var sites: Set<String>
    package var sources: Set<String>
    package var checks: Set<String>
    package init(sites: Set<String> = [], sources: Set<String> = [], checks: Set<String> = []) {
      self.sites = sites
      self.sources = sources
      self.checks = checks
    }
  }

  /// An open case that a row may join.
  package struct Offer: Sendable {
    package var incident: Incident
    package var isSameSite: Bool
    package var isSameSource: Bool
    package var isSameTechnique: Bool

    var weight: Int { (isSameSite ? 4 : 0) + (isSameSource ? 2 : 0) + (isSameTechnique ? 1 : 0) }
  }

  /// The best reasons first; a case for which nothing speaks comes last, the newest first among equals.
  package static func offers(
    for row: Features, among cases: [(incident: Incident, features: Features)]
  ) -> [Offer] {
    let judged = cases.map { incident, features in
      Offer(
        incident: incident, isSameSite: !row.sites.isDisjoint(with: features.sites),
        isSameSource: !row.sources.isDisjoint(with: features.sources),
        isSameTechnique: !row.checks.isDisjoint(with: features.checks))
    }
    return judged.sorted {
      ($0.weight, $0.incident.opened, $0.incident.id) > ($1.weight, $1.incident.opened, $1.incident.id)
    }
  }
}
