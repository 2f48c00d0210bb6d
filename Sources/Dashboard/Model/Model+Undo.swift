import ControlAPI
import Records
import Wire

/// An act on more than one row, as it can be taken back.
struct Bulk: Sendable, Equatable {
  /// As the hub numbers it.
  var id: Int64
  var act: BilingualText
  var rows: Int
  var at: Timestamp
}

extension Model {
  /// Takes back the last act on each row; where others did it, that is said and asked once more.
  mutating func undo() -> [Effect] {
    if refuses(refusal) { return [] }
    let request = ActRequest(ids: targets, act: .undo)
    let others = targets.filter { !isOwn($0) }
    guard let first = others.first else { return perform(request) }
    return confirm(.act(request), targets.count == 1 ? undoing(first) : undoing(others.count, of: targets.count))
  }

  /// The officer acted on it last, or nobody did.
  private func isOwn(_ id: Int64) -> Bool {
    guard let triage = queueRow(id)?.triage, triage.returned == nil else { return false }
    return triage.changedBy.map { $0 == officer } ?? true
  }

  private func undoing(_ id: Int64) -> BilingualText {
    guard let triage = queueRow(id)?.triage else {
      return BilingualText(
        en: "undo the last act on row \(id), whosever it was", zh: "撤销第 \(id) 行的上次操作（操作人未知）")
    }
    let age = triage.changedAt.map { TimeSpan.short(seconds: Int64(Model.seconds(now, since: $0))) }
    let (en, zh) = (age.map { " \($0) ago" } ?? "", age.map { " \($0)前" } ?? "")
    if let returned = triage.returned {
      return BilingualText(
        en: "undo what brought row \(id) back (\(returned))\(en)", zh: "撤销第 \(id) 行的自动退回（\(returned)）\(zh)")
    }
    let (state, who) = (triage.state.title, triage.changedBy ?? "?")
    return BilingualText(
      en: "undo what \(who) did\(en): row \(id) is \(state.en)", zh: "撤销 \(who)\(zh)的操作：第 \(id) 行\(state.zh)")
  }

  private func undoing(_ others: Int, of all: Int) -> BilingualText {
    BilingualText(en: "undo \(all) rows, \(others) not changed by you", zh: "撤销 \(all) 行，其中 \(others) 行非本人操作")
  }

  /// Takes back the last act that was on more than one row: which, of how many rows and when is asked once more.
  mutating func undoBulk() -> [Effect] {
    if refuses(linkRefusal) { return [] }
    guard let bulk = lastBulk else {
      refuse("there is no act on several rows to take back", "没有可撤销的批量操作")
      return []
    }
    let age = TimeSpan.short(seconds: Int64(Model.seconds(now, since: bulk.at)))
    return confirm(
      .act(ActRequest(bulk: bulk.id, act: .undo)),
      BilingualText(
        en: "undo: \(bulk.act.en), \(bulk.rows) rows, \(age) ago", zh: "撤销：\(bulk.act.zh) \(bulk.rows) 行，\(age)前"))
  }
}
