import ControlAPI
import Records
import Wire

/// What the officer does to rows: asked of the hub, which audits it. Nothing changes here before it answers.
extension Model {
  /// Why nothing may be asked now; nil: go on.
  private var refusal: BilingualText? {
    if isReadOnly { return BilingualText(en: "read-only: this dashboard does not act", zh: "只读：不执行操作") }
    guard case .connected = link else { return BilingualText(en: "not connected: nothing is done", zh: "未连接：未执行") }
    return targets.isEmpty ? BilingualText(en: "select a row of the queue first", zh: "请先选择待办中的一行") : nil
  }

  mutating func ask(_ act: ActRequest.Act) -> [Effect] {
    if let refusal {
      say(refusal, isProblem: true)
      return []
    }
    return [.act(ActRequest(ids: targets, act: act))]
  }

  mutating func begin(_ purpose: ([Int64]) -> Prompt.Purpose, text: String = "") -> [Effect] {
    if let refusal {
      say(refusal, isProblem: true)
    } else {
      prompt = Prompt(purpose: purpose(targets), text: text)
    }
    return []
  }

  mutating func pressInPrompt(_ key: Key) -> [Effect] {
    guard let prompt else { return [] }
    if key == .escape {
      self.prompt = nil
      return []
    }
    if prompt.isChoice { return choose(prompt, key) }
    guard key == .enter else {
      if key == .backspace, prompt.text.isEmpty { self.prompt = nil } else { self.prompt?.edit(key) }
      return []
    }
    self.prompt = nil
    return accept(prompt)
  }

  private mutating func choose(_ prompt: Prompt, _ key: Key) -> [Effect] {
    guard case .verdict(let ids) = prompt.purpose, case .character(let letter) = key,
      let verdict = Prompt.verdicts.first(where: { $0.letter == letter })?.verdict
    else {
      self.prompt?.problem = BilingualText(en: "one of these letters, or esc", zh: "请按所列字母，或按 esc")
      return []
    }
    self.prompt = nil
    return [.act(ActRequest(ids: ids, act: .close, verdict: verdict))]
  }

  private mutating func accept(_ prompt: Prompt) -> [Effect] {
    let text = prompt.text.trimmed
    switch prompt.purpose {
    case .filter: return accept(filter: text, prompt)
    case .command: return command(text)
    case .verdict: return []
    case .shelve(let ids): return shelve(ids, text, prompt)
    case .assign(let ids):
      let nobody = text.isEmpty || text == "-"
      return [.act(ActRequest(ids: ids, act: .assign, assignee: nobody ? nil : text))]
    case .comment(let ids):
      return text.isEmpty ? [] : [.act(ActRequest(ids: ids, act: .comment, comment: text))]
    }
  }

  private mutating func shelve(_ ids: [Int64], _ text: String, _ prompt: Prompt) -> [Effect] {
    guard let seconds = TimeSpan.seconds(text), seconds <= 86_400 else {
      return again(prompt, BilingualText(en: "\"\(text)\" is no time up to 24h", zh: "“\(text)”不是 24h 以内的时长"))
    }
    return [.act(ActRequest(ids: ids, act: .shelve, until: now.advanced(seconds: seconds)))]
  }
}

extension String {
  var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
