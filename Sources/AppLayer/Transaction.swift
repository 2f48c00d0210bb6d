package import Wire

/// One request with its response, or one one-way message. Subclasses: `HTTPTransaction`, `TLSTransaction`,
/// `DNSTransaction`. Borrowed bytes stay valid until the session's next `receive`, `gap`, `end` or release.
package class Transaction {
  /// Counts from 0 in a session.
  package let id: UInt64
  package let proto: AppProtocol
  /// EVE's `tx_id`: like `id`, but counted anew inside a tunnel.
  package internal(set) var eveID: UInt64
  /// The one direction of a one-way message (DNS); nil when both take part.
  package let onlyDirection: Direction?
  /// When the first byte and the latest byte came.
  package internal(set) var started: Timestamp
  package internal(set) var updated: Timestamp
  package internal(set) var events = AppEventSet()
  /// The files that crossed in this transaction, in order of appearance, of both directions.
  package internal(set) var files: [TransactionFile] = []
  /// Set by the owner when its record is written.
  package var logged = false
  /// Owned by `Detection`.
  package var inspection = TransactionInspection()

  var progressToServer: UInt8 = 0
  var progressToClient: UInt8 = 0

  init(id: UInt64, proto: AppProtocol, at time: Timestamp, onlyDirection: Direction? = nil) {
    self.id = id
    self.proto = proto
    eveID = id
    self.onlyDirection = onlyDirection
    started = time
    updated = time
  }

  /// On the scale of `AppProgress`. A direction that takes no part is complete.
  package final func progress(_ direction: Direction) -> UInt8 {
    direction == .toServer ? progressToServer : progressToClient
  }
  package final var isComplete: Bool {
    progressToServer == AppProgress.complete && progressToClient == AppProgress.complete
  }
  final func advance(_ direction: Direction, to progress: UInt8) {
    if direction == .toServer {
      progressToServer = max(progressToServer, progress)
    } else {
      progressToClient = max(progressToClient, progress)
    }
  }

  /// The bytes that a rule's sticky buffer matches; nil when there is no such instance (yet). An empty buffer is
  /// not nil. Buffers of one instance answer to instance 0 only.
  package func bytes(_ buffer: AppBuffer, _ instance: Int, _ direction: Direction) -> UnsafeRawBufferPointer? { nil }
}

/// What `Detection` remembers about a transaction.
package struct TransactionInspection {
  /// The progress up to which prefilters have run.
  package var inspectedToServer: UInt8 = 0
  package var inspectedToClient: UInt8 = 0
  /// Bytes of streaming buffers already inspected.
  package var bodyToServer = 0
  package var bodyToClient = 0
  /// Rules that matched so far as they could and wait for more, per direction.
  package var pendingToServer: [UInt32] = []
  package var pendingToClient: [UInt32] = []
  /// Rules that have alerted here and do not again.
  package var matched: [UInt32] = []
  package init() {}
}

/// A file that crosses in a transaction.
package final class TransactionFile {
  package enum State: Sendable { case open, closed, truncated, unknown }

  package let direction: Direction
  package internal(set) var name: [UInt8]
  /// Bytes seen (decoded), gaps not counted.
  package internal(set) var size: UInt64 = 0
  package internal(set) var state = State.open
  package internal(set) var hasGap = false
  /// From a `Content-Range`: first, last, total.
  package internal(set) var range: (start: UInt64, end: UInt64, size: UInt64)?
  /// Set by the owner when its record is written.
  package var logged = false
  /// Digests, when the settings ask for them and the file is closed without a gap.
  package internal(set) var md5: [UInt8]?
  package internal(set) var sha1: [UInt8]?
  package internal(set) var sha256: [UInt8]?

  var digests: FileDigests?
  /// Bytes of its own (a multipart's part); nil when the body's are its bytes.
  var content: GrowingBytes?

  init(direction: Direction, name: [UInt8]) {
    self.direction = direction
    self.name = name
  }

  /// EVE's word.
  package var stateName: String {
    switch state {
    case .closed: "CLOSED"
    case .truncated: "TRUNCATED"
    case .open, .unknown: "UNKNOWN"
    }
  }
}
