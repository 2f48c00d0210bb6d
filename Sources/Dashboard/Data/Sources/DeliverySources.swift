import ControlAPI
import Records

/// What leaves by mail, chat, webhook, syslog and file.
extension Source {
  static let deliverySources = [
    Source(
      "outbox", "messages that leave, the newest first",
      columns: [.id, .lane, .kind, .to, .created, .due, .attempts, .state, .error, .drill],
      usual: [.state, .created, .lane, .kind, .to, .attempts, .error], asking: API.outbox,
      { OutboxRequest(limit: $0.limit) }, listing: { Listing($0) }),
    Source(
      "lanes", "each way out: at work, down or not set up, and how long the oldest waits",
      columns: [.lane, .state, .waiting, .oldest, .dead, .error, .since, .last],
      usual: [.lane, .state, .waiting, .oldest, .dead, .error], asking: API.outboxLanes, { _ in Nothing() },
      listing: { Listing($0) }),
  ]
}

extension OutboxItem: Listed {
  var key: String { String(id) }

  func value(_ column: Column) -> Value {
    switch column {
    case .id: .count(id)
    case .lane, .title: .text(lane)
    case .kind: kind?.value() ?? .none
    case .to, .subject: .text(to)
    case .created: .time(created)
    case .due: state == .waiting ? .due(due) : .none
    case .attempts: .count(attempts)
    case .state: state.value(state == .dead ? .error : state == .waiting ? .text : .dim)
    case .error: .text(lastError)
    case .drill: .flag(isDrill)
    default: .none
    }
  }
}

extension OutboxLaneItem: Listed {
  var key: String { lane }

  func value(_ column: Column) -> Value {
    switch column {
    case .lane: .text(lane)
    case .state: state.value(state == .flowing ? .good : .error)
    case .waiting: .count(waiting)
    case .oldest: .time(oldest)
    case .dead: .count(dead)
    case .error: .text(lastError)
    case .since: .time(downSince)
    case .last: .time(lastAccepted)
    default: .none
    }
  }
}
