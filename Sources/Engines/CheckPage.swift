internal import Records

/// `Documentation/checks.md`, made of the engines' tables, so that page and engines cannot part ways.
package enum CheckPage {
  package static func text(_ engines: [any ScanEngine] = EngineRegistry.all) -> String {
    head + engines.map(section).joined(separator: "\n")
  }

  private static let head = """
    # The checks

    Every question that the engines of `vigil scan` and of the scanner ask. *Yes* says that the weakness is there. An id
    never changes its meaning, and none goes; its severity and the class of authorisation that it needs may change.
    *Whose*: on a site that shares a platform, a weakness of the platform is told once, to its owner (findings.md).
    Made from the engines' tables: `VIGIL_RECORD_GOLDEN=1 swift test --filter CheckPageTests` writes it anew.


    """

  private static func section(_ engine: any ScanEngine) -> String {
    """
    ## \(engine.title.en) (`\(engine.name)`)

    | check | severity | class | whose | *yes* says | |
    |---|---|---|---|---|---|

    """ + engine.checks.map { line($0) + "\n" }.joined()
  }

  package static func line(_ check: Check) -> String {
    "| `\(check.id)` | \(check.severity.rawValue) | \(check.probeClass.rawValue) | \(FindingScope.of(check.id).rawValue) "
      + "| \(check.title.en) | \(check.title.zh) |"
  }

  /// The ids of a page as it was.
  package static func ids(in page: String) -> [String] {
    page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { line in
      line.split(separator: "`", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
    }
  }
}
