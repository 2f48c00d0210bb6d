package import Wire

/// Something that a person of the watch must do, put on the list by a service; one open task a kind and subject.
package struct DutyTask: Codable, Sendable, Hashable, Identifiable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A draft waits for a person's word.
    case approval
    /// No receipt in time: call them.
    case silence
    case unconfirmedContact
    /// Nobody there has an address.
    case unreachable
    case dispute, moreTime
    /// A retest could not tell.
    case undetermined
    case unverifiable
    /// What came to us is to be answered.
    case intake
  }
  package var id: Int64
  package var kind: Kind
  /// `notice/17`, `contact/tax/li@tax.example.gov`, `finding/4`, `intake/2`.
  package var subject: String
  package var text: BilingualText
  package var created: Timestamp
  package var due: Timestamp?
  package var doneBy: String?
  package var doneAt: Timestamp?

  package init(
    id: Int64 = 0, _ kind: Kind, _ subject: String, _ text: BilingualText, created: Timestamp, due: Timestamp? = nil
  ) {
    self.id = id
    self.kind = kind
    self.subject = subject
    self.text = text
    self.created = created
    self.due = due
  }
}
