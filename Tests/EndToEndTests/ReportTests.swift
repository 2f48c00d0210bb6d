import Foundation
import Testing

extension EndToEnd {
  /// Reports, posture and trail as a person asks for them.
  @Suite(.serialized, .timeLimit(.minutes(2)))
  struct ReportTests {
    let space: Workspace
    let config: String
    init() throws {
      space = try Workspace()
      config = try space.write(
        "vigil.yaml",
        """
        data: \(space.file("data"))
        city: Riverside
        sensor: {enabled: no}
        scan: {enabled: no}
        sites:
          - {url: "https://tax.test", id: tax}
        """)
    }

    /// One alert, as another sensor wrote it, against the site.
    private var alert: String {
      let time = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -60))
      return """
        {"timestamp":"\(time)","flow_id":7,"event_type":"alert","src_ip":"198.51.100.9","src_port":50000,\
        "dest_ip":"192.0.2.7","dest_port":443,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":9000220,\
        "rev":1,"signature":"<i>probe</i> of .git","category":"x","severity":2},"http":{"hostname":"tax.test","url":"/.git/"}}

        """
    }

    private func run(_ words: String...) async throws -> Answer {
      let child = try Child([VigilBinary.path] + words + ["--config", config])
      return Answer(status: try await child.end(within: 30), output: child.output, complaint: child.complaint)
    }

    @Test("a report to the screen and to a file, in both languages, never over a file that is there without --force")
    func reports() async throws {
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("a hub", within: 20) { hub.output.contains("hub ready") }
      let eve = try space.write("eve.json", alert)
      #expect(try await run("ingest", "eve", eve, "--once").status == 0)

      let page = try await run("report", "city", "--format", "html")
      #expect(page.status == 0, "\(page.complaint)")
      #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.contains("Security report: Riverside"))
      #expect(page.output.contains("Content-Security-Policy") && page.output.contains("<svg "))
      #expect(page.output.contains("&lt;i&gt;probe&lt;/i&gt; of .git") && !page.output.contains("<i>probe"))
      #expect(page.output.contains("Sites never tested by the period&#39;s end: 1 of 1."))

      let file = space.file("report.md")
      let words = ["report", "site", "tax", "--format", "markdown", "--language", "zh", "--output", file]
      func write(_ more: String...) async throws -> Answer {
        let child = try Child([VigilBinary.path] + words + more + ["--config", config])
        return Answer(status: try await child.end(within: 30), output: child.output, complaint: child.complaint)
      }
      #expect(try await write().status == 0)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.hasPrefix("# 网站网络安全报告") && text.contains("## 尚不确定的事项"))
      let refused = try await write()
      #expect(
        refused.status == 2 && refused.complaint.contains("the file is there already; name another, or add --force"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
      #expect(try await write("--force", "--period", "7d").status == 0)
      #expect(try String(contentsOfFile: file, encoding: .utf8) != text)
      let left = try FileManager.default.contentsOfDirectory(
        atPath: URL(filePath: file).deletingLastPathComponent().path)
      #expect(!left.contains { $0.hasSuffix(".new") }, "\(left)")

      let sarif = try await run("report", "site", "tax", "--format", "sarif").output
      let log = try JSONSerialization.jsonObject(with: Data(sarif.utf8)) as? [String: Any]
      #expect(log?["version"] as? String == "2.1.0")

      for (wrong, sentence) in [
        (["report", "site", "none"], "there is no site none"), (["report", "city", "--period", "x"], "is no period"),
        (["report", "site"], "which site?"), (["report", "city", "tax"], "the city has no id"),
        (["report", "city", "--output", space.file("no/where")], "the file cannot be written"),
      ] {
        let child = try Child([VigilBinary.path] + wrong + ["--config", config])
        #expect(try await child.end() == 2 && child.complaint.contains(sentence), "\(child.complaint)")
      }

      #expect(try await run("posture", "--language", "zh").output.contains("得分 尚不确定，已检测网站 0 / 1"))
      #expect(try await run("posture").output.contains("score not determined, 0 of 1 sites tested"))
      #expect(try await run("posture", "indicators", "--language", "zh").output.contains("证书在有效期内"))
      #expect(try await run("trail", "tax", "--language", "zh").output.contains("事中\t遭攻击\t中危"))
      #expect(try await run("trail", "tax").output.contains("during\tattacked\tmedium"))
      hub.send(15)
      #expect(try await hub.end() == 0)
    }

    @Test("the language is the configuration's where none is asked for")
    func configured() async throws {
      let text = try String(contentsOfFile: config, encoding: .utf8)
      try (text + "\nlanguage: zh\n").write(toFile: config, atomically: true, encoding: .utf8)
      let hub = try Child([VigilBinary.path, "hub", "--config", config])
      try await require("a hub", within: 20) { hub.output.contains("hub ready") }
      #expect(try await run("report", "city", "--format", "markdown").output.hasPrefix("# 网络安全报告"))
      #expect(
        try await run("report", "city", "--format", "markdown", "--lang", "en").output.hasPrefix("# Security report"))
      #expect(try await run("trail", "tax").status == 0)
      hub.send(15)
      #expect(try await hub.end() == 0)
    }
  }
}
