import Foundation
import Records

@testable import Engines

extension HTTPSite {
  /// The templates alone, asked of this site.
  func ask(
    only templates: [WebTemplate], _ probe: ProbeClass = .probe, allowing: Set<String> = [], deadline: Int = 15_000,
    _ change: (inout ScanContext.Settings) -> Void = { _ in }
  ) throws -> Asked {
    var settings = try settings()
    change(&settings)
    return EnginesTests.ask(
      TemplateEngine(try TemplateLibrary(templates), allowed: allowing), port: server.port, scheme: "http",
      host: MockTarget.host, probe: probe, deadline: deadline, settings: settings)
  }
}

extension HTTPSite.Answer {
  init(_ response: TemplateResponse) {
    self.init(bytes: response.body)
    status = "\(response.status) Said"
    head = response.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
  }
}

extension TemplateLibrary {
  /// Without a folder.
  init(_ templates: [WebTemplate]) throws {
    self.init()
    for template in templates { add(template) }
    sort()
  }
}

enum FileNames {
  static func of(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
  }
}
