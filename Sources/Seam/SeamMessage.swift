package import Records
package import Wire

/// Everything that crosses a seam. A batch is binary; the rest is rare and JSON.
package enum SeamMessage: Sendable, Hashable {
  /// First on every connection, from the role.
  case hello(Hello)
  /// First answer of the hub: the connection stands, and what it holds of each boot of this source.
  case welcome(Welcome)
  /// Last message before the hub closes: why ("version 3 is not spoken here").
  case refused(String)
  case batch(RecordBatch)
  /// Everything of (source, boot) up to `last` is stored.
  case stored(StoredMark)
  case sensorStatus(SensorStatus)
  case scannerStatus(ScannerStatus)
  case leaseRequest(LeaseRequest)
  case leaseGrant([Lease])
  case leaseRenew([Int64])
  /// The job of the lease ended; its observations went up before, as records.
  case leaseDone(LeaseDone)
  /// The hub takes a lease back (stopped, authorisation withdrawn): end its connections now.
  case leaseRevoked([Int64])
  case command(Command)
  case reply(CommandReply)

  package struct Hello: Codable, Sendable, Hashable {
    package var version: Int
    package var role: Role
    package var source: String
    package var boot: UInt64
    package var pid: Int32
    package init(version: Int = SeamMessage.version, role: Role, source: String, boot: UInt64, pid: Int32) {
      self.version = version
      self.role = role
      self.source = source
      self.boot = boot
      self.pid = pid
    }
  }
  package enum Role: String, Codable, Sendable { case sensor, scanner, ingest }

  package struct Welcome: Codable, Sendable, Hashable {
    package var version: Int
    package var marks: [StoredMark]
    package init(version: Int = SeamMessage.version, marks: [StoredMark] = []) {
      self.version = version
      self.marks = marks
    }
  }

  package struct StoredMark: Codable, Sendable, Hashable {
    package var source: String
    package var boot: UInt64
    package var last: UInt64
    package init(source: String, boot: UInt64, last: UInt64) {
      self.source = source
      self.boot = boot
      self.last = last
    }
  }

  package struct LeaseRequest: Codable, Sendable, Hashable {
    package var holder: String
    package var capacity: Int
    /// Empty: any engine.
    package var engines: [String]
    package init(holder: String, capacity: Int, engines: [String] = []) {
      self.holder = holder
      self.capacity = capacity
      self.engines = engines
    }
  }

  package struct LeaseDone: Codable, Sendable, Hashable {
    package var lease: Int64
    package var outcome: ScanOutcome
    package init(lease: Int64, outcome: ScanOutcome) {
      self.lease = lease
      self.outcome = outcome
    }
  }

  package enum CommandName: String, Codable, Sendable {
    case reloadRules, reopenLogs, drain, status, stopScans, resumeScans
    /// Other content is in force: end in order, so that the supervisor starts the role again with it.
    case takeContent
  }

  package struct Command: Codable, Sendable, Hashable {
    package var id: UInt64
    package var name: CommandName
    package var arguments: [String]
    /// An answer after it is of no use.
    package var deadline: Timestamp
    package init(id: UInt64, name: CommandName, arguments: [String] = [], deadline: Timestamp) {
      self.id = id
      self.name = name
      self.arguments = arguments
      self.deadline = deadline
    }
  }

  package struct CommandReply: Codable, Sendable, Hashable {
    package var id: UInt64
    package var succeeded: Bool
    package var text: String
    package init(id: UInt64, succeeded: Bool, text: String) {
      self.id = id
      self.succeeded = succeeded
      self.text = text
    }
  }

  /// Raised when an older peer could not understand; both ends must speak the same.
  package static let version = 1
}

/// An operator's or a peer's mistake at the seam: a sentence, and what to do.
package struct SeamError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable { case socket, spool, frame, locked, version }
  package var code: Code
  package var sentence: String
  package var hint: String
  package init(_ code: Code, _ sentence: String, hint: String = "") {
    self.code = code
    self.sentence = sentence
    self.hint = hint
  }
  package var description: String { hint.isEmpty ? sentence : "\(sentence); \(hint)" }
}
