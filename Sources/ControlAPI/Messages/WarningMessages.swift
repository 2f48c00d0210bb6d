package import Records
package import Wire

/// A draft by a person.
package struct NoticeDraft: APIRequest, Equatable {
  package var kind: NoticeKind
  package var colour: WarningColour?
  package var urgency: NoticeUrgency
  package var organisation: String
  /// Besides those of the findings and alerts.
  package var sites: [String]
  /// Rows of the queue, of either wing.
  package var rows: [Int64]
  package var incidents: [String]
  package var advisory: String?
  /// Nil: what the machine would say.
  package var title: BilingualText?
  package var severity: Severity?
  package var advice: String
  package var isDrill: Bool

  package init(
    kind: NoticeKind = .notice, colour: WarningColour? = nil, urgency: NoticeUrgency = .ordinary, organisation: String,
    sites: [String] = [], rows: [Int64] = [], incidents: [String] = [], advisory: String? = nil,
    title: BilingualText? = nil, severity: Severity? = nil, advice: String = "", isDrill: Bool = false
  ) {
    self.kind = kind
    self.colour = colour
    self.urgency = urgency
    self.organisation = organisation
    self.sites = sites
    self.rows = rows
    self.incidents = incidents
    self.advisory = advisory
    self.title = title
    self.severity = severity
    self.advice = advice
    self.isDrill = isDrill
  }
}

/// What an editor changes of a draft; nil: nothing of it.
package struct NoticeEdit: APIRequest, Equatable {
  package var title: BilingualText?
  package var advice: String?
  package var urgency: NoticeUrgency?
  package init(title: BilingualText? = nil, advice: String? = nil, urgency: NoticeUrgency? = nil) {
    self.title = title
    self.advice = advice
    self.urgency = urgency
  }
}

/// An act on one notice; each endpoint says what it needs.
package struct NoticeAct: APIRequest, Equatable {
  package var reason: String
  /// Of `extend`.
  package var until: Timestamp?
  /// Of `receipt`: who said so on the telephone.
  package var name: String?
  /// Of `grade`.
  package var severity: Severity?
  package var colour: WarningColour?
  package init(
    reason: String = "", until: Timestamp? = nil, name: String? = nil, severity: Severity? = nil,
    colour: WarningColour? = nil
  ) {
    self.reason = reason
    self.until = until
    self.name = name
    self.severity = severity
    self.colour = colour
  }
}

/// A notice with all that belongs to it.
package struct NoticeDetail: Codable, Sendable, Equatable {
  package var notice: Notice
  package var organisation: BilingualText
  /// In Markdown, by language; of a draft as it would be.
  package var documents: [String: String]
  package var findings: [FindingItem]
  /// Whether the addresses of its organisation have proved themselves.
  package var contacts: [NoticeContact]
  package var tasks: [DutyTask]
  package var audit: [AuditEntry]
  package init(
    notice: Notice, organisation: BilingualText, documents: [String: String], findings: [FindingItem],
    contacts: [NoticeContact], tasks: [DutyTask], audit: [AuditEntry]
  ) {
    self.notice = notice
    self.organisation = organisation
    self.documents = documents
    self.findings = findings
    self.contacts = contacts
    self.tasks = tasks
    self.audit = audit
  }
}

/// That somebody was reached at an address: an officer's word after a call.
package struct ContactConfirmation: APIRequest, Equatable {
  package var organisation: String
  package var address: String
  package var reason: String
  package init(organisation: String, address: String, reason: String) {
    self.organisation = organisation
    self.address = address
    self.reason = reason
  }
}

/// What a person says of a finding.
package struct FindingAct: APIRequest, Equatable {
  package var reason: String
  /// Of `accept` and `false`: when it comes back.
  package var until: Timestamp?
  package init(reason: String = "", until: Timestamp? = nil) {
    self.reason = reason
    self.until = until
  }
}

/// A finding after an act, and the looks that were asked for.
package struct FindingActReport: Codable, Sendable, Equatable {
  package var finding: FindingItem
  package var retests: [Retest]
  package init(finding: FindingItem, retests: [Retest]) {
    self.finding = finding
    self.retests = retests
  }
}

/// What came to us.
package struct IntakeDraft: APIRequest, Equatable {
  package struct File: Codable, Sendable, Equatable {
    package var name: String
    package var base64: String
    package init(name: String, base64: String) {
      self.name = name
      self.base64 = base64
    }
  }
  package var source: Intake.Source
  package var sender: String
  package var senderNumber: String?
  package var senderDeadline: Timestamp?
  package var title: String
  package var text: String
  package var site: String?
  package var organisation: String?
  package var check: String?
  package var assignee: String?
  package var files: [File]
  package var isDrill: Bool
  package init(
    source: Intake.Source, sender: String, senderNumber: String? = nil, senderDeadline: Timestamp? = nil,
    title: String, text: String = "", site: String? = nil, organisation: String? = nil, check: String? = nil,
    assignee: String? = nil, files: [File] = [], isDrill: Bool = false
  ) {
    self.source = source
    self.sender = sender
    self.senderNumber = senderNumber
    self.senderDeadline = senderDeadline
    self.title = title
    self.text = text
    self.site = site
    self.organisation = organisation
    self.check = check
    self.assignee = assignee
    self.files = files
    self.isDrill = isDrill
  }
}

package struct IntakeAnswer: APIRequest, Equatable {
  package var text: String
  package init(text: String) { self.text = text }
}

package struct IntakeRating: APIRequest, Equatable {
  package var rating: Intake.Rating
  package init(rating: Intake.Rating) { self.rating = rating }
}
