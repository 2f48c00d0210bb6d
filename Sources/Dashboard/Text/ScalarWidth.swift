/// Columns that a scalar takes on a terminal.
enum ScalarWidth: Sendable {
  case zero, narrow, wide
  /// One column, or two where the terminal follows a CJK locale.
  case ambiguous

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0xa0 {
      self = .narrow
    } else if ScalarWidth.contains(WidthTables.zero, value) {
      self = .zero
    } else if ScalarWidth.contains(WidthTables.wide, value) {
      self = .wide
    } else if ScalarWidth.contains(WidthTables.ambiguous, value) {
      self = .ambiguous
    } else {
      // Marks that are younger than the tables.
      let category = scalar.properties.generalCategory
      self = category == .nonspacingMark || category == .enclosingMark ? .zero : .narrow
    }
  }

  func columns(ambiguousIsWide: Bool) -> Int {
    switch self {
    case .zero: 0
    case .narrow: 1
    case .wide: 2
    case .ambiguous: ambiguousIsWide ? 2 : 1
    }
  }

  /// Whether `value` lies in one of the pairs of first and last: binary search over pairs.
  private static func contains(_ pairs: [UInt32], _ value: UInt32) -> Bool {
    var (low, high) = (0, pairs.count / 2)
    while low < high {
      let middle = (low + high) / 2
      if pairs[2 * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < pairs.count / 2 && pairs[2 * low] <= value
  }
}
