internal import GRDB
internal import Records
internal import Wire

/// One walk along the chain, inside one read of the file: where it breaks first, and how.
struct AuditWalk {
  /// Noted entries that must be on the way, with who noted them.
  struct Mark {
    var digest: AuditDigest
    var noter: String
  }

  let db: Database
  private var marks: [Mark]
  private var verdict = AuditVerdict()
  private var last: AuditDigest

  /// `start`: the entry behind which it begins, taken as it is.
  init(_ db: Database, behind start: AuditDigest, marks: [Mark]) {
    self.db = db
    self.marks = marks.filter { $0.digest.id > start.id }
    last = start
  }

  mutating func run() throws -> AuditVerdict {
    let records = try Row.fetchCursor(db, sql: AuditRecord.query, arguments: [last.id])
    while verdict.fault == nil, let row = try records.next() {
      let record = AuditRecord(row)
      verdict.fault = try fault(record)
      guard verdict.fault == nil else { break }
      verdict.entries += 1
      if isRestore(record) { verdict.restores.append(record.id) }
      last = AuditDigest(id: record.id, hash: record.hash)
    }
    verdict.last = last.id == 0 ? nil : last
    if verdict.fault == nil { verdict.fault = cutOff() }
    return verdict
  }

  private mutating func fault(_ record: AuditRecord) throws -> AuditFault? {
    let time = Timestamp(nanoseconds: record.time)
    if record.id != last.id + 1, !explainsJump(record) {
      return AuditFault(
        .missing, id: last.id + 1, time: time, gap(before: record) + " missing: entry \(record.id) is the next")
    }
    guard record.isTyped, record.hash(behind: last.hash) == record.hash else { return try explain(record, time) }
    if let fault = unlike(record, time) { return fault }
    if record.text("act") == AuditLog.brokenAct, record.text("subject") == AuditLog.subject {
      return AuditFault(.noted, id: record.id, time: time, "the hub wrote down here: \(record.text("after"))")
    }
    return nil
  }

  private func gap(before record: AuditRecord) -> String {
    let (first, end) = (last.id + 1, record.id - 1)
    return first == end ? "entry \(first) is" : "entries \(first) to \(end) are"
  }

  // MARK: restores

  private func isRestore(_ record: AuditRecord) -> Bool { record.text("act") == AuditLog.restoreAct }

  /// Numbers jump only where a backup took the place of a store that was further on.
  private func explainsJump(_ record: AuditRecord) -> Bool {
    guard isRestore(record), let replaced = AuditDigest(record.text("before")) else { return false }
    return record.id == max(replaced.id, last.id) + 1
  }

  // MARK: what is noted elsewhere

  private mutating func unlike(_ record: AuditRecord, _ time: Timestamp) -> AuditFault? {
    defer { marks.removeAll { $0.digest.id <= record.id } }
    for mark in marks where mark.digest.id <= record.id {
      if mark.digest == AuditDigest(id: record.id, hash: record.hash) { continue }
      if mark.digest.id == record.id {
        return AuditFault(
          .replaced, id: record.id, time: time, "entry \(record.id) is not the one that \(mark.noter) noted")
      }
      // A crash between a restore and its new head leaves the old head: the restore names it.
      if record.text("before") == mark.digest.description, mark.noter == AuditWalk.headNoter { continue }
      return AuditFault(
        .replaced, id: mark.digest.id, time: time,
        "entry \(mark.digest.id), which \(mark.noter) noted, is gone by the restore of entry \(record.id)")
    }
    return nil
  }

  static let headNoter = "the head file"

  private func cutOff() -> AuditFault? {
    guard let mark = marks.max(by: { $0.digest.id < $1.digest.id }) else { return nil }
    return AuditFault(
      .truncated, id: last.id + 1, time: nil,
      "the log ends at entry \(last.id), but \(mark.noter) noted entry \(mark.digest.id): the end is cut off")
  }

  // MARK: a hash that does not fit

  private func explain(_ record: AuditRecord, _ time: Timestamp) throws -> AuditFault {
    guard record.isTyped else {
      return AuditFault(
        .changed, id: record.id, time: time, "a field of entry \(record.id) has another type than was written")
    }
    if let other = try displaced(record) {
      return AuditFault(
        .reordered, id: record.id, time: time,
        "entry \(record.id) now stands under the number \(other): the order was changed")
    }
    let sound = record.hash(behind: last.hash)
    let next = try Row.fetchOne(db, sql: AuditRecord.query + " LIMIT 1", arguments: [record.id]).map { AuditRecord($0) }
    if let next, next.hash(behind: sound) == next.hash {
      return AuditFault(
        .changed, id: record.id, time: time, "the hash of entry \(record.id) was changed, its fields were not")
    }
    if let next, next.hash(behind: record.hash) == next.hash {
      return AuditFault(
        .changed, id: record.id, time: time, "a field of entry \(record.id) was changed after it was written")
    }
    return AuditFault(
      .changed, id: record.id, time: time,
      "entry \(record.id) does not follow from the one before: it or its place was changed")
  }

  /// Where the entry now stands that belongs here: the one whose fields, under this number, make a hash that is kept.
  private func displaced(_ record: AuditRecord) throws -> Int64? {
    let all = try Row.fetchCursor(db, sql: AuditRecord.query, arguments: [0])
    while let row = try all.next() {
      let other = AuditRecord(row)
      guard other.id != record.id else { continue }
      let hash = other.hash(behind: last.hash, as: record.id)
      if hash == other.hash || hash == record.hash { return other.id }
    }
    return nil
  }
}

extension AuditRecord {
  func text(_ name: String) -> String {
    AuditRecord.texts.firstIndex(of: name).flatMap { fields[$0] }.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
