internal import GRDB
internal import Records
internal import Wire

/// Findings follow the inventory: a site that joins a platform brings what is the hosting's own to the platform's
/// finding, one that leaves takes its part with it. Words of engines move; no word is made and none is lost, so that
/// nothing is *fixed* by an import. A row that has nothing to tell any more is `moved`.
struct HostingSettlement {
  let db: Database
  let now: Timestamp
  private var hosting: [String: Site] = [:]
  private var platforms: [String: Platform] = [:]

  static let actor = Actor(name: "vigil", origin: "inventory")

  init(_ db: Database, _ inventory: Store.Inventory, now: Timestamp) {
    self.db = db
    self.now = now
    for site in inventory.sites { hosting[site.id] = site }
    for platform in inventory.platforms { platforms[platform.id] = platform }
  }

  func run() throws {
    guard try hasWork() else { return }
    for finding in try findings(HostingSettlement.ofHostedSites) where FindingScope.of(finding.weakness) == .platform {
      guard let site = finding.row.site.flatMap({ hosting[$0] }), let platform = self.platform(of: site) else {
        continue
      }
      try join(finding, platform)
    }
    for finding in try findings("platform IS NOT NULL") { try follow(finding) }
  }

  private static let ofHostedSites = """
    site IN (SELECT id FROM document WHERE kind = 'site' AND json_extract(json, '$.platform') IS NOT NULL)
    """

  private func hasWork() throws -> Bool {
    try !platforms.isEmpty
      || Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM queueRow WHERE platform IS NOT NULL)")
        ?? false
  }

  private func platform(of site: Site) -> Platform? { site.platform.flatMap { platforms[$0] } }

  private func findings(_ condition: String) throws -> [Finding] {
    try Row.fetchAll(
      db,
      sql: "SELECT * FROM queueRow WHERE wing = 'scanner' AND findingState <> 'moved' AND \(condition) ORDER BY id"
    ).map { try QueueTable.finding($0) }
  }

  // MARK: joining

  private func join(_ finding: Finding, _ platform: Platform) throws {
    let key = key(finding, platform)
    let isOfficial = finding.state.isLive || finding.state == .verified
    if try !QueueTable.isKnown(db, key), isOfficial, finding.row.triage.isOpen || finding.state == .verified {
      return try save(dressed(finding, platform, key))
    }
    // The site's own decisions (accepted, false) are not the hosting's.
    let answers = try AnswerTable.answers(db, row: finding.row.id)
    try give(answers, of: finding, to: dressed(finding, platform, key))
    try leave(finding, "told by platform:\(platform.id) now", .moved)
  }

  private func dressed(_ finding: Finding, _ platform: Platform, _ key: FoldKey) -> Finding {
    var finding = finding
    finding.row.key = key
    finding.row.site = nil
    finding.row.platform = platform.id
    finding.row.organisation = platform.owner
    finding.row.subject = "platform:\(platform.id)"
    return finding
  }

  private func key(_ finding: Finding, _ platform: Platform) -> FoldKey {
    .finding(
      platform: platform.id, weakness: finding.weakness, scheme: finding.target.scheme, port: finding.target.port,
      path: finding.path, parameter: finding.parameter)
  }

  // MARK: leaving

  private func follow(_ kept: Finding) throws {
    var finding = kept
    guard let id = finding.row.platform else { return }
    if let platform = platforms[id] { finding.row.organisation = platform.owner }
    var (hasLeft, isGone) = (false, false)
    for place in try AnswerTable.places(db, row: finding.row.id) where hosting[place]?.platform != id {
      let answers = try AnswerTable.answers(db, row: finding.row.id, place: place)
      try AnswerTable.remove(db, row: finding.row.id, place: place)
      hasLeft = true
      guard let site = hosting[place] else {
        isGone = isGone || answers.shows
        continue
      }
      let home = self.platform(of: site).map { dressed(finding, $0, key(finding, $0)) } ?? dressed(finding, site)
      try give(answers, of: finding, to: home)
    }
    if hasLeft { finding.recount(try AnswerTable.answers(db, row: finding.row.id)) }
    guard finding != kept else { return }
    guard hasLeft, kept.showing > 0, finding.showing == 0, finding.state.isLive else { return try save(finding) }
    // Nobody has seen it gone: its sites stand elsewhere, or nowhere any more.
    try leave(finding, "no site of the platform that showed it is on it any more", isGone ? .unverifiable : .moved)
  }

  private func dressed(_ finding: Finding, _ site: Site) -> Finding {
    var finding = finding
    finding.row.site = site.id
    finding.row.platform = nil
    finding.row.organisation = site.organisation
    finding.row.subject = site.host
    finding.target = Target(
      scheme: site.scheme, host: site.host, address: site.addresses.first, port: finding.target.port,
      serverName: IPAddress(site.host) == nil ? site.host : nil, path: site.path)
    finding.row.key = .finding(
      site: site.id, weakness: finding.weakness, scheme: finding.target.scheme, host: site.host,
      port: finding.target.port, path: finding.path, parameter: finding.parameter)
    return finding
  }

  // MARK: both

  /// Words of one place into the newest row of the key, made after `like` where there is none and one of them said
  /// *yes*. Words that show it open it again.
  private func give(_ answers: [EngineAnswer], of old: Finding, to like: Finding) throws {
    let known = try QueueTable.latest(db, like.row.key) { try QueueTable.finding($0) }
    guard known != nil || answers.contains(where: \.hasAffirmed) else { return }
    var target = known ?? fresh(like)
    for place in Set(answers.map(\.place)).sorted() where target.row.id != 0 {
      target.answers += try AnswerTable.answers(db, row: target.row.id, place: place)
    }
    let before = target.showing
    for answer in answers where target.hear(answer) != nil && answer.hasAffirmed {
      target.engines[answer.engine] = max(target.engines[answer.engine] ?? 0, answer.confidence)
    }
    target.row.firstSeen = min(target.row.firstSeen, old.row.firstSeen)
    target.row.lastSeen = max(target.row.lastSeen, answers.map(\.time).max() ?? old.row.lastSeen)
    if answers.shows { target.row.severity = max(target.row.severity, old.row.severity) }
    settle(&target, isFresh: known == nil, shownBefore: before > 0)
    try save(target)
  }

  private func settle(_ target: inout Finding, isFresh: Bool, shownBefore: Bool) {
    if isFresh, target.showing == 0 {
      target.row.findingState = .verified
      target.verifiedAt = target.verifiedAt ?? target.row.lastSeen
    } else if !shownBefore, target.showing > 0, target.state == .verified || target.state == .moved {
      target.row.findingState = .reopened
      target.reopened += 1
      target.verifiedAt = nil
      target.row.triage = Triage(returned: "its site has joined or left a platform")
    }
  }

  private func fresh(_ like: Finding) -> Finding {
    var finding = like
    finding.row.id = 0
    finding.row.count = 1
    finding.row.comments = 0
    finding.row.triage = Triage()
    finding.row.findingState = .open
    finding.until = nil
    finding.reopened = 0
    finding.engines = [:]
    finding.answers = []
    finding.recount([])
    return finding
  }

  private func leave(_ finding: Finding, _ reason: String, _ state: FindingState) throws {
    var finding = finding
    finding.row.findingState = state
    if state == .moved {
      try AnswerTable.remove(db, row: finding.row.id)
      finding.answers = []
      finding.recount([])
    }
    try save(finding)
    try Store.append(
      AuditEntry(
        time: now, actor: HostingSettlement.actor, act: state.rawValue, subject: "queue/\(finding.row.id)",
        after: reason), db)
  }

  private func save(_ finding: Finding) throws {
    var finding = finding
    finding.row.id = try QueueTable.save(db, finding.row, body: QueueTable.body(finding), at: now)
    for answer in finding.answers { try AnswerTable.save(db, answer, row: finding.row.id) }
  }
}
