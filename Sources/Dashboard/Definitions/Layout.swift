/// Where the panels of a screen stand when there is so much room.
struct Layout: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    /// Rows of panels side by side; a name repeated takes that many shares of the width.
    case rows([[String]], weights: [Int])
    /// One under the other, the first with what the others leave; those that do not fit wait for `tab`.
    case stack([String])
  }
  var minimumColumns = 0
  var minimumRows = 0
  var form: Form

  /// Shares of a row: more than columns that a pane of one could have.
  static let mostShares = 60
  static let mostRows = 20

  /// In the order of `tab`, each once.
  var panelNames: [String] {
    let all: [String] =
      switch form {
      case .rows(let rows, weights: _): rows.flatMap(\.self)
      case .stack(let names): names
      }
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }
}
