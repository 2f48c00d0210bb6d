package import Records

/// How far something is that takes its time, as a line of a terminal. A value: the clock and the terminal are the
/// caller's, and seconds are since the begin.
package struct Progress: Sendable {
  package enum Unit: Sendable, Equatable {
    case bytes
    /// Of things, by their name in the plural.
    case things(BilingualText)
    /// Nothing is counted: only the time passes.
    case nothing
  }

  package let title: BilingualText
  package let unit: Unit
  /// Nil where nobody knows: a pipe, an answer that is being made.
  package var total: UInt64?
  /// What else is said, such as how many run.
  package var more: [BilingualText] = []
  package private(set) var count: UInt64 = 0
  private var samples: [(seconds: Double, count: UInt64)]
  private var seconds = 0.0

  /// `begun`: done already before this began; it says nothing of the pace.
  package init(_ title: BilingualText, _ unit: Unit, total: UInt64? = nil, begun: UInt64 = 0) {
    (self.title, self.unit, self.total, count) = (title, unit, total, begun)
    samples = [(0, begun)]
  }

  /// What is over sooner needs no line.
  package static let patience = 1.0
  /// The pace is that of so many seconds: what was fast in the beginning and then stands still, stands still.
  private static let window = 10.0
  /// Shorter than this no pace is told.
  private static let least = 1.0
  /// More samples than a window of draws holds.
  private static let mostSamples = 128

  package mutating func note(_ count: UInt64, at seconds: Double) {
    guard seconds >= self.seconds else { return }
    self.seconds = seconds
    self.count = max(self.count, count)
    samples.append((seconds, self.count))
    while samples.count > 2, samples[1].seconds <= seconds - Progress.window || samples.count > Progress.mostSamples {
      samples.removeFirst()
    }
  }

  /// Things a second of late; nil while it cannot be told.
  var rate: Double? {
    guard unit != .nothing, let first = samples.first, seconds - first.seconds >= Progress.least else { return nil }
    return Double(count - first.count) / (seconds - first.seconds)
  }

  /// Seconds; nil where it cannot be told or nobody would wait.
  var remaining: Double? {
    guard let total, count > 0, count < total, let rate, rate > 0 else { return nil }
    let left = Double(total - count) / rate
    return left < Progress.longest ? left : nil
  }
  private static let longest = 100.0 * 3600

  /// Nought to one.
  var share: Double? {
    guard let total, total > 0 else { return nil }
    return min(Double(count) / Double(total), 1)
  }
}

// MARK: - Text

extension Progress {
  /// As much of it as fits into `columns`: the bar shrinks, then the least needed goes.
  package func line(_ ink: Ink, columns: Int) -> String {
    let words = ProgressWords(ink.look.language)
    let title = title.text(ink.look.language)
    var parts: [(rank: Int, text: String)] = []
    if let share { parts.append((0, "\(Int(share * 100)) %")) }
    if let counted = words.counted(self) { parts.append((2, counted)) }
    for text in more { parts.append((4, text.text(ink.look.language))) }
    if let rate { parts.append((3, words.rate(rate, unit))) }
    if let remaining {
      parts.append((1, words.left(remaining)))
    } else if total == nil {
      parts.append((1, words.passed(seconds)))
    }
    func width() -> Int { parts.reduce(ink.width(title)) { $0 + 2 + ink.width($1.text) } }
    while width() > columns, let worst = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) {
      parts.remove(at: worst)
    }
    let room = min(columns - width() - 2, Progress.widest)
    let bar = share.flatMap { room >= Progress.narrowest ? ink.bar($0, columns: room) : nil }
    return ink.cut(([title, bar].compactMap(\.self) + parts.map(\.text)).joined(separator: "  "), to: max(columns, 0))
  }

  /// Columns of the bar with its ends.
  private static let (narrowest, widest) = (8, 32)
}

extension Ink {
  /// `[####....]`; eighths of a block where one takes one column.
  fileprivate func bar(_ share: Double, columns: Int) -> String {
    let room = columns - 2
    if look.capabilities.glyphs == .ascii || look.capabilities.ambiguousIsWide {
      let full = Int(share * Double(room))
      return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: room - full) + "]"
    }
    let eighths = Int(share * Double(room * 8))
    let part = eighths % 8 == 0 ? "" : String("▏▎▍▌▋▊▉".dropFirst(eighths % 8 - 1).prefix(1))
    let text = String(repeating: "█", count: eighths / 8) + part
    return "[" + text + String(repeating: " ", count: room - width(text)) + "]"
  }
}

/// Counts, paces and times of a progress in words.
private struct ProgressWords {
  let isChinese: Bool
  init(_ language: Language) { isChinese = language == .zh }

  func counted(_ progress: Progress) -> String? {
    let (count, total) = (progress.count, progress.total)
    switch progress.unit {
    case .nothing: return nil
    case .bytes:
      let done = ProgressWords.bytes(Double(count))
      guard let total else { return done }
      let all = ProgressWords.bytes(Double(total))
      return isChinese ? "\(done) / \(all)" : "\(done) of \(all)"
    case .things(let name):
      let name = isChinese ? name.zh : name.en
      guard let total else { return "\(Figures.grouped(count)) \(name)" }
      let (done, all) = (Figures.grouped(count), Figures.grouped(total))
      return isChinese ? "\(name) \(done) / \(all)" : "\(done) of \(all) \(name)"
    }
  }

  /// Slow ones by the minute, so that they are no nought.
  func rate(_ perSecond: Double, _ unit: Progress.Unit) -> String {
    if unit == .bytes { return ProgressWords.bytes(perSecond) + (isChinese ? "/秒" : "/s") }
    if perSecond >= 1 || perSecond == 0 { return Figures.plain(perSecond) + (isChinese ? "/秒" : "/s") }
    return Figures.plain(perSecond * 60) + (isChinese ? "/分" : "/min")
  }

  func left(_ seconds: Double) -> String {
    let span = span(seconds.rounded(.up))
    return isChinese ? "约剩 \(span)" : "about \(span) left"
  }
  func passed(_ seconds: Double) -> String { span(seconds.rounded(.down)) }

  /// The two largest units: nobody counts seconds of an hour.
  private func span(_ seconds: Double) -> String {
    let whole = Int(bounded: seconds)
    let (second, minute, hour) = isChinese ? ("秒", "分", "小时") : ("s", "min", "h")
    if whole < 60 { return "\(whole) \(second)" }
    if whole < 3600 { return "\(whole / 60) \(minute) \(whole % 60) \(second)" }
    return "\(whole / 3600) \(hour) \(whole % 3600 / 60) \(minute)"
  }

  /// `812 B`, `3.1 MB`: thousands, as files are told.
  static func bytes(_ value: Double) -> String {
    var (rest, unit) = (value, "B")
    for next in ["kB", "MB", "GB", "TB"] where rest >= 1000 { (rest, unit) = (rest / 1000, next) }
    let text = rest >= 10 || unit == "B" ? "\(Int(bounded: rest.rounded()))" : "\((rest * 10).rounded() / 10)"
    return "\(text) \(unit)"
  }
}

/// One line that stands at the foot of a terminal, and is drawn over itself.
package struct ProgressLine: Sendable {
  /// What stands there, with its columns and those of the terminal; nil: nothing does.
  private var drawn: (text: String, width: Int, columns: Int)?
  package init() {}

  /// The bytes that put the line there, or nothing where it has no room.
  package mutating func draw(_ progress: Progress, _ ink: Ink, columns: Int) -> String {
    // The last column stays free: some terminals turn to the next line with it.
    let text = progress.line(ink, columns: columns - 1)
    if let drawn, drawn.text == text, drawn.columns == columns { return "" }
    let erased = erase(columns: columns)
    guard !text.isEmpty else { return erased }
    drawn = (text, ink.width(text), columns)
    return erased + text
  }

  /// Takes it away. A terminal made narrower since has broken it into rows: all of them go.
  package mutating func erase(columns: Int) -> String {
    guard let drawn else { return "" }
    self.drawn = nil
    let above = columns > 0 ? (max(drawn.width, 1) - 1) / columns : 0
    return (above > 0 ? "\u{1b}[\(above)A" : "") + "\r\u{1b}[J"
  }
}
