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
    for value in values { Console.out.line(try RecordJSON.text(value)) }
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

  /// Of a list that the hub gives whole: what the query leaves of it, in the columns chosen.
  func show<Item: Encodable & Sendable>(
    _ items: [Item], _ list: ListLines.List, _ look: Look, _ language: TextLanguage
  ) throws {
    do {
      let kept = try ListLines(list, look.ink(language), columns: columns).kept(items, filter())
      try look.list(kept, list, language, columns: columns)
    } catch let error as FilterError {
      throw error.mistake
    }
  }
}
