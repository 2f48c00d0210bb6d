package import Records

/// How often an engine looks: by what it looks at, not by its name.
package enum CadenceClass: String, Codable, Sendable, CaseIterable {
  /// Whether a visitor gets the page.
  case availability
  /// What an intruder changes first: home page, DNS answer, certificate.
  case watch
  /// Inner pages.
  case pages
  /// Versions, settings, ports: by the worst that is open (as CISA's CyHy does).
  case risk
}

/// How soon again, in seconds; the defaults are those of MODEL.md.
package struct Cadence: Sendable, Hashable, Codable {
  /// Of sites whose criticality is *critical*, and of the others.
  package struct Pair: Sendable, Hashable, Codable {
    package var critical: Double
    package var others: Double
    package init(critical: Double, others: Double) { (self.critical, self.others) = (critical, others) }
    func interval(_ criticality: Criticality) -> Double { criticality == .critical ? critical : others }
  }

  package var availability = Pair(critical: 60, others: 300)
  package var watch = Pair(critical: 300, others: 900)
  package var pages = 6 * 3600.0
  /// By the worst open weakness: critical, high, medium, clean. One step slower per clean scan, never slower than the
  /// last.
  package var steps: [Double] = [12 * 3600, 24 * 3600, 4 * 86_400, 7 * 86_400]
  /// One interval for everything, in the place of the above.
  package var fixed: Double?
  /// No guard period makes it quicker: what a site must bear.
  package static let shortest = 30.0

  package init() {}

  /// Worse than before takes effect at once; better only a step per scan, so that one lucky scan calms nobody.
  package func step(after worst: Severity?, previous: Int) -> Int {
    let wanted =
      switch worst {
      case .critical: 0
      case .high: 1
      case .medium: 2
      default: steps.count - 1
      }
    return min(wanted, previous + 1, steps.count - 1)
  }

  /// A site's own cadence holds for its pages and risks; what is looked at oftener than that stays so.
  package func interval(_ kind: CadenceClass, step: Int, site: Site) -> Double {
    if let own = site.cadence, kind == .pages || kind == .risk { return Double(own) }
    let usual = fixed ?? usual(kind, step, site.criticality)
    return site.cadence.map { min(Double($0), usual) } ?? usual
  }

  private func usual(_ kind: CadenceClass, _ step: Int, _ criticality: Criticality) -> Double {
    switch kind {
    case .availability: availability.interval(criticality)
    case .watch: watch.interval(criticality)
    case .pages: pages
    case .risk: steps[min(max(step, 0), steps.count - 1)]
    }
  }
}
