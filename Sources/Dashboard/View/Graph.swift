/// Small graphs of text: braille where blocks have no sure width, blocks, else ASCII.
struct Graph {
  private let set: Capabilities.Glyphs

  init(_ capabilities: Capabilities) {
    if capabilities.glyphs == .ascii {
      set = .ascii
    } else {
      // Braille is of neutral width everywhere; blocks are ambiguous, and finer where they are sure.
      set = capabilities.ambiguousIsWide ? (capabilities.glyphs == .braille ? .braille : .ascii) : .blocks
    }
  }

  /// Values as one line of at most `columns`, the last at the right; several fold into one where there is no room.
  func sparkline(_ values: [Int], columns: Int) -> String {
    guard columns > 0, !values.isEmpty else { return "" }
    let slots = set == .braille ? columns * 2 : columns
    let folded = Graph.fold(values, into: min(slots, values.count))
    let top = max(folded.max() ?? 0, 1)
    if set == .braille { return braille(folded, top) }
    let glyphs = Array(set == .blocks ? "▁▂▃▄▅▆▇█" : "_.:-=+*#")
    return String(
      folded.map { value in
        value <= 0 ? (set == .blocks ? "▁" : "_") : glyphs[Graph.height(value, of: top, steps: 7)]
      })
  }

  /// The same of figures with a height of their own (scores): neighbours that fold are their mean, what is not known is
  /// left out, and the line stands on the least of them less a quarter of their range.
  func line(_ figures: [Double?], columns: Int) -> String {
    let slots = set == .braille ? columns * 2 : columns
    guard columns > 0, !figures.isEmpty, slots > 0 else { return "" }
    let count = min(slots, figures.count)
    let means = (0..<count).map { slot -> Double? in
      let known = figures[(slot * figures.count / count)..<((slot + 1) * figures.count / count)].compactMap(\.self)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
    let known = means.compactMap(\.self)
    guard let least = known.min(), let most = known.max() else { return "" }
    let range = max(most - least, 1)
    let base = least - range / 4
    let steps = means.map { $0.map { max(Int(bounded: (($0 - base) / (range * 1.25) * 1000).rounded()), 1) } ?? 0 }
    return sparkline(steps, columns: columns)
  }

  /// A bar of `columns` at the scale of `top`.
  func bar(_ value: Double, of top: Double, columns: Int) -> String {
    guard columns > 0, top > 0, value > 0, top.isFinite, value.isFinite else { return "" }
    let share = min(value / top, 1)
    let filled = max(Int(bounded: (share * Double(columns)).rounded()), 1)
    return String(repeating: set == .blocks ? "█" : set == .braille ? "\u{28ff}" : "#", count: min(filled, columns))
  }

  /// 1 to `steps`, of what is over nought.
  private static func height(_ value: Int, of top: Int, steps: Int) -> Int {
    min(max(Int(bounded: (Double(value) / Double(top) * Double(steps)).rounded(.up)), 1), steps)
  }

  /// Sums of neighbours, so that nothing is left out.
  static func fold(_ values: [Int], into slots: Int) -> [Int] {
    guard slots > 0, slots < values.count else { return values }
    return (0..<slots).map { slot in
      values[(slot * values.count / slots)..<((slot + 1) * values.count / slots)].reduce(0, &+)
    }
  }

  /// Two values a character, four dots high.
  private func braille(_ values: [Int], _ top: Int) -> String {
    let left: [UInt32] = [0, 0x40, 0x44, 0x46, 0x47]
    let right: [UInt32] = [0, 0x80, 0xa0, 0xb0, 0xb8]
    func height(_ value: Int) -> Int { value <= 0 ? 1 : 1 + Graph.height(value, of: top, steps: 3) }
    let padded = values.count % 2 == 0 ? values : [0] + values
    return stride(from: 0, to: padded.count, by: 2).reduce(into: "") { text, index in
      let bits = left[height(padded[index])] | right[height(padded[index + 1])]
      Unicode.Scalar(0x2800 + bits).map { text.unicodeScalars.append($0) }
    }
  }
}
