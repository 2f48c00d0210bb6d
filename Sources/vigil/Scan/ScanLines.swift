import Engines
import Hub
import Records
import Scanner
import Wire

/// `vigil scan --json`: one object a line, each with its `type`. Documentation/schema/scan.json is the contract; a field
/// may come, none goes or changes its meaning while `schema` stays.
enum ScanLine {
  static let schema = 1

  /// The first line.
  struct Scan: Encodable {
    var type = "scan"
    var schema = ScanLine.schema
    var version = Hub.version
    var started: Timestamp
    var targets: Int
    var jobs: Int
    var engines: [String]
    /// The file, where one was compared with.
    var baseline: String?
  }

  /// What is not the same at all addresses of a name.
  struct Differs: Encodable {
    var type = "difference"
    var target: String
    /// A check, or an engine's grade: `tls grade`.
    var name: String
    /// By address.
    var values: [String: String]
  }

  struct Changed: Encodable {
    var type = "change"
    var change: ScanChange.Kind
    var target: String
    var check: String
    var parameter: String?
    var severity: Severity
    var title: BilingualText
    var evidence: String
    var before: String?

    init(_ change: ScanChange) {
      self.change = change.kind
      target = change.key.target
      check = change.key.check
      parameter = change.key.parameter
      severity = change.severity
      title = CheckTable.title(change.key.check)
      evidence = change.evidence
      before = change.before
    }
  }

  /// The last line.
  struct Sum: Encodable {
    var type = "summary"
    var ended: Timestamp
    var targets: Int
    var jobs: Int
    /// Jobs that saw nothing: failed, refused or stopped.
    var failed: Int
    /// Findings by severity; every severity has its number.
    var findings: [String: Int]
    var notDetermined: Int
    /// Against the baseline, where there is one; `same` and `unknown` beside the kinds of change.
    var changes: [String: Int]?
  }
}

/// Titles of the checks of today.
enum CheckTable {
  private static let titles = Dictionary(
    EngineRegistry.all.flatMap(\.checks).map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })

  /// A check of an older version has none but its id.
  static func title(_ id: String) -> BilingualText { titles[id] ?? BilingualText(id) }
}
