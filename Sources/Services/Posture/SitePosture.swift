internal import Records

extension SitePosture {
  /// One deduction an indicator, whatever the number of its rows: the worst of them decides, and never more than
  /// the indicator's weight.
  init(site: String, isTested: Bool, rows: some Sequence<PostureEvent.Row>, tree: IndicatorTree) {
    var found: [String: Deduction] = [:]
    for row in rows where row.isOpen {
      guard let indicator = tree.place(of: row.check)?.indicator else { continue }
      let points = min(indicator.weight, tree.points[row.severity] ?? 0)
      guard points > 0 else { continue }
      var deduction =
        found[indicator.id]
        ?? Deduction(indicator: indicator.id, title: indicator.title, points: 0, severity: .info, rows: [])
      deduction.points = max(deduction.points, points)
      deduction.severity = max(deduction.severity, row.severity)
      deduction.rows.append(row.id)
      found[indicator.id] = deduction
    }
    let deductions = found.values.map { deduction in
      var deduction = deduction
      deduction.rows.sort()
      return deduction
    }.sorted { ($1.points, $0.indicator) < ($0.points, $1.indicator) }
    let lost = deductions.reduce(0) { $0 + $1.points }
    self.init(site: site, score: isTested ? max(0, 100 - lost) : nil, deductions: deductions)
  }
}

extension MeanPosture {
  /// `hosted` counts in the scores, and is counted apart from the sites.
  init(
    of sites: [(posture: SitePosture, weight: Int)], hosted: [(posture: SitePosture, weight: Int)] = [],
    tree: IndicatorTree
  ) {
    let all = sites + hosted
    self.init(
      score: MeanPosture.mean(all) { $0.score }, sites: sites.count,
      tested: sites.count { $0.posture.score != nil },
      dimensions: tree.dimensions.map { dimension in
        NodeScore(id: dimension.id, score: MeanPosture.mean(all) { $0.score(below: dimension.id) })
      }, platforms: hosted.isEmpty ? nil : hosted.count)
  }

  private static func mean(_ sites: [(posture: SitePosture, weight: Int)], _ score: (SitePosture) -> Int?) -> Int? {
    var (sum, weights) = (0, 0)
    for site in sites {
      guard let points = score(site.posture) else { continue }
      sum += points * site.weight
      weights += site.weight
    }
    return weights > 0 ? (2 * sum + weights) / (2 * weights) : nil
  }
}
