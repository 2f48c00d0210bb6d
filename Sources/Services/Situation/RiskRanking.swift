package import Records

/// What is most dangerous now: an open weakness, by what it costs, how much depends on its site, and what attacks have
/// made of it. Pure: open findings and kept counters go in.
package enum RiskRanking {
  /// Alerts on a weakness in the time looked at, and the worst that came of one.
  package struct Attacks: Sendable, Hashable {
    package var count: Int64
    package var outcome: Outcome
    package init(count: Int64, outcome: Outcome) {
      self.count = count
      self.outcome = outcome
    }
  }

  package struct Risk: Sendable, Hashable {
    package var row: PostureEvent.Row
    /// `points` x `weight` x `factor`.
    package var score: Double
    package var points: Int
    package var weight: Int
    package var factor: Double
    package var attacks: Attacks?
  }

  /// How much more a weakness weighs by what attacks on it came to. The steps are the house's.
  package static func factor(_ attacks: Attacks?) -> Double {
    guard let attacks, attacks.count > 0 else { return 1 }
    switch attacks.outcome {
    case .failed: return 1.25
    case .notDetermined: return 1.5
    case .attempted: return 2
    case .succeeded: return 4
    case .compromised: return 5
    }
  }

  /// The gravest first, at most `limit`; equal ones by the row's number.
  package static func top(
    _ board: PostureBoard, sites: Set<String>? = nil, platforms: Set<String>? = nil, attacks: [Int64: Attacks],
    limit: Int
  ) -> [Risk] {
    let risks = board.openFindings(sites: sites, platforms: platforms).compactMap { row, weight -> Risk? in
      let points = board.tree.points[row.severity] ?? 0
      guard points > 0 else { return nil }
      let attacks = attacks[row.id]
      let factor = factor(attacks)
      return Risk(
        row: row, score: Double(points * weight) * factor, points: points, weight: weight, factor: factor,
        attacks: attacks)
    }
    return Array(risks.sorted { ($1.score, $0.row.id) < ($0.score, $1.row.id) }.prefix(limit))
  }
}

extension PostureBoard {
  /// Weaknesses that take points, each with what depends on its site, or on the most critical site of its hosting. Of
  /// some sites, with what their hostings have, or these `platforms` and no other; or of all.
  package func openFindings(
    sites: Set<String>? = nil, platforms: Set<String>? = nil
  ) -> [(row: PostureEvent.Row, weight: Int)] {
    var highest: [String: Int] = [:]
    for member in members.values where sites?.contains(member.id) ?? true {
      guard let platform = member.platform else { continue }
      highest[platform] = max(highest[platform] ?? 0, weight(member.criticality))
    }
    return rows.flatMap { holder, held -> [(row: PostureEvent.Row, weight: Int)] in
      let weight: Int
      switch holder {
      case .site(let id):
        guard sites?.contains(id) ?? true else { return [] }
        weight = self.weight(members[id]?.criticality)
      case .platform(let id):
        let isWanted = platforms?.contains(id) ?? (sites == nil || highest[id] != nil)
        guard isWanted else { return [] }
        weight = highest[id] ?? self.weight(nil)
      }
      return held.values.filter { $0.wing == .scanner }.map { ($0, weight) }
    }
  }

  private func weight(_ criticality: Criticality?) -> Int { tree.criticality[criticality ?? .ordinary] ?? 1 }

  /// Open findings of one weakness, by their numbers.
  package func findings(showing check: String) -> [PostureEvent.Row] {
    rows.values.flatMap(\.values).filter { $0.wing == .scanner && $0.check == check }.sorted { $0.id < $1.id }
  }

  package func member(_ site: String) -> PostureEvent.Member? { members[site] }
}
