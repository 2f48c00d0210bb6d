import ContentBundle
import ControlAPI
import Documents
import Engines
import Glibc
import Hub
import RuleLanguage
import Sensor

/// Whether content can be worked with, by the very readers that will: the rules are compiled, the tree and the tables
/// are built, the stores are loaded.
struct ContentCheck {
  struct Verdict: Encodable {
    var kind: ContentKind
    /// What was read, in numbers.
    var sentence: String
    /// What its reader complained of; the first few.
    var problems: [String] = []
    /// Nothing of the bundle comes in force.
    var isRefused = false
  }

  /// What is listed of a kind's problems; the rest is counted.
  static let problemLimit = 5

  let folder: String
  let settings: SensorSettings
  /// Those of this version, with the bundle's templates where it has some.
  let checks: Set<String>

  func verdict(of kind: ContentKind) -> Verdict {
    do {
      switch kind {
      case .rules: return try rules()
      case .posture: return try posture()
      case .endOfSupport: return try tables(kind, endOfSupport: path(kind), grading: nil)
      case .grading: return try tables(kind, endOfSupport: nil, grading: path(kind))
      case .trust: return try trust()
      case .templates: return try templates()
      }
    } catch {
      return Verdict(kind: kind, sentence: "cannot be read", problems: [own("\(error)")], isRefused: true)
    }
  }

  private func path(_ kind: ContentKind) -> String { "\(folder)/\(kind.rawValue)" }

  private func files(_ kind: ContentKind, _ ending: String) throws(BundleError) -> [String] {
    try FolderTree.files(in: path(kind)).map(\.path).filter { $0.hasSuffix(ending) }.map { "\(path(kind))/\($0)" }
  }

  /// Places as the bundle has them.
  private func own(_ text: String) -> String { text.split(separator: folder + "/").joined() }

  private func rules() throws -> Verdict {
    var detection = settings.detection
    let table = path(.rules) + "/classification.config"
    if unsafe access(table, R_OK) == 0 { detection.classificationFile = table }
    let loaded = try RuleLoading(settings: detection).load(try files(.rules, ".rules"))
    let (totals, errors) = (loaded.totals, loaded.diagnostics.filter { $0.severity == .error })
    var problems = errors.prefix(Self.problemLimit).map { own($0.description) }
    if errors.count > Self.problemLimit { problems.append("and \(errors.count - Self.problemLimit) more") }
    return Verdict(
      kind: .rules,
      sentence: "\(totals.loaded) rules load, \(totals.failed) are refused, \(totals.skipped) are skipped",
      problems: problems, isRefused: totals.loaded == 0)
  }

  private func posture() throws -> Verdict {
    let tree = try IndicatorReader.contents(of: path(.posture))
    let unknown = tree.checks.subtracting(checks).sorted()
    return Verdict(
      kind: .posture, sentence: "\(tree.indicators) indicators",
      problems: unknown.prefix(Self.problemLimit).map { "no engine of this version has the check \($0)" })
  }

  private func tables(_ kind: ContentKind, endOfSupport: String?, grading: String?) throws -> Verdict {
    let tables = try ReferenceTables.read(endOfSupport: endOfSupport, grading: grading)
    return Verdict(kind: kind, sentence: tables.summary)
  }

  private func trust() throws -> Verdict {
    var verdict = Verdict(kind: .trust, sentence: "")
    var count = 0
    for file in try files(.trust, ".pem") {
      if let found = TrustStoreSource.certificates(in: file), found > 0 {
        count += found
      } else {
        verdict.problems.append("\(own(file)) holds no certificate in PEM")
        verdict.isRefused = true
      }
    }
    verdict.sentence = "\(count) certificates"
    return verdict
  }

  private func templates() throws -> Verdict {
    let library = TemplateLibrary(path: path(.templates))
    let (read, left) = (library.templates, library.problems)
    var problems = left.prefix(Self.problemLimit).map { own("\($0)") }
    if left.count > Self.problemLimit { problems.append("and \(left.count - Self.problemLimit) more") }
    let refused = read.count { !$0.refusals.isEmpty }
    return Verdict(
      kind: .templates,
      sentence: "\(read.count) templates are read, \(refused) of them run only if allowed, \(left.count) are left out",
      problems: problems, isRefused: read.isEmpty)
  }
}
