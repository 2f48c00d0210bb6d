import ControlAPI
import Documents
import Records

/// Columns, orders, figures and levels of a panel.
extension DefinitionReader {
  mutating func columns(_ value: DocumentValue?, _ kind: Panel.Kind, _ source: Source) -> [Column] {
    let known = kind == .histogram ? source.figures : source.columns
    guard let value else {
      switch kind {
      case .table: return source.usual
      case .histogram: return source.name == "hours" ? [.critical, .high, .medium, .low, .info] : []
      default: return []
      }
    }
    var result: [Column] = []
    for item in noting({ () throws(DocumentError) in try value.list() }) ?? [] {
      column(item, among: known, of: source).map { result.append($0) }
    }
    return result
  }

  private mutating func column(_ value: DocumentValue, among known: [Column], of source: Source) -> Column? {
    guard let name = noting({ () throws(DocumentError) in try value.string() }) else { return nil }
    if let column = Column(word: name), known.contains(column) { return column }
    let names = known.map(\.rawValue)
    let hint = names.isEmpty ? "it has none that can stand here" : "it has \(names.joined(separator: ", "))"
    refuse(
      value, "\(source.name) has no column \"\(name)\" here",
      DocumentError.suggestion(for: name, among: names) ?? hint)
    return nil
  }

  /// Columns, a leading `-` for the largest first.
  mutating func sort(_ value: DocumentValue, _ source: Source) -> [SortWord] {
    guard let names = noting({ () throws(DocumentError) in try value.strings() }) else { return [] }
    var result: [SortWord] = []
    for name in names {
      let bare = name.hasPrefix("-") ? String(name.dropFirst()) : name
      if let column = Column(word: bare), source.sorts.contains(column) {
        result.append(SortWord(column: column, isDescending: name.hasPrefix("-")))
      } else {
        let known = source.sorts.map(\.rawValue)
        refuse(
          value, "cannot sort by \"\(bare)\"",
          DocumentError.suggestion(for: bare, among: known) ?? "by \(known.joined(separator: ", "))")
      }
    }
    return result
  }

  mutating func figures(_ value: DocumentValue, _ source: Source, _ panel: inout Panel) {
    panel.by = value["by"].flatMap { column($0, among: source.columns, of: source) }
    panel.value = value["value"].flatMap { column($0, among: source.figures, of: source) }
    panel.time = value["time"].flatMap { column($0, among: source.moments, of: source) }
    panel.full = value["of"].flatMap { measure($0, source) }
    switch panel.kind {
    case .sparkline, .gauge:
      if value["value"] == nil { wanting("value", value, source.figures) }
    case .bars:
      if value["by"] == nil { wanting("by", value, source.columns) }
    case .histogram where panel.time == nil && value["time"] == nil:
      panel.time = source.moments.first
    default: break
    }
    if panel.kind == .gauge, value["of"] == nil { panel.full = .number(100) }
  }

  private mutating func wanting(_ key: String, _ value: DocumentValue, _ columns: [Column]) {
    note([
      DocumentError(
        .missingKey, value.position, "the key \"\(key)\" is missing",
        hint: "one of \(columns.map(\.rawValue).joined(separator: ", "))")
    ])
  }

  private mutating func measure(_ value: DocumentValue, _ source: Source) -> Panel.Measure? {
    if let number = try? value.double() {
      if number > 0 { return .number(number) }
      refuse(value, "\(Figures.plain(number)) is nothing that could be full", "a number over 0, or a column")
      return nil
    }
    return column(value, among: source.figures, of: source).map { .column($0) }
  }

  /// Names of roles that a level may have.
  static let levelRoles: [Role] = [.good, .warning, .error, .critical, .high, .medium, .low, .info]

  mutating func levels(_ value: DocumentValue) -> [Panel.Level] {
    let names = DefinitionReader.levelRoles.map(\.rawValue)
    var result: [Panel.Level] = []
    for item in noting({ () throws(DocumentError) in try value.list() }) ?? [] {
      note(item.unknownKeys(besides: DefinitionReader.levelKeys))
      let from = noting { () throws(DocumentError) in try item.required("from").double() }
      guard let named = noting({ () throws(DocumentError) in try item.required("as") }) else { continue }
      let name = noting { () throws(DocumentError) in try named.string() } ?? ""
      guard names.contains(name), let role = Role(rawValue: name) else {
        refuse(named, "\"\(name)\" is no level", DocumentError.suggestion(for: name, among: names))
        continue
      }
      from.map { result.append(Panel.Level(from: $0, role: role)) }
    }
    return result.sorted { $0.from < $1.from }
  }
}

extension Source {
  /// Columns that have a size.
  var figures: [Column] { columns.filter { $0.form.query == .number } }
  /// Columns that say when.
  var moments: [Column] { columns.filter { $0.form.query == .time } }
}
