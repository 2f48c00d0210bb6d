internal import ControlAPI
internal import Records
internal import Scheduling
internal import Seam
internal import Store
internal import Wire

/// A change of a site that somebody took as right.
extension HubCore {
  /// Of the engines named, or of all that keep a baseline of the site. They look again as soon as the host is free.
  func accept(
    site id: String, _ request: AcceptRequest, by actor: Actor, within purview: Purview
  ) throws -> AcceptReport {
    guard let site = site(id, within: purview) else {
      throw APIProblem.noSite(id)
    }
    let now = clock.now()
    let own = scheduler.configuration.engines.map(\.name).filter { scheduler.entry(.init(site: id, engine: $0)) != nil }
    if let unknown = request.engines.first(where: { !own.contains($0) }) {
      throw APIProblem(
        .badRequest, "no engine \(unknown.prefix(64)) looks at \(site.id)",
        hint: "its engines: \(own.joined(separator: ", "))")
    }
    let asked = request.engines.isEmpty ? own : own.filter(request.engines.contains)
    let known = try asked.filter { try store.memory(site: id, engine: $0) != nil }
    guard !known.isEmpty else {
      throw APIProblem(
        .refused, "nothing of \(site.id) is known yet that a change could be accepted against",
        zh: "\(site.id) 尚无基线，无法确认变更")
    }
    var fresh = acceptances
    fresh.accept(known.map { Scheduler.Key(site: id, engine: $0) }, by: actor.name, now: now)
    try store.append(
      AuditEntry(
        time: now, actor: actor, act: "accept", subject: "site/\(id)", after: known.joined(separator: ", ")))
    try keep(fresh)
    for engine in known { _ = scheduler.hasten(site: id, engine: engine, now: now) }
    return AcceptReport(site: id, engines: known, waits: waiting(site, now))
  }

  /// Why the next look will not come soon; nil where it will.
  private func waiting(_ site: Site, _ now: Timestamp) -> String? {
    if scheduler.isStopped(site: site.id) { return "scans of \(site.id) are stopped" }
    return isAuthorised(site, now) ? nil : "no valid authorisation covers \(site.id)"
  }

  func keep(_ fresh: Acceptances) throws {
    try store.put(kind: "acceptances", [(id: "all", value: fresh)])
    acceptances = fresh
  }

  /// The lease with the word that a change is accepted, where one waits. A store that cannot keep that leaves the word
  /// for a later job.
  func accepting(_ lease: Lease) -> Lease {
    var (fresh, marked) = (acceptances, lease)
    guard fresh.mark(&marked) else { return lease }
    do {
      try keep(fresh)
      ailments[.acceptances] = nil
      return marked
    } catch {
      ailments[.acceptances] = "\(error)"
      return lease
    }
  }

  /// What waits on sites that are gone waits no more.
  func forgetAcceptances(besides sites: [Site]) throws {
    var fresh = acceptances
    fresh.keep(sites: Set(sites.map(\.id)))
    if fresh != acceptances { try keep(fresh) }
  }

  func settle(_ done: SeamMessage.LeaseDone) {
    var fresh = acceptances
    guard fresh.ended(lease: done.lease, done.outcome.status) else { return }
    do {
      try keep(fresh)
      ailments[.acceptances] = nil
    } catch { ailments[.acceptances] = "\(error)" }
  }
}
