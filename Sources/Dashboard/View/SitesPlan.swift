import Records

/// What the map draws of a site.
struct SiteMark: Sendable, Equatable {
  var organisation: String
  /// Of its open rows.
  var worst: Severity?
  var isTested: Bool

  init(_ entry: any Listed) {
    organisation = entry.value(.organisation).groupKey
    if case .severity(let severity) = entry.value(.severity) { worst = severity }
    isTested = entry.value(.score) != .none
  }

  var letter: String { worst?.letter ?? (isTested ? "." : "?") }
  var role: Role { worst?.role ?? (isTested ? .good : .dim) }
  /// The worst first; what nobody tested before what is known to be well.
  fileprivate var urgency: Int { worst.map { $0.rank + 2 } ?? (isTested ? 0 : 1) }

  /// By organisation, the one with the worst and the most of it first; within it the worst first.
  static func ordered(_ entries: [any Listed]) -> ([any Listed], [SiteMark]) {
    let all = entries.map { (entry: $0, mark: SiteMark($0), score: $0.value(.score).figure ?? 101, key: $0.key) }
    let groups = Dictionary(grouping: all, by: \.mark.organisation).map { name, members in
      let worst = members.map(\.mark.urgency).max() ?? 0
      return (name: name, worst: worst, count: members.count { $0.mark.urgency == worst }, members: members)
    }
    let sorted = groups.sorted { a, b in
      a.worst != b.worst ? a.worst > b.worst : a.count != b.count ? a.count > b.count : a.name < b.name
    }.flatMap { group in
      group.members.sorted { a, b in
        let (x, y) = (a.mark.urgency, b.mark.urgency)
        return x != y ? x > y : a.score != b.score ? a.score < b.score : a.key < b.key
      }
    }
    return (sorted.map(\.entry), sorted.map(\.mark))
  }
}

/// Where each site stands on the map: one cell a site, a line of its own for each organisation where there is room.
struct SitesPlan {
  struct Row: Equatable {
    /// Nil: the map has no labels.
    var label: String?
    /// Places in the list of sites.
    var cells: Range<Int>
  }
  private(set) var rows: [Row]

  static let labelColumns = 16
  /// The line of figures above the map.
  static let summaryRows = 1

  init(_ sites: [SiteMark], _ area: Area) {
    let room = area.rows - SitesPlan.summaryRows
    let labelled = SitesPlan.rows(sites, columns: area.columns, labels: true)
    rows = labelled.count <= room ? labelled : SitesPlan.rows(sites, columns: area.columns, labels: false)
  }

  /// The place of the site so many lines below, in the same column as far as the line has it.
  func step(from place: Int, lines: Int) -> Int {
    guard let row = rows.firstIndex(where: { $0.cells.contains(place) }) else { return place }
    let (sum, isOver) = row.addingReportingOverflow(lines)
    let wanted = rows[min(max(isOver ? row : sum, 0), rows.count - 1)].cells
    return min(wanted.lowerBound + place - rows[row].cells.lowerBound, wanted.upperBound - 1)
  }

  private static func rows(_ sites: [SiteMark], columns: Int, labels: Bool) -> [Row] {
    let width = max(columns - (labels ? labelColumns : 0), 1)
    var result: [Row] = []
    var start = 0
    while start < sites.count {
      var end = start + 1
      while end < sites.count, !labels || sites[end].organisation == sites[start].organisation { end += 1 }
      for first in stride(from: start, to: end, by: width) {
        let name = sites[start].organisation
        let label = first == start ? (name.isEmpty ? "-" : name) : ""
        result.append(Row(label: labels ? label : nil, cells: first..<min(first + width, end)))
      }
      start = end
    }
    return result
  }
}
