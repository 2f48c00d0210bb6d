package import ControlAPI
import Records
package import Wire

/// A list of the hub as a command prints it, in the dashboard's columns and words: on a terminal under a head, coloured,
/// within its width; in a pipe a line an entry, its values exact and between tabs.
package struct ListLines: Sendable {
  /// The lists that commands print; each is the source of its name.
  package enum List: String, Sendable, CaseIterable {
    case queue, groups, findings, inventory, incidents, notices, intake, tasks, outbox, lanes, proposals
    case shifts, log, reports, canary
    /// Turns of one roster.
    case roster
  }

  let source: Source
  let columns: [Column]
  let ink: Ink
  let now: Timestamp

  /// In the usual columns.
  package init(_ list: List, _ ink: Ink, now: Timestamp? = nil) {
    source = ListLines.source(list)
    columns = ListLines.usual(list)
    self.ink = ink
    self.now = now ?? Environment.now
  }

  /// `columns` as a person gave them, such as `id,severity,site`; nil: the usual ones.
  package init(_ list: List, _ ink: Ink, columns: String?, now: Timestamp? = nil) throws(OperatorMistake) {
    let source = ListLines.source(list)
    self.source = source
    if let columns {
      self.columns = try ListLines.columns(columns, source)
    } else {
      self.columns = ListLines.usual(list)
    }
    self.ink = ink
    self.now = now ?? Environment.now
  }

  /// What is given and what a person wrote behind the command, as one query: both hold.
  package static func query(_ given: String?, _ words: [String]) -> String {
    Panel.combined(given ?? "", words.joined(separator: " "))
  }

  /// Of a list that the hub gives whole: what a query leaves of it.
  package func kept<Item: Sendable>(_ items: [Item], _ query: String) throws(FilterError) -> [Item] {
    let filter = try Filter(query, source.schema)
    guard !filter.isEverything else { return items }
    return items.filter { item in
      ListLines.entry(item).map {
        filter.matches(FilteredEntry(entry: $0, columns: source.columns), now: now)
      } ?? false
    }
  }

  package func lines<Item: Sendable>(_ items: [Item]) -> [String] {
    let entries = items.compactMap { ListLines.entry($0) }
    guard let width = ink.columns else { return entries.map(exact) }
    return drawn(entries, max(width, 1))
  }

  /// Entries that are not the hub's own values are wrapped as the dashboard does.
  private static func entry(_ item: any Sendable) -> (any Listed)? {
    if let turn = item as? Turn { return TurnEntry(turn: turn) }
    return item as? any Listed
  }

  // MARK: in a pipe

  private func exact(_ entry: any Listed) -> String {
    columns.map { Ink.harmless(entry.value($0).exact($0, ink.look.language)) }.joined(separator: "\t")
  }

  // MARK: on a terminal

  /// The first column says which entry it is, and acts are on it: it never gives way.
  private func drawn(_ entries: [any Listed], _ width: Int) -> [String] {
    guard let first = columns.first else { return [] }
    let cells = entries.map { entry in columns.map { cell(entry, $0) } }
    let title = first.form.label.text(ink.look.language)
    let lead = min(([title] + cells.map { $0[0].text }).map(ink.width).max() ?? 0, max(width / 3, 1))
    let x = lead + (width < Frame.narrow ? 1 : 2)
    let rest = Array(columns.dropFirst())
    let plan = ColumnPlan(rest, cells.map { Array($0.dropFirst()) }, columns: max(width - x, 0), ink.look)
    let head = columns.map { Value.Cell($0.form.label.text(ink.look.language), .title) }
    // Row by row: a grid of them all would hold every cell of a long list.
    return ([head] + cells).map { row in
      var canvas = Canvas(Size(columns: width, rows: 1), ink.look)
      ListLines.put(row[0], first.form.isRight, lead, &canvas)
      TableView.put(Array(row.dropFirst()), plan, x, 0, &canvas)
      return ink.line(canvas)
    }
  }

  private static func put(_ cell: Value.Cell, _ isRight: Bool, _ width: Int, _ canvas: inout Canvas) {
    if isRight {
      canvas.put(right: cell.text, cell.role, x: 0, y: 0, columns: width)
    } else {
      canvas.put(cell.text, cell.role, x: 0, y: 0, columns: width)
    }
  }

  private func cell(_ entry: any Listed, _ column: Column) -> Value.Cell {
    let value = entry.value(column)
    if column == .due, value.moment == nil { return Value.none.cell(now, ink.look) }
    // A list of shifts or turns is of days, not of this hour.
    if case .time(let time) = value { return Value.Cell(Figures.minute(time, after: now, ink.look)) }
    return value.cell(now, ink.look)
  }
}

extension Ink {
  /// The first row of a canvas as a line.
  func line(_ canvas: Canvas) -> String {
    let text = FrameWriter.lines(canvas.grid, isColored: isColored, isUTF8: look.capabilities.isUTF8)
    return String(text.prefix { $0 != "\n" })
  }
}
