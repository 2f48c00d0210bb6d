package import Wire

/// A message that waits to leave by a channel: tried until it is taken, or dead after its last try.
package struct OutboxEntry: Codable, Sendable, Hashable, Identifiable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case waiting, delivered
    /// Given up; a person may have it tried again.
    case dead
    /// Of a drill: kept and shown, never sent.
    case withheld
    /// Taken out by a person.
    case dropped
  }
  package var id: Int64
  package var channel: String
  package var body: String
  package var created: Timestamp
  /// Tries to which the receiver gave an answer, and no good one. One that nobody answered is no try.
  package var attempts: Int
  package var due: Timestamp
  package var state: State
  package var lastError: String?
  /// Since when it waits: `created`, or when a person had it tried again. Its age counts from here.
  package var since: Timestamp
  /// Set by the store, from channel and body, when the entry is added.
  package var lane: String

  package init(
    id: Int64 = 0, channel: String, body: String, created: Timestamp, attempts: Int = 0, due: Timestamp,
    state: State = .waiting, lastError: String? = nil, since: Timestamp? = nil, lane: String = ""
  ) {
    self.id = id
    self.channel = channel
    self.body = body
    self.created = created
    self.attempts = attempts
    self.due = due
    self.state = state
    self.lastError = lastError
    self.since = since ?? created
    self.lane = lane
  }

  /// Of a dispatch; nil where the entry carries something else or its body is none.
  package var dispatch: Dispatch? {
    channel == Dispatch.channel ? try? RecordJSON.decode(Dispatch.self, from: Array(body.utf8)) : nil
  }
}

extension Dispatch {
  /// Which queue of the outbox it waits in: one for all mail, one for each receiver.
  package var lane: String {
    address.channel == .mail ? ContactChannel.mail.rawValue : "\(address.channel.rawValue):\(address.to)"
  }

  /// Entries with the same word leave in the order in which they came: a reminder does not overtake its notice. Nil for
  /// what stands alone, so that a page does not wait behind a report that is tried again.
  package var sequence: String? {
    switch kind {
    case .notice, .reminder, .supervision, .warning: "\(address.channel.rawValue):\(address.to)"
    case .page, .digest, .report: nil
    }
  }

  /// Pages leave before whatever else waits in their lane.
  package var isUrgent: Bool { kind == .page }

  /// The outbox's entry of it.
  package func entry() throws -> OutboxEntry {
    OutboxEntry(channel: Dispatch.channel, body: try RecordJSON.text(self), created: created, due: created)
  }
}
