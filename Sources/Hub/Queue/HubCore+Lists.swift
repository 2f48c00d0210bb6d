internal import ControlAPI
internal import Records
internal import Scheduling
internal import Store
internal import Wire

/// Lists by filters: the store answers them, in bounded time, beside the hub's other work.
extension HubCore {
  nonisolated var clocks: QueueClocks {
    QueueClocks(
      criticalSeconds: configuration.watch.acknowledgeCriticalSeconds,
      highSeconds: configuration.watch.acknowledgeHighSeconds)
  }

  /// What a filter's words stand for; the inventory is asked only where the filter speaks of it.
  nonisolated func context(_ filter: Filter, me: String?) async -> FilterContext {
    guard filter.mentions(["organisation"]) else { return FilterContext(me: me) }
    return FilterContext(me: me, organisations: await organisations)
  }
  private var organisations: OrganisationNames { OrganisationNames(scheduler.inventory.organisations) }

  /// Rows that one answer looks at, where they are looked at here.
  static let mostRows = 20_000

  nonisolated func list(
    _ request: ListRequest, within purview: Purview, me: String?
  ) async throws -> Page<QueueItem> {
    let asked = try QueueFilter(request.filter, within: purview)
    let filter = asked.filter
    let (context, now, clocks) = (await context(filter, me: me), clock.now(), clocks)
    return try await reading { [self] in
      let plan = try ListPlan(
        request, filter, sorts: Store.queueSorts, newest: store.newestRow(within: purview), now: now,
        context: context, purview: purview, isStanding: asked.isStanding)
      let slice = try store.queue(plan.query, clocks: clocks)
      let count = plan.wantsCount ? try store.queueCount(plan.query, clocks: clocks) : nil
      var page = plan.page(slice.items.map(item), next: slice.next, count: count)
      page.asOf = plan.newest
      return page
    }
  }

  nonisolated func findings(
    _ request: ListRequest, within purview: Purview, me: String?
  ) async throws -> Page<FindingItem> {
    let filter = try Filter(request.filter, .findings).openUnlessSaid
    let (context, now, clocks) = (await context(filter, me: me), clock.now(), clocks)
    return try await reading { [self] in
      let plan = try ListPlan(
        request, filter, sorts: Store.queueSorts, newest: 0, now: now, context: context, purview: purview)
      let slice = try store.findings(plan.query, clocks: clocks)
      let count = plan.wantsCount ? try store.findingCount(plan.query, clocks: clocks) : nil
      return plan.page(slice.items.map(FindingItem.init), next: slice.next, count: count)
    }
  }

  nonisolated func groups(
    _ request: GroupRequest, within purview: Purview, me: String?
  ) async throws -> Page<QueueGroupItem> {
    let asked = try QueueFilter(request.filter, within: purview)
    let (context, clocks) = (await context(asked.filter, me: me), clocks)
    let query = ListQuery(
      filter: asked.filter.resolved(in: context), limit: request.limit, now: clock.now(), purview: purview,
      isStanding: asked.isStanding)
    return try await reading { [self] in
      guard let grouping = QueueGrouping(rawValue: request.by.rawValue) else {
        throw APIProblem(.badRequest, "the queue cannot be grouped by \(request.by.rawValue)")
      }
      return Page(
        items: try store.groups(query, by: grouping, clocks: clocks).map {
          QueueGroupItem(
            value: $0.value, title: $0.title, rows: $0.rows, new: $0.new, worst: $0.worst, count: $0.count,
            lastSeen: $0.lastSeen)
        })
    }
  }

  /// Single alerts are read and looked at one by one, newest first, within the time of a list; where that is over, `next`
  /// goes on behind the last that was looked at.
  nonisolated func alerts(
    ofRow text: String, _ request: ListRequest, within purview: Purview
  ) async throws -> Page<AlertRecord> {
    guard let id = Int64(text) else { throw APIProblem(.badRequest, "\(text.prefix(32)) is no row's number") }
    let filter = try Filter(request.filter, .alerts)
    let now = clock.now()
    return try await reading { [self] in
      let cursor = try ListCursor(request)
      let from: Int64 = if case .integer(let id)? = cursor?.place.first { id } else { .max }
      try found {
        guard try !store.ids([id], within: purview).isEmpty else { throw StoreError.noRow(id) }
        _ = try store.row(id)
      }
      let moment = cursor?.now ?? now
      let slice = try store.alerts(row: id, before: from, limit: request.limit, seconds: ListQuery.patience) {
        filter.matches($0, now: moment)
      }
      let next = slice.next.map { ListCursor(request, now: moment, newest: 0, place: $0).text }
      return Page(items: slice.items, next: next)
    }
  }

  /// Off the threads of tasks; what the store cannot answer in time is told as such.
  nonisolated func reading<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    do {
      return try await desk.read(body)
    } catch let error as StoreError where error.code == .tooSlow {
      throw APIProblem(.tooSlow, error.sentence, hint: error.hint)
    } catch let error as StoreError where error.code == .refused {
      throw APIProblem(.badRequest, error.sentence)
    }
  }
}
