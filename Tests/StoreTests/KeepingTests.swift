import Foundation
import GRDB
import Glibc
import Records
import Synchronization
import Testing
import Wire

@testable import Store

struct KeepingTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }
  private let day = 86_400.0
  private func time(_ days: Double) -> Timestamp { Sample.start.advanced(seconds: days * day) }

  @Test("Age deletes old closed rows with all that is theirs, and neither open work nor audit")
  func age() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts((1...5).map { Sample.line(sid: $0) }))
    _ = try store.act(.close(.fixed), on: 1, by: Sample.actor, at: time(0))
    _ = try store.act(.close(.fixed), on: 2, by: Sample.actor, at: time(90))
    _ = try store.act(.acknowledge, on: 3, by: Sample.actor, at: time(0))
    let result = try store.retain(RetentionPolicy(closedSeconds: 30 * day), now: time(100))
    #expect(result.rows == 1 && result.alerts == 1 && !result.isOverLimit)
    #expect(try store.rows(QueueQuery(order: .id)).map(\.id) == [2, 3, 4, 5])
    #expect(try store.audit().count == 3)
    #expect(try store.counters(since: Sample.start).rows.map(\.count).reduce(0, +) == 4)
  }

  @Test(
    "Size deletes the oldest closed rows first, then thins the alerts of open ones, and says when that is not enough")
  func size() throws {
    let store = try Store.open(folder)
    for batch in 0..<20 {
      let lines = (0..<50).map { Sample.line(sid: batch + 1, source: $0) }
      try store.take(Sample.alerts(lines, first: UInt64(batch * 50 + 1)))
    }
    for id in 1...15 { _ = try store.act(.close(.fixed), on: Int64(id), by: Sample.actor, at: time(Double(id))) }
    let half = try store.usedBytes() - 20_000
    let first = try store.retain(RetentionPolicy(byteLimit: half), now: time(20))
    #expect(first.rows > 0 && !first.isOverLimit && first.bytes <= half)
    let second = try store.retain(RetentionPolicy(byteLimit: 1, alertsPerOpenRow: 5), now: time(20))
    #expect(second.isOverLimit)
    #expect(try store.rows(QueueQuery(order: .id)).map(\.id) == [16, 17, 18, 19, 20])
    #expect(try store.rows().allSatisfy { $0.count == 50 })
    #expect(try store.alerts(limit: 1000).count == 25)
    #expect(try store.audit(limit: 1000).count == 15)
  }

  @Test("The database itself refuses to delete open work, and to change or delete audit")
  func triggers() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line()]))
    _ = try store.act(.acknowledge, on: 1, by: Sample.actor, at: Sample.start)
    for sql in ["DELETE FROM queueRow", "DELETE FROM audit", "UPDATE audit SET actor = 'x'"] {
      #expect(throws: StoreError.self, "\(sql)") { try store.write { try $0.execute(sql: sql) } }
    }
    #expect(try store.rows().count == 1)
  }

  @Test("A backup taken while running is restored while running, and the restore is audited")
  func backup() throws {
    let store = try Store.open(folder)
    let file = folder.path + "/copy.sqlite"
    try store.take(Sample.alerts([Sample.line(sid: 1)]))
    try store.backup(to: file)
    try store.take(Sample.alerts([Sample.line(sid: 2)], first: 2))
    #expect(try store.rows().count == 2)
    try store.restore(from: file, by: Sample.actor, at: Sample.start)
    #expect(try store.rows().map(\.check) == ["1:1"])
    #expect(try store.audit().first?.act == "restore")
    try store.take(Sample.alerts([Sample.line(sid: 3)], first: 2))
    #expect(try store.rows().count == 2)
    #expect(try store.integrityFault() == nil)
    #expect(folder.files().contains("copy.sqlite") && !folder.files().contains("copy.sqlite.partial"))
  }

  @Test(
    "A damaged, foreign or missing backup is refused and changes nothing", arguments: ["damaged", "foreign", "missing"])
  func badBackup(kind: String) throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts((1...200).map { Sample.line(sid: $0) }))
    let before = try store.rows(QueueQuery(limit: 1000))
    let file = folder.path + "/copy.sqlite"
    if kind == "damaged" {
      try store.backup(to: file)
      var data = try Data(contentsOf: URL(fileURLWithPath: file))
      for place in stride(from: 8192, to: data.count, by: 1) { data[place] = 0xa5 }
      try data.write(to: URL(fileURLWithPath: file))
    } else if kind == "foreign" {
      try DatabaseQueue(path: file).write { try $0.execute(sql: "CREATE TABLE t (a)") }
    }
    #expect(throws: StoreError.self) { try store.restore(from: file, by: Sample.actor, at: Sample.start) }
    #expect(try store.rows(QueueQuery(limit: 1000)) == before && before.count >= 200)
  }

  @Test(
    "A backup is written over nothing but an older backup",
    arguments: [
      "data/vigil.sqlite", "data/store.lock", "note", "empty", "link", "folder", "pipe", "x\0y", "../relative",
      "note.sqlite",
    ])
  func backupPlace(name: String) throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line(sid: 1)]))
    try Data("a note".utf8).write(to: URL(filePath: folder.path + "/note"))
    // What stands where the copy is begun is somebody's too.
    try Data("a note".utf8).write(to: URL(filePath: folder.path + "/note.sqlite.partial"))
    try Data().write(to: URL(filePath: folder.path + "/empty"))
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "note")
    try FileManager.default.createDirectory(atPath: folder.path + "/folder", withIntermediateDirectories: false)
    #expect(unsafe mkfifo(folder.path + "/pipe", 0o600) == 0)
    let before = folder.files()
    let place = name.hasPrefix("..") ? name : folder.path + "/" + name
    #expect { try store.backup(to: place) } throws: { ($0 as? StoreError)?.code == .refused }
    #expect(folder.files() == before)
    #expect(try Data(contentsOf: URL(filePath: folder.path + "/note")) == Data("a note".utf8))
    #expect(try Data(contentsOf: URL(filePath: folder.path + "/note.sqlite.partial")) == Data("a note".utf8))
    for _ in 0..<2 { try store.backup(to: folder.path + "/good.sqlite") }
    #expect(try store.rows().count == 1)
  }

  @Test("A backup is read from a file alone: a pipe would be waited for", .timeLimit(.minutes(1)))
  func restorePlace() throws {
    let store = try Store.open(folder)
    #expect(unsafe mkfifo(folder.path + "/pipe", 0o600) == 0)
    for place in [folder.path + "/pipe", "/dev/zero", folder.path, "vigil.sqlite"] {
      #expect { try store.restore(from: place, by: Sample.actor, at: Sample.start) } throws: {
        ($0 as? StoreError)?.code == .refused
      }
    }
    #expect(try store.audit().isEmpty)
  }

  @Test("A second hub on the same store is refused in a sentence; after the first is gone it may")
  func lock() throws {
    var first: Store? = try Store.open(folder)
    let path = folder.path + "/data"
    #expect(
      throws: StoreError(
        .locked, "the store \(path)/vigil.sqlite is in use by another hub",
        hint: "end that hub, or name another data folder")
    ) {
      try Store.open(folder)
    }
    first?.close()
    first = nil
    _ = try Store.open(folder)
  }

  @Test("A hub that is refused closes its lock once: whoever was given that number meanwhile keeps it")
  func lockClosedOnce() throws {
    let path = folder.path + "/lock"
    let held = try StoreLock(path, store: path)
    let neighbour = Neighbour()
    Thread.detachNewThread { neighbour.run() }
    for _ in 0..<2000 { #expect(throws: StoreError.self) { try StoreLock(path, store: path) } }
    #expect(neighbour.end() == 0)
    held.release()
  }

  @Test("A file that is no store is called damaged, and is left as it is")
  func noStore() throws {
    try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
    let file = folder.path + "/data/vigil.sqlite"
    let garbage = Data(repeating: 0x41, count: 8192)
    try garbage.write(to: URL(fileURLWithPath: file))
    #expect { try Store.open(folder) } throws: { ($0 as? StoreError)?.code == .damaged }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == garbage)
  }

  @Test("A store of a newer vigil is refused, not changed")
  func newer() throws {
    do {
      let store = try Store.open(folder)
      try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 future')") }
      store.close()
    }
    #expect { try Store.open(folder) } throws: { ($0 as? StoreError)?.code == .newer }
  }

  @Test("A full disk is said as such, nothing of the batch is kept, and the store goes on")
  func fullDisk() throws {
    let store = try Store.open(folder)
    try store.take(Sample.alerts([Sample.line(sid: 1)]))
    try store.write {
      try $0.execute(sql: "PRAGMA max_page_count = \(Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0)")
    }
    let big = (0..<500).map { Sample.line(sid: $0 + 2) }
    #expect { try store.take(Sample.alerts(big, first: 2)) } throws: { ($0 as? StoreError)?.code == .diskFull }
    #expect(try store.rows().count == 1)
    try store.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(try store.take(Sample.alerts(big, first: 2)).alerts == 500)
  }

  @Test("Inventory, leases, stops, coverage and small documents outlive a restart")
  func inventory() throws {
    let job = ScanJob(
      id: "j", engine: "tls", target: Target(scheme: "https", host: "h", port: 443), probeClass: .observe,
      authorisation: "a")
    let site = Site(id: "a", url: "https://h/", scheme: "https", host: "h", port: 443)
    let permit = Authorisation(
      id: "p", grantedBy: "g", document: "d", hosts: ["*.h"], networks: [try #require(IPPrefix("192.0.2.0/24"))],
      from: time(0), until: time(1), upTo: .probe)
    do {
      let store = try Store.open(folder)
      try store.replace(Store.Inventory(sites: [site], authorisations: [permit]), by: Sample.actor, at: time(0))
      try store.keep(
        schedule: .init(
          lines: [.init(site: "a", engine: "tls", json: "1"), .init(site: "a", engine: "dns", json: "2")], removed: [],
          given: [1, 2].map { Lease(id: $0, job: job, holder: "c1", until: time(2)) }, ended: [], head: "{}"))
      try store.keep(
        schedule: .init(
          lines: [.init(site: "a", engine: "tls", json: "3")], removed: [("a", "dns")], given: [], ended: [1],
          head: "[]"))
      try store.stop([nil], by: Sample.actor, at: time(0))
      try store.stop(["a"], by: Sample.actor, at: time(0))
      try store.save([CoverageEntry(site: "a", engine: "tls", status: .notAuthorised, reason: "expired", time: time(0))]
      )
      try store.put(kind: "entry", [(id: "1", value: [1, 2])])
      store.close()
    }
    let store = try Store.open(folder)
    #expect(try store.inventory() == Store.Inventory(sites: [site], authorisations: [permit]))
    #expect(try store.leases() == [Lease(id: 2, job: job, holder: "c1", until: time(2))])
    #expect(try store.schedule().lines == [.init(site: "a", engine: "tls", json: "3")])
    #expect(try store.schedule().head == "[]")
    #expect(try store.stops().map(\.site) == [nil, "a"])
    #expect(try store.coverage(site: "a").map(\.status) == [.notAuthorised])
    #expect(try store.document([Int].self, kind: "entry", id: "1") == [1, 2])
    try store.resume([nil], by: Sample.actor, at: time(1))
    #expect(try store.stops().isEmpty)
    #expect(try store.audit().map(\.act) == ["resume scans", "stop scans", "stop scans", "import inventory"])
  }

  @Test("Proposals are kept once, their last sight moves on, a person's word stays, and a site's are bounded")
  func proposals() throws {
    let store = try Store.open(folder)
    var policy = Sample.policy
    policy.proposals = { sighting in
      sighting.values.map {
        Proposal(
          id: "\(sighting.site) \($0)", site: sighting.site, kind: sighting.kind, value: $0, engine: sighting.engine,
          firstSeen: sighting.time, lastSeen: sighting.time)
      }
    }
    func see(_ values: [String], site: String = "a", at second: Double, first: UInt64) throws {
      let sighting = Sighting(
        site: site, engine: "certificate", kind: .certificateName, values: values, time: time(second))
      let record = BatchRecord(kind: .sighting, bytes: try RecordJSON.encode(sighting))
      let batch = RecordBatch(source: "scanner", boot: 1, first: first, records: [record])
      #expect(try store.ingest(batch, policy: policy, now: time(second)).unreadable == 0)
    }
    let site = Site(id: "a", url: "https://h/", scheme: "https", host: "h", port: 443)
    try store.replace(Store.Inventory(sites: [site]), by: Sample.actor, at: time(0))
    try see(["x", "y"], at: 1, first: 1)
    try see(["y"], at: 5, first: 2)
    #expect(try store.proposals().map(\.lastSeen) == [time(1), time(5)])
    let x = try #require(try store.proposal(id: "a x"))
    try store.decide(x, .declined, inventory: nil, by: Sample.actor, at: time(6))
    try see(["x"], at: 7, first: 3)
    #expect(try store.proposals(state: .proposed).map(\.value) == ["y"])
    #expect(try store.proposal(id: "a x")?.decidedBy == Sample.actor.name)
    #expect(try store.audit().first?.after == "certificateName x")
    for batch in 0..<4 {
      try see((0..<128).map { "n\(batch * 128 + $0)" }, at: 8, first: UInt64(4 + batch))
    }
    #expect(try store.proposals(site: "a").count == Store.proposalLimit)
    #expect(try store.sightings().map(\.site) == ["a"])
    try store.replace(Store.Inventory(), by: Sample.actor, at: time(9))
    #expect(try store.proposals().map(\.state) == [.declined])
  }

  @Test("The file and the folder are the owner's alone")
  func rights() throws {
    let store = try Store.open(folder)
    for path in [folder.path + "/data", store.path] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let mode = try #require(attributes[.posixPermissions] as? Int)
      #expect(mode & 0o077 == 0, "\(path)")
    }
    let vacuum = try store.read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") }
    #expect(vacuum == 2)
  }
}

/// Opens and closes files of its own all the time, and counts those that somebody else closed.
private final class Neighbour: Sendable {
  private let isOver = Atomic(false)
  private let robbed = Atomic(0)
  private let ended = DispatchSemaphore(value: 0)

  func run() {
    while !isOver.load(ordering: .relaxed) {
      let mine = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      sched_yield()
      if close(mine) != 0 { robbed.add(1, ordering: .relaxed) }
    }
    ended.signal()
  }

  func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    ended.wait()
    return robbed.load(ordering: .relaxed)
  }
}
