internal import ControlAPI
internal import Glibc
internal import Hummingbird
internal import Logging
internal import Records
internal import Scheduling
internal import Services
internal import Store
internal import Wire

/// Every line of the table, answered.
struct Routes {
  let core: HubCore
  let entrance: Gate.Entrance

  func router(_ logger: Logger) -> Router<HubRequestContext> {
    let gate = Gate(entrance: entrance, access: core.access, clock: core.clock)
    let adapter = HTTPAdapter(gate: gate, logger: logger, meter: core.requests)
    about(adapter)
    queue(adapter)
    suppressions(adapter)
    sites(adapter)
    scans(adapter)
    posture(adapter)
    incidents(adapter)
    situation(adapter)
    warning(adapter)
    duty(adapter)
    people(adapter)
    outbox(adapter)
    // A middleware is of the routes behind it, and of what no route is for: here of the latter alone.
    adapter.router.add(middleware: UnknownPath())
    return adapter.router
  }

  private func about(_ adapter: HTTPAdapter) {
    adapter.serve(API.health) { [core] _, scope in await core.health(within: scope.purview) }
    adapter.serve(API.versionOf) { [core] _, _ in
      Version(version: Hub.version, city: core.configuration.city, started: core.started, pid: getpid())
    }
    adapter.serve(API.overview) { [core] _, scope in try await core.overview(within: scope.purview) }
    adapter.serve(API.sensors) { [core] _, scope in
      Page(items: await core.sensorItems(core.clock.now(), within: scope.purview))
    }
    adapter.serve(API.scanners) { [core] _, _ in Page(items: await core.registry.scannerItems(now: core.clock.now())) }
    adapter.serve(API.engines) { [core] _, _ in Page(items: core.engines) }
    adapter.serve(API.content) { [core] _, _ in await core.contentReport() }
    adapter.serve(API.backup) { [core] request, scope in
      try core.store.backup(to: request.path)
      try core.store.append(
        AuditEntry(time: core.clock.now(), actor: scope.actor, act: "backup", subject: "store", after: request.path))
      return BackupReport(path: request.path, bytes: try core.store.usedBytes())
    }
    adapter.serve(API.restore) { [core] request, scope in
      try await core.restoreStore(from: request.path, by: scope.actor)
    }
    adapter.serve(API.ingestCursor) { [core] _, scope in CursorAnswer(cursor: try core.store.cursor(source: scope.id)) }
  }

  private func sites(_ adapter: HTTPAdapter) {
    adapter.serve(API.sites) { [core] request, scope in try await core.siteList(request, within: scope.purview) }
    adapter.serve(API.site) { [core] _, scope in try await core.siteDetail(scope.id, within: scope.purview) }
    adapter.serve(API.importSites) { [core] request, scope in
      try await core.importSites(request, by: scope.actor)
    }
    adapter.serve(API.acceptChange) { [core] request, scope in
      try await core.accept(site: scope.id, request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.exportSites) { [core] request, scope in
      await core.exportSites(request, within: scope.purview)
    }
    adapter.serve(API.checkSites) { [core] _, scope in await core.checkSites(within: scope.purview) }
    adapter.serve(API.duplicateSites) { [core] _, scope in try await core.duplicateSites(within: scope.purview) }
    adapter.serve(API.proposals) { [core] request, scope in
      Page(
        items: try core.store.proposals(
          state: request.state, site: request.site, purview: scope.purview, limit: request.limit))
    }
    adapter.serve(API.decideProposals) { [core] request, scope in
      try await core.decide(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.scanningNotice) { [core] _, scope in await core.scanningNotice(within: scope.purview) }
    adapter.serve(API.organisations) { [core] _, scope in
      Page(items: await core.scheduler.inventory.within(scope.purview).organisations)
    }
    adapter.serve(API.authorisations) { [core] _, scope in
      Page(items: await core.scheduler.inventory.within(scope.purview).authorisations)
    }
  }

  private func posture(_ adapter: HTTPAdapter) {
    adapter.serve(API.posture) { [core] request, scope in
      try await core.postureReport(request, within: scope.purview)
    }
    adapter.serve(API.ranking) { [core] request, scope in try await core.ranking(request, within: scope.purview) }
    adapter.serve(API.indicators) { [core] _, _ in Page(items: await core.board.tree.indicators) }
    adapter.serve(API.report) { [core] request, scope in try await core.report(request, within: scope.purview) }
    adapter.serve(API.trail) { [core] _, scope in
      Page(items: try await core.trail(ofSite: scope.id, within: scope.purview))
    }
    adapter.serve(API.checkPosture) { [core] _, _ in try await core.checkPosture() }
  }

  private func scans(_ adapter: HTTPAdapter) {
    adapter.serve(API.scans) { [core] _, scope in
      await core.scanOverview(core.clock.now(), within: scope.purview)
    }
    adapter.serve(API.guards) { [core] _, scope in Page(items: await core.guards(within: scope.purview)) }
    adapter.serve(API.setGuard) { [core] request, scope in
      Page(items: try await core.setGuard(request, by: scope.actor))
    }
    adapter.serve(API.endGuard) { [core] request, scope in
      Page(items: try await core.endGuard(request, by: scope.actor))
    }
    adapter.serve(API.startScans) { [core] request, scope in
      try await core.startScans(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.stopScans) { [core] request, scope in
      try await core.stopScans(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.noteScan) { [core] note, scope in
      let text = "by \(note.authorisedBy.prefix(1000)): \(note.targets.prefix(100).joined(separator: " "))"
      try core.store.append(
        AuditEntry(time: core.clock.now(), actor: scope.actor, act: "scan", subject: "scan", after: text))
      return ActReport(done: [], refused: [])
    }
    adapter.serve(API.resumeScans) { [core] request, scope in
      try await core.resumeScans(request, by: scope.actor, within: scope.purview)
    }
  }
}
