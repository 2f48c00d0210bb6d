import ControlAPI
import Records
import Wire

/// What the officer does to rows: asked of the hub, which audits it. Nothing changes here before it answers.
extension Model {
  /// Why no act on rows may be asked now; nil: go on.
  var refusal: BilingualText? {
    if let refusal = linkRefusal { return refusal }
    if role == .viewer { return BilingualText(en: "your role only reads", zh: "您的角色只能查看") }
    if let movedRefusal { return movedRefusal }
    if !targets.isEmpty { return nil }
    if target != nil {
      return BilingualText(en: "no row of the queue is selected; . has what can be done here", zh: "未选择告警；按 . 查看可执行操作")
    }
    return BilingualText(en: "select a row of the queue first", zh: "请先选择待办中的一行")
  }

  /// Acts on more rows than these are asked once more.
  static let many = 10

  mutating func ask(_ act: ActRequest.Act) -> [Effect] {
    if refuses(refusal) { return [] }
    return perform(ActRequest(ids: targets, act: act))
  }

  /// On many rows, and where several are escalated, asked once more.
  mutating func perform(_ request: ActRequest) -> [Effect] {
    let count = request.ids.count
    guard count > Model.many || request.act == .escalate && count > 1 else { return [.act(request)] }
    return confirm(.act(request), request.title)
  }

  mutating func begin(_ purpose: ([Int64]) -> Prompt.Purpose, text: String = "") -> [Effect] {
    if !refuses(refusal) { prompt = Prompt(purpose: purpose(targets), text: text) }
    return []
  }

  mutating func pressInPrompt(_ key: Key) -> [Effect] {
    guard let prompt else { return [] }
    if key == .escape {
      self.prompt = nil
      return []
    }
    if prompt.isChoice { return choose(prompt, key) }
    if key == .tab || key == .character("\t") {
      complete()
      return []
    }
    guard key == .enter else {
      if key == .backspace, prompt.text.isEmpty { self.prompt = nil } else { self.prompt?.edit(key) }
      return []
    }
    self.prompt = nil
    return accept(prompt)
  }

  private mutating func choose(_ prompt: Prompt, _ key: Key) -> [Effect] {
    guard case .character(let letter) = key else { return [] }
    self.prompt = nil
    switch prompt.purpose {
    case .verdict(let ids):
      if let verdict = Prompt.verdicts.first(where: { $0.letter == letter })?.verdict {
        return perform(ActRequest(ids: ids, act: .close, verdict: verdict))
      }
    case .menu(let actions, let target):
      if let action = actions.first(where: { $0.letter == letter }) { return start(action, on: target) }
    case .confirm(let effect, _):
      if letter == "y" { return [effect] }
      refuse("not done", "未执行")
      return []
    case .form(let form):
      guard case .choice(let choices)? = form.field?.form else { break }
      if let choice = choices.first(where: { $0.letter == letter }) { return give(choice.value, to: form, prompt) }
    case .filter, .command, .shelve, .assign, .comment: break
    }
    return again(prompt, BilingualText(en: "one of these letters, or esc", zh: "请按所列字母，或按 esc"))
  }

  private mutating func accept(_ prompt: Prompt) -> [Effect] {
    let text = prompt.text.trimmed
    switch prompt.purpose {
    case .filter: return accept(filter: text, prompt)
    case .command: return command(text, about: prompt.about)
    case .verdict, .menu, .confirm: return []
    case .form(let form): return give(text, to: form, prompt)
    case .shelve(let ids): return shelve(ids, text, prompt)
    case .assign(let ids):
      let nobody = text.isEmpty || text == "-"
      return perform(ActRequest(ids: ids, act: .assign, assignee: nobody ? nil : text))
    case .comment(let ids):
      return text.isEmpty ? [] : perform(ActRequest(ids: ids, act: .comment, comment: text))
    }
  }

  private mutating func shelve(_ ids: [Int64], _ text: String, _ prompt: Prompt) -> [Effect] {
    guard let seconds = TimeSpan.seconds(text), seconds <= 86_400 else {
      return again(prompt, BilingualText(en: "\"\(text)\" is no time up to 24h", zh: "“\(text)”不是 24h 以内的时长"))
    }
    return perform(ActRequest(ids: ids, act: .shelve, until: now.advanced(seconds: seconds)))
  }
}

extension ActRequest {
  /// The act and its rows in words.
  var title: BilingualText {
    let (word, rows) = (Label(act: act).words, ActSubject.rows(ids).title)
    return BilingualText(en: "\(word.en) \(rows.en)", zh: "\(word.zh) \(rows.zh)")
  }
}

extension String {
  var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
