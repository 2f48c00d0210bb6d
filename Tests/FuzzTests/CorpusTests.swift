import Foundation
import FuzzEntrances
import Testing

/// `Tests/Fixtures/corpus`: the seeds, and every input that once broke something.
private let corpus = Corpus(
  folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/corpus").path)

@Suite("Entrances for untrusted bytes")
struct CorpusTests {
  @Test("an entrance takes its whole corpus, each file cut at every eighth byte too", arguments: FuzzEntrance.allCases)
  func replay(entrance: FuzzEntrance) throws {
    let files = corpus.files(of: entrance)
    try #require(!files.isEmpty, "Tests/Fixtures/corpus/\(entrance.rawValue) holds no seed: run generate.py there")
    for file in files {
      let bytes = try Corpus.bytes(of: file)
      entrance.run(bytes)
      for count in stride(from: 0, to: min(bytes.count, 512), by: 8) { entrance.run(Array(bytes[..<count])) }
    }
  }

  @Test("a folder of the corpus has an entrance's name")
  func folders() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: corpus.folder)
    let known = Set(FuzzEntrance.allCases.map(\.rawValue))
    for name in names where !name.contains(".") { #expect(known.contains(name), "\(name)") }
  }
}
