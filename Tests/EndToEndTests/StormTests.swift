import Foundation
import Testing

extension EndToEnd {
  /// `script/storm` on the real hub for some seconds; its long forms are in Documentation/queue.md. `VIGIL_DRILL=50` kills
  /// fifty times.
  @Suite(.serialized, .timeLimit(.minutes(10)))
  struct StormTests {
    private static let kills = ProcessInfo.processInfo.environment["VIGIL_DRILL"] ?? "4"

    private func storm(_ words: String...) async throws -> [String: Any] {
      let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "script/storm").path
      let child = try Child(["python3", script, VigilBinary.path, "--json"] + words)
      let status = try await child.end(within: 500)
      let line = child.lines.last?.text ?? ""
      print("figure: storm \(words.joined(separator: " ")): \(line)")
      #expect(status == 0, "\(child.output) \(child.complaint)")
      return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    private func nothingIsLost(_ report: [String: Any], sent: Int) {
      #expect(report["sent"] as? Int == sent)
      #expect(report["stored"] as? Int == sent)
      for name in ["lost", "doubled", "actsLost", "actsDoubled"] { #expect(report[name] as? Int == 0, "\(name)") }
      #expect(report["actsAnswered"] as? Int ?? 0 > 0)
      #expect(report["integrity"] as? String == "ok")
    }

    @Test("a burst of many keys and sources is stored once each, while acts and pages are answered")
    func burst() async throws {
      let report = try await storm("--burst", "8000", "--keys", "3000", "--sources", "8000")
      nothingIsLost(report, sent: 8000)
      #expect(report["rows"] as? Int == 3000)
    }

    @Test("a burst of one key is one row that counts them all")
    func oneKey() async throws {
      let report = try await storm("--burst", "8000", "--keys", "1", "--sources", "8000")
      nothingIsLost(report, sent: 8000)
      #expect(report["rows"] as? Int == 1)
    }

    @Test("a hub killed at moments of chance under alerts and acts loses and doubles nothing that it acknowledged")
    func kills() async throws {
      let report = try await storm(
        "--burst", "500", "--rate", "300", "--seconds", "10", "--keys", "400", "--kills", Self.kills)
      nothingIsLost(report, sent: 3500)
      #expect(report["kills"] as? Int == Int(Self.kills))
    }
  }
}
