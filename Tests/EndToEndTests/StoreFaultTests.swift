import ControlAPI
import Foundation
import Glibc
import Records
import Testing

extension EndToEnd {
  /// What the hub says and does while its store fails, and that nothing acknowledged is lost
  /// (Documentation/decisions/0053-when-the-store-fails.md).
  @Suite(.serialized, .timeLimit(.minutes(5)))
  struct StoreFaultTests {
    @Test(
      "A full disk: said, lists answer, acts are refused in a sentence, batches come again; with room all is well",
      .enabled(if: Network.works, Comment(rawValue: Network.reason)))
    func full() async throws {
      let hub = try await HubAtFault(diskOf: 80_000)
      try hub.send(50)
      try hub.follow()
      try await hub.requireAll()
      let filler = hub.data + "/filler"
      try fill(filler)
      try hub.send(3000)
      try await require("the hub says that the disk is full", within: 30) {
        try await hub.reasons().contains("is full")
      }
      let row = try #require(try await hub.rows().first)
      // The log may have room for some more while the file that it is copied into has none.
      var refused: APIProblem?
      try await require("an act is refused", within: 30) {
        refused = try await hub.refusal(of: row.row.id)
        return refused != nil
      }
      let problem = try #require(refused)
      #expect(problem.code == .unavailable && problem.status == 503)
      #expect(problem.sentence.contains("is full; what was stored is safe, this was not stored"))
      #expect(problem.hint?.contains("free some room") == true)
      #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.contains("is full") })
      #expect(try await hub.rows().count < 3050)
      #expect(hub.said.contains("is full") && hub.said.contains("was not stored"))

      // A hub that dies meanwhile comes again on the full disk, and knows what it had acknowledged.
      try hub.hub.kill()
      try await hub.start()
      #expect(try await hub.rows().count >= 50)
      try await require("the new hub says so too", within: 30) { try await hub.reasons().contains("is full") }

      unsafe unlink(filler)
      try await hub.requireWell()
      try await hub.requireAll()
      let again = try await hub.refusal(of: row.row.id)
      #expect(again == nil, "\(String(describing: again))")
      #expect(try await hub.isAuditWhole())
      #expect(hub.said.contains("the store takes records again"))
      try await hub.stop()
    }

    /// To the last byte.
    private func fill(_ path: String) throws {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
      try #require(descriptor >= 0)
      defer { close(descriptor) }
      for size in [65_536, 4096, 1] {
        let bytes = [UInt8](repeating: 0, count: size)
        while unsafe write(descriptor, bytes, size) == size {}
      }
    }

    @Test("A file-size limit where the disk would be full: the hub lives, says why, and refuses in a sentence")
    func fileLimit() async throws {
      let space = try Workspace()
      let config = try space.write(
        "vigil.yaml", "data: \(space.file("data"))\nsensor: {enabled: no}\nscan: {enabled: no}\n")
      let hub = try Child(["sh", "-c", "ulimit -f 6000; exec \"$0\" hub --config \"$1\"", VigilBinary.path, config])
      try await require("a hub", within: 30) { hub.output.contains("hub ready") }
      let client = Client(socket: space.file("data/run/api.sock"))
      let long = String(repeating: "x", count: 30_000)
      var refused: APIProblem?
      for _ in 0..<100 where refused == nil {
        do {
          _ = try await client.call(
            API.noteScan, ScanNote(authorisedBy: "me", targets: Array(repeating: long, count: 9)))
        } catch {
          refused = error as? APIProblem
        }
      }
      #expect(refused?.code == .unavailable, "\(String(describing: refused))")
      #expect(
        try await client.call(API.health).reasons.contains {
          $0.contains("cannot be read or written") || $0.contains("full")
        })
      #expect(hub.status == nil)
      hub.send(SIGTERM)
      #expect(try await hub.end() == 0)
    }

    @Test("A store locked by another process: answers go on, acts and batches wait in a sentence and come again")
    func locked() async throws {
      let hub = try await HubAtFault()
      try hub.send(20)
      try hub.follow()
      try await hub.requireAll()
      let locker = try Child([
        "python3", "-c",
        "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
          + "print('locked',flush=True); time.sleep(120)", hub.data + "/vigil.sqlite",
      ])
      try await require("the lock", within: 20) { locker.output.contains("locked") }
      try hub.send(30)
      try await require("the hub says that its store is busy", within: 30) {
        try await hub.reasons().contains("is busy")
      }
      #expect(try await hub.rows().count == 20)
      let id = try #require(try await hub.rows().first).row.id
      let problem = try #require(try await hub.refusal(of: id))
      #expect(problem.code == .unavailable && problem.sentence.contains("is busy") && problem.hint == "try again")
      #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.contains("is busy") })
      locker.kill()
      try await hub.requireWell()
      try await hub.requireAll()
      #expect(try await hub.refusal(of: id) == nil)
      #expect(try await hub.isAuditWhole())
      try await hub.stop()
    }

    @Test(
      "A corrupted page: said with what to do, nothing written, no silent start, and a restore mends it",
      arguments: ["running", "offline"])
    func corrupted(kind: String) async throws {
      let hub = try await HubAtFault()
      try hub.send(40)
      try hub.follow()
      try await hub.requireAll()
      let backup = hub.space.file("backup.sqlite")
      _ = try await hub.client.call(API.backup, BackupRequest(path: backup))
      let id = try #require(try await hub.rows().first).row.id
      #expect(try await hub.refusal(of: id) == nil)
      try await hub.stop()
      try await corrupt("comment", in: hub.data + "/vigil.sqlite")
      try await hub.start()

      // The first who needs the page finds it.
      let problem = try #require(try await hub.refusal(of: id))
      #expect(problem.code == .unavailable && problem.sentence.contains("is damaged"))
      #expect(problem.hint?.contains("vigil restore") == true)
      try hub.send(10)
      #expect(try await hub.reasons().contains("nothing is written to it any more"))
      try await require("a batch is refused", within: 30) { hub.said.contains("a batch was not stored") }
      #expect(try await hub.rows().count == 40, "lists that do not need the page answer")
      #expect(try await hub.client.call(API.overview).warnings.contains { $0.en.contains("is damaged") })
      let other = hub.space.file("other.sqlite")
      await #expect(throws: APIProblem.self) { _ = try await hub.client.call(API.backup, BackupRequest(path: other)) }
      #expect(!FileManager.default.fileExists(atPath: other))

      if kind == "running" {
        _ = try await hub.client.call(API.restore, BackupRequest(path: backup))
      } else {
        try await hub.stop()
        let again = try await vigil("hub", "--config", hub.config)
        #expect(again.status == 2 && again.complaint.contains("is damaged") && again.complaint.contains("--offline"))
        let answer = try await vigil("restore", "--offline", backup, "--config", hub.config)
        #expect(answer.status == 0 && answer.output.contains("what was there is"), "\(answer.complaint)")
        try await hub.start()
      }
      try await hub.requireWell()
      try await hub.requireAll()
      #expect(try await hub.refusal(of: id) == nil)
      let verdict = try await hub.client.call(API.verifyAudit, AuditVerifyRequest())
      #expect(verdict.fault == nil && verdict.restores.count == 1)
      try await hub.stop()
    }

    /// Overwrites the first page of a table while nobody has the store open.
    private func corrupt(_ table: String, in path: String) async throws {
      let script = """
        import sqlite3,sys
        c=sqlite3.connect(sys.argv[1])
        page=c.execute("SELECT rootpage FROM sqlite_master WHERE name=?",(sys.argv[2],)).fetchone()[0]
        size=c.execute("PRAGMA page_size").fetchone()[0]
        c.close()
        f=open(sys.argv[1],"r+b"); f.seek((page-1)*size); f.write(b"\\xa5"*size)
        """
      try await run(["python3", "-c", script, path, table])
    }
  }
}
