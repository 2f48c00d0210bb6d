internal import GRDB
internal import Records

/// What the store could not do: a sentence, and what helps. Nothing of the failed call was kept.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case locked, diskFull, damaged, unavailable, busy, refused, notFound, newer, tooSlow, internalFault
  }
  package var code: Code
  package var sentence: String
  /// The sentence in Chinese, where officers read it; nil of what only an operator meets.
  package var zh: String?
  package var hint: String

  package init(_ code: Code, _ sentence: String, zh: String? = nil, hint: String = "") {
    self.code = code
    self.sentence = sentence
    self.zh = zh
    self.hint = hint
  }

  init(_ refusal: ActRefusal) { self.init(.refused, refusal.words.en, zh: refusal.words.zh) }

  /// Said as well of a row that the one who asks may not see.
  package static func noRow(_ id: Int64) -> StoreError {
    StoreError(.notFound, "there is no row \(id) in the queue", zh: "队列中没有第 \(id) 行")
  }

  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as ActRefusal: self.init(error)
    case let error as DatabaseError: self.init(database: error, path: path)
    default: self.init(.internalFault, "the store \(path) failed: \(error)")
    }
  }

  private init(database error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(
        .diskFull, "the disk of \(path) is full; what was stored is safe, this was not stored",
        hint: "free some room, or lower retention.size")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .damaged, "the store \(path) is damaged",
        hint: "put the last backup in its place: vigil restore, with --offline where no hub runs")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, "the store \(path) is busy", hint: "try again")
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      self.init(
        .unavailable, "the store \(path) cannot be read or written: \(error.message ?? "input or output error")",
        hint: "check the disk and the rights of the folder")
    default:
      self.init(.internalFault, "the store \(path) failed: \(error.message ?? "code \(error.resultCode.rawValue)")")
    }
  }

  package var description: String { hint.isEmpty ? sentence : "\(sentence); \(hint)" }
}
