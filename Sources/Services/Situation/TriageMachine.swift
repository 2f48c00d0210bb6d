package import Records
package import Wire

/// What a person may do to a row of the queue: new -> acknowledged -> escalated | closed(verdict), shelved(until).
///
/// Undo is the store's: it knows what was before.
package enum TriageMachine {
  package static let longestShelfSeconds = 24.0 * 3600
  package static let commentLimit = 4000

  @Sendable package static func apply(
    _ act: QueueAct, _ triage: Triage, _ actor: Actor, _ now: Timestamp
  ) -> Result<Triage, ActRefusal> {
    var next = triage
    switch act {
    case .acknowledge:
      guard triage.state == .new || triage.state == .shelved else { return refuse(act, triage) }
      next.state = .acknowledged
      next.acknowledgedAt = now
      next.assignee = triage.assignee ?? actor.name
    case .escalate:
      guard triage.state != .closed, triage.state != .escalated else { return refuse(act, triage) }
      next.state = .escalated
      next.acknowledgedAt = triage.acknowledgedAt ?? now
    case .close(let verdict):
      guard triage.state != .closed else { return refuse(act, triage) }
      next.state = .closed
      next.verdict = verdict
    case .shelve(let until):
      guard triage.state != .closed else { return refuse(act, triage) }
      if let refusal = refusal(shelving: until, now) { return .failure(refusal) }
      next.state = .shelved
      next.shelvedUntil = until
    case .assign(let person): next.assignee = person
    case .comment(let text):
      guard !text.isEmpty else { return .failure(ActRefusal("the comment is empty", "备注为空")) }
      guard text.count <= commentLimit else {
        return .failure(
          ActRefusal(
            "the comment has \(text.count) characters, at most \(commentLimit) are kept",
            "备注有 \(text.count) 个字符，最多保留 \(commentLimit) 个"))
      }
      return .success(triage)
    case .judge(let outcome, let reason):
      guard (1...commentLimit).contains(reason.count) else {
        return .failure(
          ActRefusal(
            "a judgement wants a reason of 1 to \(commentLimit) characters, not \(reason.count)",
            "研判理由须为 1 至 \(commentLimit) 个字符，现为 \(reason.count) 个"))
      }
      // What the machine had judged is the store's to say: it has the row.
      next.judged = PersonJudgement(outcome: outcome, reason: reason, by: actor.name, at: now, machine: outcome)
    case .undo: return .failure(ActRefusal("there is nothing to undo", "没有可撤销的操作"))
    }
    if next.state != .shelved { next.shelvedUntil = nil }
    next.returned = nil
    next.changedBy = actor.name
    next.changedAt = now
    return .success(next)
  }

  @Sendable package static func elapse(_ triage: Triage, _ now: Timestamp) -> Triage? {
    guard triage.state == .shelved, let until = triage.shelvedUntil, now >= until else { return nil }
    var next = triage
    next.state = .new
    next.shelvedUntil = nil
    next.returned = "the time it was shelved for has passed"
    return next
  }

  private static func refusal(shelving until: Timestamp, _ now: Timestamp) -> ActRefusal? {
    guard until > now else {
      return ActRefusal("the time to shelve until, \(until.text), has passed", "搁置截止时间 \(until.text) 已过")
    }
    guard until <= now.advanced(seconds: longestShelfSeconds) else {
      let latest = now.advanced(seconds: longestShelfSeconds).text
      return ActRefusal("a row can be shelved for at most 24 hours, until \(latest)", "最多搁置 24 小时，至 \(latest)")
    }
    return nil
  }

  private static func refuse(_ act: QueueAct, _ triage: Triage) -> Result<Triage, ActRefusal> {
    .failure(
      ActRefusal(
        "the row is \(triage.state.rawValue) and cannot be changed by \(act.name)",
        "该行\(triage.state.title.zh)，不能执行此操作"))
  }
}
