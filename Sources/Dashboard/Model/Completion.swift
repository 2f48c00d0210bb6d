import ControlAPI
import Records

/// What may stand at the end of a text: `start` stays before it.
struct Completion: Equatable {
  var start: String
  var options: [String]

  /// More are no help.
  static let most = 50

  init(start: String, typed: String, among all: [String]) {
    self.start = start
    let folded = typed.lowercased()
    options = Array(all.filter { $0.lowercased().hasPrefix(folded) }.prefix(Completion.most))
  }

  /// As far as all of them agree.
  var common: String {
    guard var common = options.first else { return "" }
    for option in options { common = common.commonPrefix(with: option) }
    return common
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0.0 == $0.1 }.map(\.0))
  }
}

extension Model {
  /// `tab` in what is typed: as far as it is certain; then one after the other.
  mutating func complete() {
    guard var prompt else { return }
    if let chosen = prompt.chosen ?? (prompt.options.isEmpty ? nil : -1) {
      let next = (chosen + 1) % prompt.options.count
      prompt.chosen = next
      prompt.text = prompt.start + prompt.options[next]
    } else if let found = completion(prompt), !found.options.isEmpty {
      prompt.problem = nil
      prompt.text = found.start + found.common
      if found.options.count > 1 { (prompt.start, prompt.options) = (found.start, found.options) }
      if found.options.count == 1, case .command = prompt.purpose { prompt.text += " " }
    }
    self.prompt = prompt
  }

  func completion(_ prompt: Prompt) -> Completion? {
    switch prompt.purpose {
    case .filter: focusedPanel.flatMap { panel in panel.schema.map { filterCompletion(prompt.text, $0, panel) } }
    case .command: commandCompletion(prompt.text)
    case .assign: Completion(start: "", typed: prompt.text, among: people)
    case .form(let form):
      form.field.map { Completion(start: "", typed: prompt.text, among: values(of: $0)) }
    case .verdict, .shelve, .comment, .menu, .confirm: nil
    }
  }

  // MARK: queries

  private func filterCompletion(_ text: String, _ schema: FilterSchema, _ panel: Panel) -> Completion {
    let begin = text.lastIndex { " (".contains($0) }.map { text.index(after: $0) } ?? text.startIndex
    var (start, word) = (String(text[..<begin]), String(text[begin...]))
    if word.hasPrefix("-") {
      start += "-"
      word.removeFirst()
    }
    guard let end = word.lastIndex(where: { ":=<>,".contains($0) }) else {
      let names = schema.fields.map { $0.name + ($0.form.isRanked ? ">=" : ":") }
      return Completion(start: start, typed: word, among: names + ["or ", "not "])
    }
    let name = String(word.prefix { $0.isLetter })
    let value = String(word[word.index(after: end)...])
    let values = schema.field(name).map { self.values(of: $0, in: panel) } ?? []
    return Completion(start: start + word[...end], typed: value, among: values)
  }

  private func values(of field: FilterSchema.Field, in panel: Panel) -> [String] {
    switch field.form {
    case .choice(let names), .ordered(let names): return names
    case .flag: return ["true", "false"]
    case .time: return ["30m", "2h", "24h", "7d"]
    case .number: return []
    case .text:
      guard let column = Column(word: field.name) else { return [] }
      let texts = entries(panel).flatMap { $0.value(column).filterValues }.compactMap { value -> String? in
        guard case .text(let text) = value, !text.isEmpty else { return nil }
        return text.contains { " ()\",:".contains($0) } ? Question.quoted(text) : text
      }
      return Set(texts).sorted() + (field.name == "who" ? ["me"] : [])
    }
  }

  // MARK: commands

  private func commandCompletion(_ text: String) -> Completion? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1, let name = words.first.flatMap(completed), let typed = words.last else {
      return Completion(start: "", typed: text, among: commands)
    }
    let start = words.dropLast().joined(separator: " ") + " "
    let known: [String] =
      switch name {
      case "screen": definitions.map(\.id)
      case "theme": Dashboard.themeNames
      case "lang": Language.allCases.map(\.rawValue)
      case "set": words.count == 2 ? variables.keys.sorted() : []
      case "site": overview?.posture.cells.map(\.site) ?? []
      case "close" where isRowSelected: Verdict.allCases.map(\.rawValue)
      case "assign": people
      case "filter": []
      default: argument(name, words.count - 2)
      }
    if name == "filter", let panel = focusedPanel, let schema = panel.schema {
      let found = filterCompletion(String(text.dropFirst(words[0].count + 1)), schema, panel)
      return Completion(start: words[0] + " " + found.start, typed: "", among: found.options)
    }
    return Completion(start: start, typed: typed, among: known)
  }

  private var isRowSelected: Bool {
    if case .rows? = target { return true }
    return false
  }

  private func argument(_ name: String, _ place: Int) -> [String] {
    guard let fields = actions.first(where: { $0.action.name == name })?.action.fields, fields.indices.contains(place)
    else { return [] }
    return values(of: fields[place])
  }

  private func values(of field: Action.Field) -> [String] {
    switch field.form {
    case .choice(let choices): choices.map(\.value)
    case .span: ["30m", "2h", "1d", "7d", "30d"]
    case .number: []
    case .text, .needed:
      switch field.name.en {
      case let name where name.hasPrefix("to the organisation"):
        Set(overview?.posture.cells.compactMap(\.organisation) ?? []).sorted()
      case let name where name.contains("case"): incidentsSeen
      case let name where name.hasPrefix("who") || name.hasPrefix("to ("): people
      default: []
      }
    }
  }

  // MARK: what was seen

  /// People whose names were on a screen: a list of all is not everybody's to see.
  private var people: [String] {
    let held = answers.values.compactMap { ($0.value as? Page<QueueItem>)?.items.compactMap(\.row.triage.assignee) }
    let turns = answers.values.compactMap {
      ($0.value as? Page<RosterPreview>)?.items.flatMap { $0.turns.compactMap(\.person) }
    }
    return Set((held + turns).flatMap(\.self) + [officer] + [overview?.watch?.name].compactMap(\.self)).sorted()
  }

  /// Open ones: those that are offered for the open row first.
  private var incidentsSeen: [String] {
    let offered = row.flatMap { answer(.offers(for: $0.item.id), Page<IncidentOffer>.self) }?.items.map(\.incident.id)
    let pages = answers.values.compactMap { $0.value as? Page<IncidentItem> }
    let listed = Set(pages.flatMap { $0.items.filter(\.incident.isOpen).map(\.id) }).sorted(by: >)
    let first = offered ?? []
    return first + listed.filter { !first.contains($0) }
  }
}

extension FilterSchema.Form {
  /// `>=` says more of it than `:`.
  fileprivate var isRanked: Bool {
    switch self {
    case .ordered, .number: true
    case .text, .choice, .flag, .time: false
    }
  }
}
