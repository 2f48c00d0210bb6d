/// What is being asked, from the foot up: the question with its letters, or with what is typed; above it why that will not
/// do, or what else may stand there.
struct PromptView {
  let prompt: Prompt

  func draw(_ canvas: inout Canvas) {
    let size = canvas.grid.size
    let language = canvas.look.language
    let heading = prompt.heading(language)
    let isLong = canvas.look.columns(heading) > size.columns / 2 && heading.count > 1
    var lines: [[Line.Styled]] = []
    if prompt.isChoice {
      lines = chosen(heading, canvas)
    } else if isLong {
      lines = Line(heading, .title).wrapped(size.columns, canvas.look)
    }
    // A small screen shows the end: there the letters are, and what is typed.
    let typed = prompt.isChoice ? 0 : 1
    lines = Array(lines.suffix(max(size.rows - 1 - typed, 0)))
    let top = size.rows - typed - lines.count
    above(top - 1, &canvas)
    for (index, line) in lines.enumerated() {
      canvas.fill(Area(x: 0, y: top + index, columns: size.columns, rows: 1), .text)
      canvas.put(row: line, x: 0, y: top + index, columns: size.columns)
    }
    if !prompt.isChoice { input(isLong ? "> " : heading, &canvas) }
  }

  /// The question and its letters; a letter and its word stay together.
  private func chosen(_ heading: String, _ canvas: Canvas) -> [[Line.Styled]] {
    let (look, columns) = (canvas.look, canvas.grid.size.columns)
    var lines = Line(heading, .title).wrapped(columns, look)
    for choice in prompt.choices(look.language) {
      let item = Line([Run("\(choice.letter)", .key), Run(" \(choice.text)  ")]).pieces(look)
      let used = lines.last.map(width) ?? 0
      // The two columns behind it may hang over.
      if used > 0, used + width(item) - 2 > columns { lines.append([]) }
      lines[lines.count - 1] += item
    }
    return lines
  }

  private func width(_ pieces: [Line.Styled]) -> Int { pieces.reduce(0) { $0 + $1.piece.columns } }

  private func input(_ heading: String, _ canvas: inout Canvas) {
    let (columns, y) = (canvas.grid.size.columns, canvas.grid.size.rows - 1)
    let asked = canvas.put(Line(heading, .key), x: 0, y: y, columns: max(columns - 2, 0))
    // Of a long text the end is shown: that is where one types.
    var pieces = Line(prompt.text).pieces(canvas.look)[...]
    while pieces.reduce(0, { $0 + $1.piece.columns }) > max(columns - asked - 1, 0) { pieces.removeFirst() }
    let used = asked + canvas.put(row: Array(pieces), x: asked, y: y, columns: columns - asked)
    canvas.select(x: min(used, columns - 1), y: y, columns: 1)
  }

  private func above(_ y: Int, _ canvas: inout Canvas) {
    let columns = canvas.grid.size.columns
    guard y >= 0, prompt.problem != nil || !prompt.options.isEmpty else { return }
    canvas.fill(Area(x: 0, y: y, columns: columns, rows: 1), .text)
    if let problem = prompt.problem {
      return canvas.put("! \(problem.text(canvas.look.language))", .error, x: 0, y: y, columns: columns)
    }
    let first = max((prompt.chosen ?? 0) - 3, 0)
    let runs = prompt.options.enumerated().dropFirst(first).flatMap { index, option in
      [Run(option, index == prompt.chosen ? .focus : .key), Run("  ")]
    }
    canvas.put(Line(Array(runs)), x: 0, y: y, columns: columns)
  }
}
