internal import ControlAPI
internal import Records
internal import Services

extension Routes {
  func people(_ adapter: HTTPAdapter) {
    adapter.serve(API.people) { [core] _, _ in
      Page(items: core.access.directory.people.values.sorted { $0.id < $1.id })
    }
    adapter.serve(API.whoAmI) { _, scope in
      WhoAmI(
        person: scope.asker.person, role: scope.asker.role, origin: scope.actor.origin,
        organisations: scope.purview.isAll ? nil : scope.purview.organisations.sorted())
    }
    adapter.serve(API.putPerson) { [core] request, scope in
      try await core.putPerson(request.person, by: scope.actor)
    }
    adapter.serve(API.removePerson) { [core] request, scope in
      try await core.removePerson(request.id, by: scope.actor)
    }
    adapter.serve(API.tokens) { [core] _, scope in Page(items: core.tokens(for: scope)) }
    adapter.serve(API.addToken) { [core] request, scope in try await core.addToken(request, by: scope.actor) }
    adapter.serve(API.revokeToken) { [core] request, scope in try await core.revokeToken(request.id, by: scope) }
  }
}
