import Foundation
import Testing

@testable import ControlAPI

@Suite struct DocumentationTests {
  private static var page: String {
    get throws {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return try String(contentsOf: root.appending(path: "Documentation/api.md"), encoding: .utf8)
    }
  }

  @Test("Documentation/api.md has every endpoint, and no other")
  func endpoints() throws {
    let lines = try Self.page.split(separator: "\n").filter { $0.hasPrefix("| `GET ") || $0.hasPrefix("| `POST ") }
    #expect(lines.map(String.init) == API.table.map(APIPage.line))
  }

  @Test("Documentation/api.md has every field that lists can be asked about")
  func fields() throws {
    let page = try Self.page
    let schemas = [FilterSchema.queue, .findings, .sites, .incidents, .notices, .intake, .audit, .alerts]
    for line in schemas.flatMap(\.fields).map(APIPage.line) {
      #expect(page.contains(line + "\n"), "\(line)")
    }
  }

  @Test("no two endpoints have the same method and path")
  func unique() {
    #expect(Set(API.table.map { "\($0.method) \($0.path)" }).count == API.table.count)
  }
}
