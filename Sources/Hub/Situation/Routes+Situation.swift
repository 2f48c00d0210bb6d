internal import ControlAPI
internal import Records

extension Routes {
  func situation(_ adapter: HTTPAdapter) {
    adapter.serve(API.situation) { [core] request, scope in
      try await core.situation(request, scope: SituationScope.city, within: scope.purview)
    }
    adapter.serve(API.organisationSituation) { [core] request, scope in
      try await core.situation(request, scope: "organisation/\(scope.id)", within: scope.purview)
    }
    adapter.serve(API.siteSituation) { [core] request, scope in
      try await core.situation(request, scope: "site/\(scope.id)", within: scope.purview)
    }
    adapter.serve(API.changes) { [core] request, scope in
      try await core.changes(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.look) { [core] _, scope in try core.look(by: scope.actor) }
    adapter.serve(API.earlyWarnings) { [core] _, scope in
      Page(items: try await core.earlyWarnings(core.clock.now(), within: scope.purview))
    }
  }
}
