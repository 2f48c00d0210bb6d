package import Wire

/// A look at one finding by the engines that saw it: asked of the schedule until each has looked.
package struct Retest: Codable, Sendable, Hashable, Identifiable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// Somebody says that it is fixed.
    case claim
    case asked
    /// A verified weakness is looked at again.
    case day7, day30
  }
  package enum State: String, Codable, Sendable, CaseIterable { case waiting, asked, ended }
  package enum Result: String, Codable, Sendable, CaseIterable {
    case gone, stillThere, unverifiable
    /// A newer one took its place, or the finding was settled otherwise.
    case overtaken
  }
  /// What one engine is to look at.
  package struct Look: Codable, Sendable, Hashable {
    package var site: String
    package var engine: String
    package var answered: Timestamp?
    /// Why the engine could not look; nil where it did.
    package var obstacle: String?
    /// The site answered, but not us.
    package var isBlocked: Bool
    package init(
      site: String, engine: String, answered: Timestamp? = nil, obstacle: String? = nil, isBlocked: Bool = false
    ) {
      self.site = site
      self.engine = engine
      self.answered = answered
      self.obstacle = obstacle
      self.isBlocked = isBlocked
    }
  }
  package var id: Int64
  package var finding: Int64
  package var reason: Reason
  package var state: State
  package var due: Timestamp
  /// Looks that began before do not count.
  package var since: Timestamp?
  package var tries: Int
  package var looks: [Look]
  package var result: Result?

  /// Days after verification at which it is looked at again.
  package static let again: [(reason: Reason, days: Double)] = [(.day7, 7), (.day30, 30)]

  package init(id: Int64 = 0, finding: Int64, reason: Reason, due: Timestamp) {
    self.id = id
    self.finding = finding
    self.reason = reason
    state = .waiting
    self.due = due
    tries = 0
    looks = []
  }
}
