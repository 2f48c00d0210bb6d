internal import ControlAPI
internal import Records

extension Routes {
  func outbox(_ adapter: HTTPAdapter) {
    adapter.serve(API.outbox) { [core] request, _ in try core.outbox(request) }
    adapter.serve(API.outboxLanes) { [core] _, _ in Page(items: try core.outboxLanes()) }
    adapter.serve(API.outboxMessage) { [core] _, scope in try core.outboxDetail(scope.id) }
    adapter.serve(API.retryOutbox) { [core] request, scope in
      try core.retryOutbox(request, by: scope.actor)
    }
    adapter.serve(API.dropOutbox) { [core] request, scope in
      try core.dropOutbox(request, by: scope.actor)
    }
  }
}
