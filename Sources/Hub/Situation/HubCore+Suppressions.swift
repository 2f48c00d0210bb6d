internal import ControlAPI
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// What leads have said is not shown: tried, put in force, counted, announced and ended.
extension HubCore {
  /// Of every suppression that ever held: they are read at each question.
  static let mostSuppressions = 5000
  static let trialSeconds = 30 * 86_400.0

  func suppressionList(within purview: Purview) throws -> Page<SuppressionItem> {
    let now = clock.now()
    let items = try store.suppressions().filter(purview.has).map { try suppressionItem($0, now) }
    return Page(
      items: items.sorted { ($0.holds ? 0 : 1, $0.suppression.until) < ($1.holds ? 0 : 1, $1.suppression.until) })
  }

  private func suppressionItem(_ suppression: Suppression, _ now: Timestamp) throws -> SuppressionItem {
    SuppressionItem(
      suppression: suppression, holds: suppression.holds(at: now), days: try store.hiddenDays(id: suppression.id))
  }

  func addSuppression(
    _ request: SuppressionRequest, by actor: Actor, within purview: Purview
  ) throws -> SuppressionItem {
    let now = clock.now()
    let known = try store.suppressions()
    guard known.count < HubCore.mostSuppressions, known.count(where: { $0.holds(at: now) }) < SuppressionRules.mostHeld
    else {
      throw APIProblem(
        .refused, "\(SuppressionRules.mostHeld) suppressions are in force, which is the most",
        zh: "生效的抑制规则已达上限 \(SuppressionRules.mostHeld) 条", hint: "end some")
    }
    let number = (known.compactMap { Int($0.id.dropFirst()) }.max() ?? 0) + 1
    let suppression = try checked(request, id: "s\(number)", by: actor, within: purview, now)
    try store.save(suppression, act: "suppress", by: actor, at: now)
    held = nil
    return try suppressionItem(suppression, now)
  }

  func endSuppression(
    _ request: SuppressionEnd, by actor: Actor, within purview: Purview
  ) throws -> SuppressionItem {
    let now = clock.now()
    guard var suppression = try store.suppressions().first(where: { $0.id == request.id && purview.has($0) }) else {
      throw APIProblem(
        .notFound, "there is no suppression \(request.id.prefix(32))", zh: "没有抑制规则 \(request.id.prefix(32))")
    }
    guard suppression.holds(at: now) else {
      throw APIProblem(.refused, "suppression \(suppression.id) has ended already", zh: "抑制规则 \(suppression.id) 已结束")
    }
    suppression.endedBy = actor.name
    try store.save(suppression, act: "end suppression", by: actor, at: now)
    held = nil
    return try suppressionItem(suppression, now)
  }

  /// What it would have hidden of the last 30 days. Changes nothing.
  func trySuppression(
    _ request: SuppressionRequest, by actor: Actor, within purview: Purview
  ) throws -> @Sendable () throws -> SuppressionTrial {
    let now = clock.now()
    let suppression = try checked(request, id: "s0", by: actor, within: purview, now)
    let one = try heldForm(suppression)
    let (store, index) = (store, sites)
    return {
      try store.try(
        suppression, since: now.advanced(seconds: -HubCore.trialSeconds), within: purview,
        matches: { row in
          if let organisations = one.organisations, !(row.organisation.map(organisations.contains) ?? false) {
            return false
          }
          return suppression.filter == nil || one.matches(HubCore.fresh(row))
        },
        isFrom: { alert in
          let owner = index.owner(of: alert)
          let source = owner.isOutbound == true ? alert.source : owner.remote ?? alert.source
          return source.map { suppression.network?.contains($0) ?? true } ?? false
        })
    }
  }

  /// As it was when its first alert came: a suppression looks at new rows.
  private static func fresh(_ row: QueueRow) -> QueueRow {
    var row = row
    row.triage = Triage()
    row.count = 1
    return row
  }

  private func checked(
    _ request: SuppressionRequest, id: String, by actor: Actor, within purview: Purview, _ now: Timestamp
  ) throws -> Suppression {
    let suppression = Suppression(
      id: id, rule: request.rule, site: request.site, organisation: request.organisation, network: request.network,
      filter: request.filter, limit: request.limit, reason: request.reason, author: actor.name, created: now,
      until: request.until, hidesSuccess: request.hidesSuccess)
    let longest = configuration.watch.suppressionLongestSeconds
    if let refusal = SuppressionRules.refusal(suppression, now: now, longestSeconds: longest) {
      throw APIProblem(.badRequest, "the suppression cannot hold: \(refusal)")
    }
    if let id = request.site, site(id, within: purview) == nil {
      throw APIProblem.noSite(id)
    }
    if let id = request.organisation, organisation(id, within: purview) == nil {
      throw APIProblem.noOrganisation(id)
    }
    guard purview.has(suppression) else {
      throw APIProblem(
        .badRequest, "what holds for the whole city is said by those who see it", zh: "全市范围的设置须由可见全市者操作",
        hint: "name a site or an organisation of yours")
    }
    _ = try Filter(request.filter ?? "", .stream)
    return suppression
  }

  // MARK: in force

  /// For the store's transaction; made anew when one is added or ends.
  func hiding(_ now: Timestamp) -> HidingRules {
    let rules = heldRules(now)
    guard let rules else { return HidingRules() }
    return HidingRules(
      suppression: { rules.suppression($0, $1, $2) }, thresholds: { rules.thresholds($0, $1, $2) },
      isHolding: { rules.isHolding($0) })
  }

  private func heldRules(_ now: Timestamp) -> SuppressionRules? {
    if let held, held.until > now { return held.rules }
    do {
      let inForce = try store.suppressions().filter { $0.holds(at: now) }
      let rules = inForce.isEmpty ? nil : SuppressionRules(try inForce.map { try heldForm($0) })
      held = HeldSuppressions(rules: rules, until: inForce.map(\.until).min() ?? Timestamp(nanoseconds: .max))
      ailments[.suppressions] = nil
      return rules
    } catch {
      // What cannot be read hides nothing.
      ailments[.suppressions] = "\(error)"
      return nil
    }
  }

  private func heldForm(_ suppression: Suppression) throws -> SuppressionRules.Held {
    let filter = try Filter(suppression.filter ?? "", .stream)
    let clock = clock
    return SuppressionRules.Held(
      suppression, organisations: suppression.organisation.map(below),
      matches: { row in
        let now = clock.now()
        return filter.matches(QueueItem(row: row, due: nil).at(now), now: now)
      })
  }

  private func below(_ organisation: String) -> Set<String> {
    let children = Dictionary(grouping: scheduler.inventory.organisations, by: { $0.parent ?? "" })
    var (found, waiting): (Set<String>, [String]) = ([], [organisation])
    while let next = waiting.popLast() {
      guard found.insert(next).inserted else { continue }
      waiting += (children[next] ?? []).map(\.id)
    }
    return found
  }

  // MARK: the end

  /// Says the ends a day ahead, and writes down those that have come.
  func followSuppressions(_ now: Timestamp) {
    do {
      for var suppression in try store.suppressions() where suppression.endedBy == nil {
        if !suppression.holds(at: now) {
          suppression.endedBy = "vigil"
          try store.save(suppression, act: "end suppression", by: Actor(name: "vigil", origin: "clock"), at: now)
          held = nil
        } else if SuppressionRules.mustAnnounce(suppression, now: now) {
          suppression.isAnnounced = true
          try store.save(suppression, act: "announce end", by: Actor(name: "vigil", origin: "clock"), at: now)
          let hidden = try store.hiddenDays(id: suppression.id).reduce(0) { $0 + $1.alerts }
          let sentence =
            "suppression \(suppression.id) of \(suppression.author) ends \(suppression.until.secondText); "
            + "it has hidden \(hidden) alerts"
          raise(HubAlert.record(.suppressionEnds, about: suppression.id, sentence, now: now))
        }
      }
    } catch { ailments[.suppressions] = "\(error)" }
  }
}

/// The suppressions in force, until the first of them ends.
struct HeldSuppressions {
  var rules: SuppressionRules?
  var until: Timestamp
}
