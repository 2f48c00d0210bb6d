package import ControlAPI
package import Wire

/// A screen without terminal and hub: the same messages, the same frames, the same bytes. What they cost is measured with
/// it (`Benchmarks --dashboard`).
package struct OffScreen {
  private var model: Model
  private let look: Look
  private var shown: Grid?

  /// `screen`: the id of one of the folder's definitions.
  package init(folder: String, screen: String, columns: Int, rows: Int, now: Timestamp) throws(Dashboard.Failure) {
    let read = DefinitionFolder(path: folder).read()
    if let problem = read.problem { throw Dashboard.Failure(problem) }
    guard read.definitions.contains(where: { $0.id == screen }) else {
      throw Dashboard.Failure("\(folder): no screen is called \"\(screen)\"")
    }
    model = Model(
      me: "off-screen", size: Size(columns: columns, rows: rows), now: now, definitions: read.definitions,
      screen: screen)
    look = Look(theme: Theme(name: .dark, depth: .full), capabilities: Capabilities(), language: .en)
    _ = model.update(.connected)
  }

  /// Answers what the screen asks; `reply` is given method, path and query, nil leaves a question open.
  package mutating func answer(_ reply: (String) -> (any Sendable)?) {
    for want in model.wants {
      guard let value = reply(want.question.description) else { continue }
      _ = model.update(.answered(want.question, value))
    }
  }

  package mutating func hear(_ items: [StreamItem]) { _ = model.update(.streamed(items)) }

  package mutating func tick(_ now: Timestamp) { _ = model.update(.clock(now)) }

  /// The next row, as `j` selects it.
  package mutating func walk() { _ = model.update(.key(.down)) }

  /// How many bytes turn the terminal from the last frame into this one.
  package mutating func frame() -> Int {
    let grid = View.draw(model, look)
    let bytes = FrameWriter.bytes(from: shown, to: grid)
    shown = grid
    return bytes.count
  }
}
