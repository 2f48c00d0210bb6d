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

/// Where each site stands on the map: one cell a site. Organisations have a line of their own where there is room; else
/// they follow one another with a gap between, else without.
struct SitesPlan {
  struct Row: Equatable {
    /// Nil: the map has no labels.
    var label: String?
    /// Places in the list of sites, nil a gap.
    var cells: [Int?]
  }
  let rows: [Row]

  static let labelColumns = 16
  /// The line of figures above the map.
  static let summaryRows = 1

  init(_ sites: [SiteMark], _ area: Area) {
    let (room, columns) = (area.rows - SitesPlan.summaryRows, max(area.columns, 1))
    let labelled = SitesPlan.labelled(sites, columns: columns - SitesPlan.labelColumns)
    if labelled.count <= room {
      rows = labelled
      return
    }
    let spaced = SitesPlan.flowing(sites, columns: columns, spaced: true)
    rows = spaced.count <= room ? spaced : SitesPlan.flowing(sites, columns: columns, spaced: false)
  }

  /// Where the site stands.
  func find(_ place: Int) -> (row: Int, column: Int)? {
    for (row, line) in rows.enumerated() {
      if let column = line.cells.firstIndex(of: place) { return (row, column) }
    }
    return nil
  }

  /// The place of the site so many lines below, in the same column as far as the line has it.
  func step(from place: Int, lines: Int) -> Int {
    guard let (row, column) = find(place) else { return place }
    let (sum, isOver) = row.addingReportingOverflow(lines)
    let cells = rows[min(max(isOver ? row : sum, 0), rows.count - 1)].cells
    return cells.prefix(column + 1).last { $0 != nil }.flatMap(\.self) ?? cells.lazy.compactMap(\.self).first ?? place
  }

  private static func labelled(_ sites: [SiteMark], columns: Int) -> [Row] {
    let width = max(columns, 1)
    var result: [Row] = []
    var start = 0
    while start < sites.count {
      var end = start + 1
      while end < sites.count, sites[end].organisation == sites[start].organisation { end += 1 }
      for first in stride(from: start, to: end, by: width) {
        let name = sites[start].organisation
        result.append(
          Row(
            label: first == start ? (name.isEmpty ? "-" : name) : "", cells: Array(first..<min(first + width, end))))
      }
      start = end
    }
    return result
  }

  private static func flowing(_ sites: [SiteMark], columns: Int, spaced: Bool) -> [Row] {
    var result: [Row] = []
    var line: [Int?] = []
    for place in sites.indices {
      let isNext = place > 0 && sites[place].organisation != sites[place - 1].organisation
      if spaced, isNext, !line.isEmpty { line.append(nil) }
      if line.count >= columns {
        result.append(Row(cells: line))
        line = []
      }
      line.append(place)
    }
    return line.isEmpty ? result : result + [Row(cells: line)]
  }
}
