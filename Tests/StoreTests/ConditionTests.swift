import Foundation
import GRDB
import Records
import Testing
import Wire

@testable import Store

/// What a store says of itself while it takes nothing, and after.
struct ConditionTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func fill(_ store: Store) throws {
    try store.write {
      try $0.execute(sql: "PRAGMA max_page_count = \(Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0)")
    }
  }

  @Test("A full disk is a fault until a write works again; a probe leaves nothing behind")
  func full() throws {
    let store = try Store.open(folder)
    #expect(store.fault == nil && store.probe() == nil)
    try fill(store)
    let big = (0..<500).map { Sample.line(sid: $0 + 2) }
    #expect(throws: StoreError.self) { try store.take(Sample.alerts(big)) }
    #expect(store.fault?.code == .diskFull)
    try? store.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(store.probe() == nil && store.fault == nil)
    #expect(try store.document(String.self, kind: "probe", id: "all") == nil)
    #expect(try store.take(Sample.alerts(big)).alerts == 500)
  }

  @Test("A refusal of an act is no fault of the store")
  func refusal() throws {
    let store = try Store.open(folder)
    #expect(throws: StoreError.self) { try store.act(.acknowledge, on: 7, by: Sample.actor, at: Sample.start) }
    #expect(store.fault == nil)
  }

  @Test("A store that another process has locked is busy, and well when the lock is gone")
  func locked() throws {
    let store = try Store.open(folder)
    let other = try DatabaseQueue(path: store.path)
    try other.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(store.probe()?.code == .busy)
      #expect(try store.rows().isEmpty, "who reads does not wait")
      try db.execute(sql: "ROLLBACK")
    }
    #expect(store.fault?.code == .busy)
    #expect(store.probe() == nil && store.fault == nil)
  }

  /// Its pages of a table are garbage.
  private func damagedStore(_ table: String = "comment") throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line()]))
    let (page, size) = try store.read { db in
      (
        try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table]) ?? 0,
        try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
      )
    }
    try store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    store.close()
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: store.path))
    try handle.seek(toOffset: UInt64((page - 1) * size))
    try handle.write(contentsOf: Data(repeating: 0xa5, count: size))
    try handle.close()
  }

  @Test("The first word of damage ends all writing, also of what needs no damaged page, and no later write clears it")
  func damage() throws {
    try damagedStore()
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line(sid: 2)], first: 2))
    #expect { try store.act(.comment("x"), on: 1, by: Sample.actor, at: Sample.start) } throws: {
      ($0 as? StoreError)?.code == .damaged
    }
    #expect { try store.take(Sample.alerts([Sample.line(sid: 3)], first: 3)) } throws: {
      "\($0)".contains("nothing is written to it any more") && "\($0)".contains("vigil restore")
    }
    #expect(store.probe()?.code == .damaged && store.fault?.code == .damaged)
    #expect(try store.rows().count == 2)
    store.close()
    #expect { try Store.open(folder) } throws: {
      ($0 as? StoreError)?.code == .damaged && "\($0)".contains("--offline")
    }
  }

  @Test("A mark of damage is taken away by a start that finds every page sound")
  func soundAgain() throws {
    var store = try Store.open(folder)
    store.close()
    let mark = folder.path + "/data/" + StoreCondition.mark
    try "".write(toFile: mark, atomically: false, encoding: .utf8)
    store = try Store.open(folder)
    #expect(!FileManager.default.fileExists(atPath: mark) && store.probe() == nil)
  }

  @Test("A backup of a damaged store is none, and says whose damage it is")
  func backupOfDamaged() throws {
    try damagedStore()
    let store = try Store.open(folder)
    #expect { try store.backup(to: folder.path + "/copy.sqlite") } throws: { "\($0)".hasPrefix("the store ") }
    #expect(store.fault?.code == .damaged && !folder.files().contains("copy.sqlite"))
  }

  @Test("A restore offline keeps what was there, goes on with the audit, and is refused while a hub has the store")
  func offline() throws {
    let file = folder.path + "/copy.sqlite"
    var store = try Store.open(folder)
    _ = try store.settleAudit(at: Sample.start)
    for number in 1...3 {
      try store.append(AuditEntry(time: Sample.start, actor: Sample.actor, act: "\(number)", subject: "s"))
    }
    try store.backup(to: file)
    try store.append(AuditEntry(time: Sample.start, actor: Sample.actor, act: "4", subject: "s"))
    let data = folder.path + "/data"
    #expect { try Store.restore(folder: data, from: file, by: Sample.actor, at: Sample.start) } throws: {
      ($0 as? StoreError)?.code == .locked
    }
    store.close()
    try damagedStore()
    let kept = try Store.restore(folder: data, from: file, by: Sample.actor, at: Sample.start)
    #expect(kept.map { FileManager.default.fileExists(atPath: $0) } == true)
    store = try Store.open(folder)
    #expect(try store.settleAudit(at: Sample.start) == nil)
    let verdict = try store.verifyAudit()
    #expect(verdict.fault == nil && verdict.restores == [5] && verdict.entries == 4)
    #expect(throws: StoreError.self) {
      store.close()
      _ = try Store.restore(folder: data, from: data + "/nosuch", by: Sample.actor, at: Sample.start)
    }
  }

  @Test("A store that ends in order is one file: nothing waits in a log beside it")
  func closing() throws {
    let store = try Store.open(folder)
    _ = try store.settleAudit(at: Sample.start)
    try store.take(Sample.alerts([Sample.line()]))
    _ = try store.act(.acknowledge, on: 1, by: Sample.actor, at: Sample.start)
    store.close()
    let log = try? FileManager.default.attributesOfItem(atPath: store.path + "-wal")[.size] as? Int
    #expect(log ?? 0 == 0)
    let copy = folder.path + "/copy.sqlite"
    try FileManager.default.copyItem(atPath: store.path, toPath: copy)
    #expect(try Store.verifyAudit(file: copy, isBackup: true).entries == 1)
  }

  @Test("Where the clock was set back, messages that lie ahead are due and older words on coverage yield")
  func clock() throws {
    let store = try Store.open(folder)
    let ahead = Sample.start.advanced(seconds: 3600)
    try store.add(OutboxEntry(channel: "webhook", body: "x", created: ahead, due: ahead))
    try store.save([CoverageEntry(site: "a", engine: "tls", status: .skipped, reason: "old", time: ahead)])
    try store.take(Sample.alerts([Sample.line()]), at: ahead)
    #expect(try store.lastStored() == ahead)
    #expect(try store.dueOutbox(lane: "webhook", now: Sample.start, limit: 9).isEmpty)
    try store.clockWasSetBack(to: Sample.start)
    #expect(try store.dueOutbox(lane: "webhook", now: Sample.start, limit: 9).count == 1)
    try store.save([CoverageEntry(site: "a", engine: "tls", status: .stopped, reason: "new", time: Sample.start)])
    #expect(try store.coverage().map(\.reason) == ["new"])
    #expect(try store.lastStored() == Sample.start)
  }
}
