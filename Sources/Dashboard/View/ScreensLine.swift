import Records

/// The second line: the screens by their digits, the present one marked. Where there is no room for all the titles, the
/// others are digits.
enum ScreensLine {
  static func draw(_ model: Model, _ canvas: inout Canvas) {
    guard model.hasTitles else { return }
    let look = canvas.look
    let columns = canvas.grid.size.columns
    let long = line(model, look, titled: true)
    let isShort = long.runs.reduce(0) { $0 + look.columns($1.text) } > columns
    let line = isShort ? line(model, look, titled: false) : long
    var x = 0
    for run in line.runs {
      let used = canvas.put(Line([run]), x: x, y: 1, columns: columns - x)
      if run.role == .focus { canvas.select(x: x, y: 1, columns: used) }
      x += used
    }
    settings(model, from: x + 2, &canvas)
  }

  private static func line(_ model: Model, _ look: Look, titled: Bool) -> Line {
    let numbered = model.definitions.filter { $0.number != nil }.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
    let others = model.definitions.filter { $0.number == nil && $0.id == model.screenID }
    let runs = (numbered + others).map { definition -> Run in
      let (isPresent, title) = (definition.id == model.screenID, definition.title.text(look.language))
      let digit = definition.number.map { "\($0)" } ?? ""
      let text = isPresent || titled ? [digit, title].filter { !$0.isEmpty }.joined(separator: " ") : digit
      return isPresent ? Run("[\(text)]", .focus) : Run(text, .dim)
    }
    return Line(Array(runs.map { [$0] }.joined(separator: [Run(" ")])))
  }

  /// Variables that were set by command: what is shown is not what the definition says.
  private static func settings(_ model: Model, from x: Int, _ canvas: inout Canvas) {
    let set = (model.settings[model.screenID] ?? [:]).sorted { $0.key < $1.key }
    let text = set.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let room = canvas.grid.size.columns - x
    if !text.isEmpty, room > 0 { canvas.put(right: text, .warning, x: x, y: 1, columns: room) }
  }
}
