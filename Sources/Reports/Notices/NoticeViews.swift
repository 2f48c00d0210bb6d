internal import Records
internal import Wire

/// A message as its templates look at it. A name that a template asks for is always there; `false` is not shown.
enum MessageView {
  static let names: Set<String> = Set(NoticeMessage.Topic.allCases.map(\.rawValue)).union([
    "city", "organisation", "number", "kind", "colour", "severity", "sites", "moreSites", "receiptDue", "due", "level",
    "link", "drill", "zone",
  ])

  static func of(_ message: NoticeMessage, _ words: Words) -> [String: Any] {
    var view: [String: Any] = [
      "city": message.city, "organisation": words(message.organisation), "number": message.number,
      "kind": words(message.kind.title), "colour": shown(message.colour.map { words($0.title) }),
      "severity": words.name(message.severity), "sites": message.sites.joined(separator: ", "),
      "moreSites": shown(message.siteCount > message.sites.count ? "\(message.siteCount)" : nil),
      "receiptDue": shown(message.receiptDue.map(words.moment)), "due": shown(message.due.map(words.moment)),
      "level": "\(message.level)", "link": shown(message.link), "drill": message.isDrill, "zone": words.zone,
    ]
    for topic in NoticeMessage.Topic.allCases { view[topic.rawValue] = topic == message.topic }
    return view
  }

  static func shown(_ text: String?) -> Any { text ?? false as Any }
}

/// The whole text as its templates look at it.
enum DocumentView {
  static let names: Set<String> = [
    "city", "organisation", "number", "kind", "colour", "severity", "approved", "receiptDue", "answerDue", "fixDue",
    "sites", "site", "advice", "line", "drill", "zone", "weaknesses", "weakness", "attacks", "attack", "title",
    "check", "place", "evidence", "remedy", "firstSeen", "lastSeen", "deadline", "row", "subject", "count", "urgent",
    "owesAnswer", "containedDue",
  ]

  static func of(_ contents: NoticeContents, _ words: Words) -> [String: Any] {
    let notice = contents.notice
    return [
      "city": contents.city, "organisation": words(contents.organisation), "number": notice.number ?? "\(notice.id)",
      "kind": words(notice.kind.title), "colour": MessageView.shown(notice.colour.map { words($0.title) }),
      "severity": words.name(notice.severity), "approved": moment(notice.approved, words),
      "receiptDue": moment(notice.receiptDue, words), "answerDue": moment(notice.answerDue, words),
      "fixDue": moment(notice.fixDue, words), "containedDue": moment(contents.containedDue, words),
      "sites": notice.sites.map { ["site": $0] as [String: Any] },
      "advice": notice.advice.isEmpty
        ? false as Any : notice.advice.split(separator: "\n").map { ["line": String($0)] as [String: Any] } as Any,
      "drill": notice.isDrill, "zone": words.zone, "urgent": notice.urgency == .urgent,
      "owesAnswer": notice.answerDue != nil, "title": words(notice.title),
      "weaknesses": contents.weaknesses.isEmpty
        ? false as Any : ["weakness": contents.weaknesses.map { view($0, words) }] as [String: Any] as Any,
      "attacks": contents.attacks.isEmpty
        ? false as Any : ["attack": contents.attacks.map { view($0, words) }] as [String: Any] as Any,
    ]
  }

  private static func moment(_ time: Timestamp?, _ words: Words) -> Any { MessageView.shown(time.map(words.moment)) }

  private static func view(_ weakness: NoticeContents.Weakness, _ words: Words) -> [String: Any] {
    [
      "row": "\(weakness.row)", "title": words(weakness.title), "check": weakness.check, "place": weakness.place,
      "severity": words.name(weakness.severity),
      "evidence": MessageView.shown(weakness.evidence.isEmpty ? nil : weakness.evidence),
      "remedy": MessageView.shown(weakness.remedy.map { words($0) }), "firstSeen": words.moment(weakness.firstSeen),
      "deadline": moment(weakness.due, words),
    ]
  }

  private static func view(_ attack: NoticeContents.Attack, _ words: Words) -> [String: Any] {
    [
      "row": "\(attack.row)", "title": words(attack.title), "subject": attack.subject, "count": "\(attack.count)",
      "lastSeen": words.moment(attack.lastSeen),
    ]
  }
}
