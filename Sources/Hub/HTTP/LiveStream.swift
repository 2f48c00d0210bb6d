internal import ControlAPI
internal import Records
internal import Store
internal import Synchronization
internal import Wire

/// Where a reader of the stream stands: the last alert and the last row that it has seen. As text `a12.r7`.
struct StreamCursor: Equatable, CustomStringConvertible {
  var alert: Int64
  var row: Int64

  init(alert: Int64, row: Int64) {
    self.alert = alert
    self.row = row
  }

  init?(_ text: String) {
    let parts = text.split(separator: ".")
    guard parts.count == 2, parts[0].hasPrefix("a"), parts[1].hasPrefix("r"), let alert = Int64(parts[0].dropFirst()),
      let row = Int64(parts[1].dropFirst()), alert >= 0, row >= 0
    else { return nil }
    self.init(alert: alert, row: row)
  }

  var description: String { "a\(alert).r\(row)" }
}

/// One client's stream: what the store has behind its cursor, then changes as they come, then a beat when all is
/// quiet. It ends with its client, with the hub, and when the one who listens may no longer. An element is what came at
/// once, never empty.
struct LiveStream: AsyncSequence, Sendable {
  typealias Element = [StreamItem]
  typealias Failure = any Error
  static let beatEvery = Duration.seconds(5)
  static let pageSize = 500

  let core: HubCore
  let scope: Scope
  let filter: Filter
  let cursor: StreamCursor
  /// Rows that are folded, hidden or our own come to those who ask for them.
  let asksForAside: Bool

  init(core: HubCore, request: StreamRequest, context: FilterContext, scope: Scope) throws {
    guard core.feed.listenerCount < ChangeFeed.mostListeners else {
      throw APIProblem(.unavailable, "\(ChangeFeed.mostListeners) clients listen to the stream already")
    }
    self.core = core
    self.scope = scope
    filter = try Filter(request.filter, .stream).resolved(in: context)
    asksForAside = filter.mentions(["place", "own", "hidden", "under", "id"])
    let start = try LiveStream.start(request.since, core)
    cursor = try request.most.map { try LiveStream.newest($0, behind: start, core) } ?? start
  }

  /// Nobody reads through what a storm left in two minutes to see the last screen of it.
  private static func newest(_ most: Int, behind start: StreamCursor, _ core: HubCore) throws -> StreamCursor {
    let (end, most) = (try core.store.streamEnd(), Int64(most))
    return StreamCursor(alert: Swift.max(start.alert, end.alert - most), row: Swift.max(start.row, end.row - most))
  }

  private static func start(_ since: String?, _ core: HubCore) throws -> StreamCursor {
    guard let since, !since.isEmpty else {
      let end = try core.store.streamEnd()
      return StreamCursor(alert: end.alert, row: end.row)
    }
    if let cursor = StreamCursor(since) { return cursor }
    let time =
      DurationText.nanoseconds(since).map { Timestamp(nanoseconds: core.clock.now().nanoseconds &- $0) }
      ?? TimeText.parse(since)
    guard let time else {
      throw APIProblem(
        .badRequest, "since is \"\(since.prefix(64))\", neither a cursor nor a time", hint: "for example 10m")
    }
    let end = try core.store.streamEnd(before: time.nanoseconds)
    return StreamCursor(alert: end.alert, row: end.row)
  }

  func makeAsyncIterator() -> Iterator {
    let (id, events) = core.feed.listen()
    return Iterator(stream: self, id: id, events: Timed(events))
  }

  /// The feed's events, with a beat where none came for a while.
  final class Timed: Sendable {
    enum Event: Sendable {
      case feed(ChangeFeed.Event)
      case beat
    }
    let events: AsyncStream<Event>
    private let tasks: [Task<Void, Never>]
    private let lagged: LagFlag

    init(_ feed: AsyncStream<ChangeFeed.Event>) {
      let (stream, continuation) = AsyncStream.makeStream(
        of: Event.self, bufferingPolicy: .bufferingNewest(ChangeFeed.patience))
      events = stream
      let lagged = LagFlag()
      self.lagged = lagged
      tasks = [
        Task {
          for await event in feed {
            // News that was pushed out is made good by the next read of the store; a change of a row is not.
            if case .dropped(.feed(.item)) = continuation.yield(.feed(event)) { lagged.raise() }
          }
          continuation.finish()
        },
        Task {
          while (try? await Task.sleep(for: LiveStream.beatEvery)) != nil { continuation.yield(.beat) }
        },
      ]
    }

    /// Whether changes were lost since the last question.
    func takeLagged() -> Bool { lagged.take() }

    deinit { for task in tasks { task.cancel() } }
  }

  final class LagFlag: Sendable {
    private let isUp = Atomic(false)
    func raise() { isUp.store(true, ordering: .relaxed) }
    func take() -> Bool { isUp.exchange(false, ordering: .relaxed) }
  }

  struct Iterator: AsyncIteratorProtocol {
    private let stream: LiveStream
    private let id: Int
    private let timed: Timed
    private var events: AsyncStream<Timed.Event>.Iterator
    private var cursor: StreamCursor
    private var purview: Purview
    private var waiting: [StreamItem] = []
    /// The store may have more behind the last page, or nothing was read yet.
    private var hasMore = true

    init(stream: LiveStream, id: Int, events: Timed) {
      self.stream = stream
      self.id = id
      timed = events
      self.events = events.events.makeAsyncIterator()
      cursor = stream.cursor
      purview = stream.scope.purview
    }

    mutating func next() async throws -> [StreamItem]? {
      while waiting.isEmpty {
        if hasMore {
          try read()
          continue
        }
        guard let event = await events.next(), let now = stream.scope.purviewNow() else { return nil }
        purview = now
        try take(event)
      }
      defer { waiting = [] }
      return waiting
    }

    private mutating func take(_ event: Timed.Event) throws {
      let now = stream.core.clock.now()
      let isBehind = stream.core.feed.takeLagged(id)
      if timed.takeLagged() || isBehind { add(StreamItem(kind: .lagged, cursor: "", time: now)) }
      switch event {
      case .beat:
        try read()
        if waiting.isEmpty { add(StreamItem(kind: .beat, cursor: "", time: now)) }
      case .feed(.news): try read()
      case .feed(.item(let item)): if passes(item.row, now), isTold(item) { add(item) }
      case .feed(.canary(let id)):
        add(StreamItem(kind: .beat, cursor: "", time: now))
        let core = stream.core
        Task { await core.canarySeen(id, at: now) }
      }
    }

    /// Everything behind the cursor, a page at a time.
    private mutating func read() throws {
      let now = stream.core.clock.now()
      var known: [Int64: QueueItem] = [:]
      let rows = try stream.core.store.rows(after: cursor.row, limit: LiveStream.pageSize)
      let alerts = try stream.core.store.alerts(after: cursor.alert, limit: LiveStream.pageSize)
      hasMore = rows.count == LiveStream.pageSize || alerts.count == LiveStream.pageSize
      for row in rows {
        cursor.row = row.id
        let item = stream.core.item(row)
        known[row.id] = item
        if passes(item, now), stands(row) {
          add(StreamItem(kind: .row, change: .made, cursor: "", time: now, row: item))
        }
      }
      for numbered in alerts {
        cursor.alert = numbered.id
        let row = known[numbered.row] ?? (try? stream.core.store.row(numbered.row)).map { stream.core.item($0) }
        known[numbered.row] = row
        let isHidden = row?.row.place == .own || row?.row.place == .suppressed
        if !isHidden || stream.asksForAside, passes(row, now) {
          add(StreamItem(kind: .alert, cursor: "", time: now, alert: numbered.alert, row: row))
        }
      }
    }

    private mutating func add(_ item: StreamItem) {
      var item = item
      item.cursor = cursor.description
      waiting.append(item)
    }

    /// By itself, for this listener: as rows stand in his queue.
    private func stands(_ row: QueueRow) -> Bool {
      if row.place == .shown || stream.asksForAside { return true }
      guard row.place == .member, !purview.isAll, let parent = row.parent else { return false }
      return (try? stream.core.store.ids([parent], within: purview).isEmpty) ?? false
    }

    /// Counts of a row that was never told are not told either: a storm is made of them.
    private func isTold(_ item: StreamItem) -> Bool {
      guard item.change == .counted, let row = item.row?.row, !stream.asksForAside else { return true }
      return row.place == .shown || (row.place == .member && !purview.isAll)
    }

    private func passes(_ row: QueueItem?, _ now: Timestamp) -> Bool {
      guard let row else { return stream.filter.isEverything && purview.isAll }
      return purview.has(row.row) && stream.filter.matches(row.at(now), now: now)
    }
  }
}
