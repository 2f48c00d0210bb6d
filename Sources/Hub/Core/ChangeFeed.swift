internal import ControlAPI
internal import Synchronization

/// What changed, to all who listen. Alerts and new rows are not in it: `news` says that the store has some, and each
/// listener reads them from where it stands, so that none is lost or doubled however slow it is.
final class ChangeFeed: Sendable {
  enum Event: Sendable {
    case news
    case item(StreamItem)
    /// Its client gets a beat: what is looked at is when it is handed on.
    case canary(String)
  }

  /// Changes of rows that a stopped terminal may be behind by.
  static let patience = 8192

  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    var lagged: Set<Int> = []
  }
  private let state = Mutex(State())

  /// Called by the core alone: two at once would mix their events. Listeners are woken outside the lock, since one that
  /// leaves at that moment holds its task's own lock and waits for this one.
  func publish(_ events: [Event]) {
    let listeners = state.withLock { $0.listeners }
    var lagged: [Int] = []
    for (id, listener) in listeners {
      for event in events {
        if case .dropped = listener.yield(event) { lagged.append(id) }
      }
    }
    guard !lagged.isEmpty else { return }
    state.withLock { state in state.lagged.formUnion(lagged.filter { state.listeners[$0] != nil }) }
  }

  /// More clients than these are no watch: each may hold some megabytes.
  static let mostListeners = 256

  /// Ends when the listener's task is cancelled, or the hub goes down.
  func listen() -> (id: Int, events: AsyncStream<Event>) {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: .bufferingNewest(ChangeFeed.patience))
    let id = state.withLock { state -> Int in
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    continuation.onTermination = { [weak self] _ in self?.remove(id) }
    return (id, stream)
  }

  var listenerCount: Int { state.withLock { $0.listeners.count } }

  /// Whether changes were lost since the last question.
  func takeLagged(_ id: Int) -> Bool { state.withLock { $0.lagged.remove(id) != nil } }

  var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }

  func finish() {
    let all = state.withLock { state in
      defer { state.listeners = [:] }
      return state.listeners.values.map(\.self)
    }
    for listener in all { listener.finish() }
  }

  private func remove(_ id: Int) {
    state.withLock { state in
      state.listeners[id] = nil
      state.lagged.remove(id)
    }
  }
}
