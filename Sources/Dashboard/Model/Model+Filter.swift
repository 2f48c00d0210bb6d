import ControlAPI
import Records

/// What the officer leaves of the focused panel's list, in the list's own query language.
extension Model {
  mutating func beginFilter() {
    guard let panel = filteredPanel else { return }
    prompt = Prompt(purpose: .filter, text: filter(panel))
  }

  /// Nil, and said why: the pane has nothing to leave out.
  private var filteredPanel: Panel? {
    mutating get {
      if let panel = focusedPanel, panel.schema != nil { return panel }
      refuse("this pane has nothing to filter", "此窗格无可筛选内容")
      return nil
    }
  }

  /// Checked here, so that a mistake is told before anything is asked.
  mutating func accept(filter text: String, _ prompt: Prompt) -> [Effect] {
    guard let panel = filteredPanel, let schema = panel.schema else { return [] }
    do {
      _ = try Filter(text, schema)
    } catch {
      return again(prompt, BilingualText(error.description))
    }
    set(filter: text, of: panel)
    return []
  }

  mutating func set(filter text: String, of panel: Panel) {
    filters[key(panel)] = text.isEmpty ? nil : text
    held.remove(key(panel))
    marked[key(panel)] = nil
    relist()
    if panel.kind == .feed { keepSelection(panel) }
  }

  mutating func again(_ prompt: Prompt, _ problem: BilingualText) -> [Effect] {
    self.prompt = prompt
    self.prompt?.problem = problem
    return []
  }

  /// `:set name value`: the screen's queries with another value, as long as all of them stay right.
  mutating func set(_ rest: String) -> [Effect] {
    let words = rest.split(maxSplits: 1, omittingEmptySubsequences: true) { $0 == " " || $0 == "=" }.map(String.init)
    guard let definition, let name = words.first, variables[name] != nil else {
      let known = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      say(BilingualText(en: "variables: \(known)", zh: "变量：\(known)"), isProblem: !rest.isEmpty)
      return []
    }
    let value = words.count > 1 ? words[1].trimmed : definition.variables[name] ?? ""
    var changed = variables
    changed[name] = value
    if let problem = definition.problem(with: changed) {
      say(BilingualText(problem), isProblem: true)
      return []
    }
    settings[screenID, default: [:]][name] = value
    relist()
    return []
  }
}
