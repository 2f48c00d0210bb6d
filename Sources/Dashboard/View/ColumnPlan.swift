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

  /// `heads`: the columns' names stand above them and want room too.
  init(_ columns: [Column], _ rows: [[Value.Cell]], columns room: Int, heads: Bool = true, _ look: Look) {
    let forms = columns.map(\.form)
    let natural = columns.indices.map { index in
      let head = heads ? look.columns(forms[index].label.text(look.language)) : 0
      return max(head, rows.map { look.columns($0[index].text) }.max() ?? 0)
    }
    let least = columns.indices.map { min(natural[$0], forms[$0].least ?? natural[$0]) }
    let gap = room < Frame.narrow ? 1 : 2
    let kept = ColumnPlan.kept(forms, least, gap, room)
    var spare = max(room - ColumnPlan.total(kept, least, gap), 0)
    var widths = least
    let rest = kept.first { forms[$0].takesRest }
    for index in kept where index != rest && natural[index] > least[index] {
      let more = min(natural[index] - least[index], rest == nil ? spare : spare / 2)
      widths[index] += more
      spare -= more
    }
    if let rest { widths[rest] += spare }
    var x = 0
    for index in kept {
      let width = min(widths[index], max(room - x, 0))
      slots.append(Slot(column: columns[index], index: index, x: x, width: width))
      x += width + gap
    }
  }

  /// Those of the highest rank go until the rest have their least.
  private static func kept(_ forms: [ColumnForm], _ least: [Int], _ gap: Int, _ room: Int) -> [Int] {
    var kept = Array(forms.indices)
    while total(kept, least, gap) > room,
      let last = kept.indices.max(by: { forms[kept[$0]].rank < forms[kept[$1]].rank }), forms[kept[last]].rank > 0
    {
      kept.remove(at: last)
    }
    return kept
  }

  private static func total(_ kept: [Int], _ least: [Int], _ gap: Int) -> Int {
    kept.reduce(0) { $0 + least[$1] } + gap * max(kept.count - 1, 0)
  }
}
