import ControlAPI
import Documents
import Records

/// A YAML file into a `Definition`, or into every mistake in it. An unknown key is a mistake.
struct DefinitionReader {
  private(set) var problems: [DocumentError] = []
  private var variables: [String: String] = [:]

  static func read(path: String) -> (definition: Definition?, problems: [DocumentError]) {
    do {
      return read(try DocumentFile.value(path: path), file: path)
    } catch {
      return (nil, [error])
    }
  }

  static func read(text: String, file: String) -> (definition: Definition?, problems: [DocumentError]) {
    do {
      return read(try YAMLDocument.parse(text, file: file), file: file)
    } catch {
      return (nil, [error])
    }
  }

  private static func read(
    _ document: DocumentValue, file: String
  ) -> (definition: Definition?, problems: [DocumentError]) {
    var reader = DefinitionReader()
    let definition = reader.definition(document, file)
    return (reader.problems.isEmpty ? definition : nil, reader.problems.sorted { $0.position < $1.position })
  }

  /// The value, or nil with the mistake noted.
  private mutating func noting<T>(_ body: () throws(DocumentError) -> T) -> T? {
    do {
      return try body()
    } catch {
      problems.append(error)
      return nil
    }
  }

  private mutating func refuse(_ value: DocumentValue, _ message: String, _ hint: String? = nil) {
    problems.append(DocumentError(.badValue, value.position, message, hint: hint))
  }

  private mutating func definition(_ document: DocumentValue, _ file: String) -> Definition? {
    problems += document.unknownKeys(
      besides: ["dashboard", "id", "title", "refresh", "variables", "layouts", "panels"])
    _ = noting { () throws(DocumentError) in try document.required("dashboard").int(in: 1...1) }
    let id = noting { () throws(DocumentError) in try document.required("id").string() }
    let title = noting { () throws(DocumentError) in try document.required("title") }.flatMap { bilingual($0) }
    variables = self.variables(document)
    let panels = noting { () throws(DocumentError) in try document.required("panels").map() } ?? []
    let read = panels.compactMap { panel($0) }
    let names = panels.map(\.key)
    let layouts = noting { () throws(DocumentError) in try document.required("layouts").list() } ?? []
    let laidOut = layouts.compactMap { layout($0, names) }
    unused(panels, laidOut)
    var refresh = 3.0
    if let value = document["refresh"], let seconds = noting({ () throws(DocumentError) in try value.seconds() }) {
      if (1...3600).contains(seconds) { refresh = seconds } else { refuse(value, "refresh is outside 1s to 1h") }
    }
    guard let id, let title else { return nil }
    return Definition(
      id: id, title: title, refreshSeconds: refresh, variables: variables, layouts: laidOut, panels: read, file: file)
  }

  /// A panel that no layout names would never be seen.
  private mutating func unused(_ panels: [DocumentValue.Entry], _ layouts: [Layout]) {
    let used = Set(layouts.flatMap(\.panelNames))
    for panel in panels where !layouts.isEmpty && !used.contains(panel.key) {
      problems.append(
        DocumentError(
          .badValue, panel.keyPosition, "no layout names the panel \"\(panel.key)\"", hint: "name it or remove it"))
    }
  }

  private mutating func variables(_ document: DocumentValue) -> [String: String] {
    guard let value = document["variables"], let entries = noting({ () throws(DocumentError) in try value.map() })
    else { return [:] }
    var result: [String: String] = [:]
    for entry in entries {
      result[entry.key] = noting { () throws(DocumentError) in try entry.value.string() }
    }
    return result
  }

  private mutating func bilingual(_ value: DocumentValue) -> BilingualText? {
    if case .scalar(let text, plain: _) = value.content { return BilingualText(text) }
    problems += value.unknownKeys(besides: ["en", "zh"])
    guard let en = noting({ () throws(DocumentError) in try value.required("en").string() }) else { return nil }
    guard let zh = value["zh"] else { return BilingualText(en) }
    return noting { () throws(DocumentError) in BilingualText(en: en, zh: try zh.string()) }
  }

  // MARK: layouts

  private mutating func layout(_ value: DocumentValue, _ names: [String]) -> Layout? {
    problems += value.unknownKeys(besides: ["minimumColumns", "minimumRows", "rows", "stack", "weights"])
    var layout = Layout(form: .stack([]))
    if let least = value["minimumColumns"] {
      layout.minimumColumns = noting { () throws(DocumentError) in try least.int(in: 0...1000) } ?? 0
    }
    if let least = value["minimumRows"] {
      layout.minimumRows = noting { () throws(DocumentError) in try least.int(in: 0...1000) } ?? 0
    }
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

  private mutating func rows(_ value: DocumentValue, _ weights: DocumentValue?, _ names: [String]) -> Layout.Form? {
    guard let list = noting({ () throws(DocumentError) in try value.list() }), !list.isEmpty else { return nil }
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
    return result
  }

  // MARK: panels

  private mutating func panel(_ entry: DocumentValue.Entry) -> Panel? {
    let value = entry.value
    problems += value.unknownKeys(
      besides: ["kind", "source", "title", "query", "group", "columns", "sort", "empty", "levels"])
    guard let kind = self.kind(value), let source = self.source(value, kind) else { return nil }
    var panel = Panel(name: entry.key, kind: kind, source: source)
    panel.title = value["title"].flatMap { bilingual($0) }
    panel.empty = value["empty"].flatMap { bilingual($0) }
    value["query"].map { panel.query = query($0, source) }
    value["group"].map { group($0) }
    panel.columns = columns(value["columns"], kind, source)
    value["sort"].map { panel.sort = sort($0, source) }
    value["levels"].map { panel.levels = levels($0) }
    return panel
  }

  private mutating func kind(_ value: DocumentValue) -> Panel.Kind? {
    guard let kind = noting({ () throws(DocumentError) in try value.required("kind") }) else { return nil }
    if let name = try? kind.string(), Panel.kindsToCome.contains(name) {
      refuse(kind, "panels of the kind \"\(name)\" are not built yet", "use table or state")
      return nil
    }
    return noting { () throws(DocumentError) in try kind.choice(Panel.Kind.self) }
  }

  private mutating func source(_ value: DocumentValue, _ kind: Panel.Kind) -> Panel.Source? {
    let allowed = Panel.Source.allowed(for: kind)
    guard let written = value["source"] else {
      if allowed.count == 1 { return allowed[0] }
      problems.append(
        DocumentError(
          .missingKey, value.position, "the key \"source\" is missing",
          hint: "a \(kind.rawValue) shows \(allowed.map(\.rawValue).joined(separator: ", "))"))
      return nil
    }
    guard let source = noting({ () throws(DocumentError) in try written.choice(Panel.Source.self) }) else { return nil }
    if allowed.contains(source) { return source }
    refuse(
      written, "a \(kind.rawValue) cannot show \(source.rawValue)",
      "it shows \(allowed.map(\.rawValue).joined(separator: ", "))")
    return nil
  }
}

// MARK: - What a panel asks for

extension DefinitionReader {
  private mutating func query(_ value: DocumentValue, _ source: Panel.Source) -> String {
    guard source == .alerts || source == .findings else {
      refuse(value, "only alerts and findings are asked by a query", "remove query")
      return ""
    }
    guard let text = noting({ () throws(DocumentError) in try value.string() }) else { return "" }
    var filled = text
    for (name, replacement) in variables.sorted(by: { $0.key.count > $1.key.count }) {
      filled.replace("$" + name, with: replacement)
    }
    if let dollar = filled.firstIndex(of: "$") {
      let name = filled[filled.index(after: dollar)...].prefix { $0.isLetter || $0.isNumber }
      refuse(value, "the query names $\(name), which is no variable", "add it to variables")
      return ""
    }
    do {
      _ = try Filter(filled, .queue)
    } catch {
      refuse(value, "in the query, at character \(error.column): \(error.sentence)", error.hint)
    }
    return source == .findings ? "wing:scanner" + (filled.isEmpty ? "" : " (\(filled))") : filled
  }

  /// The hub folds rows by rule and site already; other groups are still to come.
  private mutating func group(_ value: DocumentValue) {
    guard let names = noting({ () throws(DocumentError) in try value.strings() }) else { return }
    if Set(names) != ["rule", "site"] {
      refuse(
        value, "rows are grouped by rule and site, not by \(names.joined(separator: " and "))", "write [rule, site]")
    }
  }

  private mutating func columns(_ value: DocumentValue?, _ kind: Panel.Kind, _ source: Panel.Source) -> [Column] {
    let known = Column.known(for: source)
    guard kind == .table else {
      value.map { refuse($0, "a \(kind.rawValue) has no columns", "remove columns") }
      return []
    }
    guard let value else { return known.filter { ![.id, .state, .organisation, .first].contains($0) } }
    var result: [Column] = []
    for item in noting({ () throws(DocumentError) in try value.list() }) ?? [] {
      guard let name = noting({ () throws(DocumentError) in try item.string() }) else { continue }
      if let column = Column(rawValue: name), known.contains(column) {
        result.append(column)
      } else {
        refuse(
          item, "\(source.rawValue) have no column \"\(name)\"",
          DocumentError.suggestion(for: name, among: known.map(\.rawValue)))
      }
    }
    return result
  }

  /// The hub's columns, a leading `-` for the largest first.
  private mutating func sort(_ value: DocumentValue, _ source: Panel.Source) -> [String] {
    let known = ["severity", "outcome", "due", "site", "rule", "count", "last", "first", "who", "state", "id"]
    guard let names = noting({ () throws(DocumentError) in try value.strings() }) else { return [] }
    for name in names {
      let bare = name.hasPrefix("-") ? String(name.dropFirst()) : name
      if !known.contains(bare) {
        refuse(value, "cannot sort by \"\(bare)\"", DocumentError.suggestion(for: bare, among: known))
      }
    }
    return names
  }

  private mutating func levels(_ value: DocumentValue) -> [Panel.Level] {
    let roles = ["good", "warning", "error", "critical", "high", "medium", "low", "info"]
    var result: [Panel.Level] = []
    for item in noting({ () throws(DocumentError) in try value.list() }) ?? [] {
      problems += item.unknownKeys(besides: ["from", "as"])
      let from = noting { () throws(DocumentError) in try item.required("from").double() }
      guard let named = noting({ () throws(DocumentError) in try item.required("as") }) else { continue }
      let name = noting { () throws(DocumentError) in try named.string() } ?? ""
      guard roles.contains(name), let role = Role(rawValue: name) else {
        refuse(named, "\"\(name)\" is no level", DocumentError.suggestion(for: name, among: roles))
        continue
      }
      from.map { result.append(Panel.Level(from: $0, role: role)) }
    }
    return result.sorted { $0.from < $1.from }
  }
}
