import ContentBundle
import ControlAPI
import Documents
import Engines
import Hub

/// Which templates run, from the configuration and the command line.
struct TemplateChoice {
  /// In the place of all others; nil: those that come with Vigil or by bundle, and `beside`.
  var alone: String?
  /// The folder of those that a bundle brought in the place of those that come with Vigil.
  var bundled: String?
  var beside: String?
  var allowed: [String]
  /// The deep ones too.
  var isDeep: Bool

  init(_ configuration: Configuration) throws(OperatorMistake) {
    let templates = configuration.scan.templates
    (beside, allowed, isDeep) = (templates.folder, templates.allow, templates.deep)
    bundled = try ContentPlaces(configuration.data).bundled(.templates)
  }

  init(_ configuration: Configuration, _ question: ScanQuestion) throws(OperatorMistake) {
    try self.init(configuration)
    alone = question.templates
    if alone != nil { allowed = [] }
    allowed += question.allowedTemplates
    isDeep = isDeep || question.deep
  }

  /// The engine with them. A template that cannot be read is told and left out, for public collections hold many that
  /// are none of ours; where none is left, or one of our own is broken, it is the operator's mistake.
  func engine() throws(OperatorMistake) -> TemplateEngine {
    let library = try library()
    for id in allowed where library[id] == nil {
      throw OperatorMistake(
        "templates.unknown", "no template is called \(Table.harmless(String(id.prefix(64))))",
        hint: NearestWord.find(id, among: library.templates.map(\.id)).map { "did you mean \($0)?" })
    }
    let isWhole = isDeep || alone != nil
    return TemplateEngine(isWhole ? library : library.usual(besides: Set(allowed)), allowed: Set(allowed))
  }

  func library() throws(OperatorMistake) -> TemplateLibrary {
    if let alone { return try TemplateChoice.read(alone) }
    let installed = try bundled.map(TemplateChoice.read) ?? TemplateLibrary.installed
    if bundled == nil, let problem = installed.problems.first { throw OperatorMistake(template: problem) }
    guard let beside else { return installed }
    return installed.joined(with: try TemplateChoice.read(beside))
  }

  private static func read(_ path: String) throws(OperatorMistake) -> TemplateLibrary {
    let library = TemplateLibrary(path: path)
    guard let problem = library.problems.first else { return library }
    guard !library.templates.isEmpty else { throw OperatorMistake(template: problem) }
    let (left, all) = (library.problems.count, library.problems.count + library.templates.count)
    let place = Table.harmless(path)
    Console.error.line("vigil: \(left) of \(all) templates are left out; see vigil templates check \(place)")
    return library
  }
}

extension OperatorMistake {
  init(template error: DocumentError) {
    self.init("templates.\(error.code.rawValue)", at: error.position.description, error.message, hint: error.hint)
  }
}
