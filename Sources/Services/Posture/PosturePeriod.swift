package import Records
package import Wire

/// The log of a period: the board as it stood at its beginning and at its end, and what became of each finding in it.
/// Feed it in the log's order; lines after the period change nothing.
package struct PosturePeriod: Sendable {
  /// A finding that was open at some moment of the period.
  package struct Life: Sendable, Hashable {
    /// As it is at the period's end.
    package var row: PostureEvent.Row
    /// When it was last found: what its clock counts from where it came back.
    package var begun: Timestamp
    package var cameBack: Bool
    /// Found, or found again, in the period.
    package var isNew: Bool
    /// When it was seen to be gone; nil where it is there, or a person settled it.
    package var gone: Timestamp?
    package init(
      row: PostureEvent.Row, begun: Timestamp, cameBack: Bool = false, isNew: Bool = false, gone: Timestamp? = nil
    ) {
      self.row = row
      self.begun = begun
      self.cameBack = cameBack
      self.isNew = isNew
      self.gone = gone
    }
  }

  package let period: Range<Timestamp>
  package private(set) var before: PostureBoard
  package private(set) var end: PostureBoard
  /// Of the log's first line; nil: it has none.
  package private(set) var logBegan: Timestamp?
  private var lives: [Int64: Life] = [:]
  /// Rows that were open at some moment of the period.
  private var seen: Set<Int64> = []

  package init(tree: IndicatorTree, period: Range<Timestamp>) {
    self.period = period
    before = PostureBoard(tree: tree)
    end = before
  }

  package mutating func take(_ event: PostureEvent) {
    if logBegan == nil { logBegan = event.time }
    guard event.time < period.upperBound else { return }
    end.apply(event)
    if event.time < period.lowerBound { before.apply(event) }
    guard case .row(let row) = event.change, row.wing == .scanner else { return }
    take(row, at: event.time)
  }

  private mutating func take(_ row: PostureEvent.Row, at time: Timestamp) {
    let isIn = time >= period.lowerBound
    guard var life = lives[row.id] else {
      // One that was closed when the log began is nobody's work.
      guard row.isOpen else { return }
      lives[row.id] = Life(row: row, begun: time, isNew: isIn)
      if isIn { seen.insert(row.id) }
      return
    }
    if isIn, life.row.isOpen || row.isOpen { seen.insert(row.id) }
    if row.isOpen, !life.row.isOpen {
      (life.begun, life.cameBack, life.gone) = (time, true, nil)
      life.isNew = isIn
    }
    if !row.isOpen { life.gone = row.isVerified ? life.gone ?? time : nil }
    life.row = row
    lives[row.id] = life
  }

  /// By the row's number.
  package var findings: [Int64: Life] { lives.filter { $0.value.row.isOpen || seen.contains($0.key) } }
}
