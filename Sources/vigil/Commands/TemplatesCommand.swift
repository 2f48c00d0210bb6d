import ArgumentParser
import ControlAPI
import Dashboard
import Documents
import Engines
import Hub
import Records

struct TemplatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "templates",
    abstract: "Web checks by template: which there are, what each asks, what is wrong.",
    subcommands: [List.self, Check.self, Show.self], defaultSubcommand: List.self)

  /// Where the templates of a command are.
  struct Place: ParsableArguments {
    @Option(help: "The configuration, for scan.templates.") var config: String?
    @Option(help: ArgumentHelp("Templates of this folder or file alone.", valueName: "path")) var templates: String?

    func choice() throws -> TemplateChoice {
      var choice = try TemplateChoice(try ConfigurationFile.read(config))
      if let templates { (choice.alone, choice.allowed) = (templates, []) }
      return choice
    }
  }

  /// One template, for programs.
  struct Item: Encodable {
    var id: String
    var check: String
    var severity: Severity
    var probeClass: ProbeClass
    var title: BilingualText
    var requests: Int
    var source: String
    /// Why it is not run; empty: it is.
    var refusals: [String]
    /// Asked only with scan.templates.deep or --deep, unless it is named.
    var deep: Bool

    init(_ template: WebTemplate, allowed: Set<String> = []) {
      (id, check, severity) = (template.id, template.check.id, template.severity)
      (probeClass, title, requests) = (template.probeClass, template.name, template.requestCount)
      source = template.source
      refusals = template.refusals(allowing: allowed).map(\.description)
      deep = template.isDeep
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Every template with what it needs and asks.")
    @OptionGroup var look: Look
    @OptionGroup var place: Place

    func run() throws {
      let choice = try place.choice()
      let engine = try choice.engine()
      let items = try choice.library().templates.map { Item($0, allowed: engine.allowed) }
      if look.json { return try look.objects(items) }
      var table = Table([
        .init("TEMPLATE"), .init("S"), .init("CLASS"), .init("REQUESTS", isRight: true), .init("STATE"),
        .init("TITLE", yields: true),
      ])
      for item in items {
        table.add([
          .init(item.id), .init(item.severity.letter, severity: item.severity),
          .init(item.probeClass.rawValue), .init("\(item.requests)"),
          .init(state(item, engine)),
          .init("\(item.title.en) \(item.title.zh == item.title.en ? "" : item.title.zh)"),
        ])
      }
      table.print(look.style)
    }

    private func state(_ item: Item, _ engine: TemplateEngine) -> String {
      guard item.refusals.isEmpty else { return "refused" }
      if engine.allowed.contains(item.id) { return "allowed" }
      return engine.library[item.id] == nil ? "deep" : "runs"
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads a template or a folder of them as the engine would, and says what is wrong and what is refused.",
      discussion: "Exit status 2 when a template cannot be read; a refused one is no mistake.")
    @OptionGroup var look: Look
    @Flag(help: "Only the summary.") var quiet = false
    @Argument(help: "A folder or a file.") var path: String

    private struct Problem: Encodable {
      var place: String
      var problem: String
      var hint: String?
    }

    func run() throws {
      let library = TemplateLibrary(path: path)
      let refused = library.templates.filter { !$0.refusals.isEmpty }
      if look.json {
        try look.objects(
          library.problems.map {
            Problem(place: $0.position.description, problem: $0.message, hint: $0.hint)
          })
        try look.objects(library.templates.map { Item($0) })
      } else {
        if !quiet {
          for problem in library.problems { Console.out.line(Table.harmless(problem.description)) }
          for refusal in refused.flatMap(\.refusals) { Console.out.line(Table.harmless(refusal.description)) }
        }
        Console.out.line(
          "\(library.templates.count) templates are read, \(refused.count) of them refused; "
            + "\(library.problems.count) cannot be read")
      }
      if !library.problems.isEmpty { throw ExitCode(2) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One template, and what it would ask a site.")
    @OptionGroup var look: Look
    @OptionGroup var place: Place
    @Argument(help: "Its id.") var id: String

    func run() throws {
      let library = try place.choice().library()
      guard let template = library[id] else {
        throw OperatorMistake(
          "templates.unknown", "no template is called \(Table.harmless(String(id.prefix(64))))",
          hint: NearestWord.find(id, among: library.templates.map(\.id)).map { "did you mean \($0)?" }
            ?? "see vigil templates list")
      }
      if look.json { return try look.objects([Item(template)]) }
      for line in lines(template) { Console.out.line(Table.harmless(line)) }
    }

    private func lines(_ template: WebTemplate) -> [String] {
      var lines = [
        "\(template.id): \(template.name.en)", "  \(template.name.zh)",
        "  check \(template.check.id), \(template.severity.rawValue), class \(template.probeClass.rawValue)",
        "  in \(template.source)",
      ]
      if !template.tags.isEmpty { lines.append("  tags \(template.tags.joined(separator: ", "))") }
      if !template.description.isEmpty { lines.append("  \(oneLine(template.description))") }
      if !template.remediation.isEmpty { lines.append("  to do: \(oneLine(template.remediation))") }
      lines += template.references.map { "  see \($0)" }
      let planned = TemplateEngine.planned(template, on: "site.example")
      lines += planned.map { "  asks \($0.method) \($0.path)" }
      if planned.count < template.requestCount {
        lines.append("  asks up to \(template.requestCount - planned.count) more, by what is answered")
      }
      lines += template.refusals.map { "  \($0.description)" }
      return lines
    }

    private func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }
}
