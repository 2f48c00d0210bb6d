import Foundation
import Glibc
import Testing

extension EndToEnd {
  /// `vigil engines`, external tools by `vigil scan`, and `vigil findings import` with a hub of its own.
  @Suite(.serialized, .enabled(if: VigilBinary.isThere), .timeLimit(.minutes(4)))
  struct ExternalTests {
    private let space: Workspace

    init() throws { space = try Workspace() }

    private var alone: [String: String] {
      [
        "HOME": space.path, "XDG_CONFIG_HOME": space.path, "XDG_STATE_HOME": space.path, "VIGIL_PROXY": "",
        "VIGIL_SOCKET": space.file("no-hub"),
      ]
    }

    /// `input`: the path of what it reads from standard input.
    private func vigil(_ words: [String], input: String? = nil) async throws -> Answer {
      let child = try Child([VigilBinary.path] + words, environment: alone, input: input)
      return Answer(status: try await child.end(within: 120), output: child.output, complaint: child.complaint)
    }

    private func objects(_ text: String) -> [[String: Any]] {
      text.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }

    private func standIn(_ name: String, _ script: String) throws -> String {
      let path = try space.write(name, "#!/bin/sh\n\(script)\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      return path
    }

    @Test("vigil engines tells which external tools are there, which are too old, and which are not") func engines()
      async throws
    {
      let (good, old) = (try standIn("good", "echo 2.1.0"), try standIn("old", "echo Nmap version 5.51"))
      let config = try space.write(
        "vigil.yaml",
        "data: \(space.file("d"))\nscan: {programs: {sslscan: \(good), nmap: \(old), nuclei: \(space.file("none"))}}\n")
      let answer = try await vigil(["engines", "--json", "--config", config])
      #expect(answer.status == 0, "\(answer.complaint)")
      let lines = objects(answer.output)
      func state(_ name: String) -> String? { lines.first { $0["name"] as? String == name }?["state"] as? String }
      #expect(state("tls") == "built in" && state("sslscan") == "ready")
      #expect(state("nmap") == "version 5.51 is too old; 7.0 and later are read")
      #expect(state("nuclei") == "\(space.file("none")) is no program")
      #expect(lines.first { $0["name"] as? String == "sslscan" }?["version"] as? String == "2.1.0")
      let table = try await vigil(["engines", "--config", config])
      #expect(table.output.contains(good) && table.output.contains("built in"), "\(table.output)")
      let scan = try await vigil(["scan", "https://127.0.0.1:1", "--engines", "nmap", "--config", config])
      #expect(
        scan.status == 2 && scan.complaint.contains("nmap is not used: version 5.51 is too old"), "\(scan.complaint)")
    }

    @Test("a tool dies with the program that started it, however that dies") func death() async throws {
      let pid = space.file("pid")
      let tool = try standIn(
        "sslscan",
        "[ \"$1\" = --version ] && { echo 2.1.0; exit; }; echo $$ > \(pid).new; mv \(pid).new \(pid); exec sleep 600")
      let config = try space.write("v.yaml", "data: \(space.file("d"))\nscan: {programs: {sslscan: \(tool)}}\n")
      let listener = try Child(["openssl", "s_server", "-accept", "127.0.0.1:47443", "-nocert", "-quiet"], input: nil)
      defer { listener.kill() }
      let scan = try Child(
        [VigilBinary.path, "scan", "https://127.0.0.1:47443", "--engines", "sslscan", "--lab", "--config", config],
        environment: alone)
      try await require("the tool", within: 30) { !space.text("pid").isEmpty || scan.status != nil }
      let number = try #require(Int32(space.text("pid").filter(\.isNumber)), "\(scan.output)\(scan.complaint)")
      #expect(kill(number, 0) == 0)
      scan.kill()
      try await require("the tool's end", within: 10) {
        let state = (try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)) ?? ""
        return state.isEmpty || state.contains(") Z ")
      }
    }

    private static let hubConfiguration = """
      sensor: {enabled: no}
      scan: {enabled: no}
      sites:
        - {url: "https://www.tax.test", id: tax}
        - {url: "https://tax.test/forms/", id: forms}
        - {url: "https://other.test:8443", id: other}
        - {url: "https://late.test", id: late}
      authorisations:
        - {id: a1, granted_by: the test, document: d1, hosts: ["www.tax.test", "tax.test", "other.test"],
           from: 2020-01-01, until: 2099-01-01, up_to: probe}
      """

    private static let report = """
      {"@version":"2.16.0","created":"2026-11-25T10:00:00Z","site":[{"@name":"https://TAX.test:443","alerts":[
       {"pluginid":"10038","alertRef":"10038-1","name":"CSP Header Not Set","riskcode":"2","confidence":"3","instances":[
        {"uri":"https://Tax.test./"},{"uri":"https://tax.test/forms/a"},{"uri":"https://other.test:8443/"},
        {"uri":"https://other.test/"},{"uri":"https://stranger.test/"},{"uri":"https://late.test/"}]},
       {"pluginid":"40012","name":"XSS","riskcode":"3","confidence":"2","instances":[
        {"uri":"https://tax.test/search?q=1","param":"q"}]}]}]}
      """

    /// What came is one finding a weakness, with the tool's word beside it, new since an hour ago, and judged by nobody.
    private func asking(_ config: String) async throws {
      func objects(_ words: [String]) async throws -> [[String: Any]] {
        let answer = try await vigil(words + ["--json", "--config", config])
        #expect(answer.status == 0, "\(answer.complaint)")
        return self.objects(answer.output)
      }
      let tax = try await objects(["findings", "list", "site:tax", "engine:zap", "disagree:no"])
      #expect(tax.count == 2)
      let finding = try #require(tax.first?["finding"] as? [String: Any])
      let id = try #require((finding["row"] as? [String: Any])?["id"] as? Int)
      #expect(try await objects(["findings", "show", "\(id)"]).first?["disagrees"] as? Bool == false)
      let shown = try await vigil(["alerts", "show", "\(id)", "--config", config])
      #expect(shown.output.contains("zap  yes"), "\(shown.output)")
      let diff = try #require(try await objects(["findings", "diff", "--since", "1h"]).first)
      let counts = try #require(diff["counts"] as? [String: Any])
      #expect(counts["new"] as? Int == 4 && counts["gone"] as? Int == 0 && counts["notCovered"] as? Int == 0)
      #expect(try await objects(["engines", "precision"]).isEmpty)
      let wrong = try await vigil(["findings", "list", "disagre:yes", "--config", config])
      #expect(wrong.status == 2 && wrong.complaint.contains("disagree"), "\(wrong.complaint)")
    }

    @Test("a report is taken for the sites that it names and an authorisation covers, once, and the rest is listed")
    func importing() async throws {
      let config = try space.write("hub.yaml", "data: \(space.file("data"))\n\(Self.hubConfiguration)\n")
      let hub = try Child([VigilBinary.path, "hub", "--config", config], environment: alone)
      try await require("the hub", within: 60) { hub.output.contains("hub ready") || hub.status != nil }
      let file = try space.write("zap.json", Self.report)
      let words = ["findings", "import", file, "--format", "zap", "--authorisation", "a1", "--config", config]
      func findings() async throws -> Int {
        let rows = try await vigil(["alerts", "list", "--json", "--limit", "100", "--config", config])
        return objects(rows.output).count
      }
      let dry = try await vigil(words + ["--dry-run"])
      #expect(dry.status == 0, "\(dry.complaint)")
      #expect(dry.output.contains("tax: 2 observations would be taken"), "\(dry.output)")
      #expect(try await findings() == 0)

      let first = try await vigil(words)
      #expect(first.status == 0, "\(first.complaint)")
      for line in [
        "tax: 2 observations taken", "forms: 1 observations taken", "other: 1 observations taken",
        "not taken: 1 of other.test:443: the inventory has the host, not the port",
        "not taken: 1 of stranger.test:443: no site of the inventory",
        "not taken: 1 of late.test:443: not authorised: no authorisation names late.test",
      ] { #expect(first.output.split(separator: "\n").contains { $0 == line }, "\(line)\n\(first.output)") }
      #expect(try await findings() == 4)
      try await asking(config)

      let again = try await vigil(words)
      #expect(again.status == 0 && again.output.contains("tax: 2 observations taken, 0 of them new"), "\(again.output)")
      #expect(try await findings() == 4)
      let rows = objects(try await vigil(["alerts", "list", "--json", "--config", config]).output)
      #expect(rows.allSatisfy { $0["count"] as? Int == 1 || $0["count"] == nil }, "nothing is counted twice")

      let empty = try space.write("empty.json", "{}")
      let nothing = try await vigil(
        ["findings", "import", "-", "--format", "nikto", "--authorisation", "a1", "--config", config], input: empty)
      #expect(nothing.status == 2 && nothing.complaint.contains("this is no report of nikto"), "\(nothing.complaint)")
      let stranger = try await vigil([
        "findings", "import", file, "--format", "zap", "--authorisation", "a9", "--config", config,
      ])
      #expect(
        stranger.status == 2 && stranger.complaint.contains("the inventory has no authorisation a9"),
        "\(stranger.complaint)")
      hub.kill()
    }
  }
}
