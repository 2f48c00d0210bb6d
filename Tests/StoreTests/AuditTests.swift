import Foundation
import GRDB
import Records
import Testing
import Wire

@testable import Store

struct AuditTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var head: String { folder.path + "/data/" + AuditHead.name }
  private var file: String { folder.path + "/copy.sqlite" }

  private func open() throws -> Store {
    let store = try Store.open(folder)
    #expect(try store.settleAudit(at: Sample.start) == nil)
    return store
  }

  private static func entry(_ number: Int) -> AuditEntry {
    AuditEntry(
      time: Sample.start.advanced(seconds: Double(number)),
      actor: Actor(name: "李 \(number)", origin: "unix uid \(number)"),
      act: number % 2 == 0 ? "close" : "assign", subject: "queue/\(number)",
      before: number % 3 == 0 ? nil : "b\(number)",
      after: number % 4 == 0 ? "" : "{\"a\":\(number)}")
  }

  /// A backup with so many entries, its triggers gone: what somebody with the file in hands may do.
  private func openedCopy(entries: Int) throws -> DatabaseQueue {
    let store = try open()
    for number in 1...entries { try store.append(Self.entry(number)) }
    try store.backup(to: file)
    store.close()
    let queue = try DatabaseQueue(path: file)
    try queue.write { try Self.dropTriggers($0) }
    return queue
  }

  private static func dropTriggers(_ db: Database) throws {
    try db.execute(sql: "DROP TRIGGER auditUnchanged; DROP TRIGGER auditKept; DROP TRIGGER auditAtEnd")
  }

  private func fault(_ expected: [AuditDigest] = []) throws -> AuditFault? {
    try Store.verifyAudit(file: file, isBackup: true, expected: expected).fault
  }

  @Test("Acts make a chain whose head file says where it ends, and a hub that opens the store finds it whole")
  func whole() throws {
    let store = try open()
    #expect(try store.verifyAudit().fault == nil)
    for number in 1...5 { try store.append(Self.entry(number)) }
    let verdict = try store.verifyAudit()
    #expect(verdict.entries == 5 && verdict.fault == nil && verdict.last == verdict.head)
    #expect(AuditHead.read(head) == verdict.last)
    #expect(try store.audit().map(\.hash).allSatisfy { $0?.count == 64 })
    store.close()
    let again = try open()
    #expect(try again.auditEnd() == verdict.last)
    #expect(try Store.verifyAudit(file: again.path, isBackup: false, expected: [verdict.last!]).fault == nil)
  }

  @Test("Every bit of every field of every entry, changed in the file, is found at its entry")
  func everyBit() throws {
    let queue = try openedCopy(entries: 5)
    // One transaction: what is asked is what the walk finds, not how quickly the disk is.
    let changes = try queue.write { db in
      var changes = 0
      for id in 1...5 {
        for column in AuditRecord.texts + ["hash"] { changes += try flipBits(db, of: column, id) }
        for bit in 0..<64 {
          let time = Self.entry(id).time.nanoseconds
          try db.execute(sql: "UPDATE audit SET time = ? WHERE id = ?", arguments: [time ^ (1 << bit), id])
          #expect(try walk(db).fault?.id == Int64(id), "bit \(bit) of the time of entry \(id)")
          try db.execute(sql: "UPDATE audit SET time = ? WHERE id = ?", arguments: [time, id])
          changes += 1
        }
      }
      return changes
    }
    #expect(try fault() == nil)
    print("figure: \(changes) single bits changed, each found at its entry")
  }

  private func flipBits(_ db: Database, of column: String, _ id: Int) throws -> Int {
    guard let value = try Data.fetchOne(db, sql: "SELECT CAST(\(column) AS BLOB) FROM audit WHERE id = \(id)") else {
      return 0
    }
    let set = "UPDATE audit SET \(column) = CAST(? AS TEXT) WHERE id = \(id)"
    for bit in 0..<(value.count * 8) {
      var changed = value
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      try db.execute(sql: set, arguments: [changed])
      let found = try walk(db).fault
      #expect(found?.id == Int64(id) && found?.kind == .changed, "bit \(bit) of \(column) of entry \(id)")
    }
    try db.execute(sql: set, arguments: [value])
    return value.count * 8
  }

  @Test(
    "A value of another type, a field made absent or empty, a number shifted: found",
    arguments: [
      "after = CAST(after AS BLOB)", "before = ''", "before = NULL", "after = NULL", "after = ''", "time = NULL",
      "time = time + 0.5", "actor = NULL", "hash = CAST(hash AS BLOB)", "hash = ''", "id = 40",
      "before = after, after = before", "actor = origin, origin = actor", "act = act || char(0)",
      "subject = subject || act, act = ''",
    ])
  func otherForms(change: String) throws {
    let queue = try openedCopy(entries: 7)
    let id: Int64 = change == "before = ''" ? 3 : 5
    try queue.write { db in
      try db.execute(sql: "DROP INDEX auditSubject")
      // The file's own schema forbids some of these; who has the file in hands has the schema too.
      try db.execute(
        sql: """
          CREATE TABLE open AS SELECT * FROM audit; DROP TABLE audit;
          CREATE TABLE audit (id INTEGER PRIMARY KEY, time, actor, origin, act, subject, before, after, hash);
          INSERT INTO audit SELECT * FROM open;
          """)
    }
    #expect(try fault() == nil)
    try queue.write { try $0.execute(sql: "UPDATE audit SET \(change) WHERE id = ?", arguments: [id]) }
    #expect(try fault()?.id == id)
  }

  @Test("Entries taken out anywhere but at the end are missing by their numbers; renumbering the rest helps nobody")
  func deletion() throws {
    let queue = try openedCopy(entries: 6)
    for id in 1...5 {
      try queue.inDatabase { db in
        try db.inTransaction {
          try db.execute(sql: "DELETE FROM audit WHERE id = ?", arguments: [id])
          let verdict = try walk(db)
          #expect(verdict.fault?.kind == .missing && verdict.fault?.id == Int64(id) && verdict.entries == id - 1)
          #expect(verdict.fault?.time == Self.entry(id + 1).time)
          for number in (id + 1)...6 {
            try db.execute(sql: "UPDATE audit SET id = ? WHERE id = ?", arguments: [number - 1, number])
          }
          #expect(try walk(db).fault?.id == Int64(id))
          return .rollback
        }
      }
    }
    #expect(
      try queue.write { db -> String? in
        try db.execute(sql: "DELETE FROM audit WHERE id IN (2, 3)")
        return try walk(db).fault?.sentence
      } == "entries 2 to 3 are missing: entry 4 is the next")
  }

  private func walk(_ db: Database, _ marks: [AuditWalk.Mark] = []) throws -> AuditVerdict {
    var walk = AuditWalk(db, behind: AuditLog.beginning, marks: marks)
    return try walk.run()
  }

  @Test("Two entries that changed places are told as such, whether their hashes went with them or not")
  func swaps() throws {
    let queue = try openedCopy(entries: 5)
    for columns in [AuditRecord.texts + ["time", "hash"], AuditRecord.texts + ["time"]] {
      for first in 1...4 {
        for second in (first + 1)...5 {
          try queue.inDatabase { db in
            try db.inTransaction {
              let list = columns.joined(separator: ", ")
              try db.execute(sql: "CREATE TEMP TABLE a AS SELECT \(list) FROM audit WHERE id = \(first)")
              try db.execute(
                sql: "UPDATE audit SET (\(list)) = (SELECT \(list) FROM audit WHERE id = \(second)) WHERE id = \(first)"
              )
              try db.execute(sql: "UPDATE audit SET (\(list)) = (SELECT \(list) FROM a) WHERE id = \(second)")
              let found = try walk(db).fault
              #expect(
                found?.kind == .reordered && found?.id == Int64(first),
                "\(first), \(second): \(String(describing: found))")
              #expect(found?.sentence == "entry \(first) now stands under the number \(second): the order was changed")
              return .rollback
            }
          }
        }
      }
    }
  }

  @Test("An end that was cut off is missed by the head file and by a noted entry, and by nothing else")
  func truncation() throws {
    let queue = try openedCopy(entries: 6)
    let noted = try queue.read { try AuditLog.end($0) }
    try queue.write { try $0.execute(sql: "DELETE FROM audit WHERE id > 4") }
    #expect(try fault() == nil)
    let found = try fault([noted])
    #expect(found?.kind == .truncated && found?.id == 5)
    #expect(found?.sentence == "the log ends at entry 4, but you noted entry 6: the end is cut off")
    let other = AuditDigest(id: 3, hash: noted.hash)
    #expect(try fault([other])?.kind == .replaced)

    let live = folder.path + "/data/vigil.sqlite"
    try DatabaseQueue(path: live).write { db in
      try Self.dropTriggers(db)
      try db.execute(sql: "DELETE FROM audit WHERE id = 6; UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit'")
    }
    let verdict = try Store.verifyAudit(file: live, isBackup: false)
    #expect(verdict.fault?.kind == .truncated && verdict.fault?.id == 6)
    unsafe unlink(head)
    #expect(try Store.verifyAudit(file: live, isBackup: false).fault?.kind == .headMissing)
  }

  @Test(
    "A hub that opens a store whose end was cut off writes that down, gives no number twice, and walks tell it ever after"
  )
  func cutWhileAway() throws {
    var store = try open()
    for number in 1...6 { try store.append(Self.entry(number)) }
    let before = try store.auditEnd()
    store.close()
    try DatabaseQueue(path: store.path).write { db in
      try Self.dropTriggers(db)
      try db.execute(sql: "DELETE FROM audit WHERE id > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
    }
    store = try Store.open(folder)
    let said = "the audit log ends at entry 3, but entry 6 was written: its end was cut off"
    #expect(try store.settleAudit(at: Sample.start) == said)
    let entry = try #require(try store.audit().first)
    #expect(
      entry.id == 7 && entry.act == AuditLog.brokenAct && entry.before == before.description && entry.after == said)
    #expect(try store.settleAudit(at: Sample.start) == nil)
    try store.append(Self.entry(8))
    let verdict = try store.verifyAudit()
    #expect(verdict.fault?.kind == .missing && verdict.fault?.id == 4)
    #expect(try store.verifyAudit(after: 7).fault == nil)
  }

  @Test("An end cut off or written anew beside a working hub is found at the next entry", arguments: ["cut", "anew"])
  func changedBesideHub(kind: String) throws {
    let store = try open()
    for number in 1...6 { try store.append(Self.entry(number)) }
    let before = try store.auditEnd()
    try DatabaseQueue(path: store.path).write { db in
      try Self.dropTriggers(db)
      try db.execute(sql: "DELETE FROM audit WHERE id > 4; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'")
      if kind == "anew" { for _ in 5...6 { try AuditLog.append(Self.entry(99), db) } }
    }
    try store.append(Self.entry(7))
    #expect(store.isAuditBroken)
    #expect(AuditHead.read(head) == before, "the head goes on along a log that contains it, and along no other")
    #expect(try store.verifyAudit().fault != nil)
    #expect(try store.settleAudit(at: Sample.start) != nil)
    #expect(!store.isAuditBroken)
    let verdict = try store.verifyAudit()
    #expect(verdict.fault != nil)
    #expect(try store.settleAudit(at: Sample.start) == nil)
  }

  @Test("A head that a crash left behind is caught up silently; a missing or unreadable one is written down")
  func headBehind() throws {
    var store = try open()
    try store.append(Self.entry(1))
    let old = try Data(contentsOf: URL(fileURLWithPath: head))
    for number in 2...4 { try store.append(Self.entry(number)) }
    store.close()
    try old.write(to: URL(fileURLWithPath: head))
    store = try open()
    #expect(AuditHead.read(head)?.id == 4)
    store.close()
    for broken in [Data(), Data("vigil-audit-head-1 9:zz\n".utf8), Data(repeating: 0xff, count: 4096)] {
      try broken.write(to: URL(fileURLWithPath: head))
      store = try Store.open(folder)
      #expect(try store.settleAudit(at: Sample.start)?.contains("was missing or could not be read") == true)
      #expect(try store.verifyAudit().fault?.kind == .noted)
      store.close()
    }
  }

  @Test("A head that cannot be written fails no act and is told; the next entry writes it")
  func headFault() throws {
    let store = try open()
    try FileManager.default.createDirectory(atPath: head + ".partial", withIntermediateDirectories: false)
    try store.append(Self.entry(1))
    #expect(store.auditFault?.contains("cannot be written") == true)
    #expect(AuditHead.read(head)?.id == 0)
    try FileManager.default.removeItem(atPath: head + ".partial")
    store.catchUpAuditHead()
    #expect(store.auditFault == nil && AuditHead.read(head)?.id == 1)
    try store.append(Self.entry(2))
    #expect(store.auditFault == nil && AuditHead.read(head)?.id == 2)
  }

  @Test("The database refuses to put an entry under a used number, also by REPLACE, and one without a hash")
  func appendOnly() throws {
    let store = try open()
    for number in 1...3 { try store.append(Self.entry(number)) }
    let columns = "(id, time, actor, origin, act, subject, hash)"
    let hash = String(repeating: "a", count: 64)
    for sql in [
      "INSERT OR REPLACE INTO audit \(columns) VALUES (2, 1, 'x', 'x', 'x', 'x', '\(hash)')",
      "INSERT INTO audit \(columns) VALUES (9, 1, 'x', 'x', 'x', 'x', '')",
      "UPDATE OR REPLACE audit SET id = 3 WHERE id = 2", "DELETE FROM audit WHERE id = 3",
    ] {
      #expect(throws: StoreError.self, "\(sql)") { try store.write { try $0.execute(sql: sql) } }
    }
    #expect(try store.verifyAudit().fault == nil)
  }

  @Test("Text with a NUL, with no character and with every plane is kept as it was hashed")
  func oddText() throws {
    let store = try open()
    for text in ["a\0b", "\0", "", "\u{10ffff}é政\r\n\u{200b}"] {
      try store.append(
        AuditEntry(
          time: Sample.start, actor: Actor(name: text, origin: text), act: "comment", subject: text, after: text))
    }
    #expect(try store.verifyAudit().fault == nil)
    #expect(try store.audit().last?.after == "a\u{2400}b")
  }

  @Test("A restore goes on with the backup's chain behind the numbers that were given, and names what it put away")
  func restore() throws {
    let store = try open()
    for number in 1...4 { try store.append(Self.entry(number)) }
    try store.backup(to: file)
    for number in 5...9 { try store.append(Self.entry(number)) }
    let put = try store.auditEnd()
    try store.restore(from: file, by: Sample.actor, at: Sample.start)
    let entry = try #require(try store.audit().first)
    #expect(entry.id == 10 && entry.act == "restore" && entry.before == put.description && entry.after == file)
    try store.append(Self.entry(11))
    let verdict = try store.verifyAudit()
    #expect(verdict.fault == nil && verdict.restores == [10] && verdict.entries == 6 && verdict.head == verdict.last)
    let gone = try store.verifyAudit(expected: [put])
    #expect(gone.fault?.kind == .replaced && gone.fault?.sentence.contains("by the restore of entry 10") == true)
    // A crash between the restore and its head.
    store.close()
    try "vigil-audit-head-1 \(put)\n".write(toFile: head, atomically: true, encoding: .utf8)
    _ = try open()
    #expect(!FileManager.default.fileExists(atPath: store.path + ".restore"))
  }

  @Test("A walk of acts, crashes behind the commit, backups and restores leaves a whole chain whose numbers only rise")
  func walkOfLife() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededRandom(seed: seed)
    var store = try open()
    var highest: Int64 = 0
    var hasBackup = false
    for step in 0..<120 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        try store.backup(to: file)
        hasBackup = true
      case 1 where hasBackup: try store.restore(from: file, by: Sample.actor, at: Sample.start)
      case 2:
        let old = try Data(contentsOf: URL(fileURLWithPath: head))
        if Bool.random(using: &random) { try store.append(Self.entry(step)) }
        store.close()
        try old.write(to: URL(fileURLWithPath: head))
        store = try open()
      default: try store.append(Self.entry(step))
      }
      let end = try store.auditEnd()
      #expect(end.id >= highest, "seed \(seed)")
      highest = end.id
      #expect(AuditHead.read(head) == end, "seed \(seed)")
    }
    #expect(try store.verifyAudit().fault == nil, "seed \(seed)")
    print("figure: the audit's walk of 120 steps, highest number \(highest), seed \(seed)")
  }

  @Test(
    "Entries from before there was a chain are chained by the migration; a copy of before cannot be walked and says so")
  func migration() throws {
    let data = folder.path + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: data + "/vigil.sqlite")
    try Schema.migrator.migrate(queue, upTo: "3 answers")
    try queue.write { db in
      for number in 1...2500 {
        try db.execute(
          sql: "INSERT INTO audit (time, actor, origin, act, subject) VALUES (?, 'li', 'x', 'close', 'queue/1')",
          arguments: [number])
      }
    }
    #expect {
      _ = try Store.verifyAudit(file: data + "/vigil.sqlite", isBackup: true)
    } throws: { "\($0)".contains("is from before there was a chain") }
    try queue.close()
    let store = try open()
    let verdict = try store.verifyAudit()
    #expect(verdict.entries == 2500 && verdict.fault == nil && verdict.head?.id == 2500)
    #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: "UPDATE audit SET actor = 'x'") } }
  }
}
