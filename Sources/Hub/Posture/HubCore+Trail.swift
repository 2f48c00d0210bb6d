internal import ControlAPI
internal import Records
internal import Services
internal import Store

extension HubCore {
  /// A trail goes back so many lines of the log, and so many rows: a person reads it.
  private static let trailLines = 2_000
  private static let trailRows = 500

  func trail(ofSite id: String) throws -> [TrailLine] {
    guard sites[id] != nil else { throw APIProblem(.notFound, "there is no site \(id.prefix(128))") }
    return try HubCore.trail(ofSite: id, in: store)
  }

  static func trail(ofSite id: String, in store: Store) throws -> [TrailLine] {
    let rows = try store.rows(
      QueueQuery(site: id, places: [.shown, .member], order: .lastSeen, limit: HubCore.trailRows))
    let acts = try rows.flatMap { row in
      try store.audit(subject: "queue/\(row.id)").map { (row: row.id, entry: $0) }
    }
    return Trail.lines(events: try store.postureLog(site: id, limit: HubCore.trailLines), rows: rows, acts: acts)
  }
}
