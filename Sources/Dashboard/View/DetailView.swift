import Records

/// Whatever is open, as lines that scroll; those that lead somewhere are walked by `tab` and followed by `enter`.
enum DetailView {
  /// One row of the screen.
  struct Row {
    var pieces: [Line.Styled]
    /// Which link it is part of, counted from the top.
    var link: Int?
  }

  static func draw(_ model: Model, _ body: Area, _ canvas: inout Canvas) {
    let inner = Frame.draw(body, title: title(model, canvas.look), isFocused: true, &canvas)
    let page = DetailPage(inner)
    let rows = self.rows(model, page.columns, canvas.look)
    let top = min(max(model.walk.scroll, 0), max(rows.count - page.capacity, 0))
    for (index, row) in rows.dropFirst(top).prefix(page.capacity).enumerated() {
      let (x, y) = page.place(index)
      canvas.put(row: row.pieces, x: x, y: y, columns: page.columns)
      if let link = row.link, link == model.walk.link { canvas.select(x: x, y: y, columns: page.columns) }
    }
    if rows.count > page.capacity {
      let place = " \(min(top + page.capacity, rows.count))/\(rows.count) "
      canvas.put(right: place, .dim, x: body.x, y: body.y, columns: body.columns - 2)
    }
    if model.isDetailOld { canvas.fade(inner) }
  }

  private static func title(_ model: Model, _ look: Look) -> Line {
    let language = look.language
    var runs: [Run] =
      switch model.place {
      case .row(let id): [Run("\(Label.row.text(language)) \(id)", .title)]
      case .alert(row: let id, _): [Run("\(Label.row.text(language)) \(id) - \(Label.alert.text(language))", .title)]
      case .site(let id), .organisation(let id): [Run(id, .title)]
      case .incident(let id): [Run("\(Label.incident.text(language)) \(id)", .title)]
      case .notice(let id): [Run("\(Label.notice.text(language)) #\(id)", .title)]
      case .shift(let id): [Run("\(Label.shift.text(language)) \(id)", .title)]
      case .help: [Run(Label.help.text(language), .title)]
      case .screen: []
      }
    if model.isDetailOld, let time = model.question(of: model.place).flatMap({ model.answers[$0]?.at }) {
      runs += [Run(" - ", .border), Run(Figures.age(Model.seconds(model.now, since: time), language), .warning)]
    }
    return Line(runs)
  }

  /// The rows as they stand on a screen of this width.
  static func rows(_ model: Model, _ columns: Int, _ look: Look) -> [Row] {
    var rows: [Row] = []
    var link = 0
    for line in DetailLines.all(model, columns: columns, look) {
      let wrapped = line.line.wrapped(columns, look)
      rows += wrapped.map { Row(pieces: $0, link: line.leadsTo == nil ? nil : link) }
      if line.leadsTo != nil { link += 1 }
    }
    return rows
  }
}

/// How the lines of a detail stand in their room: in one column, on wide screens in two that are read one after the
/// other.
struct DetailPage {
  let area: Area
  private static let gap = 2
  private static let wide = 150

  init(_ area: Area) { self.area = area }

  private var count: Int { area.columns >= DetailPage.wide ? 2 : 1 }
  /// Of one column.
  var columns: Int { (area.columns - DetailPage.gap * (count - 1)) / count }
  var capacity: Int { area.rows * count }

  func place(_ index: Int) -> (x: Int, y: Int) {
    let rows = max(area.rows, 1)
    return (area.x + index / rows * (columns + DetailPage.gap), area.y + index % rows)
  }
}

extension Model {
  /// The room of a detail inside its frame.
  private var page: DetailPage { DetailPage(Frame.inner(body, of: size)) }

  /// A look with the widths of this screen: what scrolls and what is in view depends on them.
  private var measure: Look {
    var capabilities = Capabilities()
    capabilities.ambiguousIsWide = language == .zh
    return Look(
      theme: Theme(name: .monochrome, depth: .none), capabilities: capabilities, language: language ?? .en)
  }

  var isDetailOld: Bool {
    guard let time = question(of: place).flatMap({ answers[$0]?.at }) else { return link != .connected }
    return isOld(time, every: 3)
  }

  /// Where the selected link leads.
  var chosenLink: Place? {
    let links = DetailLines.all(self, columns: page.columns, measure).compactMap(\.leadsTo)
    return walk.link.flatMap { links.indices.contains($0) ? links[$0] : nil }
  }

  /// By so many rows; the selected link stays one that is in view.
  mutating func scroll(by count: Int) {
    let rows = DetailView.rows(self, page.columns, measure)
    let last = max(rows.count - page.capacity, 0)
    let (sum, isOver) = walk.scroll.addingReportingOverflow(count)
    walk.scroll = min(max(isOver ? last : sum, 0), last)
    let view = rows.dropFirst(walk.scroll).prefix(page.capacity).compactMap(\.link)
    if let link = walk.link, view.contains(link) { return }
    walk.link = view.first
  }

  /// The next link, or the one before; the view follows it.
  mutating func moveLink(_ step: Int) {
    let rows = DetailView.rows(self, page.columns, measure)
    guard let last = rows.compactMap(\.link).last else { return }
    let next = walk.link.map { min(max($0 + step, 0), last) } ?? (step > 0 ? 0 : last)
    walk.link = next
    guard let first = rows.firstIndex(where: { $0.link == next }) else { return }
    let end = rows.lastIndex { $0.link == next } ?? first
    if first < walk.scroll { walk.scroll = first }
    if end >= walk.scroll + page.capacity { walk.scroll = end - page.capacity + 1 }
  }
}
