internal import GRDB
internal import Records
internal import Wire

/// What an alert means beyond its own row: what it says of earlier ones, and under which row its row is folded.
extension IngestPass {
  mutating func sense(
    _ alert: AlertRecord, _ owner: SiteAttribution, _ key: FoldKey, isMade: Bool, _ db: Database
  ) throws {
    guard owner.isOwn != true, let id = groups[key]?.row.id else { return }
    // What is hidden may succeed by what follows, and is seen then.
    let tool = try follow(alert, owner, key, row: id, db)
    guard owner.hiddenBy == nil else { return }
    if try countMember(alert, owner, key, db) { return }
    guard let group = groups[key] else { return }
    for gatherKey in store.rules.gather.keys(group, alert, owner, isMade: isMade) {
      let decision =
        if let tool, tool.key == gatherKey { tool.decision } else { try touch(gatherKey, id, alert.timestamp, db) }
      if try gather(decision, gatherKey, alert, owner, key, db) { return }
    }
  }

  // MARK: what follows

  /// What became of the row on the axis that follow-ups are remembered by; nil where the alert is of none.
  private mutating func follow(
    _ alert: AlertRecord, _ owner: SiteAttribution, _ key: FoldKey, row: Int64, _ db: Database
  ) throws -> (key: GatherKey, decision: GatherDecision)? {
    guard let followKey = store.rules.follow.key(alert, owner) else { return nil }
    let known = try knownTrack(followKey, db)
    if owner.isOutbound == true, known == nil { return nil }
    var track = known ?? GatherTrack(axis: followKey.axis, key: followKey.key, last: alert.timestamp)
    let effects = store.rules.follow.observe(alert, owner, &track)
    tracks[followKey] = track
    for effect in effects { try raise(effect, own: row, db) }
    guard owner.isOutbound != true else { return nil }
    return (followKey, try touch(followKey, row, alert.timestamp, db))
  }

  private mutating func raise(_ effect: FollowEffect, own: Int64, _ db: Database) throws {
    guard var group = try group(id: effect.row ?? own, db) else { return }
    let before = group
    guard store.rules.follow.raise(&group, effect.judgement) else { return }
    if store.rules.gather.mustShow(group), let parent = group.row.parent, var gathering = try self.group(id: parent, db)
    {
      store.rules.gather.release(&group, &gathering)
      try put(gathering, db)
      kinds[group.row.id] = kinds[group.row.id] ?? .returned
    }
    try put(group, before: before, db)
  }

  // MARK: gathering

  /// Whether the row is folded under another after this alert.
  private mutating func countMember(
    _ alert: AlertRecord, _ owner: SiteAttribution, _ key: FoldKey, _ db: Database
  ) throws -> Bool {
    guard var member = groups[key], member.row.place == .member, let parent = member.row.parent,
      var gathering = try group(id: parent, db)
    else { return false }
    let (before, was) = (gathering, member)
    store.rules.gather.counted(&member, &gathering, alert, owner)
    try put(gathering, before: before, db)
    try put(member, before: was, db)
    if member.row.place == .shown, store.rules.gather.mustShow(was) || member.row.outcome >= .succeeded {
      kinds[member.row.id] = kinds[member.row.id] ?? .returned
    }
    return member.row.place == .member
  }

  private mutating func touch(
    _ key: GatherKey, _ row: Int64, _ time: Timestamp, _ db: Database
  ) throws -> GatherDecision {
    var track = try knownTrack(key, db) ?? GatherTrack(axis: key.axis, key: key.key, last: time)
    let gathering = try track.row.flatMap { try group(id: $0, db) }
    let isOpen = gathering.map { store.rules.gather.takes($0, at: time) } ?? false
    let decision = store.rules.gather.touch(&track, row: row, at: time, isOpen: isOpen)
    tracks[key] = track
    return decision
  }

  private mutating func gather(
    _ decision: GatherDecision, _ axis: GatherKey, _ alert: AlertRecord, _ owner: SiteAttribution, _ key: FoldKey,
    _ db: Database
  ) throws -> Bool {
    switch decision {
    case .stays: return false
    case .joins(let id):
      guard let gathering = try group(id: id, db), let group = groups[key],
        store.rules.gather.mayJoin(group, gathering)
      else { return false }
      try join([group], gathering, db)
      return true
    case .opens(let rows):
      guard let group = groups[key] else { return false }
      var gathering = store.rules.gather.begin(axis, group, alert, owner)
      let members = try rows.compactMap { try self.group(id: $0, db) }
        .filter { store.rules.gather.mayJoin($0, gathering) }
      guard store.rules.gather.opens(axis.axis, joinable: members.count),
        members.contains(where: { $0.row.id == group.row.id })
      else {
        forget(rows, besides: members, of: axis)
        return false
      }
      gathering.row.id = try QueueTable.save(db, gathering.row, body: "{}", at: now)
      kinds[gathering.row.id] = .made
      tracks[axis]?.row = gathering.row.id
      try join(members, gathering, db)
      return true
    }
  }

  /// Rows that are gathered elsewhere or in people's hands are no part of what the axis may fold: else each alert would
  /// look at all of them again.
  private mutating func forget(_ rows: [Int64], besides members: [AlertGroup], of axis: GatherKey) {
    let gone = Set(rows).subtracting(members.map(\.row.id))
    tracks[axis]?.touched.removeAll { gone.contains($0.row) }
  }

  private mutating func join(_ members: [AlertGroup], _ gathering: AlertGroup, _ db: Database) throws {
    let before = gathering
    var gathering = gathering
    for var member in members {
      let was = member
      store.rules.gather.join(&member, &gathering)
      try put(member, before: was, db)
    }
    try put(gathering, before: before, db)
  }

  // MARK: what the pass holds

  private mutating func knownTrack(_ key: GatherKey, _ db: Database) throws -> GatherTrack? {
    if let track = tracks[key] { return track }
    let track = try GatherTable.track(db, key)
    if let track { tracks[key] = track }
    return track
  }

  /// A row by its number, as the pass has it; nil where it is gone or no row of alerts.
  private mutating func group(id: Int64, _ db: Database) throws -> AlertGroup? {
    if let key = keys[id] { return groups[key] }
    if let group = read[id] { return group }
    let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT * FROM queueRow WHERE id = ?"), arguments: [id])
    guard let row = try rows.next(), row["wing"] as String == Wing.sensor.rawValue else { return nil }
    let group = try QueueTable.group(row, store.bodies)
    read[id] = group
    return group
  }

  /// Holds the row until the end of the pass; one that a younger row of its key has followed is written at once.
  private mutating func put(_ group: AlertGroup, before: AlertGroup? = nil, _ db: Database) throws {
    let isBack = before.map { $0.row.triage.state != .new && group.row.triage.state == .new } ?? false
    let isSeen = before?.row.place == .suppressed && group.row.place == .shown
    if isBack || isSeen { kinds[group.row.id] = kinds[group.row.id] ?? .returned }
    if let held = groups[group.row.key], held.row.id != group.row.id { return try flush(group, db) }
    hold(group)
  }

  func saveTracks(_ db: Database) throws {
    for track in tracks.values { try GatherTable.save(db, track) }
    if !tracks.isEmpty { try GatherTable.bound(db) }
  }
}
