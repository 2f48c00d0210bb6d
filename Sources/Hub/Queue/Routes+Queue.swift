internal import ControlAPI
internal import Records
internal import Services

extension Routes {
  func queue(_ adapter: HTTPAdapter) {
    lists(adapter)
    adapter.serve(API.queueRow) { [core] _, scope in
      try await core.reading { try core.detail(scope.id, within: scope.purview) }
    }
    adapter.serve(API.rowAlerts) { [core] request, scope in
      try await core.alerts(ofRow: scope.id, request, within: scope.purview)
    }
    adapter.serve(API.findingDiff) { [core] request, scope in
      try await core.findingDiff(request, within: scope.purview)
    }
    adapter.serve(API.precision) { [core] _, _ in Page(items: try core.precision()) }
    adapter.serve(API.act) { [core] request, scope in
      try await core.act(request, by: scope.actor, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.stream(API.stream) { [core] request, scope in
      let context = await core.context(try Filter(request.filter, .stream), me: scope.asker.person.id)
      return try LiveStream(core: core, request: request, context: context, scope: scope)
    }
    adapter.serve(API.verifyAudit) { [core] request, _ in try core.verifyAudit(request) }
    adapter.text(API.metrics) { [core] in await core.metrics() }
  }

  private func lists(_ adapter: HTTPAdapter) {
    adapter.serve(API.queue) { [core] request, scope in
      try await core.list(request, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.serve(API.queueGroups) { [core] request, scope in
      try await core.groups(request, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.serve(API.findings) { [core] request, scope in
      try await core.findings(request, within: scope.purview, me: scope.asker.person.id)
    }
    adapter.serve(API.audit) { [core] request, scope in
      try await core.audit(request, within: scope.purview, me: scope.asker.person.id)
    }
  }
}
