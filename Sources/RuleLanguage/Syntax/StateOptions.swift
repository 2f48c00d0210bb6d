/// `flowbits:set,name`; `isset` and `isnotset` take several names joined with `|`: one of them is enough.
package struct FlowbitsMatch: Hashable, Sendable {
  package enum Command: String, Sendable { case set, isset, toggle, unset, isnotset }
  package var command: Command
  package var names: [String]
}

/// `flowint:name,operator[,value]`
package struct FlowintMatch: Hashable, Sendable {
  package enum Command: String, Sendable {
    case add = "+"
    case subtract = "-"
    case assign = "="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    case equal = "=="
    case notEqual = "!="
    case isset
    case notset
  }
  package var name: String
  package var command: Command
  /// Nil for `isset` and `notset`; a variable is another flowint.
  package var value: ByteValue?
}

/// `xbits:set,name,track ip_src[,expire 300]`
package struct XbitsMatch: Hashable, Sendable {
  package enum Track: String, Sendable {
    case source = "ip_src"
    case destination = "ip_dst"
    case pair = "ip_pair"
    case transaction = "tx"
  }
  package var command: FlowbitsMatch.Command
  package var name: String
  package var track: Track
  /// Seconds; 30 where the rule says none.
  package var expire: UInt32
}

/// `hostbits:set,name[,src|dst|both]`
package struct HostbitsMatch: Hashable, Sendable {
  package enum Side: String, Sendable { case source = "src", destination = "dst", both }
  package var command: FlowbitsMatch.Command
  package var name: String
  package var side: Side
}

/// What matches are counted by.
package enum ThresholdTrack: String, Sendable {
  case source = "by_src"
  case destination = "by_dst"
  case both = "by_both"
  case rule = "by_rule"
  case flow = "by_flow"
}

/// `threshold:type limit, track by_src, count 1, seconds 60`
package struct ThresholdOption: Hashable, Sendable {
  package enum Kind: String, Sendable { case limit, threshold, both, backoff }
  package var kind: Kind
  package var track: ThresholdTrack
  package var count: UInt32
  /// 0 for `backoff`.
  package var seconds: UInt32
  /// For `backoff`: each alert needs this many times as many matches as the one before.
  package var multiplier: UInt32
}

/// `detection_filter:track by_src, count 30, seconds 60`: alerts only above `count`.
package struct DetectionFilter: Hashable, Sendable {
  package var track: ThresholdTrack
  package var count: UInt32
  package var seconds: UInt32
}

/// `tag:session,10,packets`: packets to log after the match.
package struct TagOption: Hashable, Sendable {
  package enum Kind: String, Sendable { case session, host }
  package enum Metric: String, Sendable { case packets, seconds, bytes }
  package enum Side: String, Sendable { case source = "src", destination = "dst" }
  package var kind: Kind
  package var count: UInt32
  package var metric: Metric
  package var side: Side?
}

/// `dataset:isset,name,type string...` and `datarep:name,>,30,...`
package struct DatasetMatch: Hashable, Sendable {
  package enum Command: String, Sendable { case set, unset, isset, isnotset, reputation }
  package enum Kind: String, Sendable { case string, md5, sha256, ipv4, ip }
  package var command: Command
  package var name: String
  package var kind: Kind?
  package var load: String?
  package var save: String?
  package var state: String?
  package var memcap: UInt64?
  package var hashSize: UInt32?
  /// For `datarep`.
  package var comparison: IntegerComparison?
  /// Settings for datasets with JSON context (`format`, `context_key`, `value_key`, `array_key`, ...).
  package var context: [RuleMetadata] = []
}
