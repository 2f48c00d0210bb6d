package import Records
package import Wire

/// All that the whole text of a notice says.
package struct NoticeContents: Sendable, Equatable {
  package struct Weakness: Sendable, Equatable {
    package var row: Int64
    package var title: BilingualText
    package var check: String
    /// The site's host, with the path where it has one.
    package var place: String
    package var severity: Severity
    /// Masked.
    package var evidence: String
    package var remedy: BilingualText?
    package var firstSeen: Timestamp
    package var due: Timestamp?
    package init(
      row: Int64, title: BilingualText, check: String, place: String, severity: Severity, evidence: String,
      remedy: BilingualText?, firstSeen: Timestamp, due: Timestamp?
    ) {
      self.row = row
      self.title = title
      self.check = check
      self.place = place
      self.severity = severity
      self.evidence = evidence
      self.remedy = remedy
      self.firstSeen = firstSeen
      self.due = due
    }
  }
  package struct Attack: Sendable, Equatable {
    package var row: Int64
    package var title: BilingualText
    package var subject: String
    package var count: Int64
    package var lastSeen: Timestamp
    package init(row: Int64, title: BilingualText, subject: String, count: Int64, lastSeen: Timestamp) {
      self.row = row
      self.title = title
      self.subject = subject
      self.count = count
      self.lastSeen = lastSeen
    }
  }

  package var notice: Notice
  package var city: String
  package var organisation: BilingualText
  package var weaknesses: [Weakness]
  package var attacks: [Attack]
  /// Of an urgent notice that is out.
  package var containedDue: Timestamp?
  /// Seconds ahead of UTC of the times it tells.
  package var utcOffset: Int64

  package init(
    notice: Notice, city: String, organisation: BilingualText, weaknesses: [Weakness], attacks: [Attack],
    containedDue: Timestamp? = nil, utcOffset: Int64
  ) {
    self.notice = notice
    self.city = city
    self.organisation = organisation
    self.weaknesses = weaknesses
    self.attacks = attacks
    self.containedDue = containedDue
    self.utcOffset = utcOffset
  }
}

/// What channels may carry about a notice: who, how bad, until when and where to read it. It has no room for a
/// weakness, a path or evidence.
package struct NoticeMessage: Sendable, Equatable {
  package enum Topic: String, Sendable, CaseIterable {
    case issued, reminder, supervision, refused, extended, upgraded, downgraded, lifted, closed
  }
  package var topic: Topic
  package var city: String
  package var organisation: BilingualText
  package var number: String
  package var kind: NoticeKind
  package var colour: WarningColour?
  package var severity: Severity
  /// Ids, at most `sitesShown`.
  package var sites: [String]
  package var siteCount: Int
  package var receiptDue: Timestamp?
  package var due: Timestamp?
  /// Of supervision: 1 to 3.
  package var level: Int
  package var link: String?
  package var isDrill: Bool
  package var utcOffset: Int64
  package static let sitesShown = 5

  package init(
    _ topic: Topic, _ notice: Notice, city: String, organisation: BilingualText, link: String?, utcOffset: Int64
  ) {
    self.topic = topic
    self.city = city
    self.organisation = organisation
    number = notice.number ?? "\(notice.id)"
    kind = notice.kind
    colour = notice.colour
    severity = notice.severity
    sites = Array(notice.sites.prefix(NoticeMessage.sitesShown))
    siteCount = notice.sites.count
    receiptDue = notice.received == nil ? notice.receiptDue : nil
    due = notice.due
    level = notice.supervision
    self.link = link
    isDrill = notice.isDrill
    self.utcOffset = utcOffset
  }
}
