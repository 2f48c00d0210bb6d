import ArgumentParser
import ControlAPI
import Dashboard
import Hub
import Records

/// `--color` beats `NO_COLOR` beats `CLICOLOR_FORCE` beats the terminal; `TERM=dumb` is plain. As on the dashboard.
typealias ColorChoice = Dashboard.Options.ColorChoice
extension Dashboard.Options.ColorChoice: ExpressibleByArgument {}

/// How a command's answer looks.
struct Look: ParsableArguments {
  @Flag(help: "One JSON object a line.") var json = false
  @Option(help: "auto, always or never.") var color = ColorChoice.auto
  @Option(help: "dark, light, red-green, blue-yellow (for colour-blind eyes) or monochrome.", completion: .themes)
  var theme = "dark"

  func validate() throws {
    guard !Dashboard.themeNames.contains(theme) else { return }
    throw ValidationError(
      "no theme is called \"\(theme)\"; the themes are \(Dashboard.themeNames.joined(separator: ", "))")
  }

  var style: Ink { ink(.en) }

  func ink(_ language: TextLanguage) -> Ink {
    var wish = Ink.Wish()
    (wish.color, wish.theme, wish.language) = (color, theme, language)
    return Ink(wish, columns: Console.out.columns, environment: DataFolder.environment)
  }

  func objects(_ values: [some Encodable]) throws {
    for value in values { Console.out.line(try RecordJSON.line(value)) }
  }

  /// One thing as the dashboard opens it.
  func detail(_ subject: DetailReport.Subject, _ client: Client, _ language: TextLanguage) async throws {
    try await DetailReport(client, ink(language)).lines(subject).forEach(Console.out.line)
  }

  /// A list in the dashboard's columns, or its objects.
  func list<Item: Encodable & Sendable>(
    _ items: [Item], _ list: ListLines.List, _ language: TextLanguage, columns: String? = nil
  ) throws {
    let lines = try ListLines(list, ink(language), columns: columns)
    if json { return try objects(items) }
    lines.lines(items).forEach(Console.out.line)
  }
}

/// What is listed, and which columns of it.
struct ListChoice: ParsableArguments {
  @Option(help: "A query in the filter language; words behind the command hold besides.") var query: String?
  @Option(help: "Columns, such as id,severity,site; a wrong one names them all.") var columns: String?

  func filter(_ words: [String] = []) -> String { ListLines.query(query, words) }

  /// How many to fetch of a list that is filtered here, so that `limit` may be left of it.
  func reach(_ limit: Int, longest: Int) -> Int { query == nil ? min(max(limit, 1), longest) : longest }

  /// Of a list that the hub does not filter: what the query leaves of it, in the columns chosen.
  func show<Item: Encodable & Sendable>(
    _ items: [Item], _ list: ListLines.List, _ look: Look, _ language: TextLanguage, limit: Int = .max,
    isNewestLast: Bool = false
  ) throws {
    let kept: [Item]
    do {
      kept = try ListLines(list, look.ink(language), columns: columns).kept(items, filter())
    } catch let error as FilterError {
      throw error.mistake
    }
    let shown = Array(kept.prefix(max(limit, 1)))
    try look.list(isNewestLast ? shown.reversed() : shown, list, language, columns: columns)
  }
}
