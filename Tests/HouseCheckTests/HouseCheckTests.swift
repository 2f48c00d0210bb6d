import Foundation
import Testing

@testable import HouseCheck

@Suite("the rules of the house")
struct HouseCheckTests {
  let table: HouseTable
  init() throws {
    table = try HouseTable(
      markdown: """
        | floor | module | imports (own) | third party |
        |---|---|---|---|
        | 0 | Wire | - | - |
        | 1 | Decode | Wire | - |
        | 1 | Capture | Wire | CPcap |
        | 4 | Hub | Wire | GRDB |
        """)
  }

  func faults(_ module: String, _ line: String) throws -> [String] {
    let file = try #require(SourceFile(path: "Sources/\(module)/X.swift", text: "// head\n\(line)\n"))
    return ImportRule(table: table).faults(in: file).map(\.description)
  }

  @Test(
    "what the table gives is allowed, whatever its access level or attributes",
    arguments: [
      ("Decode", "import Wire"), ("Decode", "package import Wire"), ("Hub", "@preconcurrency internal import GRDB"),
      ("Hub", "import Foundation"), ("Decode", "import Glibc"), ("Decode", "import struct Wire.IPAddress"),
    ])
  func allowed(module: String, line: String) throws { #expect(try faults(module, line).isEmpty) }

  @Test(
    "an import upwards, sideways, of a stranger or of Foundation under packets is told with its line",
    arguments: [
      ("Decode", "import Hub", "Decode (floor 1) imports Hub (floor 4): upwards"),
      ("Decode", "package import Capture", "Decode imports Capture, which the table does not give it"),
      ("Wire", "import GRDB", "Wire imports GRDB, which the table does not give it"),
      ("Decode", "import Foundation", "Decode must not import Foundation: it runs where packets are"),
    ])
  func forbidden(module: String, line: String, sentence: String) throws {
    #expect(try faults(module, line) == ["Sources/\(module)/X.swift:2: \(sentence)"])
  }

  @Test("a dependency in the manifest that the table does not give is told")
  func manifest() {
    let text = "  module(\"Decode\", [\"Wire\", \"Capture\"]),\n  module(\"Wire\", []),"
    #expect(
      ManifestRule(table: table).faults(in: text).map(\.description) == [
        "Package.swift:1: target Decode depends on Capture, which the table does not give it"
      ])
  }

  @Test("a module that stands twice in the table is told")
  func twice() {
    #expect(throws: HouseTable.TableError.self) {
      try HouseTable(markdown: "| 0 | Wire | - | - |\n| 1 | Wire | - | - |")
    }
  }

  @Test("traps and promises in sources are told, in comments and tests they are not")
  func style() throws {
    let text = "let a = try! f() // fine\n// try! in a comment\n"
    let source = try #require(SourceFile(path: "Sources/Wire/X.swift", text: text))
    let test = try #require(SourceFile(path: "Tests/WireTests/X.swift", text: text))
    #expect(StyleRule().faults(in: source).map(\.line) == [1])
    #expect(StyleRule().faults(in: test).isEmpty)
  }

  @Test("this very project keeps its rules")
  func project() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let table = try HouseTable(
      markdown: String(contentsOf: root.appending(path: "Documentation/house.md"), encoding: .utf8))
    let files = SourceFile.all(under: root)
    #expect(files.count > 10)
    #expect(files.flatMap { ImportRule(table: table).faults(in: $0) + StyleRule().faults(in: $0) } == [])
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    #expect(ManifestRule(table: table).faults(in: manifest) == [])
  }
}
