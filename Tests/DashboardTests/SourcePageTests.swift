import Documents
import Glibc
import Testing

@testable import Dashboard

/// The page of definitions says what the reader takes: its table of sources is made here
/// (`VIGIL_RECORD_GOLDEN=1` writes it), its tables of keys and kinds are held against the code.
@Suite("The page of definitions")
struct SourcePageTests {
  private static let path = TestScreens.folder + "/../Documentation/dashboards.md"
  private static let begin = "<!-- sources: made by SourcePageTests -->\n"
  private static let end = "<!-- end -->"

  private static func page() throws -> String { try DocumentFile.text(path: path) }

  private static var table: String {
    let rows = Source.all.map { source in
      let language = source.isFilteredByHub ? "hub" : ""
      let columns = source.columns.map(\.rawValue).joined(separator: ", ")
      let usual = source.usual == source.columns ? "" : source.usual.map(\.rawValue).joined(separator: ", ")
      return "| `\(source.name)` | \(source.meaning) | \(language) | \(columns) | \(usual) |\n"
    }
    let aliases = Source.aliases.sorted { $0.key < $1.key }.map { "`\($0.key)` is another word for `\($0.value)`." }
    return "| source | what | query | columns | a table's own, where not all |\n|---|---|---|---|---|\n"
      + rows.joined() + "\n" + aliases.joined(separator: " ") + "\n"
  }

  @Test("the table of sources is that of the code")
  func sources() throws {
    let page = try Self.page()
    let begin = try #require(page.firstRange(of: Self.begin))
    let end = try #require(page.firstRange(of: Self.end))
    let written = String(page[begin.upperBound..<end.lowerBound])
    guard unsafe getenv("VIGIL_RECORD_GOLDEN") != nil else {
      #expect(written == Self.table)
      return
    }
    let text = page[..<begin.upperBound] + Self.table + page[end.lowerBound...]
    let descriptor = unsafe open(Self.path, O_WRONLY | O_TRUNC)
    try #require(descriptor >= 0)
    Terminal.write(Array(text.utf8), to: descriptor)
    _ = close(descriptor)
  }

  @Test("every key and every kind stands on the page, and no other")
  func keys() throws {
    let page = try Self.page()
    func firstCells(below heading: String) -> Set<String> {
      let section = page.components(behind: "## \(heading)\n")
      let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
      let names = rows.compactMap { $0.split(separator: "|").first }.flatMap { $0.split(separator: ",") }
      return Set(names.map { $0.filter { $0 != " " && $0 != "`" } })
    }
    #expect(firstCells(below: "Keys of a file") == Set(DefinitionReader.keys))
    #expect(firstCells(below: "Keys of a layout") == Set(DefinitionReader.layoutKeys))
    #expect(firstCells(below: "Keys of a panel") == Set(Panel.Kind.everyKey))
    #expect(firstCells(below: "Kinds") == Set(Panel.Kind.allCases.map(\.rawValue)))
  }

  @Test("the page's own example is a definition")
  func example() throws {
    let lines = try Self.page().split(separator: "\n", omittingEmptySubsequences: false)
    let example = lines.drop { $0 != "    dashboard: 1" }.prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
    #expect(example.count > 15)
    let read = DefinitionReader.read(text: example.joined(separator: "\n"), file: "dashboards.md")
    #expect(read.problems.map(\.description) == [])
  }
}

extension String {
  /// What stands behind a heading, up to the next.
  fileprivate func components(behind heading: String) -> String {
    guard let start = firstRange(of: heading)?.upperBound else { return "" }
    let rest = self[start...]
    return String(rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)])
  }
}
