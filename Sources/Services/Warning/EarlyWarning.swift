package import Records

/// What is warned of before the fact, as data.
package struct WarningRules: Sendable, Equatable {
  package struct Cause: Sendable, Equatable {
    package var id: String
    package var checks: [String]
    package var title: BilingualText
    package var colours: [Severity: WarningColour]
    package init(id: String, checks: [String], title: BilingualText, colours: [Severity: WarningColour]) {
      self.id = id
      self.checks = checks
      self.title = title
      self.colours = colours
    }
  }
  package var causes: [Cause]
  package var fallPoints: Int
  package var strongFallPoints: Int
  package var fallDays: Int64
  package var matchOrganisations: Int

  package init(
    causes: [Cause] = [], fallPoints: Int = 10, strongFallPoints: Int = 20, fallDays: Int64 = 7,
    matchOrganisations: Int = 3
  ) {
    self.causes = causes
    self.fallPoints = fallPoints
    self.strongFallPoints = strongFallPoints
    self.fallDays = fallDays
    self.matchOrganisations = matchOrganisations
  }
}

/// A dimension of an organisation's score that went down.
package struct IndicatorFall: Sendable, Hashable {
  package var organisation: String
  package var dimension: String
  package var before: Int
  package var after: Int
  package var colour: WarningColour
}

extension WarningRules {
  /// Over the newest of `days` (in order), against the first of the last `fallDays` before it. Days of another tree are
  /// other numbers; who was not tested has none.
  package func falls(in days: [PostureDay]) -> [IndicatorFall] {
    guard let last = days.last,
      let first = days.first(where: { $0.day >= last.day - fallDays && $0.day < last.day && $0.tree == last.tree })
    else { return [] }
    return last.organisations.sorted { $0.key < $1.key }.flatMap { id, after -> [IndicatorFall] in
      guard let before = first.organisations[id] else { return [] }
      let scores = Dictionary(
        before.dimensions.compactMap { node in node.score.map { (node.id, $0) } }, uniquingKeysWith: { a, _ in a })
      return after.dimensions.compactMap { node in
        guard let now = node.score, let then = scores[node.id], then - now >= fallPoints else { return nil }
        return IndicatorFall(
          organisation: id, dimension: node.id, before: then, after: now,
          colour: then - now >= strongFallPoints ? .yellow : .blue)
      }
    }
  }
}
