internal import ControlAPI
internal import Records

extension Routes {
  func queue(_ adapter: HTTPAdapter) {
    adapter.serve(API.queue) { [core] request, scope in try await core.list(request, me: await scope.asker) }
    adapter.serve(API.queueGroups) { [core] request, scope in try await core.groups(request, me: await scope.asker) }
    adapter.serve(API.queueRow) { [core] _, scope in try await core.reading { try core.detail(scope.id) } }
    adapter.serve(API.rowAlerts) { [core] request, scope in try await core.alerts(ofRow: scope.id, request) }
    adapter.serve(API.findings) { [core] request, scope in try await core.findings(request, me: await scope.asker) }
    adapter.serve(API.findingDiff) { [core] request, _ in try await core.findingDiff(request) }
    adapter.serve(API.precision) { [core] _, _ in Page(items: try core.precision()) }
    adapter.serve(API.act) { [core] request, scope in try await core.act(request, by: try await scope.actor()) }
    adapter.serve(API.audit) { [core] request, scope in try await core.audit(request, me: await scope.asker) }
    adapter.stream(API.stream) { [core] request in
      let filter = try Filter(request.filter, .stream)
      return try LiveStream(core: core, request: request, context: await core.context(filter, me: nil))
    }
  }
}

extension HTTPAdapter.Scope {
  /// Who asks, where the kernel says it.
  fileprivate var asker: String? { get async { try? await actor().name } }
}
