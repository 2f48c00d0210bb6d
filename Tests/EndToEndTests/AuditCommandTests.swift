import ControlAPI
import Foundation
import Records
import Testing

extension EndToEnd {
  /// `vigil audit`, as an operator and a script meet it.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct AuditCommandTests {
    @Test(
      "audit list and verify: through the hub, of a store at rest and of a backup; 0 whole, 1 broken, 2 not readable")
    func verify() async throws {
      let hub = try await HubAtFault()
      for name in ["first", "second", "third"] {
        _ = try await hub.client.call(API.noteScan, ScanNote(authorisedBy: name, targets: ["x"]))
      }
      let place = ["--config", hub.config]
      func audit(_ words: String...) async throws -> Answer {
        let child = try Child([VigilBinary.path, "audit"] + words)
        let status = try await child.end()
        return Answer(status: status, output: child.output, complaint: child.complaint)
      }
      let list = try await audit("list", "act:scan", place[0], place[1])
      #expect(list.status == 0 && list.output.split(separator: "\n").count == 3 && list.output.contains("by second: x"))
      let whole = try await audit("verify", place[0], place[1])
      #expect(whole.status == 0 && whole.output.hasPrefix("whole: "), "\(whole.complaint)")
      let last = try #require(whole.output.split(separator: "\n").last { $0.hasPrefix("last: ") }?.dropFirst(6))
      let backup = hub.space.file("backup.sqlite")
      _ = try await hub.client.call(API.backup, BackupRequest(path: backup))
      #expect(try await audit("verify", "--backup", backup, "--expect", String(last)).status == 0)
      try await hub.stop()

      let store = hub.data + "/vigil.sqlite"
      #expect(try await audit("verify", "--store", store, "--expect", String(last)).status == 0)
      try await run([
        "python3", "-c",
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('DROP TRIGGER auditUnchanged'); "
          + "c.execute(\"UPDATE audit SET after = replace(after, 'second', 'nobody')\"); c.commit()", store,
      ])
      let broken = try await audit("verify", "--store", store)
      #expect(broken.status == 1 && broken.output.hasPrefix("BROKEN at entry ") && broken.output.contains("(changed)"))
      let json = try await audit("verify", "--store", store, "--json")
      let verdict = try RecordJSON.decode(AuditVerdict.self, from: json.output)
      #expect(json.status == 1 && verdict.fault?.kind == .changed && verdict.fault?.time != nil)

      for words in [
        ["--store", hub.space.file("nosuch")], ["--store", hub.config], ["--expect", "17"], ["--after", "-1"],
      ] {
        let child = try Child([VigilBinary.path, "audit", "verify"] + words + place)
        #expect(try await child.end() == 2, "\(words): \(child.output)")
        #expect(child.complaint.split(separator: "\n").count < 8 && !child.complaint.isEmpty, "\(words)")
      }
    }

    @Test("api openapi prints the file that is checked in")
    func openAPI() async throws {
      let answer = try await vigil("api", "openapi")
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Documentation/openapi.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(answer.status == 0 && answer.output + "\n" == text || answer.output == text)
    }
  }
}
