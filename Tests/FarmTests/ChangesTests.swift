import Engines
import Foundation
import Records
import Testing

/// What only a second look can tell: a site whose file, port or certificate is another by then.
@Suite(.serialized) struct ChangesTests {
  private func answers(_ result: EngineResult, of checks: [String]) -> [String: Observation.Answer] {
    Dictionary(
      uniqueKeysWithValues: result.answers.filter { checks.contains($0.check) }.map { ($0.check, $0.answer) })
  }

  @Test("a changed page is told as what it is, at every look until it is accepted, and an ordinary one is not")
  func pages() throws {
    let farm = try Farm(only: [
      "content replaced", "content replaced by a shop's", "content with a new script", "content with a new hidden link",
      "content with other news",
      "content changed after it was learned",
    ])
    defer { farm.stop() }
    for server in farm.servers {
      let before = try look(server, farm, times: server.looks ?? 1)
      for (path, text) in server.next ?? [:] {
        try Data(text.utf8).write(to: URL(filePath: (server.root ?? "") + path))
      }
      try follow(server, farm, before, engine: ContentEngine(), checks: Questions.compared + ["content.words.gambling"])
    }
  }

  @Test("a port that opened and one that closed are told until they are accepted") func ports() throws {
    let farm = try Farm(only: ["ports that change"])
    defer { farm.stop() }
    let server = try farm.named("ports that change")
    let before = FarmScan.ask(PortsEngine(), server, trust: farm.trust)
    try farm.tell("open service that comes")
    try farm.tell("close service that goes")
    try follow(server, farm, before, engine: PortsEngine(), checks: ["ports.unexpected", "ports.vanished"])
  }

  @Test(
    "another certificate is a renewal or a change",
    arguments: [
      ("certificate renewed", "certificate.renewed"), ("certificate RSA 3072", "certificate.changed"),
      ("certificate of an unknown authority", "certificate.changed"),
      ("certificate with many names", "certificate.changed"),
    ]) func certificates(next: String, told: String) throws
  {
    let farm = try Farm(only: ["certificate good", next])
    defer { farm.stop() }
    let checks = ["certificate.changed", "certificate.renewed"]
    let engine = CertificateEngine()
    let first = FarmScan.ask(engine, try farm.named("certificate good"), trust: farm.trust)
    let same = FarmScan.ask(engine, try farm.named("certificate good"), trust: farm.trust, known: first.memory)
    #expect(Set(answers(same, of: checks).values) == [.no])
    let other = FarmScan.ask(engine, try farm.named(next), trust: farm.trust, known: same.memory)
    #expect(answers(other, of: checks).filter { $0.value == .yes }.map(\.key) == [told])
    let accepted = FarmScan.ask(engine, try farm.named(next), trust: farm.trust, known: other.memory, accepts: true)
    #expect(Set(answers(accepted, of: checks).values) == [.no])
    let quiet = FarmScan.ask(engine, try farm.named(next), trust: farm.trust, known: accepted.memory)
    #expect(Set(answers(quiet, of: checks).values) == [.no])
  }

  private func look(_ server: FarmServer, _ farm: Farm, times: Int) throws -> EngineResult {
    var last = FarmScan.ask(ContentEngine(), server, trust: farm.trust)
    for _ in 1..<max(1, times) {
      last = FarmScan.ask(ContentEngine(), server, trust: farm.trust, known: last.memory)
    }
    return last
  }

  /// Twice after the change, once accepting it, and once more.
  private func follow(
    _ server: FarmServer, _ farm: Farm, _ before: EngineResult, engine: some ScanEngine, checks: [String]
  ) throws {
    let expected = Set(server.thenShows ?? [])
    var memory = before.memory
    for turn in ["first", "second"] {
      let result = FarmScan.ask(engine, server, trust: farm.trust, known: memory)
      let told = answers(result, of: checks)
      // A replaced page has changed as well, and a page that is still learned says neither.
      let found = Set(told.filter { $0.value == .yes }.keys).subtracting(
        expected.contains("content.tampered") ? ["content.changed"] : [])
      #expect(found == expected, "\(server.name), the \(turn) look: \(told)")
      #expect(!(server.planted ?? []).contains { "\(result)".contains($0) }, "\(server.name): a planted secret is told")
      memory = result.memory
    }
    let accepted = FarmScan.ask(engine, server, trust: farm.trust, known: memory, accepts: true)
    let quiet = FarmScan.ask(engine, server, trust: farm.trust, known: accepted.memory)
    for (turn, result) in [("accepting", accepted), ("last", quiet)] {
      let left = answers(result, of: checks).filter { $0.value == .yes && $0.key != "content.words.gambling" }
      #expect(left.isEmpty, "\(server.name), the \(turn) look")
    }
  }
}
