import ControlAPI
import Documents
import Records

extension DefinitionReader {
  mutating func panel(_ entry: DocumentValue.Entry, among names: [String]) -> Panel? {
    let value = entry.value
    note(value.unknownKeys(besides: Panel.Kind.everyKey))
    guard let written = noting({ () throws(DocumentError) in try value.required("kind") }),
      let kind = noting({ () throws(DocumentError) in try written.choice(Panel.Kind.self) })
    else { return nil }
    strangers(value, kind)
    guard let sources = self.sources(value, kind), let first = sources.first else { return nil }
    var panel = Panel(name: entry.key, kind: kind, parts: parts(value["query"], sources, kind))
    panel.title = value["title"].flatMap { bilingual($0) }
    panel.empty = value["empty"].flatMap { bilingual($0) }
    panel.refreshSeconds = value["refresh"].flatMap { seconds($0) }
    value["limit"].map { panel.limit = limit($0) }
    value["window"].map { panel.window = window($0) }
    value["scope"].map { panel.scope = scope($0) }
    value["group"].map { panel.group = group($0, first) }
    value["levels"].map { panel.levels = levels($0) }
    value["sort"].map { panel.sort = sort($0, first) }
    follow(value, names, &panel)
    panel.columns = columns(value["columns"], kind, first)
    figures(value, first, &panel)
    return panel
  }

  /// Keys that panels have, but not of this kind.
  private mutating func strangers(_ value: DocumentValue, _ kind: Panel.Kind) {
    let known = Panel.Kind.commonKeys + kind.keys
    for entry in value.entries where Panel.Kind.everyKey.contains(entry.key) && !known.contains(entry.key) {
      note([
        DocumentError(
          .unknownKey, entry.keyPosition, "a panel of the kind \(kind.rawValue) has no \(entry.key)",
          hint: "remove \(entry.key)")
      ])
    }
  }

  // MARK: sources

  private mutating func sources(_ value: DocumentValue, _ kind: Panel.Kind) -> [Source]? {
    let allowed = kind.sources
    guard let written = value["source"] else {
      if allowed.count == 1 { return allowed }
      note([
        DocumentError(
          .missingKey, value.position, "the key \"source\" is missing",
          hint: "a panel of the kind \(kind.rawValue) shows \(DefinitionReader.shown(allowed))")
      ])
      return nil
    }
    guard case .list(let items) = written.content, kind == .clocks else {
      return source(written, kind).map { [$0] }
    }
    let found = items.map { source($0, kind) }
    if items.isEmpty { refuse(written, "no source is named here", DefinitionReader.shown(allowed)) }
    return found.contains { $0 == nil } ? nil : found.compactMap { $0 }
  }

  private static func shown(_ sources: [Source]) -> String { sources.map(\.name).joined(separator: ", ") }

  private mutating func source(_ value: DocumentValue, _ kind: Panel.Kind) -> Source? {
    guard let name = noting({ () throws(DocumentError) in try value.string() }) else { return nil }
    guard let source = Source.named(name) else {
      let known = Source.all.map(\.name) + Source.aliases.keys
      refuse(
        value, "no source is called \"\(name)\"",
        DocumentError.suggestion(for: name, among: known) ?? "the sources are \(known.joined(separator: ", "))")
      return nil
    }
    if kind.shows(source) { return source }
    refuse(
      value, "a panel of the kind \(kind.rawValue) cannot show \(source.name)",
      "it shows \(DefinitionReader.shown(kind.sources))")
    return nil
  }

  // MARK: queries

  private mutating func parts(_ value: DocumentValue?, _ sources: [Source], _ kind: Panel.Kind) -> [Panel.Part] {
    guard let value else { return sources.map { Panel.Part(source: $0) } }
    guard case .map(let entries) = value.content, kind == .clocks else {
      if sources.count > 1 {
        refuse(value, "each source has a query of its own", "write {\(sources[0].name): \"...\"}")
      }
      return sources.map { Panel.Part(source: $0, query: query(value, $0, kind)) }
    }
    let names = sources.map(\.name)
    for entry in entries where !names.contains(Source.named(entry.key)?.name ?? "") {
      note([
        DocumentError(
          .unknownKey, entry.keyPosition, "\"\(entry.key)\" is no source of this panel",
          hint: DocumentError.suggestion(for: entry.key, among: names))
      ])
    }
    return sources.map { source in
      let written = entries.first { Source.named($0.key) == source }?.value
      return Panel.Part(source: source, query: written.map { query($0, source, kind) } ?? Template(""))
    }
  }

  private mutating func query(_ value: DocumentValue, _ source: Source, _ kind: Panel.Kind) -> Template {
    guard let template = template(value) else { return Template("") }
    guard kind != .roster, kind != .state, kind != .tree else {
      refuse(value, "a panel of the kind \(kind.rawValue) shows all of its source", "remove query")
      return Template("")
    }
    let filled = template.filled(variables)
    do {
      _ = try Filter(filled, source.schema)
    } catch {
      let shown = template.names.isEmpty ? "in the query" : "in the query \"\(filled)\""
      refuse(value, "\(shown), at character \(error.column): \(error.sentence)", error.hint)
    }
    return template
  }

  /// A text whose every `$name` is a variable.
  private mutating func template(_ value: DocumentValue) -> Template? {
    guard let text = noting({ () throws(DocumentError) in try value.string() }) else { return nil }
    let template = Template(text)
    guard let missing = template.names.first(where: { variables[$0] == nil }) else { return template }
    refuse(
      value, "$\(missing) is no variable",
      DocumentError.suggestion(for: missing, among: variables.keys.sorted()) ?? "add it to variables")
    return nil
  }

  private mutating func window(_ value: DocumentValue) -> Template {
    guard let template = template(value) else { return Template("") }
    let filled = template.filled(variables)
    if let seconds = Quantity.seconds(filled), Panel.windows.contains(seconds) { return template }
    refuse(value, "\"\(filled)\" is no time from 1h to 400d", "for example 24h")
    return Template("")
  }

  private mutating func scope(_ value: DocumentValue) -> Template {
    guard let template = template(value) else { return Template("") }
    let filled = template.filled(variables)
    if Panel.isScope(filled) { return template }
    refuse(value, "\"\(filled)\" is no scope", "city, organisation/ID or site/ID")
    return Template("")
  }

  // MARK: what a list is asked

  private mutating func limit(_ value: DocumentValue) -> Int {
    noting { () throws(DocumentError) in try value.int(in: 1...ListRequest.longestPage) } ?? Asked.rows
  }

  /// Rows of the queue are folded by rule and site already; `groups` counts them by one thing.
  private mutating func group(_ value: DocumentValue, _ source: Source) -> GroupRequest.By {
    let usual = GroupRequest.By.rule
    if source.name == "groups" {
      return noting { () throws(DocumentError) in try value.choice(GroupRequest.By.self) } ?? usual
    }
    guard source.name == "queue" else {
      refuse(value, "\(source.name) are not grouped", "remove group")
      return usual
    }
    guard let names = noting({ () throws(DocumentError) in try value.strings() }) else { return usual }
    if names != ["rule", "site"] {
      refuse(
        value, "rows are grouped by rule and site, not by \(names.joined(separator: ", "))",
        "write [rule, site], or show the source groups")
    }
    return usual
  }

  private mutating func follow(_ value: DocumentValue, _ names: [String], _ panel: inout Panel) {
    let list = panel.source.flatMap { Source.followed[$0.name] }
    guard let written = value["follow"] else {
      if let list {
        note([
          DocumentError(
            .missingKey, value.position, "the key \"follow\" is missing", hint: "name the panel that lists \(list)")
        ])
      }
      return
    }
    guard list != nil else {
      let names = Source.followed.keys.sorted().joined(separator: " and ")
      return refuse(written, "only \(names) follow another panel", "remove follow")
    }
    guard let name = noting({ () throws(DocumentError) in try written.string() }) else { return }
    guard names.contains(name), name != panel.name else {
      return refuse(
        written, "no other panel is called \"\(name)\"", DocumentError.suggestion(for: name, among: names))
    }
    panel.follow = name
  }
}
