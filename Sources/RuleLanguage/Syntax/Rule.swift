/// One rule: what it does, for which packets or flows, and its options in the order written.
///
/// Options that only describe the rule (`msg`, `sid`, `reference`...) are fields here and not among `options`.
/// Content modifiers are folded into their `ContentMatch`, transforms into their `BufferSelection`, and legacy
/// modifiers (`http_uri` after a content, pcre's `/U`, `uricontent`) are rewritten as sticky buffers, so that a reader
/// of `options` walks forward once: `.buffer` says what the matches behind it inspect, and before the first one that
/// is the packet or stream payload.
///
/// Two rules are equal when they mean the same: source places and the original text do not count.
package struct Rule: Equatable, Sendable {
  package var action: RuleAction
  package var proto: RuleProtocol
  package var source: AddressExpression
  package var sourcePorts: PortExpression
  package var direction: RuleDirection
  package var destination: AddressExpression
  package var destinationPorts: PortExpression

  package var gid: UInt32 = 1
  package var sid: UInt32 = 0
  package var rev: UInt32 = 0
  package var message = ""
  package var classtype: String?
  /// As written in the rule; where nil, the class's priority counts.
  package var priority: UInt8?
  package var references: [RuleReference] = []
  package var metadata: [RuleMetadata] = []
  package var target: RuleTarget?
  /// The rule sets its bits and counters but raises no alert.
  package var noAlert = false
  package var requirements: RuleRequirements?

  package var options: [RuleOption] = []
  /// One for each of `options`.
  package var spans: [SourceSpan] = []
  /// Where the rule begins.
  package var file = ""
  package var line = 0
  /// The rule as it stands in the file, continuation lines joined.
  package var text = ""

  package static func == (a: Rule, b: Rule) -> Bool {
    a.action == b.action && a.proto == b.proto && a.source == b.source && a.sourcePorts == b.sourcePorts
      && a.direction == b.direction && a.destination == b.destination && a.destinationPorts == b.destinationPorts
      && a.gid == b.gid && a.sid == b.sid && a.rev == b.rev && a.message == b.message && a.classtype == b.classtype
      && a.priority == b.priority && a.references == b.references && a.metadata == b.metadata && a.target == b.target
      && a.noAlert == b.noAlert && a.requirements == b.requirements && a.options == b.options
  }
}

package enum RuleAction: String, Sendable, CaseIterable {
  case alert, pass, drop, reject
  case rejectSource = "rejectsrc"
  case rejectDestination = "rejectdst"
  case rejectBoth = "rejectboth"
}

package enum RuleDirection: String, Sendable {
  case toDestination = "->"
  case both = "<>"
  /// One flow, both directions in one rule (transactional rules).
  case transaction = "=>"
}

/// The protocol of the header, with an optional hook (`http1:request_headers`, `tcp:flow_start`).
package struct RuleProtocol: Hashable, Sendable {
  package var name: String
  package var hook: String?
}

package struct RuleReference: Hashable, Sendable {
  package var system: String
  package var value: String
}

package struct RuleMetadata: Hashable, Sendable {
  package var key: String
  package var value: String
}

/// Which end of the alert is the attacked one, for EVE's `alert.source` and `alert.target`.
package enum RuleTarget: String, Sendable {
  case source = "src_ip"
  case destination = "dest_ip"
}

/// `requires`: the rule is skipped without an error where these do not hold.
package struct RuleRequirements: Hashable, Sendable {
  package var features: [String] = []
  package var keywords: [String] = []
  package var versions: String?
}

/// A place in a file: both count from 1; the column counts bytes.
package struct SourceSpan: Hashable, Sendable {
  package var line: Int32
  package var column: Int32
  package var length: Int32
}
