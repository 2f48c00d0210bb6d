package import Wire

/// All that one step of a notice writes, in one transaction.
package struct NoticeWrite: Sendable {
  package var notice: Notice
  package var audit: [AuditEntry]
  package var dispatches: [Dispatch]
  package var tokens: [NoticeToken]
  package var documents: [NoticeDocument]
  package var tasks: [DutyTask]
  /// Findings whose life the step changes, whole.
  package var findings: [Finding]
  package var retests: [Retest]
  /// By when which row must be gone, for the posture log.
  package var deadlines: [Int64: Timestamp]
  /// When the clock must look at the notice next.
  package var look: Timestamp?
  /// States of findings that the notice has answered to.
  package var saw: [Int64: FindingState]
  /// Addresses that proved themselves, or did not.
  package var contacts: [NoticeContact]

  package init(
    _ notice: Notice, audit: [AuditEntry] = [], dispatches: [Dispatch] = [], tokens: [NoticeToken] = [],
    documents: [NoticeDocument] = [], tasks: [DutyTask] = [], findings: [Finding] = [], retests: [Retest] = [],
    deadlines: [Int64: Timestamp] = [:], look: Timestamp? = nil, saw: [Int64: FindingState] = [:],
    contacts: [NoticeContact] = []
  ) {
    self.notice = notice
    self.audit = audit
    self.dispatches = dispatches
    self.tokens = tokens
    self.documents = documents
    self.tasks = tasks
    self.findings = findings
    self.retests = retests
    self.deadlines = deadlines
    self.look = look
    self.saw = saw
    self.contacts = contacts
  }
}

/// The right to answer a notice, in the link to its page; kept hashed only.
package struct NoticeToken: Codable, Sendable, Hashable {
  /// SHA-256 of the 256 bits, in hex.
  package var hash: String
  package var notice: Int64
  package var contact: String
  package var address: String
  package var created: Timestamp
  /// Days after the notice's end for which the link still opens its page.
  package static let daysAfterEnd = 90.0

  package init(hash: String, notice: Int64, contact: String, address: String, created: Timestamp) {
    self.hash = hash
    self.notice = notice
    self.contact = contact
    self.address = address
    self.created = created
  }
}

/// The whole text of a notice as it was approved. Shown on the owner's page and to the watch, sent by no channel.
package struct NoticeDocument: Codable, Sendable, Hashable {
  /// `en` or `zh`.
  package var language: String
  /// A part of a page, every value escaped.
  package var html: String
  package var markdown: String
  package init(language: String, html: String, markdown: String) {
    self.language = language
    self.html = html
    self.markdown = markdown
  }
}

/// Whether an address has proved that somebody reads there.
package struct NoticeContact: Codable, Sendable, Hashable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Nobody has answered from there yet.
    case unproved
    case confirmed
    /// It bounced, or two notices in a row were met with silence.
    case unconfirmed
  }
  package var organisation: String
  package var address: String
  package var state: State
  /// Notices in a row without a receipt in time.
  package var silent: Int
  package var since: Timestamp
  package var reason: String
  package static let silenceLimit = 2

  package init(
    organisation: String, address: String, state: State = .unproved, silent: Int = 0, since: Timestamp,
    reason: String = ""
  ) {
    self.organisation = organisation
    self.address = address
    self.state = state
    self.silent = silent
    self.since = since
    self.reason = reason
  }
}
