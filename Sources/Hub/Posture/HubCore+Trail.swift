internal import ControlAPI
internal import Records
internal import Services
internal import Store

extension HubCore {
  /// A trail goes back so many lines of the log, and so many rows: a person reads it.
  private static let trailLines = 2_000
  private static let trailRows = 500

  func trail(ofSite id: String, within purview: Purview) throws -> [TrailLine] {
    guard site(id, within: purview) != nil else { throw APIProblem.noSite(id) }
    return try HubCore.trail(ofSite: id, within: purview, in: store)
  }

  static func trail(ofSite id: String, within purview: Purview, in store: Store) throws -> [TrailLine] {
    let rows = try store.rows(
      QueueQuery(
        site: id, purview: purview, places: [.shown, .member], order: .lastSeen, limit: HubCore.trailRows))
    let acts = try rows.flatMap { row in
      try store.audit(subject: "queue/\(row.id)").map { (row: row.id, entry: $0) }
    }
    let drills = Set(try store.incidents(sites: [id], within: purview).filter(\.isDrill).map(\.id))
    let incidents = try store.incidentSteps(sites: [id], within: purview, limit: HubCore.trailRows)
      .map { (line: $0, isDrill: drills.contains($0.incident)) }
    return Trail.lines(
      events: try store.postureLog(site: id, limit: HubCore.trailLines), rows: rows, acts: acts, incidents: incidents)
  }
}
