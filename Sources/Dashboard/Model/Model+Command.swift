import ControlAPI
import Records
import Wire

/// Commands behind `:`; each does what its key does, with a name.
extension Model {
  /// Those that view, and those that act on rows.
  static let views = [
    "filter", "freeze", "help", "lang", "open", "organisation", "incident", "notice", "quit", "screen", "set", "shift",
    "site", "theme",
  ]
  static let rowActs = ["ack", "assign", "close", "comment", "escalate", "shelve", "undo"]

  /// What can be done to the target, then to the watch: the first of a name holds.
  var actions: [(action: Action, target: ActSubject)] {
    let own = target.map { target in Action.all(on: target, self).map { ($0, target) } } ?? []
    return own + Action.all(on: .duty, self).map { ($0, ActSubject.duty) }
  }

  /// Every command that there is here.
  var commands: [String] {
    Array(Set(Model.views + Model.rowActs + actions.map(\.action.name))).sorted()
  }

  /// `about`: what acts were on when the command was begun.
  mutating func command(_ line: String, about: ActSubject?) -> [Effect] {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard let typed = words.first else { return [] }
    let rest = words.count > 1 ? words[1].trimmed : ""
    guard let name = completed(typed) else {
      let near = NearestWord.find(typed, among: commands).map { "; did you mean \($0)?" } ?? ""
      return refused("no command is called \(typed)\(near)")
    }
    let isAct = Model.rowActs.contains(name) || actions.contains { $0.action.name == name && $0.target != .duty }
    if isAct, about != target, linkRefusal == nil, refuses(Model.moved) { return [] }
    // Cases and notices are closed and commented on too: what is selected decides.
    if let found = actions.first(where: { $0.action.name == name }), !isRowTarget || !Model.rowActs.contains(name) {
      return start(found.action, on: found.target, words: rest)
    }
    return acting(name, rest) ?? viewing(name, rest)
  }

  private var isRowTarget: Bool {
    if case .rows? = target { return true }
    return false
  }

  /// The command itself, or the only one that begins so.
  func completed(_ typed: String) -> String? {
    if commands.contains(typed) { return typed }
    let begun = commands.filter { $0.hasPrefix(typed) }
    return begun.count == 1 ? begun[0] : nil
  }

  private mutating func acting(_ name: String, _ rest: String) -> [Effect]? {
    switch name {
    case "ack": return ask(.acknowledge)
    case "escalate": return ask(.escalate)
    case "undo": return undo()
    case "close": return closing(rest)
    case "shelve": return typing({ .shelve($0) }, rest.isEmpty ? "2h" : rest, isWhole: !rest.isEmpty)
    case "assign": return typing({ .assign($0) }, rest.isEmpty ? officer : rest, isWhole: !rest.isEmpty)
    case "comment": return typing({ .comment($0) }, rest, isWhole: !rest.isEmpty)
    default: return nil
    }
  }

  private mutating func closing(_ rest: String) -> [Effect] {
    guard !rest.isEmpty else { return begin { .verdict($0) } }
    guard let verdict = Verdict(rawValue: rest) else {
      return refused("no verdict is called \(rest); one of \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return begin { .verdict($0) } + (prompt == nil ? [] : chosen(verdict))
  }

  private mutating func chosen(_ verdict: Verdict) -> [Effect] {
    guard let letter = Prompt.verdicts.first(where: { $0.verdict == verdict })?.letter else { return [] }
    return pressInPrompt(.character(letter))
  }

  private mutating func typing(
    _ purpose: ([Int64]) -> Prompt.Purpose, _ text: String, isWhole: Bool
  ) -> [Effect] {
    let effects = begin(purpose, text: text)
    return isWhole && prompt != nil ? pressInPrompt(.enter) : effects
  }

  private mutating func viewing(_ name: String, _ rest: String) -> [Effect] {
    switch name {
    case "quit": return [.quit]
    case "help": return go(.help)
    case "set": return set(rest)
    case "freeze": freeze()
    case "filter":
      prompt = Prompt(purpose: .filter, text: rest)
      return pressInPrompt(.enter)
    case "open":
      guard let id = Int64(rest) else { return refused("open wants a row's number") }
      return go(.row(id))
    case "site": return rest.isEmpty ? refused("site wants a site's id") : go(.site(rest))
    case "organisation": return rest.isEmpty ? refused("organisation wants an id") : go(.organisation(rest))
    case "incident": return rest.isEmpty ? refused("incident wants a case's number") : go(.incident(rest))
    case "notice": return Int64(rest).map { go(.notice($0)) } ?? refused("notice wants a number")
    case "shift": return Int64(rest).map { go(.shift($0)) } ?? refused("shift wants a number")
    case "screen": return screen(rest)
    case "theme":
      guard let named = Theme.Name(rawValue: rest) else {
        return refused("the themes are \(Dashboard.themeNames.joined(separator: ", "))")
      }
      theme = named
    case "lang":
      guard let named = Language(rawValue: rest) else { return refused("the languages are en, zh") }
      language = named
      return [.redraw]
    default: break
    }
    return []
  }

  private mutating func screen(_ rest: String) -> [Effect] {
    guard let found = definitions.first(where: { $0.id == rest || $0.number.map(String.init) == rest }) else {
      return refused("the screens are \(definitions.map(\.id).joined(separator: ", "))")
    }
    return go(.screen(found.id))
  }

  private mutating func refused(_ sentence: String) -> [Effect] {
    say(BilingualText(sentence), isProblem: true)
    return []
  }
}
