package import Wire

/// One thing to be told to one address: the body of an entry of the outbox whose channel is `dispatch`.
///
/// It says that there is something and where to read it: number, site, severity, deadline and a link; never the
/// weakness, a URL of the site or evidence, since mail and chat are read by others.
package struct Dispatch: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// To an organisation: a notice, its reminder, its supervision, an early warning.
    case notice, reminder, supervision, warning
    /// To a person on duty.
    case page, digest
    case report
  }
  /// The same for every try and after a restart: a receiver that has it ignores the rest.
  package var id: String
  package var kind: Kind
  package var address: ContactAddress
  /// `en` or `zh`, of `subject` and `text`.
  package var language: String
  package var subject: String
  /// Plain lines.
  package var text: String
  /// The page of the hub where more stands.
  package var link: String?
  package var severity: Severity?
  package var deadline: Timestamp?
  /// Of a drill: kept, shown, never delivered outside.
  package var isDrill: Bool
  package var created: Timestamp

  package init(
    id: String, kind: Kind, address: ContactAddress, language: String, subject: String, text: String,
    link: String? = nil,
    severity: Severity? = nil, deadline: Timestamp? = nil, isDrill: Bool = false, created: Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.address = address
    self.language = language
    self.subject = subject
    self.text = text
    self.link = link
    self.severity = severity
    self.deadline = deadline
    self.isDrill = isDrill
    self.created = created
  }

  /// What `OutboxEntry.channel` says of entries whose body is one of these.
  package static let channel = "dispatch"
}
