import Foundation
import Testing

extension EndToEnd {
  /// Real engines in a process of their own against servers that mean harm: each scan ends in time and in little
  /// memory, and says in words where it cut the server short.
  @Suite(.serialized, .timeLimit(.minutes(10)))
  struct HostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
      var server: String
      var engine: String
      /// What the scan's answers say somewhere; empty where nothing is cut, since nothing comes of it.
      var words: String
      var options: [String] = []
      var testDescription: String { "\(engine) against \(server)" }
    }

    /// MiB, resident, of the whole program in a debug build; of an ordinary site it holds less than half.
    private static let memoryLimit = 192
    /// Twice what an engine may take for a job (MODEL.md: 20 s), since a machine may be busy.
    private static let timeLimit = 40.0

    static let cases: [Case] =
      [
        .init(server: "ordinary", engine: "http", words: ""),
        .init(server: "headers", engine: "http", words: "the answer's head has more than 64 KiB, the limit"),
        .init(server: "header-line", engine: "http", words: "the answer's head has more than 64 KiB, the limit"),
        .init(server: "trailers", engine: "http", words: ""),
        .init(server: "body", engine: "http", words: ""),
        .init(server: "gzip", engine: "http", words: ""), .init(server: "deflate", engine: "http", words: ""),
        .init(server: "brotli", engine: "http", words: ""), .init(server: "zstd", engine: "http", words: ""),
        .init(server: "redirects", engine: "http", words: "the page redirects to another host, which is not followed"),
        .init(server: "chase", engine: "http", words: "redirects"),
        .init(server: "gzip", engine: "content", words: ""), .init(server: "brotli", engine: "content", words: ""),
        .init(
          server: "robots", engine: "content", words: "has more than 512 KiB, the limit: rules behind it are not read"),
        .init(server: "redirects", engine: "content", words: ""),
        .init(server: "deep", engine: "content", words: ""), .init(server: "deep", engine: "http", words: ""),
        .init(server: "deep-formatting", engine: "content", words: ""),
        .init(server: "deep-formatting", engine: "http", words: ""),
        .init(server: "attributes", engine: "content", words: ""), .init(server: "links", engine: "content", words: ""),
        .init(server: "headers", engine: "templates", words: "the answer's head has more than 64 KiB, the limit"),
        .init(server: "body", engine: "templates", words: "the answer has more than 512 KiB, the limit"),
        .init(server: "gzip", engine: "templates", words: ""),
        .init(server: "trailers", engine: "templates", words: ""),
        .init(server: "redirects", engine: "templates", words: ""),
        .init(server: "chase", engine: "templates", words: ""), .init(server: "deep", engine: "templates", words: ""),
        .init(server: "attributes", engine: "templates", words: ""),
        .init(server: "headers", engine: "availability", words: ""),
        .init(server: "gzip", engine: "availability", words: ""),
        .init(server: "certificate", engine: "certificate", words: "more than 256 KiB, the limit"),
        .init(server: "certificate", engine: "tls", words: ""),
        .init(server: "chain", engine: "certificate", words: "the limit"),
        .init(server: "chain", engine: "tls", words: ""),
        .init(server: "messages", engine: "certificate", words: ""),
        .init(server: "messages", engine: "tls", words: ""),
        .init(server: "records", engine: "certificate", words: ""), .init(server: "records", engine: "tls", words: ""),
      ]
      + ["smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql", "rdp"].flatMap { name in
        ["tls", "certificate"].map {
          // The others are refused at the first message that is none, in words of their own.
          let isEndless = ["smtp", "imap", "ftp"].contains(name)
          return Case(
            server: name, engine: $0, words: isEndless ? "more than 16 KiB came before TLS" : "",
            options: ["--starttls", name])
        }
      }

    /// For all cases: bombs take a while to be made. They end with the process of the tests.
    private static let servers = Task { try await HostileServers() }

    @Test(
      "a server that sends without end, or too much, or for somewhere else, costs little and is told", arguments: cases)
    func bounded(hostile: Case) async throws {
      let servers = try await Self.servers.value
      let space = try Workspace()
      let scheme = ["tls", "certificate"].contains(hostile.engine) ? "https" : "http"
      let url = "\(scheme)://127.0.0.1:\(try servers.port(hostile.server))"
      let measured = try await Measured(
        [VigilBinary.path, "scan", "--json", "--lab", "--engines", hostile.engine, url] + hostile.options,
        environment: [
          "HOME": space.path, "XDG_CONFIG_HOME": space.path, "XDG_STATE_HOME": space.path,
          "VIGIL_SOCKET": space.file("no-hub"), "VIGIL_PROXY": "",
        ], within: Self.timeLimit)
      let (seconds, peak) = (String(format: "%.1f", measured.seconds), measured.peak)
      print("figure: \(hostile.testDescription): \(seconds) s, \(peak) MiB; \(Self.told(measured.answer.output))")
      #expect(measured.answer.status == 0, "\(measured.answer.complaint)")
      #expect(peak <= Self.memoryLimit)
      #expect(hostile.words.isEmpty || measured.answer.output.contains(hostile.words), "\(measured.answer.output)")
    }

    /// The outcome's own sentence and the most frequent reason why something was not determined.
    private static func told(_ output: String) -> String {
      let objects = output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      var reasons: [String: Int] = [:]
      for object in objects {
        for (name, value) in object where name == "reason" {
          if let text = value as? String, !text.isEmpty { reasons[text, default: 0] += 1 }
        }
      }
      return reasons.max { $0.value < $1.value }.map { "\($0.key) (\($0.value))" } ?? "no reason"
    }
  }
}
