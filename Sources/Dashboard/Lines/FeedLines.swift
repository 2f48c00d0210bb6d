package import ControlAPI
package import Records
import Wire

/// Alerts and findings as they come, a line each: on a terminal in columns, in a pipe whole.
package struct FeedLines: Sendable {
  let ink: Ink
  package init(_ ink: Ink) { self.ink = ink }

  /// One line of the stream.
  package struct Said: Sendable, Equatable {
    package var text: String
    package var severity: Severity
  }

  /// Nil for what only counts. `columns`: of the terminal now, which a person may have resized since the last line.
  package func line(_ item: StreamItem, columns: Int?) -> Said? {
    guard let entry = Feed.entry(item) else { return nil }
    return Said(text: columns.map { drawn(entry, max($0, 1)) } ?? whole(entry, item), severity: entry.severity)
  }

  private func whole(_ entry: Feed.Entry, _ item: StreamItem) -> String {
    var words = [entry.time.text, entry.severity.letter]
    words.append(item.alert.map { "[\($0.signature.id)]" } ?? "[\(item.row?.row.check ?? "-")]")
    words.append(entry.title.text(ink.look.language))
    if let ends = FeedLines.ends(entry) { words.append(ends) }
    if !entry.subject.isEmpty { words.append(entry.subject) }
    if let client = item.alert?.client { words.append("for \(client)") }
    if item.alert == nil, let state = item.row?.row.findingState { words.append(state.rawValue) }
    return Ink.harmless(words.joined(separator: " "))
  }

  /// An alert of Vigil itself or of an exercise has none.
  private static func ends(_ entry: Feed.Entry) -> String? { entry.ends == "? -> ?" ? nil : entry.ends }

  // MARK: on a terminal

  /// Columns of the site, and what the ends of a flow take at most (two IPv6 addresses do not fit everywhere).
  private static let (subject, ends) = (24, 44)
  /// From here on there is room for the ends of the flow.
  private static let wide = 120

  private func drawn(_ entry: Feed.Entry, _ width: Int) -> String {
    var canvas = Canvas(Size(columns: width, rows: 1), ink.look)
    let isNarrow = width < Frame.narrow
    let time = isNarrow ? String(Figures.clock(entry.time, ink.look).prefix(5)) : Figures.clock(entry.time, ink.look)
    canvas.put(time, .dim, x: 0, y: 0, columns: time.count)
    canvas.put(entry.severity.letter, entry.severity.role, x: time.count + 1, y: 0, columns: 1)
    let x = time.count + 3
    let gap = isNarrow ? 1 : 2
    let subject = min(FeedLines.subject, max((width - x) / 3, 0))
    let ends = width >= FeedLines.wide ? FeedLines.ends : 0
    canvas.put(entry.subject, .key, x: x, y: 0, columns: subject)
    let titleAt = x + subject + gap
    let title = max(width - titleAt - (ends > 0 ? ends + gap : 0), 0)
    canvas.put(entry.title.text(ink.look.language), .text, x: titleAt, y: 0, columns: title)
    if let text = FeedLines.ends(entry), ends > 0 {
      canvas.put(text, .dim, x: titleAt + title + gap, y: 0, columns: ends)
    }
    return ink.line(canvas)
  }
}
