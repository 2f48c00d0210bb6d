package import Wire

/// A line of the posture log: what changed, as the whole new state of one subject. From these lines alone every score
/// of every day can be computed again.
package struct PostureEvent: Codable, Sendable, Hashable {
  package enum Change: Codable, Sendable, Hashable {
    /// A row of the queue that belongs to a site.
    case row(Row)
    case site(Member)
    /// An engine has tested the site once at least.
    case tested(site: String)
    case organisation(id: String, parent: String?)
    /// A hosting that sites share, and who answers for it.
    case platform(id: String, owner: String?)
    /// A site, an organisation or a platform that is in the inventory no more.
    case removed(Subject)
    /// By when a row must be gone: what *on time* is measured by. Extended, the later line holds.
    case deadline(row: Int64, until: Timestamp)
    /// A row that a person took out of the count, with the reason; nil: it counts again.
    case exclusion(row: Int64, by: String, reason: String?)
    /// What those who were served said of an organisation.
    case rating(intake: Int64, organisation: String, Intake.Rating)
  }
  package enum Subject: Codable, Sendable, Hashable {
    case site(String)
    case organisation(String)
    case platform(String)
  }
  package struct Row: Codable, Sendable, Hashable {
    package var id: Int64
    package var wing: Wing
    /// Empty for a hosting's.
    package var site: String
    /// The hosting whose finding it is; nil: a site's.
    package var platform: String?
    /// A weakness id, or `gid:sid`.
    package var check: String
    package var severity: Severity
    /// Whether it still takes points: a finding that lives, an alert row that is not closed.
    package var isOpen: Bool
    /// The weakness was seen to be gone.
    package var isVerified: Bool
    package init(
      id: Int64, wing: Wing, site: String, check: String, severity: Severity, isOpen: Bool, isVerified: Bool = false,
      platform: String? = nil
    ) {
      self.id = id
      self.wing = wing
      self.site = site
      self.platform = platform
      self.check = check
      self.severity = severity
      self.isOpen = isOpen
      self.isVerified = isVerified
    }
  }
  package struct Member: Codable, Sendable, Hashable {
    package var id: String
    package var organisation: String?
    package var criticality: Criticality
    /// The hosting that it shares.
    package var platform: String?
    package init(id: String, organisation: String?, criticality: Criticality, platform: String? = nil) {
      self.id = id
      self.organisation = organisation
      self.criticality = criticality
      self.platform = platform
    }
  }

  /// Of the log, rising; 0 before it is kept.
  package var number: Int64
  package var time: Timestamp
  package var change: Change
  package init(number: Int64 = 0, time: Timestamp, change: Change) {
    self.number = number
    self.time = time
    self.change = change
  }

  /// What a later line about the same thing takes the place of.
  package var subject: String {
    switch change {
    case .row(let row): "row/\(row.id)"
    case .site(let member): "site/\(member.id)"
    case .tested(let site): "tested/\(site)"
    case .organisation(let id, parent: _): "organisation/\(id)"
    case .platform(let id, owner: _), .removed(.platform(let id)): "platform/\(id)"
    case .removed(.site(let id)): "site/\(id)"
    case .removed(.organisation(let id)): "organisation/\(id)"
    case .deadline(let row, until: _): "deadline/\(row)"
    case .exclusion(let row, by: _, reason: _): "exclusion/\(row)"
    case .rating(let intake, organisation: _, _): "rating/\(intake)"
    }
  }
}

extension PostureEvent.Change {
  /// Whose trail it belongs to.
  package var site: String? {
    switch self {
    case .row(let row): row.platform == nil ? row.site : nil
    case .site(let member): member.id
    case .tested(let site), .removed(.site(let site)): site
    case .organisation, .platform, .removed, .deadline, .exclusion, .rating: nil
    }
  }
}

extension QueueRow {
  /// Its line in the posture log; nil where it belongs to no site and no platform, or to a drill.
  package var postureChange: PostureEvent.Change? {
    let isCounted = !isDrill && gathering == nil && (place == .shown || place == .member)
    guard isCounted, site != nil || platform != nil else { return nil }
    let isLive = findingState?.isLive ?? true
    let isOpen = wing == .sensor ? triage.isOpen : isLive && triage.verdict != .falsePositive
    return .row(
      PostureEvent.Row(
        id: id, wing: wing, site: site ?? "", check: check, severity: severity, isOpen: isOpen,
        isVerified: findingState == .verified, platform: platform))
  }
}
