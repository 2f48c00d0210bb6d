package import Records
package import Wire

/// Which suppressions hold for an alert: pure, over those in force when a batch came.
package struct SuppressionRules: Sendable {
  /// Every alert is compared with each.
  package static let mostHeld = 200

  /// One in force, with what the hub knows of its parts.
  package struct Held: Sendable {
    package var suppression: Suppression
    /// The organisation named and all below it; nil where none is named.
    package var organisations: Set<String>?
    package var matches: @Sendable (QueueRow) -> Bool
    package init(
      _ suppression: Suppression, organisations: Set<String>? = nil,
      matches: @escaping @Sendable (QueueRow) -> Bool = { _ in true }
    ) {
      self.suppression = suppression
      self.organisations = organisations
      self.matches = matches
    }

    /// The row is made only where a filter asks about it.
    package func holds(_ alert: AlertRecord, _ owner: SiteAttribution, _ row: () -> QueueRow) -> Bool {
      let s = suppression
      if let rule = s.rule, rule != alert.signature.id { return false }
      if let site = s.site, site != owner.site { return false }
      if let organisations, !(owner.organisation.map(organisations.contains) ?? false) { return false }
      if let network = s.network {
        guard let source = AlertFold.source(alert, owner), network.contains(source) else { return false }
      }
      return s.filter == nil || matches(row())
    }
  }

  private let suppressions: [Held]
  private let limits: [Held]
  private let ids: Set<String>

  package init(_ held: [Held]) {
    suppressions = held.filter { $0.suppression.kind == .suppress }
    limits = held.filter { $0.suppression.kind == .threshold }
    ids = Set(held.map(\.suppression.id))
  }

  package func suppression(_ alert: AlertRecord, _ owner: SiteAttribution, _ row: () -> QueueRow) -> Suppression? {
    suppressions.first { $0.holds(alert, owner, row) }?.suppression
  }
  package func thresholds(_ alert: AlertRecord, _ owner: SiteAttribution, _ row: () -> QueueRow) -> [Suppression] {
    limits.filter { $0.holds(alert, owner, row) }.map(\.suppression)
  }
  package func isHolding(_ id: String) -> Bool { ids.contains(id) }

  // MARK: what a lead may say

  package static let reasonLimit = 1000
  /// An hour of windows is the longest that a person waits for a count to begin anew; a second the shortest.
  package static let windowSeconds: ClosedRange<Int64> = 1...86_400

  /// Why it cannot hold; nil where it can.
  package static func refusal(_ s: Suppression, now: Timestamp, longestSeconds: Double) -> String? {
    let isNamed =
      s.rule != nil || s.site != nil || s.organisation != nil || s.network != nil || s.filter?.isEmpty == false
    if !isNamed { return "it names nothing: a rule, a site, an organisation, a network or a filter" }
    if s.reason.isEmpty || s.reason.count > reasonLimit { return "it wants a reason of 1 to \(reasonLimit) characters" }
    if s.until <= now { return "its end, \(s.until.secondText), has passed" }
    if s.until > now.advanced(seconds: longestSeconds) {
      return "it may hold until \(now.advanced(seconds: longestSeconds).secondText) at most, not \(s.until.secondText)"
    }
    guard let limit = s.limit else { return nil }
    if !(1...10_000).contains(limit.most) { return "a threshold lets 1 to 10000 rows through, not \(limit.most)" }
    if !windowSeconds.contains(limit.seconds) {
      return
        "a threshold counts over \(windowSeconds.lowerBound) to \(windowSeconds.upperBound) s, not \(limit.seconds)"
    }
    return nil
  }

  /// Said once, a day before the end of one that was to hold longer.
  package static func mustAnnounce(_ s: Suppression, now: Timestamp) -> Bool {
    let day = 86_400.0
    return s.holds(at: now) && !s.isAnnounced && s.until <= now.advanced(seconds: day)
      && s.until > s.created.advanced(seconds: day)
  }
}
