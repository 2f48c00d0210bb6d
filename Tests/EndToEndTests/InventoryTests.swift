import Foundation
import Testing

extension EndToEnd {
  /// An inventory from a file to the hub and back, as a person does it.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct InventoryTests {
    let space: Workspace
    let config: String
    init() throws {
      space = try Workspace()
      config = try space.write(
        "vigil.yaml",
        """
        data: \(space.file("data"))
        sensor: {enabled: no}
        scan: {enabled: no, addresses: [198.51.100.7], contact: "duty desk 12345"}
        """)
    }

    private static let city = """
      organisations:
        - {id: city, name: {en: City, zh: 市}}
        - {id: tax, name: Tax, parent: city, kind: government, contacts: [{name: "=Li", phone: "+86", rank: primary}]}
      authorisations:
        - {id: a, granted_by: city, document: letter, hosts: [tax.test], from: 2020-01-01, until: 2099-01-01}
      sites:
        - {url: "https://tax.test", organisation: tax, maintenance: ["sat,sun 22:00-06:00 +08:00"]}
        - {url: "http://www.tax.test:80", organisation: tax}

      """

    @Test("import, difference, conflict, export and import again, the tree and the letter, by the commands alone")
    func commands() async throws {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("a hub", within: 20) { hub.output.contains("hub ready") }
      func run(_ words: String...) async throws -> (status: Int32, output: String, complaint: String) {
        let child = try Child([VigilBinary.path] + words + ["--config", config])
        return (try await child.end(within: 20), child.output, child.complaint)
      }
      let file = try space.write("city.yaml", Self.city)
      let dry = try await run("sites", "import", file, "--dry-run")
      #expect(dry.status == 0 && dry.output.contains("2 sites would be added"))
      let snapshot = try #require(dry.output.split(separator: " ").last).trimmingCharacters(in: .newlines)
      #expect(try await run("sites", "import", file, "--snapshot", snapshot).status == 0)
      let stale = try await run("sites", "import", file, "--snapshot", snapshot)
      #expect(stale.status == 2 && stale.complaint.contains("changed since the dry run"))

      let table = try await run("sites", "export", "--form", "csv").output
      #expect(table.contains(",'=Li,") && table.contains("'+86"))
      let csv = try space.write("city.csv", table.split(separator: "letter").joined(separator: "paper"))
      let changed = try await run("sites", "import", csv, "--dry-run")
      #expect(changed.output.contains("~ authorisation a\n    document: letter -> paper\n"))
      let wrong = try space.write("wrong.csv", "url\nhttps://new.test\nftp://x\nhttps://127.1\n")
      let refused = try await run("sites", "import", wrong)
      #expect(refused.status == 2)
      #expect(refused.complaint.contains("wrong.csv:3:1: the scheme \"ftp\" is not http or https"))
      #expect(refused.complaint.contains("wrong.csv:4:1: ") && refused.complaint.contains("nothing was taken over"))

      #expect(try await run("organisations").output.hasPrefix("City 市\tcity\t"))
      #expect(try await run("organisations").output.contains("\n  Tax\ttax\tparty and government body\t-\t=Li +86\t-"))
      #expect(try await run("sites", "duplicates").output.contains("with and without www") == false)
      #expect(try await run("sites", "check").output.contains("site/www.tax.test\tno valid authorisation"))
      #expect(try await run("sites", "proposals").output.isEmpty)
      let letter = try await run("sites", "notice-of-scanning").output
      for part in ["\n  198.51.100.7\n", "duty desk 12345", "安全扫描告知书", "User-Agent: Vigil/1"] {
        #expect(letter.contains(part), "\(part)")
      }
      hub.send(15)
      #expect(try await hub.end() == 0)
    }
  }
}
