internal import GRDB
package import Records
package import Wire

/// People and their tokens. Each change with its audit in one transaction.
extension Store {
  private static let person = "person"

  package func people() throws(StoreError) -> [Person] { try documents(Person.self, kind: Store.person) }

  package func put(_ person: Person, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      let before = try Store.json(db, person.id)
      try Store.put(db, Store.person, person.id, person)
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: before == nil ? "add person" : "change person", subject: "person/\(person.id)",
          before: before, after: try RecordJSON.text(person)), db)
    }
  }

  /// With her tokens, which hold no longer.
  package func remove(person id: String, by actor: Actor, at now: Timestamp) throws(StoreError) {
    try write { db in
      let before = try Store.json(db, id)
      try db.execute(sql: "DELETE FROM document WHERE kind = ? AND id = ?", arguments: [Store.person, id])
      for var token in try Store.tokens(db, of: id) where token.revoked == nil {
        token.revoked = now
        try Store.keep(token, db)
      }
      try Store.append(
        AuditEntry(time: now, actor: actor, act: "remove person", subject: "person/\(id)", before: before), db)
    }
  }

  private static func json(_ db: Database, _ id: String) throws -> String? {
    try String.fetchOne(db, sql: "SELECT json FROM document WHERE kind = ? AND id = ?", arguments: [person, id])
  }

  // MARK: tokens

  package func tokens() throws(StoreError) -> [KeptToken] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT hash, json FROM token ORDER BY id").map { row in
        KeptToken(
          token: try RecordJSON.decode(AccessToken.self, from: row["json"] as String),
          hash: Store.bytes(ofHex: row["hash"]))
      }
    }
  }

  package func add(_ kept: KeptToken, by actor: Actor, at now: Timestamp) throws(StoreError) {
    let token = kept.token
    try write { db in
      try db.execute(
        sql: "INSERT INTO token (id, person, hash, json, expires) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          token.id, token.person, SHA256.hex(kept.hash), RecordJSON.text(token), token.expires.nanoseconds,
        ])
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: "add token", subject: "person/\(token.person)",
          after: try RecordJSON.text(token)), db)
    }
  }

  package func revoke(_ token: AccessToken, by actor: Actor, at now: Timestamp) throws(StoreError) {
    var revoked = token
    revoked.revoked = now
    let after = revoked
    try write { db in
      try Store.keep(after, db)
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: "revoke token", subject: "person/\(token.person)",
          before: try RecordJSON.text(token), after: try RecordJSON.text(after)), db)
    }
  }

  /// When they were last used: told to the hour, changed by nobody's act, and so not audited.
  package func keep(used tokens: [AccessToken]) throws(StoreError) {
    guard !tokens.isEmpty else { return }
    try write { db in
      for token in tokens { try Store.keep(token, db) }
    }
  }

  private static func keep(_ token: AccessToken, _ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE token SET json = ? WHERE id = ?")
      .execute(arguments: [RecordJSON.text(token), token.id])
  }

  private static func tokens(_ db: Database, of person: String) throws -> [AccessToken] {
    try String.fetchAll(db, sql: "SELECT json FROM token WHERE person = ? ORDER BY id", arguments: [person])
      .map { try RecordJSON.decode(AccessToken.self, from: $0) }
  }

  /// Empty where it is none: then no secret fits it.
  private static func bytes(ofHex text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
