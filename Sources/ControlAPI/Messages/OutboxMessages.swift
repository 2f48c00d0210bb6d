package import Records
package import Wire

/// One message of the outbox: to whom, how it stands, and nothing of its text.
package struct OutboxItem: Codable, Sendable, Equatable, Identifiable {
  package var id: Int64
  package var lane: String
  /// Nil for a row of the queue (`webhook`).
  package var kind: Dispatch.Kind?
  package var to: String?
  /// What the receiver knows it by.
  package var dispatch: String?
  package var created: Timestamp
  package var since: Timestamp
  package var due: Timestamp
  package var attempts: Int
  package var state: OutboxEntry.State
  package var lastError: String?
  package var isDrill: Bool

  package init(_ entry: OutboxEntry) {
    let dispatch = entry.dispatch
    id = entry.id
    lane = entry.lane
    kind = dispatch?.kind
    to = dispatch?.address.to
    self.dispatch = dispatch?.id
    created = entry.created
    since = entry.since
    due = entry.due
    attempts = entry.attempts
    state = entry.state
    lastError = entry.lastError
    isDrill = dispatch?.isDrill ?? false
  }
}

package struct OutboxDetail: Codable, Sendable, Equatable {
  package var item: OutboxItem
  /// What would be sent; nil for a row of the queue.
  package var subject: String?
  package var text: String?
  package var audit: [AuditEntry]
  package init(item: OutboxItem, subject: String?, text: String?, audit: [AuditEntry]) {
    self.item = item
    self.subject = subject
    self.text = text
    self.audit = audit
  }
}

/// Which messages: the newest first.
package struct OutboxRequest: APIRequest, Equatable {
  package var state: OutboxEntry.State?
  package var lane: String?
  /// Only those with a smaller id: the next page.
  package var before: Int64?
  package var limit: Int
  package static let longest = 1000

  package init(state: OutboxEntry.State? = nil, lane: String? = nil, before: Int64? = nil, limit: Int = 100) {
    self.state = state
    self.lane = lane
    self.before = before
    self.limit = limit
  }
  package static var queryNames: [String] { ["state", "lane", "before", "limit"] }
  package var query: [(name: String, value: String)] {
    [
      state.map { ("state", $0.rawValue) }, lane.map { ("lane", $0) }, before.map { ("before", String($0)) },
      ("limit", String(limit)),
    ].compactMap { $0 }
  }
  package init(query: [String: String]) throws(APIProblem) {
    let states = OutboxEntry.State.allCases.map(\.rawValue).joined(separator: ", ")
    let state = query["state"].flatMap { OutboxEntry.State(rawValue: $0) }
    guard query["state"] == nil || state != nil else { throw APIProblem(.badRequest, "state is none of \(states)") }
    let before = query["before"].flatMap { Int64($0) }
    guard query["before"] == nil || before != nil else { throw APIProblem(.badRequest, "before is no number") }
    let limit = query["limit"].map { Int($0) } ?? 100
    guard let limit, (1...OutboxRequest.longest).contains(limit) else {
      throw APIProblem(.badRequest, "limit is not 1 to \(OutboxRequest.longest)")
    }
    self.init(state: state, lane: query["lane"], before: before, limit: limit)
  }
}

/// Messages by id, or all dead ones of a lane.
package struct OutboxAct: APIRequest, Equatable {
  package var ids: [Int64]
  package var deadOf: String?
  package static let longest = 1000
  package init(ids: [Int64] = [], deadOf: String? = nil) {
    self.ids = ids
    self.deadOf = deadOf
  }
}

package struct OutboxReport: Codable, Sendable, Equatable {
  package var done: [Int64]
  package var refused: [Refusal]
  package struct Refusal: Codable, Sendable, Equatable {
    package var id: Int64
    package var reason: String
    package init(id: Int64, reason: String) {
      self.id = id
      self.reason = reason
    }
  }
  package init(done: [Int64], refused: [Refusal]) {
    self.done = done
    self.refused = refused
  }
}

/// One way out, and how it stands.
package struct OutboxLaneItem: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case flowing
    /// Nobody answers there, or not as agreed: it is asked now and then.
    case down
    /// Messages wait for a receiver that the configuration does not set up.
    case missing
  }
  package var lane: String
  package var state: State
  package var downSince: Timestamp?
  package var lastError: String?
  package var lastAccepted: Timestamp?
  package var waiting: Int
  package var oldest: Timestamp?
  package var dead: Int
  package init(
    lane: String, state: State, downSince: Timestamp?, lastError: String?, lastAccepted: Timestamp?, waiting: Int,
    oldest: Timestamp?, dead: Int
  ) {
    self.lane = lane
    self.state = state
    self.downSince = downSince
    self.lastError = lastError
    self.lastAccepted = lastAccepted
    self.waiting = waiting
    self.oldest = oldest
    self.dead = dead
  }
}
