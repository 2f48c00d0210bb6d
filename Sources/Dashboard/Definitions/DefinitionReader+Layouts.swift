import Documents

extension DefinitionReader {
  mutating func layout(_ value: DocumentValue, _ names: [String]) -> Layout? {
    note(value.unknownKeys(besides: DefinitionReader.layoutKeys))
    var layout = Layout(form: .stack([]))
    layout.minimumColumns = value["minimumColumns"].flatMap { least($0) } ?? 0
    layout.minimumRows = value["minimumRows"].flatMap { least($0) } ?? 0
    switch (value["rows"], value["stack"]) {
    case (let rows?, nil):
      guard let form = self.rows(rows, value["weights"], names) else { return nil }
      layout.form = form
    case (nil, let stack?):
      value["weights"].map { refuse($0, "weights are of rows, not of a stack", "remove weights") }
      layout.form = .stack(panelNames(stack, names))
    default:
      refuse(value, "a layout has either rows or a stack", "add rows: [[...]] or stack: [...]")
      return nil
    }
    return layout
  }

  private mutating func least(_ value: DocumentValue) -> Int? {
    noting { () throws(DocumentError) in try value.int(in: 0...1000) }
  }

  private mutating func rows(_ value: DocumentValue, _ weights: DocumentValue?, _ names: [String]) -> Layout.Form? {
    guard let list = noting({ () throws(DocumentError) in try value.list() }) else { return nil }
    guard (1...Layout.mostRows).contains(list.count) else {
      refuse(value, "a layout has 1 to \(Layout.mostRows) rows, not \(list.count)")
      return nil
    }
    let rows = list.map { panelNames($0, names) }
    guard let weights else { return .rows(rows, weights: rows.map { _ in 1 }) }
    guard let shares = noting({ () throws(DocumentError) in try weights.list() }) else { return nil }
    let numbers = shares.compactMap { share in noting { () throws(DocumentError) in try share.int(in: 1...1000) } }
    if numbers.count == shares.count, numbers.count != rows.count {
      refuse(weights, "\(numbers.count) weights for \(rows.count) rows", "give one weight a row")
    }
    return numbers.count == rows.count ? .rows(rows, weights: numbers) : nil
  }

  private mutating func panelNames(_ value: DocumentValue, _ names: [String]) -> [String] {
    guard let list = noting({ () throws(DocumentError) in try value.list() }) else { return [] }
    var result: [String] = []
    for item in list {
      guard let name = noting({ () throws(DocumentError) in try item.string() }) else { continue }
      if names.contains(name) {
        result.append(name)
      } else {
        refuse(
          item, "no panel is called \"\(name)\"",
          DocumentError.suggestion(for: name, among: names) ?? "add it to panels")
      }
    }
    if list.isEmpty { refuse(value, "no panel is named here", "name one of the panels") }
    if list.count > Layout.mostShares { refuse(value, "\(list.count) names are more than \(Layout.mostShares)") }
    return result
  }
}
