internal import ControlAPI
internal import Records
internal import Services

extension Routes {
  func suppressions(_ adapter: HTTPAdapter) {
    adapter.serve(API.suppressions) { [core] _, scope in
      try await core.suppressionList(within: scope.purview)
    }
    adapter.serve(API.addSuppression) { [core] request, scope in
      try await core.addSuppression(request, by: scope.actor, within: scope.purview)
    }
    adapter.serve(API.trySuppression) { [core] request, scope in
      // The rows are read outside the actor: a trial takes seconds, an act must not wait for it.
      let trial = try await core.trySuppression(request, by: scope.actor, within: scope.purview)
      return try trial()
    }
    adapter.serve(API.endSuppression) { [core] request, scope in
      try await core.endSuppression(request, by: scope.actor, within: scope.purview)
    }
  }
}
