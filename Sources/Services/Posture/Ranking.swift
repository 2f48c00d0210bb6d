package import Records
package import Wire

/// Organisations in order for a period, out of the log alone: the same log gives the identical table.
package struct Ranking: Sendable {
  private var board: PostureBoard
  private let period: Range<Timestamp>
  private var findings: [Int64: Life] = [:]

  private struct Life {
    /// As of its last line: it may go from a site to the site's hosting.
    var row: PostureEvent.Row
    var isFound = false
    var isVerified = false
    var isOpen: Bool
    /// When it was seen to be gone, while it is.
    var gone: Timestamp?
  }
  /// What the log says beside the rows: by when each must be gone, which are out of the count, what people said.
  private var deadlines: [Int64: Timestamp] = [:]
  private var exclusions: [Int64: LoopLine.Exclusion] = [:]
  private var ratings: [Int64: (organisation: String, rating: Intake.Rating, at: Timestamp)] = [:]

  package init(tree: IndicatorTree, period: Range<Timestamp>) {
    board = PostureBoard(tree: tree)
    self.period = period
  }

  /// In the log's order; lines after the period change nothing.
  package mutating func take(_ event: PostureEvent) {
    guard event.time < period.upperBound else { return }
    board.apply(event)
    switch event.change {
    case .row(let row) where row.wing == .scanner: take(row, at: event.time)
    case .deadline(let row, let until): deadlines[row] = until
    case .exclusion(let row, let by, let reason):
      exclusions[row] = reason.map { LoopLine.Exclusion(row: row, by: by, reason: $0) }
    case .rating(let intake, let organisation, let rating): ratings[intake] = (organisation, rating, event.time)
    default: return
    }
  }

  private mutating func take(_ row: PostureEvent.Row, at time: Timestamp) {
    let isIn = time >= period.lowerBound
    var life = findings[row.id] ?? Life(row: row, isOpen: false)
    life.row = row
    if isIn, life.isOpen || row.isOpen { life.isFound = true }
    life.isVerified = isIn && row.isVerified
    life.isOpen = row.isOpen
    life.gone = row.isVerified ? life.gone ?? time : nil
    // Accepted, or no weakness after all: nobody's work.
    if !row.isOpen, !row.isVerified { life.isFound = false }
    findings[row.id] = life
  }

  /// The best score first; equal scores by closure rate, then by name; those never tested last, without a place
  /// among the others (`place` 0).
  package func table() -> [RankingLine] {
    var board = board
    var found: [String: (found: Int, verified: Int)] = [:]
    for life in findings.values where life.isFound || life.isOpen {
      guard let organisation = board.organisation(of: life.row) else { continue }
      found[organisation, default: (0, 0)].found += 1
      if life.isVerified { found[organisation, default: (0, 0)].verified += 1 }
    }
    var lines = board.organisations.map { id in
      RankingLine(
        place: 0, organisation: id, posture: board.posture(ofOrganisation: id), found: found[id]?.found ?? 0,
        verified: found[id]?.verified ?? 0)
    }.filter { $0.posture.sites > 0 || $0.posture.platforms != nil }
    lines.sort(by: Ranking.isBefore)
    for index in lines.indices where lines[index].posture.score != nil { lines[index].place = index + 1 }
    return Ranking.placed(lines, duties(&board))
  }

  // MARK: the three numbers

  private func duties(_ board: inout PostureBoard) -> [String: LoopLine] {
    var duties: [String: LoopLine] = [:]
    for (id, life) in findings.sorted(by: { $0.key < $1.key }) {
      guard let organisation = board.organisation(of: life.row) else { continue }
      if let exclusion = exclusions[id], !life.isOpen, !life.isVerified {
        duties[organisation, default: LoopLine()].excluded.append(exclusion)
      } else if let deadline = deadlines[id], isOwed(life, deadline) {
        duties[organisation, default: LoopLine()].owed += 1
        if let gone = life.gone, gone <= deadline { duties[organisation, default: LoopLine()].onTime += 1 }
      }
    }
    for (organisation, rating, at) in ratings.values where period.contains(at) {
      switch rating {
      case .noAnswer: duties[organisation, default: LoopLine()].unanswered += 1
      case .satisfied, .mostly:
        duties[organisation, default: LoopLine()].rated += 1
        duties[organisation, default: LoopLine()].satisfied += 1
      case .dissatisfied: duties[organisation, default: LoopLine()].rated += 1
      }
    }
    return duties
  }

  /// Closed in the period, or its time has run out in it.
  private func isOwed(_ life: Life, _ deadline: Timestamp) -> Bool {
    if let gone = life.gone { return period.contains(gone) }
    return life.isOpen && deadline < period.upperBound
  }

  /// By closure, closure in time, satisfaction; who has none of them has no place.
  private static func placed(_ lines: [RankingLine], _ duties: [String: LoopLine]) -> [RankingLine] {
    var lines = lines
    for index in lines.indices { lines[index].duty = duties[lines[index].organisation] ?? LoopLine() }
    func key(_ line: RankingLine) -> (Int, Int, Int) {
      (line.closureRate ?? -1, line.duty?.onTimeRate ?? -1, line.duty?.satisfaction ?? -1)
    }
    let order = lines.indices.filter { key(lines[$0]) != (-1, -1, -1) }.sorted { a, b in
      key(lines[a]) != key(lines[b]) ? key(lines[a]) > key(lines[b]) : lines[a].organisation < lines[b].organisation
    }
    for (place, index) in order.enumerated() { lines[index].duty?.place = place + 1 }
    return lines
  }

  private static func isBefore(_ a: RankingLine, _ b: RankingLine) -> Bool {
    if a.posture.score != b.posture.score { return (a.posture.score ?? -1) > (b.posture.score ?? -1) }
    if a.closureRate != b.closureRate { return (a.closureRate ?? 101) > (b.closureRate ?? 101) }
    return a.organisation < b.organisation
  }
}
