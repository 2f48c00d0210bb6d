package import Records

package struct IndicatorClass: Sendable, Hashable, Identifiable {
  /// `dimension.class`.
  package var id: String
  package var title: BilingualText
  package var indicators: [Indicator]
  package init(id: String, title: BilingualText, indicators: [Indicator]) {
    self.id = id
    self.title = title
    self.indicators = indicators
  }
}

package struct Dimension: Sendable, Hashable, Identifiable {
  package var id: String
  package var title: BilingualText
  package var classes: [IndicatorClass]
  package init(id: String, title: BilingualText, classes: [IndicatorClass]) {
    self.id = id
    self.title = title
    self.classes = classes
  }
}

/// The tree of all indicators with the numbers that make a score of them. Checked once; a value thereafter.
package struct IndicatorTree: Sendable, Equatable {
  package let dimensions: [Dimension]
  /// What a weakness costs at most by its severity: one of which an engine is not sure is capped there (FindingFold).
  package let points: [Severity: Int]
  /// How much a site counts in a mean.
  package let criticality: [Criticality: Int]
  /// Of everything that decides a score: two tables of one digest can be compared.
  package let digest: String

  private let places: [String: Place]
  private let attacked: [String: [String]]

  /// Where a check or rule stands.
  package struct Place: Sendable, Hashable {
    package let indicator: Indicator
    package let dimension: String
    package let indicatorClass: String
  }

  package struct Fault: Error, Sendable, Hashable {
    package var indicator: String
    package var sentence: String
  }

  package init(
    dimensions: [Dimension], points: [Severity: Int], criticality: [Criticality: Int]
  ) throws(Fault) {
    self.dimensions = dimensions
    self.points = points
    self.criticality = criticality
    var places: [String: Place] = [:]
    var attacked: [String: [String]] = [:]
    var ids: Set<String> = []
    for dimension in dimensions {
      for group in dimension.classes {
        for indicator in group.indicators {
          try IndicatorTree.check(indicator, in: group.id, &ids)
          let place = Place(indicator: indicator, dimension: dimension.id, indicatorClass: group.id)
          for mover in indicator.checks + indicator.alerts {
            if let other = places.updateValue(place, forKey: mover) {
              throw Fault(indicator: indicator.id, sentence: "\(mover) moves \(other.indicator.id) already")
            }
          }
          for rule in indicator.attacks { attacked[rule, default: []] += indicator.checks }
        }
      }
    }
    self.places = places
    self.attacked = attacked
    digest = IndicatorTree.digest(dimensions, points, criticality)
  }

  private static func check(_ indicator: Indicator, in group: String, _ ids: inout Set<String>) throws(Fault) {
    func refuse(_ sentence: String) -> Fault { Fault(indicator: indicator.id, sentence: sentence) }
    guard indicator.id.hasPrefix(group + "."), indicator.id.count > group.count + 1 else {
      throw refuse("its id does not begin with \(group).")
    }
    guard ids.insert(indicator.id).inserted else { throw refuse("its id is used twice") }
    guard !indicator.checks.isEmpty || !indicator.alerts.isEmpty else { throw refuse("no check and no rule moves it") }
    guard (1...100).contains(indicator.weight) else { throw refuse("its weight is outside 1 to 100") }
  }

  private static func digest(
    _ dimensions: [Dimension], _ points: [Severity: Int], _ criticality: [Criticality: Int]
  ) -> String {
    let indicators = dimensions.flatMap(\.classes).flatMap(\.indicators).map { indicator in
      "\(indicator.id)=\(indicator.weight):\((indicator.checks + indicator.alerts).sorted().joined(separator: ","))"
    }
    let numbers =
      Severity.allCases.map { "\($0.rawValue)=\(points[$0] ?? 0)" }
      + Criticality.allCases.map { "\($0.rawValue)=\(criticality[$0] ?? 1)" }
    return String(
      SHA256.hex(SHA256.digest(Array((indicators.sorted() + numbers).joined(separator: "\n").utf8))).prefix(16))
  }

  package var indicators: [Indicator] { dimensions.flatMap(\.classes).flatMap(\.indicators) }
  /// Of a check id or `gid:sid`; nil for what moves no score.
  package func place(of mover: String) -> Place? { places[mover] }
  /// The checks whose weakness the rule's alerts attack.
  package func weaknesses(attackedBy rule: String) -> [String] { attacked[rule] ?? [] }
  /// The rules that attack the weakness.
  package func rules(attacking check: String) -> [String] { places[check]?.indicator.attacks ?? [] }
}
