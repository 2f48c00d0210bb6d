package import Wire

/// What the watch has decided about a row of the queue; the same for alerts and findings.
package enum TriageState: String, Codable, Sendable, CaseIterable {
  case new, acknowledged, escalated, shelved, closed

  package var title: BilingualText {
    switch self {
    case .new: BilingualText(en: "new", zh: "新")
    case .acknowledged: BilingualText(en: "acknowledged", zh: "已确认")
    case .escalated: BilingualText(en: "escalated", zh: "已上报")
    case .shelved: BilingualText(en: "shelved", zh: "已搁置")
    case .closed: BilingualText(en: "closed", zh: "已关闭")
    }
  }
}

package enum Verdict: String, Codable, Sendable, CaseIterable {
  case truePositive, falsePositive, benign, duplicate, expected, fixed
}

package struct Triage: Codable, Sendable, Hashable {
  package var state: TriageState
  package var assignee: String?
  package var verdict: Verdict?
  /// Set while shelved; the row comes back to `new` when it has passed.
  package var shelvedUntil: Timestamp?
  package var acknowledgedAt: Timestamp?
  /// Who last acted, and when.
  package var changedBy: String?
  package var changedAt: Timestamp?
  /// Why a machine brought it back to new ("severity rose to high"), until a person acts again.
  package var returned: String?
  /// A person's word on the outcome, before the machine's.
  package var judged: PersonJudgement?

  package init(
    state: TriageState = .new, assignee: String? = nil, verdict: Verdict? = nil, shelvedUntil: Timestamp? = nil,
    acknowledgedAt: Timestamp? = nil, changedBy: String? = nil, changedAt: Timestamp? = nil, returned: String? = nil,
    judged: PersonJudgement? = nil
  ) {
    self.judged = judged
    self.state = state
    self.assignee = assignee
    self.verdict = verdict
    self.shelvedUntil = shelvedUntil
    self.acknowledgedAt = acknowledgedAt
    self.changedBy = changedBy
    self.changedAt = changedAt
    self.returned = returned
  }
  /// Work that someone still owes: retention never deletes it.
  package var isOpen: Bool { state != .closed }
}

/// What a person does to rows of the queue.
package enum QueueAct: Codable, Sendable, Hashable {
  case acknowledge
  case escalate
  case close(Verdict)
  case shelve(until: Timestamp)
  case assign(String?)
  case comment(String)
  /// A person's word on what came of the attack, and why.
  case judge(Outcome, reason: String)
  /// Takes back this row's last act, if nothing happened to its triage since.
  case undo

  package var name: String {
    switch self {
    case .acknowledge: "acknowledge"
    case .escalate: "escalate"
    case .close: "close"
    case .shelve: "shelve"
    case .assign: "assign"
    case .comment: "comment"
    case .judge: "judge"
    case .undo: "undo"
    }
  }
}

/// Who acts, and from where; every act is audited with both.
package struct Actor: Codable, Sendable, Hashable {
  package var name: String
  /// `unix uid 1000`, `dashboard`, ...
  package var origin: String
  package init(name: String, origin: String) {
    self.name = name
    self.origin = origin
  }
  /// No person is behind it: the passing time, the configuration.
  package var isMachine: Bool { ["clock", "configuration"].contains(origin) }
}

/// One row of the queue, of either wing: what lists and the dashboard show.
package struct QueueRow: Codable, Sendable, Hashable, Identifiable {
  /// Given by the store, rising, never used again; 0 before it is stored.
  package var id: Int64
  package var wing: Wing
  package var key: FoldKey
  package var title: BilingualText
  package var severity: Severity
  package var outcome: Outcome
  package var triage: Triage
  /// The site's id, nil where the row belongs to none.
  package var site: String?
  package var organisation: String?
  /// What it is about, for people: the site's host, or `address:port`.
  package var subject: String
  /// `gid:sid` of the rule, or the weakness id.
  package var check: String
  package var count: Int64
  package var firstSeen: Timestamp
  package var lastSeen: Timestamp
  /// The life of a finding; nil for alerts.
  package var findingState: FindingState?
  package var comments: Int
  /// The hosting that a finding is of; then it has no site.
  package var platform: String?
  /// The incident that it is in, while that is open.
  package var incident: String?
  /// Where it stands instead of the default queue; nil where it is shown.
  package var aside: RowPlace?
  /// The gathering row that a member is folded under.
  package var parent: Int64?
  /// Of a row that gathers others; its count is the sum of theirs.
  package var gathering: Gathering?
  /// The suppression that hides it.
  package var hiddenBy: String?

  package init(
    id: Int64 = 0, wing: Wing, key: FoldKey, title: BilingualText, severity: Severity,
    outcome: Outcome = .notDetermined, triage: Triage = Triage(), site: String? = nil, organisation: String? = nil,
    subject: String, check: String, count: Int64 = 1, firstSeen: Timestamp, lastSeen: Timestamp,
    findingState: FindingState? = nil, comments: Int = 0, platform: String? = nil, incident: String? = nil,
    place: RowPlace = .shown, parent: Int64? = nil, gathering: Gathering? = nil, hiddenBy: String? = nil
  ) {
    self.incident = incident
    self.aside = place == .shown ? nil : place
    self.parent = parent
    self.gathering = gathering
    self.hiddenBy = hiddenBy
    self.id = id
    self.wing = wing
    self.key = key
    self.title = title
    self.severity = severity
    self.outcome = outcome
    self.triage = triage
    self.site = site
    self.organisation = organisation
    self.subject = subject
    self.check = check
    self.count = count
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.findingState = findingState
    self.comments = comments
    self.platform = platform
  }

  package var place: RowPlace {
    get { aside ?? .shown }
    set { aside = newValue == .shown ? nil : newValue }
  }
}

/// The row that folds alerts of one rule against one site (else one protected address and port).
package struct AlertGroup: Codable, Sendable, Hashable {
  package var row: QueueRow
  package var signature: AlertRecord.Signature
  package var facets: AlertFacets
  package var rate: HourlyRate
  /// The finding that shows the very weakness attacked: why the row is a step severer than its rule.
  package var weakness: Int64?
  /// What the machine has judged; `row.outcome` heeds a person's word too. Nil in rows of before there were judgements.
  package var machine: Outcome?
  /// Why, the newest last.
  package var judgements: [OutcomeJudgement]
  /// Of a hidden row: it stays so whatever succeeds.
  package var hidesSuccess: Bool?
  package init(
    row: QueueRow, signature: AlertRecord.Signature, facets: AlertFacets, rate: HourlyRate, weakness: Int64? = nil,
    machine: Outcome? = nil, judgements: [OutcomeJudgement] = [], hidesSuccess: Bool? = nil
  ) {
    self.hidesSuccess = hidesSuccess
    self.machine = machine
    self.judgements = judgements
    self.row = row
    self.signature = signature
    self.facets = facets
    self.rate = rate
    self.weakness = weakness
  }
}

/// Hits in the running hour of traffic time, and in the hour that was acknowledged: a tenfold rise brings the
/// row back.
package struct HourlyRate: Codable, Sendable, Hashable {
  /// Hours since 1970.
  package var hour: Int64
  package var hits: Int64
  package var acknowledged: Int64
  package init(hour: Int64, hits: Int64 = 0, acknowledged: Int64 = 0) {
    self.hour = hour
    self.hits = hits
    self.acknowledged = acknowledged
  }
}

/// One thing that a person wrote under a row.
package struct Comment: Codable, Sendable, Hashable {
  package var time: Timestamp
  package var author: String
  package var text: String
  package init(time: Timestamp, author: String, text: String) {
    self.time = time
    self.author = author
    self.text = text
  }
}
