/// Any text as pieces that each fill one or two columns and that no terminal obeys.
///
/// C0 and DEL become caret notation (`^[`); C1, format characters (directional marks, zero-width joiners, tags),
/// line and paragraph separators, private use and what is no character become `<U+202E>`. Combining marks stay on
/// their base, at most `marksKept` of them; one without a base is named. Variation selectors are dropped: terminals
/// disagree about the width they make.
struct HarmlessText {
  struct Piece: Hashable, Sendable {
    var text: String
    var columns: Int
    /// Terminals may disagree about its width: the writer says where the next cell is.
    var isUncertain = false
  }
  /// More marks on one letter are a drawing over the lines above.
  static let marksKept = 2

  static func pieces(_ text: String, ambiguousIsWide: Bool) -> [Piece] {
    var result: [Piece] = []
    result.reserveCapacity(text.utf8.count)
    var marks = 0
    for scalar in text.unicodeScalars {
      if scalar.value >= 0x20, scalar.value < 0x7f {
        result.append(ascii[Int(scalar.value) - 0x20])
        marks = 0
      } else if let known = frames[scalar.value] {
        result.append(Piece(text: known, columns: ambiguousIsWide ? 2 : 1, isUncertain: true))
        marks = 0
      } else if let named = name(scalar) {
        result += named.unicodeScalars.map { Piece(text: String(Character($0)), columns: 1) }
        marks = marksKept
      } else if isVariationSelector(scalar) {
        continue
      } else if ScalarWidth(scalar) == .zero {
        attach(scalar, &result, &marks)
      } else {
        let width = ScalarWidth(scalar)
        let isEmoji = scalar.value >= 0x1f000 && width == .wide
        result.append(
          Piece(
            text: String(Character(scalar)), columns: width.columns(ambiguousIsWide: ambiguousIsWide),
            isUncertain: width == .ambiguous || isEmoji))
        marks = 0
      }
    }
    return result
  }

  /// Made once, since nearly every cell is one of them.
  private static let ascii = (UInt8(0x20)..<0x7f).map { Piece(text: String(Unicode.Scalar($0)), columns: 1) }
  /// Box drawing and blocks: ambiguous, and on every frame.
  private static let frames: [UInt32: String] = Dictionary(
    uniqueKeysWithValues: (UInt32(0x2500)...0x2588).compactMap { value in
      Unicode.Scalar(value).flatMap { ScalarWidth($0) == .ambiguous ? (value, String(Character($0))) : nil }
    })

  static func columns(_ text: String, ambiguousIsWide: Bool) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text.utf8.count }
    return pieces(text, ambiguousIsWide: ambiguousIsWide).reduce(0) { $0 + $1.columns }
  }

  private static func attach(_ scalar: Unicode.Scalar, _ result: inout [Piece], _ marks: inout Int) {
    guard let last = result.last, last.text != " ", marks < marksKept else {
      if result.isEmpty || result.last?.text == " " {
        result += hexName(scalar).unicodeScalars.map { Piece(text: String(Character($0)), columns: 1) }
      }
      return
    }
    result[result.count - 1].text.unicodeScalars.append(scalar)
    result[result.count - 1].isUncertain = true
    marks += 1
  }

  private static func isVariationSelector(_ scalar: Unicode.Scalar) -> Bool {
    (0xfe00...0xfe0f).contains(scalar.value) || (0xe0100...0xe01ef).contains(scalar.value)
  }

  /// The visible name of a scalar that must not be emitted; nil for one that may.
  private static func name(_ scalar: Unicode.Scalar) -> String? {
    if scalar.value < 0x20 { return "^" + String(Character(Unicode.Scalar(UInt8(scalar.value + 0x40)))) }
    if scalar.value == 0x7f { return "^?" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      return hexName(scalar)
    default: return nil
    }
  }

  private static func hexName(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(4 - hex.count, 0)) + hex + ">"
  }
}
