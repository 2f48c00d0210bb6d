package import Wire

/// A notice that came to us: from above, from the public, by telephone.
package struct Intake: Codable, Sendable, Hashable, Identifiable {
  package enum Source: String, Codable, Sendable, CaseIterable {
    /// 上级通报, another authority, CNVD or CNCERT, 群众, a phone call, a letter.
    case superior, authority, cnvd, cncert, `public`, phone, letter

    package var title: BilingualText {
      switch self {
      case .superior: BilingualText(en: "from above", zh: "上级通报")
      case .authority: BilingualText(en: "another authority", zh: "其他部门")
      case .cnvd: BilingualText(en: "CNVD", zh: "CNVD")
      case .cncert: BilingualText(en: "CNCERT", zh: "CNCERT")
      case .public: BilingualText(en: "the public", zh: "群众")
      case .phone: BilingualText(en: "telephone", zh: "电话")
      case .letter: BilingualText(en: "letter", zh: "来信")
      }
    }
  }
  package enum State: String, Codable, Sendable, CaseIterable { case open, answered, rated }
  package enum Rating: String, Codable, Sendable, CaseIterable {
    case satisfied, mostly, dissatisfied
    /// Asked, and nothing came.
    case noAnswer
  }
  /// A file that came with it, beside the store under its SHA-256.
  package struct Attachment: Codable, Sendable, Hashable {
    package var name: String
    package var digest: String
    package var bytes: Int
    package init(name: String, digest: String, bytes: Int) {
      self.name = name
      self.digest = digest
      self.bytes = bytes
    }
  }
  package var id: Int64
  package var source: Source
  /// What the sender calls it.
  package var senderNumber: String?
  package var sender: String
  package var title: String
  package var text: String
  package var site: String?
  package var organisation: String?
  /// The weakness, where the sender or the officer could name it.
  package var check: String?
  /// A row of the queue that says the same.
  package var finding: Int64?
  package var received: Timestamp
  package var senderDeadline: Timestamp?
  /// By when we answer: the sender's deadline, else our own clock.
  package var due: Timestamp
  package var assignee: String?
  package var state: State
  package var answer: String?
  package var answeredBy: String?
  package var answeredAt: Timestamp?
  package var rating: Rating?
  package var ratedAt: Timestamp?
  package var attachments: [Attachment]
  package var enteredBy: String
  package var isDrill: Bool

  package static let textLimit = 8000
  package static let titleLimit = 300
  /// A scanned letter; the folder beside the store is bounded by the count of intakes.
  package static let attachmentLimit = 8 << 20

  package init(
    id: Int64 = 0, source: Source, sender: String, senderNumber: String? = nil, title: String, text: String = "",
    site: String? = nil, organisation: String? = nil, check: String? = nil, received: Timestamp,
    senderDeadline: Timestamp? = nil, due: Timestamp, enteredBy: String, isDrill: Bool = false
  ) {
    self.id = id
    self.source = source
    self.senderNumber = senderNumber
    self.sender = sender
    self.title = title
    self.text = text
    self.site = site
    self.organisation = organisation
    self.check = check
    self.received = received
    self.senderDeadline = senderDeadline
    self.due = due
    state = .open
    attachments = []
    self.enteredBy = enteredBy
    self.isDrill = isDrill
  }
}
