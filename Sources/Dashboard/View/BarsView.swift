import Records

/// Entries put together by what they have in common, each with its figure as a bar.
struct BarsView {
  let panel: PanelView

  private struct Group {
    var value: Value
    var figure: Double
    var place: Int
  }

  func draw(_ listing: Listing, _ canvas: inout Canvas) {
    let (area, look) = (panel.area, canvas.look)
    let groups = groups(listing)
    let shown = groups.prefix(area.rows)
    let labels = shown.map { label($0, look) }
    let figures = shown.map { Figures.plain($0.figure) }
    let width = figures.map(look.columns).max() ?? 0
    let named = min(labels.map { look.columns($0.text) }.max() ?? 0, max((area.columns - width - 2) * 3 / 5, 1))
    let full = self.full(groups)
    let room = area.columns - named - width - 2
    for (index, group) in shown.enumerated() {
      let (y, x) = (area.y + index, area.x + named + 1)
      canvas.put(labels[index].text, labels[index].role, x: area.x, y: y, columns: named)
      canvas.put(right: figures[index], .text, x: x, y: y, columns: width)
      let bar = Graph(look.capabilities).bar(group.figure, of: full, columns: room)
      canvas.put(bar, tint(group), x: x + width + 1, y: y, columns: room)
    }
    if groups.count > area.rows { panel.more(groups.count - area.rows, &canvas) }
  }

  private func groups(_ listing: Listing) -> [Group] {
    guard let by = panel.panel.by else { return [] }
    var result: [Group] = []
    var places: [String: Int] = [:]
    for entry in listing.entries {
      let value = entry.value(by)
      let figure = panel.panel.value.map { entry.value($0).figure ?? 0 } ?? 1
      if let place = places[value.groupKey] {
        result[place].figure += figure
      } else {
        places[value.groupKey] = result.count
        result.append(Group(value: value, figure: figure, place: result.count))
      }
    }
    // A definition's own order stays; severities stand by rank; all else by size.
    guard panel.panel.sort.isEmpty else { return result }
    return result.sorted { a, b in
      if case (.severity(let x), .severity(let y)) = (a.value, b.value) { return x > y }
      return a.figure != b.figure ? a.figure > b.figure : a.place < b.place
    }
  }

  private func label(_ group: Group, _ look: Look) -> Value.Cell {
    if case .severity(let severity) = group.value {
      return Value.Cell(severity.title.text(look.language), severity.role)
    }
    return group.value.cell(panel.model.now, look)
  }

  private func tint(_ group: Group) -> Role {
    if case .severity(let severity) = group.value { return severity == .critical ? .error : severity.role }
    return panel.role(group.figure, usual: .low)
  }

  private func full(_ groups: [Group]) -> Double {
    if case .number(let number)? = panel.panel.full { return number }
    return groups.map(\.figure).max() ?? 0
  }
}
