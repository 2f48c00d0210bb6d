internal import GRDB
package import Records
package import Wire

/// Sites, organisations, authorisations, platforms; the operator's stops, scan outcomes.
extension Store {
  package struct Inventory: Codable, Sendable, Hashable {
    package var sites: [Site]
    package var organisations: [Organisation]
    package var authorisations: [Authorisation]
    package var platforms: [Platform]
    package init(
      sites: [Site] = [], organisations: [Organisation] = [], authorisations: [Authorisation] = [],
      platforms: [Platform] = []
    ) {
      self.sites = sites
      self.organisations = organisations
      self.authorisations = authorisations
      self.platforms = platforms
    }
  }

  package func inventory() throws(StoreError) -> Inventory {
    try read { db in
      Inventory(
        sites: try Store.documents(db, "site"), organisations: try Store.documents(db, "organisation"),
        authorisations: try Store.documents(db, "authorisation"), platforms: try Store.documents(db, "platform"))
    }
  }

  /// Puts a whole inventory in the place of the one before, in one transaction, audited.
  package func replace(_ inventory: Inventory, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in try Store.replace(inventory, by: actor, at: now, db) }
  }

  static func replace(_ inventory: Inventory, by actor: Actor, at now: Timestamp, _ db: Database) throws {
    let before = try Int.fetchOne(db, sql: "SELECT count(*) FROM document WHERE kind = 'site'") ?? 0
    try db.execute(
      sql: "DELETE FROM document WHERE kind IN ('site', 'organisation', 'authorisation', 'platform')")
    for site in inventory.sites { try put(db, "site", site.id, site) }
    for value in inventory.organisations { try put(db, "organisation", value.id, value) }
    for value in inventory.authorisations { try put(db, "authorisation", value.id, value) }
    for value in inventory.platforms { try put(db, "platform", value.id, value) }
    try PostureLog.note(db, inventory, at: now)
    try HostingSettlement(db, inventory, now: now).run()
    // What was found of a site that is gone asks nobody any more.
    try db.execute(
      sql: """
        DELETE FROM proposal
          WHERE state = 'proposed' AND site NOT IN (SELECT id FROM document WHERE kind = 'site')
        """)
    try append(
      AuditEntry(
        time: now, actor: actor, act: "import inventory", subject: "inventory", before: "\(before) sites",
        after: "\(inventory.sites.count) sites, \(inventory.authorisations.count) authorisations"), db)
  }

  /// Small states of the hub (the schedule's entries), by kind and id. Not for the inventory's kinds.
  package func document<T: Decodable>(_ type: T.Type, kind: String, id: String) throws(StoreError) -> T? {
    try read { db in
      try String.fetchOne(db, sql: "SELECT json FROM document WHERE kind = ? AND id = ?", arguments: [kind, id])
        .map { try RecordJSON.decode(type, from: $0) }
    }
  }
  package func documents<T: Decodable>(_ type: T.Type, kind: String) throws(StoreError) -> [T] {
    try read { db in try Store.documents(db, kind) }
  }
  package func put(kind: String, _ values: [(id: String, value: some Encodable)]) throws(StoreError) {
    try write { db in
      for (id, value) in values { try Store.put(db, kind, id, value) }
    }
  }
  package func remove(kind: String, id: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM document WHERE kind = ? AND id = ?", arguments: [kind, id])
    }
  }

  /// What an engine gave to be kept of a site; nil before its first look.
  package func memory(site: String, engine: String) throws(StoreError) -> EngineMemory? {
    try document(EngineMemory.self, kind: "memory", id: Store.memoryID(site, engine))
  }
  static func save(_ memory: EngineMemory, _ db: Database) throws {
    guard memory.body.utf8.count <= EngineMemory.bodyLimit else { return }
    try put(db, "memory", memoryID(memory.site, memory.engine), memory)
  }
  /// An engine's name has no space.
  private static func memoryID(_ site: String, _ engine: String) -> String { "\(engine) \(site)" }

  static func put(_ db: Database, _ kind: String, _ id: String, _ value: some Encodable) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO document VALUES (?, ?, ?)").execute(arguments: [
      kind, id, RecordJSON.text(value),
    ])
  }
  private static func documents<T: Decodable>(_ db: Database, _ kind: String) throws -> [T] {
    try String.fetchAll(db, sql: "SELECT json FROM document WHERE kind = ? ORDER BY id", arguments: [kind])
      .map { try RecordJSON.decode(T.self, from: $0) }
  }

  // MARK: stops

  package func stops() throws(StoreError) -> [ScanStop] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM scanStop ORDER BY site").map { row in
        let site: String = row["site"]
        return ScanStop(site: site.isEmpty ? nil : site, by: row["by"], since: Timestamp(nanoseconds: row["since"]))
      }
    }
  }

  /// In force at once and across restarts, until `resume`; each audited, all or none. Nil: the whole city.
  package func stop(_ sites: [String?], by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      for site in sites {
        try db.execute(
          sql: "INSERT OR IGNORE INTO scanStop VALUES (?, ?, ?)", arguments: [site ?? "", actor.name, now.nanoseconds])
        try Store.append(
          AuditEntry(time: now, actor: actor, act: "stop scans", subject: site.map { "site/\($0)" } ?? "scans"), db)
      }
    }
  }

  /// Nil: takes back every stop.
  package func resume(_ sites: [String?], by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      for site in sites {
        if let site {
          try db.execute(sql: "DELETE FROM scanStop WHERE site = ?", arguments: [site])
        } else {
          try db.execute(sql: "DELETE FROM scanStop")
        }
        try Store.append(
          AuditEntry(time: now, actor: actor, act: "resume scans", subject: site.map { "site/\($0)" } ?? "scans"), db)
      }
    }
  }

  /// How scans ended, the newest first.
  package func outcomes(site: String? = nil, limit: Int = 100) throws(StoreError) -> [ScanOutcome] {
    try read { db in
      let filter = site == nil ? "" : " WHERE site = ?"
      let arguments: StatementArguments = site.map { [$0, limit] } ?? [limit]
      return try String.fetchAll(
        db, sql: "SELECT json FROM outcome\(filter) ORDER BY id DESC LIMIT ?", arguments: arguments
      ).map { try RecordJSON.decode(ScanOutcome.self, from: $0) }
    }
  }
}
