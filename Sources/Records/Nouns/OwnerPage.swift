package import Wire

/// What the owner of a site sees behind the link of a notice: the page that the hub serves to whoever has the link.
package struct NoticePage: Codable, Sendable, Hashable {
  /// One part of the document, in both languages.
  package enum Block: Codable, Sendable, Hashable {
    case heading(BilingualText)
    case paragraph(BilingualText)
    case list([BilingualText])
    /// A line of a table of two columns: what it is, and its value.
    case fact(BilingualText, BilingualText)
    /// A part of a page in HTML, by the hub's own templates, every value in it escaped.
    case markup(BilingualText)
  }
  /// What happened to the notice, the oldest first.
  package struct Step: Codable, Sendable, Hashable {
    package var time: Timestamp
    package var text: BilingualText
    package init(time: Timestamp, text: BilingualText) {
      self.time = time
      self.text = text
    }
  }
  package var number: String
  package var title: BilingualText
  package var organisation: BilingualText
  package var severity: Severity
  package var state: BilingualText
  package var deadline: Timestamp?
  package var isDrill: Bool
  package var document: [Block]
  package var steps: [Step]
  /// What the owner may do now, in this order.
  package var acts: [OwnerAct.Kind]
  /// `en` or `zh`, where the reader's browser asks for neither.
  package var language: String

  package init(
    number: String, title: BilingualText, organisation: BilingualText, severity: Severity, state: BilingualText,
    deadline: Timestamp? = nil, isDrill: Bool = false, document: [Block], steps: [Step] = [],
    acts: [OwnerAct.Kind] = OwnerAct.Kind.allCases, language: String = "zh"
  ) {
    self.number = number
    self.title = title
    self.organisation = organisation
    self.severity = severity
    self.state = state
    self.deadline = deadline
    self.isDrill = isDrill
    self.document = document
    self.steps = steps
    self.acts = acts
    self.language = language
  }
}

/// What an owner does by the form of the page.
package enum OwnerAct: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case receive, fix, extend, dispute, retest
  }
  /// The notice was read by somebody who answers for it.
  case receive
  /// It is mended, with what was done (may be empty).
  case fix(String)
  /// More time, until the end of a day (`2026-12-01`, a real date), with a reason.
  case extend(until: String, reason: String)
  /// It is not so, with a reason.
  case dispute(String)
  /// Please look again.
  case retest

  package var kind: Kind {
    switch self {
    case .receive: .receive
    case .fix: .fix
    case .extend: .extend
    case .dispute: .dispute
    case .retest: .retest
    }
  }
}

/// What came of an act.
package enum OwnerAnswer: Codable, Sendable, Hashable {
  /// Kept; a sentence for the owner.
  case done(BilingualText)
  /// Not kept, and why: the state does not allow it, the date is too late, ...
  case refused(BilingualText)
  /// There is no such link, or it has run out: told as every unknown one.
  case unknown
}
