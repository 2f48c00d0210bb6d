internal import FoundationEssentials
internal import GRDB
internal import Records
internal import Wire

/// An entry as its bytes lie in the file: what the hash is made of. Text is not decoded, since a wrong byte that is
/// repaired while decoding would be a change that nobody sees.
struct AuditRecord {
  /// Every column of the entry but its number, its time and its hash, in the order in which they are hashed.
  static let texts = ["actor", "origin", "act", "subject", "before", "after"]

  var id: Int64
  var time: Int64
  var fields: [[UInt8]?]
  var hash: String
  /// Every value has the type that the append gives it: SQLite would keep any.
  var isTyped: Bool

  init(_ entry: AuditEntry, id: Int64) {
    self.id = id
    time = entry.time.nanoseconds
    fields = [entry.actor.name, entry.actor.origin, entry.act, entry.subject, entry.before, entry.after].map {
      $0.map { Array($0.utf8) }
    }
    hash = ""
    isTyped = true
  }

  /// From a row of `AuditRecord.query`.
  init(_ row: Row) {
    id = row["id"]
    time = row["time"] ?? 0
    fields = AuditRecord.texts.map { name in (row[name] as Data?).map(Array.init) }
    hash = String(decoding: row["hash"] as Data? ?? Data(), as: UTF8.self)
    isTyped = AuditRecord.types(of: fields).contains(row["types"] as String? ?? "")
  }

  /// Behind entry `?`, in order.
  static let query = """
    SELECT id, CASE typeof(time) WHEN 'integer' THEN time END AS time,
      \(texts.map { "CAST(\($0) AS BLOB) AS \($0)" }.joined(separator: ", ")), CAST(hash AS BLOB) AS hash,
      \((["time"] + texts + ["hash"]).map { "typeof(\($0))" }.joined(separator: " || ' ' || ")) AS types
    FROM audit WHERE id > ? ORDER BY id
    """

  private static func types(of fields: [[UInt8]?]) -> [String] {
    [(["integer"] + fields.map { $0 == nil ? "null" : "text" } + ["text"]).joined(separator: " ")]
  }

  /// SHA-256 over the version tag, the hash of the entry before, the number, the time and the fields, each behind its
  /// length; an absent field is not an empty one.
  func hash(behind previous: String, as number: Int64? = nil) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    AuditRecord.add(Array("vigil audit 1".utf8), to: &bytes)
    AuditRecord.add(Array(previous.utf8), to: &bytes)
    AuditRecord.add(UInt64(bitPattern: number ?? id), to: &bytes)
    AuditRecord.add(UInt64(bitPattern: time), to: &bytes)
    for field in fields {
      bytes.append(field == nil ? 0 : 1)
      AuditRecord.add(field ?? [], to: &bytes)
    }
    return SHA256.hex(SHA256.digest(bytes))
  }

  private static func add(_ field: [UInt8], to bytes: inout [UInt8]) {
    add(UInt64(field.count), to: &bytes)
    bytes += field
  }

  private static func add(_ number: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
