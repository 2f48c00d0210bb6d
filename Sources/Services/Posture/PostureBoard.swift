package import Records

/// The posture of everything, as the log has it so far: events go in, scores come out. The same events give the same
/// scores, whoever folds them and when.
package struct PostureBoard: Sendable {
  package let tree: IndicatorTree
  /// The last line of the log that is in it.
  package private(set) var through: Int64 = 0

  private var members: [String: PostureEvent.Member] = [:]
  private var parents: [String: String?] = [:]
  private var tested: Set<String> = []
  private var rows: [String: [Int64: PostureEvent.Row]] = [:]
  /// Made at the first asking after a change.
  private var known: [String: SitePosture] = [:]

  package init(tree: IndicatorTree) { self.tree = tree }

  package mutating func apply(_ event: PostureEvent) {
    through = max(through, event.number)
    switch event.change {
    case .row(let row): take(row)
    case .site(let member):
      members[member.id] = member
      known[member.id] = nil
    case .tested(let site):
      tested.insert(site)
      known[site] = nil
    case .organisation(let id, let parent): parents[id] = parent
    case .removed(.site(let id)):
      members[id] = nil
      known[id] = nil
    case .removed(.organisation(let id)): parents[id] = nil
    }
  }

  /// Closed rows are let go: only what takes points is held.
  private mutating func take(_ row: PostureEvent.Row) {
    if row.isOpen, tree.place(of: row.check) != nil {
      rows[row.site, default: [:]][row.id] = row
    } else {
      rows[row.site]?[row.id] = nil
    }
    known[row.site] = nil
  }

  // MARK: scores

  package mutating func posture(ofSite id: String) -> SitePosture {
    if let posture = known[id] { return posture }
    let open = rows[id].map { Array($0.values) } ?? []
    let posture = SitePosture(site: id, isTested: tested.contains(id), rows: open, tree: tree)
    known[id] = posture
    return posture
  }

  package var sites: [String] { members.keys.sorted() }
  package var organisations: [String] { parents.keys.sorted() }

  package mutating func city() -> MeanPosture { mean(of: sites) }

  /// With all that lies below it in the tree of organisations.
  package mutating func posture(ofOrganisation id: String) -> MeanPosture {
    mean(of: sites(ofOrganisation: id))
  }

  /// Its own and those of all organisations below it.
  package func sites(ofOrganisation id: String) -> [String] {
    let below = branch(of: id)
    return members.values.filter { $0.organisation.map(below.contains) ?? false }.map(\.id).sorted()
  }

  package mutating func mean(of ids: [String]) -> MeanPosture {
    let weighed = ids.map { id in
      (posture: posture(ofSite: id), weight: tree.criticality[members[id]?.criticality ?? .ordinary] ?? 1)
    }
    return MeanPosture(of: weighed, tree: tree)
  }

  /// The organisation and all below it; a ring in the tree (which an import refuses) ends.
  private func branch(of id: String) -> Set<String> {
    let children = Dictionary(grouping: parents.compactMap { child, parent in parent.map { (child, $0) } }, by: \.1)
    var result: Set<String> = [id]
    var open = [id]
    while let next = open.popLast() {
      for (child, _) in children[next] ?? [] where result.insert(child).inserted { open.append(child) }
    }
    return result
  }

  /// The row of the weakness behind an attack, where the site shows one today; the worst first.
  package func weakness(behind rule: String, atSite site: String) -> PostureEvent.Row? {
    let checks = tree.weaknesses(attackedBy: rule)
    guard !checks.isEmpty, let open = rows[site] else { return nil }
    return open.values.filter { $0.wing == .scanner && checks.contains($0.check) }
      .max { ($0.severity, $1.id) < ($1.severity, $0.id) }
  }

  /// What the row belongs to, for those who follow the log: its site's organisation.
  package func organisation(ofSite id: String) -> String? { members[id]?.organisation }
}
