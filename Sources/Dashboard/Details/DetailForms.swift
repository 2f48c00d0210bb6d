import Records
import Wire

/// A line of a detail; one that leads somewhere is a link.
struct DetailLine: Sendable {
  var line: Line
  var leadsTo: Model.Place?

  init(_ line: Line, to place: Model.Place? = nil) {
    self.line = line
    leadsTo = place
  }
  static let blank = DetailLine(.blank)
}

/// What a detail is drawn with, and the forms that its lines have.
struct DetailForms: Sendable {
  let now: Timestamp
  let look: Look
  let columns: Int

  var language: Language { look.language }
  /// Columns of a fact's name; its value stands behind.
  private var named: Int { columns < Frame.narrow ? 9 : 14 }

  func words(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
  /// An indicator says what should be: what costs points is that it is not so.
  func failed(_ title: BilingualText) -> String { words("not met: \(title.en)", "未通过：\(title.zh)") }
  func moment(_ time: Timestamp) -> String { Figures.moment(time, look) }

  /// A name and its value.
  func fact(_ en: String, _ zh: String, _ value: String, _ role: Role = .text, to place: Model.Place? = nil)
    -> DetailLine
  {
    fact(en, zh, [Run(value, place == nil ? role : .key)], to: place)
  }

  func fact(_ en: String, _ zh: String, _ runs: [Run], to place: Model.Place? = nil) -> DetailLine {
    let name = words(en, zh)
    let padding = String(repeating: " ", count: max(named - look.columns(name), 1))
    return DetailLine(Line([Run(name + padding, .dim)] + runs, indent: named), to: place)
  }

  /// A fact that may not be there: then nothing stands.
  func known(_ en: String, _ zh: String, _ value: String?) -> [DetailLine] {
    value.map { [fact(en, zh, $0)] } ?? []
  }

  /// One name before several values.
  func facts(_ en: String, _ zh: String, _ values: [[Run]]) -> [DetailLine] {
    values.enumerated().map { fact($0.offset == 0 ? en : "", $0.offset == 0 ? zh : "", $0.element) }
  }

  func line(_ runs: [Run], indent: Int = 2, to place: Model.Place? = nil) -> DetailLine {
    DetailLine(Line(runs, indent: indent), to: place)
  }
  func line(_ text: String, _ role: Role = .text, to place: Model.Place? = nil) -> DetailLine {
    line([Run(text, role)], to: place)
  }

  /// Lines under a title. Where there are none: `none`, or without it nothing at all.
  func section(_ en: String, _ zh: String, _ lines: [DetailLine], none: BilingualText? = nil) -> [DetailLine] {
    let title = DetailLine(Line(words(en, zh), .title))
    if lines.isEmpty { return none.map { [.blank, title, line($0.text(language), .dim)] } ?? [] }
    return [.blank, title] + lines
  }

  // MARK: tables

  struct Cells {
    var cells: [Run]
    var leadsTo: Model.Place?
    init(_ cells: [Run], to place: Model.Place? = nil) {
      self.cells = cells
      leadsTo = place
    }
  }

  /// Rows whose cells stand under one another; the last takes the rest and wraps. What is longer than a third of the
  /// room pushes its own row only.
  func table(_ rows: [Cells]) -> [DetailLine] {
    let most = max(columns / 3, 1)
    let count = rows.map(\.cells.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.compactMap { $0.cells.count - 1 > column ? look.columns($0.cells[column].text) : nil }.filter { $0 <= most }
        .max() ?? 0
    }
    return rows.map { row in
      var runs: [Run] = []
      for (column, cell) in row.cells.enumerated() {
        let isLast = column == row.cells.count - 1
        let gap = isLast ? 0 : max(widths[column] - look.columns(cell.text), 0) + 2
        runs.append(Run(cell.text, cell.role))
        if gap > 0 { runs.append(Run(String(repeating: " ", count: gap))) }
      }
      return DetailLine(Line(runs, indent: 4), to: row.leadsTo)
    }
  }

  /// A row of the queue as a link.
  func row(_ item: QueueRow, _ more: [Run] = []) -> Cells {
    Cells(
      [
        Run(item.severity.letter, item.severity.role), Run(state(item), .dim), Run(moment(item.lastSeen), .dim),
        Run(item.title.text(language) + "  "),
      ] + [Run("\(item.site ?? item.subject) #\(item.id)", .key)] + more, to: .row(item.id))
  }

  /// Where a row stands, in a word or two.
  func state(_ row: QueueRow) -> String {
    let life = row.findingState.map { $0.title.text(language) }
    let triage = row.triage.state.title.text(language)
    let verdict = row.triage.verdict.map { " (\($0.title.text(language)))" } ?? ""
    return [triage + verdict, life].compactMap(\.self).joined(separator: words(", ", "，"))
  }
}
