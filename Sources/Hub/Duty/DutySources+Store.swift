internal import Records
internal import Store
internal import Wire

/// What the duty hears of incidents and notices.
extension DutySources {
  /// A note that is read in a minute has no more; the rest is in the lists.
  private static let most = 50

  init(_ store: Store, _ clock: WallClock) {
    rowsInIncidents = { try store.rowsInOpenIncidents() }
    suppressions = {
      let now = clock.now()
      return try store.suppressions().filter { $0.holds(at: now) }.prefix(DutySources.most).map(DutySources.line)
    }
    incidents = { try store.incidents(openOnly: true, limit: DutySources.most).map(DutySources.line) }
    notices = { try store.notices(open: true, limit: DutySources.most).map(DutySources.line) }
    incidentCount = { from, until in
      try store.incidents().count { !$0.isDrill && $0.opened >= from && $0.opened < until }
    }
    noticeCount = { from, until in
      try store.notices(limit: 10_000).count { notice in
        !notice.isDrill && notice.sent.map { $0 >= from && $0 < until } ?? false
      }
    }
  }

  private static func line(_ suppression: Suppression) -> BilingualText {
    let until = suppression.until.secondText
    return BilingualText(
      en: "\(suppression.id) until \(until)Z, by \(suppression.author): \(suppression.reason)",
      zh: "\(suppression.id) 至 \(until)Z，\(suppression.author)：\(suppression.reason)")
  }

  private static func line(_ incident: Incident) -> BilingualText {
    let level = incident.level.map { " (\($0.rawValue))" } ?? ""
    let lead = incident.lead ?? "-"
    let drill = incident.isDrill ? BilingualText(en: "DRILL ", zh: "【演练】") : BilingualText("")
    return BilingualText(
      en: "\(drill.en)\(incident.id)\(level) \(incident.title): \(incident.state.title.en), lead \(lead)",
      zh: "\(drill.zh)\(incident.id)\(level) \(incident.title)：\(incident.state.title.zh)，负责人 \(lead)")
  }

  private static func line(_ notice: Notice) -> BilingualText {
    let number = notice.number ?? "#\(notice.id)"
    let late = notice.overdueSince == nil ? BilingualText("") : BilingualText(en: ", overdue", zh: "，已逾期")
    let drill = notice.isDrill ? BilingualText(en: "DRILL ", zh: "【演练】") : BilingualText("")
    return BilingualText(
      en: "\(drill.en)\(number) to \(notice.organisation): \(notice.state.title.en)\(late.en)",
      zh: "\(drill.zh)\(number) 致 \(notice.organisation)：\(notice.state.title.zh)\(late.zh)")
  }
}
