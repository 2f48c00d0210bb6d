import ArgumentParser
import ControlAPI
import Documents
import Hub
import Records

extension SitesCommand {
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes over an inventory (CSV, YAML or JSON): all of it, or nothing where something is wrong.")
    @OptionGroup var hub: HubAddress
    @OptionGroup var look: Look
    @Flag(name: .customLong("dry-run"), help: "Only say what would change.") var dryRun = false
    @Flag(help: "Take over what is right although something is wrong.") var partial = false
    @Flag(help: "Remove what the file does not name.") var replace = false
    @Option(help: "What the dry run gave: refuse where the inventory was changed since.") var snapshot: String?
    @Option(name: .customLong("changes"), help: "Entries that are listed.") var most = 200
    @Argument(help: "The file.") var file: String

    func run() async throws {
      let text: String
      do throws(DocumentError) { text = try DocumentFile.text(path: file) } catch {
        throw OperatorMistake("sites.file", at: error.position.description, error.message, hint: error.hint)
      }
      let request = ImportRequest(
        form: .of(file: file), name: file, text: text, dryRun: dryRun, partial: partial, replace: replace,
        snapshot: snapshot)
      let report = try await ProgressBar.waiting(
        BilingualText(en: "importing", zh: "导入"), isJSON: look.json, LanguageOption.configured(hub.config)
      ) {
        try await hub.client().call(API.importSites, request)
      }
      if look.json { try look.objects([report]) } else { tell(report) }
      if !report.problems.isEmpty { throw ExitCode(2) }
    }

    private func tell(_ report: ImportReport) {
      for warning in report.warnings { Console.error.line("warning: " + Table.harmless(warning)) }
      for problem in report.problems { Console.error.line(Table.harmless(problem)) }
      for change in report.changes.prefix(max(most, 0)) { ChangeLines.lines(change).forEach(Console.out.line) }
      let left = report.changes.count - min(report.changes.count, max(most, 0)) + report.changesLeftOut
      if left > 0 { Console.out.line("and \(left) more") }
      let verb = report.dryRun ? "would be" : "were"
      Console.out.line(
        "\(report.added.count) sites \(verb) added, \(report.changed.count) changed, \(report.removed.count) removed, "
          + "\(report.unchanged) unchanged; \(report.organisations) organisations, "
          + "\(report.authorisations) authorisations")
      if !report.notAuthorised.isEmpty {
        let names = report.notAuthorised.prefix(20).map(Table.harmless).joined(separator: ", ")
        Console.out.line("\(report.notAuthorised.count) not authorised, so not scanned: \(names)")
      }
      if report.dryRun { Console.out.line("to import just this: --snapshot \(report.snapshot)") }
      if !report.problems.isEmpty, !partial {
        Console.error.line("nothing was taken over; correct the lines above, or give --partial")
      }
    }
  }
}

extension ImportRequest.Form {
  /// By the name's ending.
  static func of(file: String) -> ImportRequest.Form {
    let lower = file.lowercased()
    if lower.hasSuffix(".csv") || lower.hasSuffix(".tsv") { return .csv }
    return lower.hasSuffix(".json") ? .json : .yaml
  }
}

/// `+ site a`, `- site b`, and under `~ site c` a line a field.
enum ChangeLines {
  static func lines(_ change: InventoryChange) -> [String] {
    let sign =
      switch change.kind {
      case .added: "+"
      case .removed: "-"
      case .changed: "~"
      }
    let fields = change.fields.map { field in
      "    \(field.name): \(shown(field.old)) -> \(shown(field.new))"
    }
    return [Table.harmless("\(sign) \(change.noun) \(change.id)")] + fields
  }

  private static func shown(_ text: String?) -> String {
    guard let text else { return "(none)" }
    let short = text.count > 300 ? String(text.prefix(300)) + "…" : text
    return Table.harmless(short)
  }
}
