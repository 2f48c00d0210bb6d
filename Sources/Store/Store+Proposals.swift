internal import GRDB
package import Records
package import Wire

/// Parts of sites that engines met, until a person says yes or no; and the newest sighting of each kind.
extension Store {
  /// Of one site. A server that shows ever new names in its certificate must not fill the store.
  package static let proposalLimit = 256

  package func proposals(
    state: Proposal.State? = nil, site: String? = nil, purview: Purview = .all, limit: Int = 1000
  ) throws(StoreError) -> [Proposal] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM proposal WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR site = ?2)
            AND (?4 IS NULL OR site IN (SELECT value FROM json_each(?4)))
            ORDER BY site, kind, value LIMIT ?3
          """,
        arguments: [
          state?.rawValue, site, limit, purview.isAll ? nil : Store.list(purview.sites),
        ]
      ).compactMap(Store.proposal)
    }
  }

  package func proposal(id: String) throws(StoreError) -> Proposal? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM proposal WHERE id = ?", arguments: [id]).flatMap(Store.proposal)
    }
  }

  /// Keeps who decided what, with an inventory where the decision changed it, in one transaction.
  package func decide(
    _ proposal: Proposal, _ state: Proposal.State, inventory: Inventory?, by actor: Actor, at now: Timestamp
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE proposal SET state = ?, decidedBy = ?, decidedAt = ? WHERE id = ?",
        arguments: [state.rawValue, actor.name, now.nanoseconds, proposal.id])
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: "\(state == .accepted ? "accept" : "decline") proposal",
          subject: "site/\(proposal.site)", before: proposal.state.rawValue,
          after: "\(proposal.kind.rawValue) \(proposal.value)"), db)
      if let inventory { try Store.replace(inventory, by: actor, at: now, db) }
    }
  }

  package func sightings() throws(StoreError) -> [Sighting] { try documents(Sighting.self, kind: "sighting") }

  static func save(_ sighting: Sighting, _ proposals: [Proposal], _ db: Database) throws {
    try put(db, "sighting", "\(sighting.kind.rawValue) \(sighting.site)", sighting)
    guard !proposals.isEmpty else { return }
    var count =
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) FROM proposal WHERE site = ?"), arguments: [sighting.site]) ?? 0
    for proposal in proposals {
      let seen = try db.cachedStatement(sql: "UPDATE proposal SET lastSeen = max(lastSeen, ?), engine = ? WHERE id = ?")
      try seen.execute(arguments: [proposal.lastSeen.nanoseconds, proposal.engine, proposal.id])
      guard db.changesCount == 0, count < proposalLimit else { continue }
      count += 1
      try db.cachedStatement(sql: "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)").execute(
        arguments: [
          proposal.id, proposal.site, proposal.kind.rawValue, proposal.value, proposal.engine,
          proposal.firstSeen.nanoseconds, proposal.lastSeen.nanoseconds, Proposal.State.proposed.rawValue,
        ])
    }
  }

  private static func proposal(_ row: Row) -> Proposal? {
    guard let kind = Sighting.Kind(rawValue: row["kind"]), let state = Proposal.State(rawValue: row["state"]) else {
      return nil
    }
    return Proposal(
      id: row["id"], site: row["site"], kind: kind, value: row["value"], engine: row["engine"],
      firstSeen: Timestamp(nanoseconds: row["firstSeen"]), lastSeen: Timestamp(nanoseconds: row["lastSeen"]),
      state: state, decidedBy: row["decidedBy"],
      decidedAt: (row["decidedAt"] as Int64?).map { Timestamp(nanoseconds: $0) })
  }
}
