package import Wire

/// A numbered document to one organisation about its sites: what is weak or threatens, by when an answer is owed, and
/// what came of it. Drafted by a machine or a person, approved by another person, closed by proof.
package struct Notice: Codable, Sendable, Hashable, Identifiable {
  /// Given by the store, rising, never used again; 0 before it is stored.
  package var id: Int64
  /// Given at approval; never used again.
  package var number: String?
  package var kind: NoticeKind
  /// Of a warning.
  package var colour: WarningColour?
  package var severity: Severity
  package var urgency: NoticeUrgency
  package var organisation: String
  package var sites: [String]
  /// Rows of the queue: weaknesses, and alerts.
  package var findings: [Int64]
  package var alerts: [Int64]
  package var incidents: [String]
  /// What an advisory is called where it came from.
  package var advisory: String?
  /// What a machine warns of; while one is open, the same cause makes no other for the organisation.
  package var cause: String?
  package var title: BilingualText
  /// The author's own words, beside what the template says of each weakness.
  package var advice: String
  package var state: NoticeState
  package var author: String
  /// Who changed the draft; none of them may approve it.
  package var editors: [String]
  package var approver: String?
  package var assigned: Assignment?
  package var created: Timestamp
  package var approved: Timestamp?
  package var sent: Timestamp?
  package var received: NoticeAnswer?
  package var closed: Ending?
  /// When the running clock began; reminders are parts of the time from here to `due`.
  package var begun: Timestamp?
  package var receiptDue: Timestamp?
  /// By when the owner must have answered.
  package var answerDue: Timestamp?
  /// By when the weaknesses must be gone.
  package var fixDue: Timestamp?
  /// Reminders of the running clock that went out.
  package var reminded: Int
  package var lastReminder: Timestamp?
  /// No receipt came in time, and the watch was told.
  package var isSilent: Bool
  package var overdueSince: Timestamp?
  /// 0: none; 1 to 3: how many steps up the tree have been told.
  package var supervision: Int
  package var supervisedAt: Timestamp?
  /// What the owner said, in order.
  package var answers: [NoticeAnswer]
  package var isDrill: Bool

  /// Who is to act on it there, and since when it is theirs.
  package struct Assignment: Codable, Sendable, Hashable {
    package var contact: String?
    package var at: Timestamp
    package init(contact: String?, at: Timestamp) {
      self.contact = contact
      self.at = at
    }
  }
  package struct Ending: Codable, Sendable, Hashable {
    package var at: Timestamp
    package var by: String
    package var reason: String
    package init(at: Timestamp, by: String, reason: String) {
      self.at = at
      self.by = by
      self.reason = reason
    }
  }

  /// The author of what a machine drafts.
  package static let machine = "vigil"
  /// A draft that a machine fills is one page; more weaknesses of the organisation make another.
  package static let findingLimit = 50
  /// What an owner may say before the officer is asked to call.
  package static let answerLimit = 200
  package static let adviceLimit = 4000

  package init(
    id: Int64 = 0, number: String? = nil, kind: NoticeKind = .notice, colour: WarningColour? = nil, severity: Severity,
    urgency: NoticeUrgency = .ordinary, organisation: String, sites: [String] = [], findings: [Int64] = [],
    alerts: [Int64] = [], incidents: [String] = [], advisory: String? = nil, cause: String? = nil, title: BilingualText,
    advice: String = "", author: String, created: Timestamp, isDrill: Bool = false
  ) {
    self.id = id
    self.number = number
    self.kind = kind
    self.colour = colour
    self.severity = severity
    self.urgency = urgency
    self.organisation = organisation
    self.sites = sites
    self.findings = findings
    self.alerts = alerts
    self.incidents = incidents
    self.advisory = advisory
    self.cause = cause
    self.title = title
    self.advice = advice
    state = .draft
    self.author = author
    editors = []
    self.created = created
    reminded = 0
    isSilent = false
    supervision = 0
    answers = []
    self.isDrill = isDrill
  }

  /// The end of the running clock; nil: the next step is ours.
  package var due: Timestamp? {
    switch state {
    case .sent, .received: answerDue
    case .feedback: fixDue ?? answerDue
    case .draft, .approved, .retest, .closed, .lifted: nil
    }
  }
}

package enum NoticeKind: String, Codable, Sendable, CaseIterable {
  case notice, warning, reminder

  package var title: BilingualText {
    switch self {
    case .notice: BilingualText(en: "notice", zh: "通报")
    case .warning: BilingualText(en: "early warning", zh: "预警")
    case .reminder: BilingualText(en: "reminder", zh: "提醒")
    }
  }
}

/// 国家网络安全事件应急预案: four levels of warning.
package enum WarningColour: String, Codable, Sendable, CaseIterable, Comparable {
  case blue, yellow, orange, red

  private var rank: Int { WarningColour.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: WarningColour, b: WarningColour) -> Bool { a.rank < b.rank }

  package var title: BilingualText {
    switch self {
    case .blue: BilingualText(en: "blue (IV)", zh: "蓝色（IV级）")
    case .yellow: BilingualText(en: "yellow (III)", zh: "黄色（III级）")
    case .orange: BilingualText(en: "orange (II)", zh: "橙色（II级）")
    case .red: BilingualText(en: "red (I)", zh: "红色（I级）")
    }
  }
}

/// Which clocks run.
package enum NoticeUrgency: String, Codable, Sendable, CaseIterable {
  case ordinary
  /// Tampering, a leak, a web shell.
  case urgent
}

package enum NoticeState: String, Codable, Sendable, CaseIterable {
  case draft, approved, sent, received, feedback, retest, closed
  /// Taken back: the cause is gone, or it should not have been.
  case lifted

  package var isOpen: Bool { self != .closed && self != .lifted }
  /// It is with its organisation.
  package var isOut: Bool { isOpen && self != .draft && self != .approved }

  package var title: BilingualText {
    switch self {
    case .draft: BilingualText(en: "draft", zh: "拟稿")
    case .approved: BilingualText(en: "approved", zh: "已审批")
    case .sent: BilingualText(en: "sent", zh: "已下发")
    case .received: BilingualText(en: "received", zh: "已签收")
    case .feedback: BilingualText(en: "answered", zh: "已反馈")
    case .retest: BilingualText(en: "being retested", zh: "复测中")
    case .closed: BilingualText(en: "closed", zh: "已办结")
    case .lifted: BilingualText(en: "lifted", zh: "已解除")
    }
  }
}

/// One thing that the owner said about a notice.
package struct NoticeAnswer: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case receipt, fixed, moreTime, dispute, retest }
  package var kind: Kind
  /// As it was typed, or told on the telephone.
  package var name: String
  package var at: Timestamp
  /// From where: the contact whose link it was with the address it came from, or `phone, entered by li`.
  package var from: String
  package var text: String
  /// Of `moreTime`.
  package var until: Timestamp?

  package static let nameLimit = 64
  package static let textLimit = 2000

  package init(
    _ kind: Kind, name: String, at: Timestamp, from: String, text: String = "", until: Timestamp? = nil
  ) {
    self.kind = kind
    self.name = name
    self.at = at
    self.from = from
    self.text = text
    self.until = until
  }
}
