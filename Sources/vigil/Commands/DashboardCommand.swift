import ArgumentParser
import ControlAPI
import Dashboard
import Documents

/// The watch officer's screen.
struct DashboardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard", abstract: "The watch officer's screens: overview, the five services, acts.",
    subcommands: [Open.self, Check.self], defaultSubcommand: Open.self)

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "open", abstract: "Opens the screen; in a pipe, prints lines.", shouldDisplay: false)
    @OptionGroup var hub: HubAddress
    @Flag(help: "Print one frame and end.") var once = false
    @Flag(help: "Lines without escape sequences.") var plain = false
    @Flag(help: "The same lines as JSON, one object a line.") var json = false
    @Flag(name: .customLong("read-only"), help: "Refuse every act.") var readOnly = false
    @Option(help: "Columns and rows, such as 120x40; the terminal's by default.") var size: ScreenSize?
    @Option(help: "en or zh; the locale's by default.") var lang: String?
    @Option(help: "auto, always or never.") var color = ColorChoice.auto
    @Option(help: "dark, light, red-green, blue-yellow (for colour-blind eyes) or monochrome.", completion: .themes)
    var theme = "dark"
    @Option(help: "The first screen: 0 to 5, or the id of its definition.") var screen: String?
    @Option(help: "The folder of definitions; the installed one by default.") var dashboards: String?

    func validate() throws {
      if json, once { throw ValidationError("--json prints lines as they come: give it without --once") }
    }

    func run() async throws {
      var options = Dashboard.Options(hub: try hub.place(), folder: try DashboardCommand.folder(dashboards))
      (options.once, options.plain, options.json, options.readOnly) = (once, plain, json, readOnly)
      options.size = size.map { (columns: $0.columns, rows: $0.rows) }
      (options.language, options.theme, options.screen) = (lang, theme, screen)
      options.color = color
      do {
        let status = try await Dashboard.run(options)
        if status != 0 { throw ExitCode(status) }
      } catch let failure as Dashboard.Failure {
        throw OperatorMistake("dashboard", failure.description)
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names every mistake in definitions of dashboards; status 2 where there is one.")
    @Argument(help: "Definitions (YAML); the installed ones where none is named.") var files: [String] = []

    func run() throws {
      let files = self.files.isEmpty ? Dashboard.definitions(in: try DashboardCommand.folder(nil)) : self.files
      let problems = Dashboard.check(files)
      problems.forEach(Console.error.line)
      if !problems.isEmpty { throw ExitCode(2) }
      Console.out.line(files.count == 1 ? "1 definition is right" : "\(files.count) definitions are right")
    }
  }

  static func folder(_ named: String?) throws -> String {
    if let folder = named ?? InstalledFiles.path("Dashboards") { return folder }
    throw OperatorMistake(
      "dashboard.folder", "the dashboards' definitions are not installed", hint: "name their folder by --dashboards")
  }
}

/// `120x40`
struct ScreenSize: ExpressibleByArgument {
  let columns: Int
  let rows: Int

  init?(argument: String) {
    let parts = argument.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { return nil }
    (self.columns, self.rows) = (columns, rows)
  }
}
