import Foundation
import GRDB
import Records
import Testing
import Wire

@testable import Store

/// The write-ahead log is brought into the file by who is asked for it, and begins anew.
struct CheckpointTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  @Test("A log that has grown is copied and begun anew, while a writer goes on") func begunAnew() throws {
    let store = try Store.open(folder)
    for _ in 0..<6 {
      for part in 0..<1200 {
        try store.write { db in
          try db.execute(
            sql: "INSERT OR REPLACE INTO document VALUES ('fill', ?, hex(zeroblob(8000)))", arguments: ["\(part % 300)"]
          )
        }
      }
      try store.checkpoint()
    }
    let limit = Checkpoints.pagesOfALog * 4096
    #expect(size(store.path + "-wal") < 3 * limit, "\(size(store.path + "-wal")) bytes")
    #expect(size(store.path) > 300 * 16_000)
    #expect(try store.integrityFault() == nil)
  }

  @Test("Readers of an old page keep the log from beginning anew, and nobody fails") func reader() throws {
    let store = try Store.open(folder)
    try store.read { db in
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM document")
      for part in 0..<100 {
        try store.write {
          try $0.execute(sql: "INSERT INTO document VALUES ('fill', ?, hex(zeroblob(8000)))", arguments: ["\(part)"])
        }
      }
      try store.checkpoint()
    }
    #expect(store.fault == nil)
    try store.checkpoint()
    let count = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM document WHERE kind = 'fill'") }
    #expect(count == 100)
  }

  @Test("A long log begins anew behind a reader that ends, by one call") func patience() throws {
    let store = try Store.open(folder)
    for part in 0..<1200 {
      try store.write { db in
        try db.execute(
          sql: "INSERT OR REPLACE INTO document VALUES ('fill', ?, hex(zeroblob(8000)))", arguments: ["\(part % 300)"])
      }
    }
    let (reads, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      defer { ended.signal() }
      try? store.read { db in
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM document")
        reads.signal()
        // A page of a list that takes its time.
        usleep(150_000)
      }
    }
    reads.wait()
    try store.write { try $0.execute(sql: "DELETE FROM document WHERE id = '7'") }
    try store.checkpoint()
    ended.wait()
    // The first transaction behind it is at the head of the log.
    try store.write { try $0.execute(sql: "DELETE FROM document WHERE id = '8'") }
    #expect(try !store.checkpoints.run())
  }

  @Test("One that comes after the store was closed does nothing") func closed() throws {
    let store = try Store.open(folder)
    store.close()
    try store.checkpoint()
  }
}
