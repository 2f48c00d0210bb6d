import ControlAPI
import Records

/// An action whose fields are being asked for, one after the other.
struct Form: Sendable {
  let action: Action
  let target: ActSubject
  var given: [String] = []

  /// What is asked next; nil: all is said.
  var field: Action.Field? {
    given.count < action.fields.count ? action.fields[given.count] : nil
  }

  func title(_ language: Language) -> String {
    "\(action.title.text(language)) \(target.title.text(language))"
  }
}

extension Model {
  /// Everything else that can be done to what is selected, by letters.
  mutating func openMenu() -> [Effect] {
    guard let target else {
      refuse("nothing can be done here", "此处无可执行操作")
      return []
    }
    let actions = Action.all(on: target, self).filter { mayDo($0) }
    guard !actions.isEmpty else {
      refuse("nothing that your role may do here", "您的角色在此无可执行操作")
      return []
    }
    if refuses(linkRefusal ?? movedRefusal) { return [] }
    prompt = Prompt(purpose: .menu(actions, target))
    return []
  }

  func mayDo(_ action: Action) -> Bool { role.map { $0 >= action.role } ?? true }

  /// Why nothing may be asked of the hub now.
  var linkRefusal: BilingualText? {
    if isReadOnly { return BilingualText(en: "read-only: this dashboard does not act", zh: "只读：不执行操作") }
    guard case .connected = link else { return BilingualText(en: "not connected: nothing is done", zh: "未连接：未执行") }
    return nil
  }

  /// `words`: what a command said behind the action's name; the last field takes the rest.
  mutating func start(_ action: Action, on target: ActSubject, words: String = "") -> [Effect] {
    if refuses(linkRefusal) { return [] }
    if let role, role < action.role {
      refuse(
        "\(action.name) wants the role \(action.role.rawValue), and yours is \(role.rawValue)",
        "\(action.name) 需要角色 \(action.role.rawValue)，您是 \(role.rawValue)")
      return []
    }
    var form = Form(action: action, target: target)
    let given = Model.split(words, into: action.fields.count)
    for text in given {
      if let problem = form.field?.problem(text) {
        prompt = Prompt(purpose: .form(form), text: text)
        prompt?.problem = problem
        return []
      }
      form.given.append(text)
    }
    return proceed(form)
  }

  /// A word a field, the last with all that is left.
  private static func split(_ words: String, into count: Int) -> [String] {
    guard count > 0, !words.isEmpty else { return [] }
    return words.split(separator: " ", maxSplits: count - 1).map { String($0).trimmed }
  }

  mutating func proceed(_ form: Form) -> [Effect] {
    if let field = form.field {
      prompt = Prompt(purpose: .form(form), text: field.usual)
      return []
    }
    guard let deed = form.action.deed(Action.Given(texts: form.given, now: now)) else {
      refuse("that cannot be asked of the hub", "无法提交")
      return []
    }
    let effect = Effect.ask(deed)
    if !form.action.confirms, !form.target.isMany { return [effect] }
    return confirm(effect, BilingualText(en: form.title(.en), zh: form.title(.zh)))
  }

  /// Asked once more; `y` does it, anything else does not.
  mutating func confirm(_ effect: Effect, _ title: BilingualText) -> [Effect] {
    prompt = Prompt(purpose: .confirm(effect, title))
    return []
  }

  mutating func give(_ text: String, to form: Form, _ prompt: Prompt) -> [Effect] {
    if let problem = form.field?.problem(text) { return again(prompt, problem) }
    var form = form
    form.given.append(text)
    return proceed(form)
  }
}
