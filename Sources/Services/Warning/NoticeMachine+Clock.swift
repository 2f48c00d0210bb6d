package import Records
package import Wire

/// What the time does to a notice.
extension NoticeMachine {
  /// All that is due at `now`, in one step; nil: nothing. After a pause one reminder stands for those that were missed,
  /// and supervision rises one level at a time.
  package func elapse(_ notice: Notice, at now: Timestamp) -> Step? {
    guard notice.state.isOut else { return nil }
    var step = Step(notice: notice, act: "")
    var acts: [String] = []
    if isSilent(notice, now) { acts.append(silence(&step, now)) }
    if let due = notice.due {
      if let count = reminders(notice, due, now) { acts.append(remind(&step, count, now)) }
      if now >= due, let level = nextLevel(notice, now) { acts.append(supervise(&step, level, due, now)) }
    }
    guard !acts.isEmpty else { return nil }
    step.act = acts.joined(separator: ", ")
    return step
  }

  /// When `elapse` will have something to do; nil: never, unless something else happens first.
  package func nextLook(_ notice: Notice) -> Timestamp? {
    guard notice.state.isOut else { return nil }
    var moments: [Timestamp] = []
    if notice.received == nil, !notice.isSilent, let due = notice.receiptDue { moments.append(due) }
    if let due = notice.due, let begun = notice.begun {
      let marks = times.clocks(at: begun).reminders
      if marks.indices.contains(notice.reminded) {
        moments.append(moment(of: marks[notice.reminded], begun, due))
      } else {
        let next = (notice.lastReminder ?? due).advanced(seconds: times.clocks(at: begun).reminderSeconds)
        moments.append(max(due, next))
      }
      if notice.overdueSince == nil {
        moments.append(due)
      } else if notice.supervision < NoticeMachine.levels {
        moments.append(max(due, nextSupervision(notice, due)))
      }
    }
    return moments.min()
  }

  package static let levels = 3

  // MARK: receipt

  private func isSilent(_ notice: Notice, _ now: Timestamp) -> Bool {
    guard notice.received == nil, !notice.isSilent, let due = notice.receiptDue else { return false }
    return now >= due
  }

  private func silence(_ step: inout Step, _ now: Timestamp) -> String {
    step.notice.isSilent = true
    step.heard = false
    step.tasks.append(
      DutyTask(
        .silence, "notice/\(step.notice.id)",
        BilingualText(
          en: "no receipt of \(name(step.notice)) from \(step.notice.organisation): call them",
          zh: "\(step.notice.organisation) 未签收 \(name(step.notice))：请电话联系"), created: now,
        due: step.notice.due))
    return "no receipt"
  }

  // MARK: reminders

  private func moment(of percent: Int, _ begun: Timestamp, _ due: Timestamp) -> Timestamp {
    begun.advanced(seconds: Double(due.nanoseconds(since: begun)) / 1e9 * Double(percent) / 100)
  }

  /// How many reminders have been owed up to now; nil where none is new.
  private func reminders(_ notice: Notice, _ due: Timestamp, _ now: Timestamp) -> Int? {
    guard let begun = notice.begun else { return nil }
    let clocks = times.clocks(at: begun)
    let marks = clocks.reminders.count { now >= moment(of: $0, begun, due) }
    if marks > notice.reminded { return marks }
    guard notice.reminded >= clocks.reminders.count, now >= due else { return nil }
    let last = notice.lastReminder ?? due
    return now >= last.advanced(seconds: clocks.reminderSeconds) ? notice.reminded + 1 : nil
  }

  private func remind(_ step: inout Step, _ count: Int, _ now: Timestamp) -> String {
    step.notice.reminded = count
    step.notice.lastReminder = now
    step.tellings.append(Telling(topic: .reminder, key: "reminder/\(round(step.notice))/\(count)", level: 0))
    return "reminder \(count)"
  }

  // MARK: supervision

  private func nextSupervision(_ notice: Notice, _ due: Timestamp) -> Timestamp {
    (notice.supervisedAt ?? due).advanced(seconds: times.supervisionStep(notice.urgency, at: due))
  }

  private func nextLevel(_ notice: Notice, _ now: Timestamp) -> Int? {
    guard let due = notice.due else { return nil }
    if notice.overdueSince == nil { return min(notice.supervision + 1, NoticeMachine.levels) }
    guard notice.supervision < NoticeMachine.levels, now >= nextSupervision(notice, due) else { return nil }
    return notice.supervision + 1
  }

  private func supervise(_ step: inout Step, _ level: Int, _ due: Timestamp, _ now: Timestamp) -> String {
    step.notice.overdueSince = step.notice.overdueSince ?? due
    step.notice.supervision = level
    step.notice.supervisedAt = now
    step.tellings.append(Telling(topic: .supervision, key: "supervision/\(round(step.notice))/\(level)", level: level))
    return "supervision \(level)"
  }

  /// Which running of the clock it is: an answer or an extension begins another.
  private func round(_ notice: Notice) -> String { "\(notice.begun?.seconds ?? 0).\(notice.answers.count)" }
}
