import Documents
import Records

/// A YAML file into a `Definition`, or into every mistake in it. An unknown key is a mistake.
struct DefinitionReader {
  private(set) var problems: [DocumentError] = []
  private(set) var variables: [String: String] = [:]

  /// Keys of a definition, of a layout, of a level.
  static let keys = ["dashboard", "id", "title", "refresh", "variables", "layouts", "panels"]
  static let layoutKeys = ["minimumColumns", "minimumRows", "rows", "weights", "stack"]
  static let levelKeys = ["from", "as"]
  /// Seconds between questions.
  static let refreshes = 1.0...3600.0

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
  mutating func noting<T>(_ body: () throws(DocumentError) -> T) -> T? {
    do {
      return try body()
    } catch {
      problems.append(error)
      return nil
    }
  }

  mutating func note(_ mistakes: [DocumentError]) { problems += mistakes }

  mutating func refuse(_ value: DocumentValue, _ message: String, _ hint: String? = nil) {
    problems.append(DocumentError(.badValue, value.position, message, hint: hint))
  }

  private mutating func definition(_ document: DocumentValue, _ file: String) -> Definition? {
    note(document.unknownKeys(besides: DefinitionReader.keys))
    _ = noting { () throws(DocumentError) in try document.required("dashboard").int(in: 1...1) }
    let id = noting { () throws(DocumentError) in try document.required("id") }.flatMap { identity($0) }
    let title = noting { () throws(DocumentError) in try document.required("title") }.flatMap { bilingual($0) }
    variables = readVariables(document)
    let panels = noting { () throws(DocumentError) in try document.required("panels").map() } ?? []
    let read = panels.compactMap { panel($0, among: panels.map(\.key)) }
    let layouts = noting { () throws(DocumentError) in try document.required("layouts").list() } ?? []
    let laidOut = layouts.compactMap { layout($0, panels.map(\.key)) }
    count(document, panels.count, layouts.count)
    unused(panels, laidOut)
    let refresh = document["refresh"].flatMap { seconds($0) } ?? Definition.usualRefresh
    guard let id, let title else { return nil }
    return Definition(
      id: id, title: title, refreshSeconds: refresh, variables: variables, layouts: laidOut, panels: read, file: file)
  }

  private mutating func identity(_ value: DocumentValue) -> String? {
    guard let id = noting({ () throws(DocumentError) in try value.string() }) else { return nil }
    if !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) { return id }
    refuse(value, "an id is of letters, digits and hyphens", "for example \(Definition.numbered[3])")
    return nil
  }

  private mutating func count(_ document: DocumentValue, _ panels: Int, _ layouts: Int) {
    if let value = document["panels"], panels > Definition.mostPanels {
      refuse(value, "\(panels) panels are more than \(Definition.mostPanels)", "make a second screen")
    }
    guard let value = document["layouts"] else { return }
    if layouts > Definition.mostLayouts { refuse(value, "\(layouts) layouts are more than \(Definition.mostLayouts)") }
    if layouts == 0 { refuse(value, "no layout is here", "add {stack: [...]}") }
  }

  /// A panel that no layout names would never be seen.
  private mutating func unused(_ panels: [DocumentValue.Entry], _ layouts: [Layout]) {
    let used = Set(layouts.flatMap(\.panelNames))
    for panel in panels where !layouts.isEmpty && !used.contains(panel.key) {
      note([
        DocumentError(
          .badValue, panel.keyPosition, "no layout names the panel \"\(panel.key)\"", hint: "name it or remove it")
      ])
    }
  }

  private mutating func readVariables(_ document: DocumentValue) -> [String: String] {
    guard let value = document["variables"], let entries = noting({ () throws(DocumentError) in try value.map() })
    else { return [:] }
    if entries.count > Definition.mostVariables {
      refuse(value, "\(entries.count) variables are more than \(Definition.mostVariables)")
    }
    var result: [String: String] = [:]
    for entry in entries {
      if entry.key.isEmpty || !entry.key.allSatisfy(Template.isNameCharacter) {
        note([
          DocumentError(
            .badValue, entry.keyPosition, "\"\(entry.key)\" is no name of a variable",
            hint: "letters, digits and _")
        ])
      }
      result[entry.key] = noting { () throws(DocumentError) in try entry.value.string() }
    }
    return result
  }

  mutating func seconds(_ value: DocumentValue) -> Double? {
    guard let seconds = noting({ () throws(DocumentError) in try value.seconds() }) else { return nil }
    if DefinitionReader.refreshes.contains(seconds) { return seconds }
    refuse(value, "refresh is outside 1s to 1h")
    return nil
  }

  mutating func bilingual(_ value: DocumentValue) -> BilingualText? {
    if case .scalar(let text, plain: _) = value.content { return BilingualText(text) }
    note(value.unknownKeys(besides: ["en", "zh"]))
    guard let en = noting({ () throws(DocumentError) in try value.required("en").string() }) else { return nil }
    guard let zh = value["zh"] else { return BilingualText(en) }
    return noting { () throws(DocumentError) in BilingualText(en: en, zh: try zh.string()) }
  }
}
