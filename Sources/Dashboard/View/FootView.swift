import Records

/// The last line: what is being typed, what just happened, or the keys.
enum FootView {
  static func draw(_ model: Model, _ canvas: inout Canvas) {
    let size = canvas.grid.size
    if let prompt = model.prompt {
      PromptView(prompt: prompt).draw(&canvas)
    } else if let notice = model.notice {
      let text = notice.text.text(canvas.look.language)
      canvas.put(
        notice.isProblem ? "! \(text)" : text, notice.isProblem ? .error : .good, x: 0, y: size.rows - 1,
        columns: size.columns)
    } else if let problem = model.definitionProblem {
      // Until the file is mended: what is shown is not what it says.
      canvas.put("! \(problem)", .error, x: 0, y: size.rows - 1, columns: size.columns)
    } else {
      keys(model, &canvas)
    }
  }

  private static func keys(_ model: Model, _ canvas: inout Canvas) {
    let (columns, y, language) = (canvas.grid.size.columns, canvas.grid.size.rows - 1, canvas.look.language)
    var keys = acts(model) + walking(model)
    let last = ("?", Label.help)
    func width(_ key: (String, Label)) -> Int { canvas.look.columns(key.0 + " " + key.1.text(language)) }
    while !keys.isEmpty, (keys + [last]).reduce(0, { $0 + width($1) + 2 }) - 2 > columns { keys.removeLast() }
    var x = 0
    for key in keys + [last] {
      let line = Line([Run(key.0, .key), Run(" \(key.1.text(language))", .dim)])
      x += canvas.put(line, x: x, y: y, columns: max(columns - x, 0)) + 2
    }
  }

  private static func acts(_ model: Model) -> [(String, Label)] {
    guard model.linkRefusal == nil, let target = model.target else { return [] }
    let more = Action.all(on: target, model).contains { model.mayDo($0) } ? [(".", Label.acts)] : []
    guard case .rows = target, model.role != .viewer else { return more }
    return [
      ("a", .ack), ("e", .escalate), ("c", .close), ("z", .shelve), ("@", .assign), ("m", .comment), ("u", .undo),
    ] + more
  }

  private static func walking(_ model: Model) -> [(String, Label)] {
    switch model.place {
    case .screen:
      [
        ("enter", .open), ("/", .filter), ("tab", .next), ("0-5", .screens), (":", .command), ("t", .freeze),
        ("[ ]", .backForth), ("q", .quit),
      ]
    case .row, .alert:
      [("tab", .nextLink), ("enter", .open), ("esc", .back), ("o", .site), (":", .command), ("[ ]", .backForth)]
    case .site, .organisation, .incident, .notice, .shift:
      [("tab", .nextLink), ("enter", .open), ("esc", .back), (":", .command), ("[ ]", .backForth)]
    case .help: [("esc", .back)]
    }
  }
}
