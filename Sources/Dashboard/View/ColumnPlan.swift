/// Which columns of a table have room, where, and how wide.
struct ColumnPlan {
  struct Slot: Equatable {
    var column: Column
    /// Its place in the definition's list.
    var index: Int
    var x: Int
    var width: Int
  }
  private(set) var slots: [Slot] = []

  init(_ columns: [Column], _ rows: [[TableView.Cell]], columns room: Int, _ look: Look) {
    let natural = columns.indices.map { index in
      max(look.columns(columns[index].label.text(look.language)), rows.map { look.columns($0[index].text) }.max() ?? 0)
    }
    let gap = room < Frame.narrow ? 1 : 2
    var kept = Array(columns.indices)
    func least(_ index: Int) -> Int { min(natural[index], columns[index].least ?? natural[index]) }
    func total(_ kept: [Int]) -> Int { kept.reduce(0) { $0 + least($1) } + gap * max(kept.count - 1, 0) }
    while total(kept) > room, let last = kept.indices.max(by: { columns[kept[$0]].rank < columns[kept[$1]].rank }),
      columns[kept[last]].rank > 0
    {
      kept.remove(at: last)
    }
    var spare = max(room - total(kept), 0)
    var widths = Dictionary(uniqueKeysWithValues: kept.map { ($0, least($0)) })
    for index in kept where columns[index].least != nil && columns[index] != .rule {
      let more = min(natural[index] - least(index), spare / 2)
      widths[index, default: 0] += more
      spare -= more
    }
    // The rule takes what is left, so that figures stand at the right edge.
    if let rule = kept.first(where: { columns[$0] == .rule }) { widths[rule, default: 0] += spare }
    var x = 0
    for index in kept {
      let width = min(widths[index] ?? 0, max(room - x, 0))
      slots.append(Slot(column: columns[index], index: index, x: x, width: width))
      x += width + gap
    }
  }
}

extension Column {
  /// Nil: it is never cut. Else it may shrink to this.
  var least: Int? {
    switch self {
    case .rule, .reason: 16
    case .site, .organisation, .sensor, .interface: 10
    case .who: 6
    default: nil
    }
  }

  /// The higher, the sooner it goes; 0 stays.
  var rank: Int {
    switch self {
    case .severity, .rule, .sensor: 0
    case .site: 1
    case .due, .state: 2
    case .score, .reason: 3
    case .result: 4
    case .last, .dropped, .alerts: 5
    case .count, .rate, .findings: 6
    case .who, .worst: 7
    case .id, .organisation, .first, .interface, .rules: 8
    }
  }

  var isRight: Bool {
    switch self {
    case .id, .due, .count, .score, .alerts, .findings, .dropped, .rules, .rate: true
    default: false
    }
  }

  var label: Label {
    switch self {
    case .id: .columnID
    case .severity: .columnSeverity
    case .state: .columnState
    case .result: .columnResult
    case .due: .columnDue
    case .site: .columnSite
    case .organisation: .columnOrganisation
    case .rule: .columnRule
    case .count: .columnCount
    case .first: .columnFirst
    case .last: .columnLast
    case .who: .columnWho
    case .score: .columnScore
    case .worst: .columnWorst
    case .alerts: .columnAlerts
    case .findings: .columnFindings
    case .sensor: .columnSensor
    case .interface: .columnInterface
    case .rate: .columnRate
    case .dropped: .columnDropped
    case .rules: .columnRules
    case .reason: .columnReason
    }
  }
}
