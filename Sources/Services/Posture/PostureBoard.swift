package import Records

/// The posture of everything, as the log has it so far: events go in, scores come out. The same events give the same
/// scores, whoever folds them and when.
package struct PostureBoard: Sendable {
  package let tree: IndicatorTree
  /// The last line of the log that is in it.
  package private(set) var through: Int64 = 0

  private(set) var members: [String: PostureEvent.Member] = [:]
  private var parents: [String: String?] = [:]
  private var tested: Set<String> = []
  private var owners: [String: String?] = [:]
  private(set) var rows: [Holder: [Int64: PostureEvent.Row]] = [:]
  /// Who holds an open row: a site's weakness may become its hosting's, and back.
  private var holders: [Int64: Holder] = [:]
  /// Made at the first asking after a change.
  private var known: [Holder: SitePosture] = [:]

  /// Who loses points for a row: a hosting has a picture of its own beside those of its sites, in its owner's mean and
  /// the city's, and takes nothing from them.
  enum Holder: Hashable, Sendable {
    case site(String)
    case platform(String)
  }

  package init(tree: IndicatorTree) { self.tree = tree }

  package mutating func apply(_ event: PostureEvent) {
    through = max(through, event.number)
    switch event.change {
    case .row(let row): take(row)
    case .site(let member):
      let before = members.updateValue(member, forKey: member.id)
      forget(member.id, member.platform, before?.platform)
    case .tested(let site):
      tested.insert(site)
      forget(site, members[site]?.platform)
    case .organisation(let id, let parent): parents[id] = parent
    case .platform(let id, let owner): owners[id] = owner
    case .removed(.site(let id)): forget(id, members.removeValue(forKey: id)?.platform)
    case .removed(.organisation(let id)): parents[id] = nil
    case .removed(.platform(let id)): owners[id] = nil
    case .deadline, .exclusion, .rating: break
    }
  }

  private mutating func forget(_ site: String, _ platforms: String?...) {
    known[.site(site)] = nil
    for case let platform? in platforms { known[.platform(platform)] = nil }
  }

  /// Closed rows are let go: only what takes points is held.
  private mutating func take(_ row: PostureEvent.Row) {
    let holder = row.platform.map(Holder.platform) ?? .site(row.site)
    if let before = holders.removeValue(forKey: row.id) {
      rows[before]?[row.id] = nil
      known[before] = nil
    }
    if row.isOpen, tree.place(of: row.check) != nil {
      rows[holder, default: [:]][row.id] = row
      holders[row.id] = holder
    }
    known[holder] = nil
  }

  // MARK: scores

  package mutating func posture(ofSite id: String) -> SitePosture {
    posture(of: .site(id), named: id, isTested: tested.contains(id))
  }

  /// A hosting's picture, under `platform:ID`: tested where one of its sites is.
  package mutating func posture(ofPlatform id: String) -> SitePosture {
    if let posture = known[.platform(id)] { return posture }
    let isTested = members.values.contains { $0.platform == id && tested.contains($0.id) }
    return posture(of: .platform(id), named: "platform:\(id)", isTested: isTested)
  }

  private mutating func posture(of holder: Holder, named name: String, isTested: Bool) -> SitePosture {
    if let posture = known[holder] { return posture }
    let open = rows[holder].map { Array($0.values) } ?? []
    let posture = SitePosture(site: name, isTested: isTested, rows: open, tree: tree)
    known[holder] = posture
    return posture
  }

  package var sites: [String] { members.keys.sorted() }
  package var organisations: [String] { parents.keys.sorted() }

  package var platforms: [String] { owners.keys.sorted() }
  package func platform(ofSite id: String) -> String? { members[id]?.platform.flatMap { owners[$0] == nil ? nil : $0 } }

  package mutating func city() -> MeanPosture { mean(of: sites, platforms: platforms) }

  /// With all that lies below it in the tree of organisations.
  package mutating func posture(ofOrganisation id: String) -> MeanPosture {
    mean(of: sites(ofOrganisation: id), platforms: platforms(ofOrganisation: id))
  }

  /// The hostings that it or an organisation below it answers for.
  package func platforms(ofOrganisation id: String) -> [String] {
    let below = branch(of: id)
    return owners.compactMap { platform, owner in owner.map(below.contains) ?? false ? platform : nil }.sorted()
  }

  /// Its own and those of all organisations below it.
  package func sites(ofOrganisation id: String) -> [String] {
    let below = branch(of: id)
    return members.values.filter { $0.organisation.map(below.contains) ?? false }.map(\.id).sorted()
  }

  /// Hostings that were tested count beside the sites, each as much as the most critical site on it.
  package mutating func mean(of ids: [String], platforms: [String] = []) -> MeanPosture {
    let weighed = ids.map { (posture: posture(ofSite: $0), weight: weight(members[$0]?.criticality)) }
    guard !platforms.isEmpty else { return MeanPosture(of: weighed, tree: tree) }
    var highest: [String: Int] = [:]
    for member in members.values {
      if let id = member.platform { highest[id] = max(highest[id] ?? 0, weight(member.criticality)) }
    }
    let hosted = platforms.map { (posture: posture(ofPlatform: $0), weight: highest[$0] ?? weight(nil)) }
    return MeanPosture(of: weighed, hosted: hosted, tree: tree)
  }

  private func weight(_ criticality: Criticality?) -> Int { tree.criticality[criticality ?? .ordinary] ?? 1 }

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

  /// The row of the weakness behind an attack, where the site or its hosting shows one today; the worst first.
  package func weakness(behind rule: String, atSite site: String) -> PostureEvent.Row? {
    let checks = tree.weaknesses(attackedBy: rule)
    guard !checks.isEmpty else { return nil }
    let holders = [Holder.site(site)] + (members[site]?.platform.map { [Holder.platform($0)] } ?? [])
    return holders.flatMap { rows[$0].map { Array($0.values) } ?? [] }
      .filter { $0.wing == .scanner && checks.contains($0.check) }
      .max { ($0.severity, $1.id) < ($1.severity, $0.id) }
  }

  /// What the row belongs to, for those who follow the log: its site's organisation, its hosting's owner.
  package func organisation(of row: PostureEvent.Row) -> String? {
    if let platform = row.platform { return owners[platform] ?? nil }
    return members[row.site]?.organisation
  }
}
