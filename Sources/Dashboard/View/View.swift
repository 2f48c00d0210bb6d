import ControlAPI
import Records
import Wire

/// The model as a grid of cells. Pure: the same model and look give the same grid.
enum View {
  /// Below this nothing can be read.
  static let smallest = Size(columns: 20, rows: 5)

  static func draw(_ model: Model, _ look: Look) -> Grid {
    var look = look
    if let language = model.language, language != look.language {
      look.language = language
      if language == .zh { look.capabilities.ambiguousIsWide = true }
    }
    if let theme = model.theme { look.theme = Theme(name: theme, depth: look.theme.depth) }
    var canvas = Canvas(model.size, look)
    let size = model.size
    guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
      canvas.put(Label.tooSmall.text(look.language), .warning, x: 0, y: 0, columns: size.columns)
      return canvas.grid
    }
    HeaderView.draw(model, &canvas)
    ScreensLine.draw(model, &canvas)
    switch model.place {
    case .screen: panes(model, &canvas)
    default: DetailView.draw(model, model.body, &canvas)
    }
    FootView.draw(model, &canvas)
    return canvas.grid
  }

  private static func panes(_ model: Model, _ canvas: inout Canvas) {
    guard let definition = model.definition, model.layout != nil else {
      let body = model.body
      canvas.put(model.definitionProblem ?? "no screen is defined", .error, x: 0, y: body.y, columns: body.columns)
      return
    }
    let focused = model.focusedPanel?.name
    for pane in model.shownPanes {
      guard let panel = definition.panel(pane.name) else { continue }
      let isFocused = pane.name == focused
      let inner = Frame.draw(
        pane.area, title: PanelTitle.line(panel, model, canvas.look), isFocused: isFocused, &canvas)
      PanelView(panel: panel, model: model, area: inner, isFocused: isFocused).draw(&canvas)
      if model.isOld(panel) { canvas.fade(inner) }
    }
  }
}

/// The frame of a pane: a border, or on narrow screens a rule above.
enum Frame {
  static let narrow = 60

  /// The room inside a pane of a screen of this size.
  static func inner(_ area: Area, of size: Size) -> Area {
    guard area.columns > 0, area.rows > 0 else { return Area(x: area.x, y: area.y, columns: 0, rows: 0) }
    if size.columns < narrow { return Area(x: area.x, y: area.y + 1, columns: area.columns, rows: area.rows - 1) }
    return area.inner
  }

  /// Returns the room inside.
  static func draw(_ area: Area, title: Line, isFocused: Bool, _ canvas: inout Canvas) -> Area {
    let role: Role = isFocused ? .focus : .border
    let isPlain = canvas.look.capabilities.ambiguousIsWide || canvas.look.capabilities.glyphs == .ascii
    let line = isPlain ? "-" : "─"
    let inner = inner(area, of: canvas.grid.size)
    guard area.columns > 0, area.rows > 0 else { return inner }
    let rule = String(repeating: line, count: area.columns)
    canvas.put(rule, role, x: area.x, y: area.y, columns: area.columns)
    if canvas.grid.size.columns < narrow {
      caption(title, Area(x: area.x + 1, y: area.y, columns: area.columns - 2, rows: 1), &canvas)
      return inner
    }
    let (side, corners) = isPlain ? ("|", ["+", "+", "+", "+"]) : ("│", ["┌", "┐", "└", "┘"])
    let (right, bottom) = (area.x + area.columns - 1, area.y + area.rows - 1)
    canvas.put(rule, role, x: area.x, y: bottom, columns: area.columns)
    for y in area.y..<bottom {
      canvas.put(side, role, x: area.x, y: y, columns: 1)
      canvas.put(side, role, x: right, y: y, columns: 1)
    }
    for (corner, place) in zip(corners, [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)]) {
      canvas.put(corner, role, x: place.0, y: place.1, columns: 1)
    }
    caption(title, Area(x: area.x + 1, y: area.y, columns: area.columns - 3, rows: 1), &canvas)
    return inner
  }

  private static func caption(_ title: Line, _ area: Area, _ canvas: inout Canvas) {
    let padded = Line([Run(" ")] + title.runs + [Run(" ")])
    canvas.put(padded, x: area.x, y: area.y, columns: area.columns)
  }
}
