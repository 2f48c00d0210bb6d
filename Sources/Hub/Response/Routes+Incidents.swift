internal import ControlAPI
internal import Records

extension Routes {
  func incidents(_ adapter: HTTPAdapter) {
    adapter.serve(API.incidents) { [core] request, scope in
      try await core.incidentList(request, within: scope.purview)
    }
    adapter.serve(API.incident) { [core] _, scope in
      try await core.incidentDetail(scope.id, within: scope.purview)
    }
    adapter.serve(API.incidentOffers) { [core] request, scope in
      Page(items: try await core.incidentOffers(row: request.row, within: scope.purview))
    }
    adapter.serve(API.openIncident) { [core] request, scope in
      try await core.openIncident(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.actOnIncident) { [core] request, scope in
      try await core.act(
        try request.incidentAct(), onIncident: scope.id, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.decideOnIncident) { [core] request, scope in
      try await core.act(
        try request.incidentAct(), onIncident: scope.id, by: scope.actor, within: scope.purview)
    }
  }
}
