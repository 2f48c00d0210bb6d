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
  }

  package init(tree: IndicatorTree, period: Range<Timestamp>) {
    board = PostureBoard(tree: tree)
    self.period = period
  }

  /// In the log's order; lines after the period change nothing.
  package mutating func take(_ event: PostureEvent) {
    guard event.time < period.upperBound else { return }
    board.apply(event)
    guard case .row(let row) = event.change, row.wing == .scanner else { return }
    let isIn = event.time >= period.lowerBound
    var life = findings[row.id] ?? Life(row: row, isOpen: false)
    life.row = row
    if isIn, life.isOpen || row.isOpen { life.isFound = true }
    life.isVerified = isIn && row.isVerified
    life.isOpen = row.isOpen
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
    return lines
  }

  private static func isBefore(_ a: RankingLine, _ b: RankingLine) -> Bool {
    if a.posture.score != b.posture.score { return (a.posture.score ?? -1) > (b.posture.score ?? -1) }
    if a.closureRate != b.closureRate { return (a.closureRate ?? 101) > (b.closureRate ?? 101) }
    return a.organisation < b.organisation
  }
}
