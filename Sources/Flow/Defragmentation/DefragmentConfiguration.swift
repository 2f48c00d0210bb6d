package import Decode
package import Wire

/// Who wins where two fragments carry different bytes for the same place. After Shankar and Paxson, "Active Mapping"
/// (2003), and Novak, "Target-Based Fragmentation Reassembly" (2005).
package enum FragmentOverlapPolicy: UInt8, Sendable, CaseIterable {
  case bsd, bsdRight, first, last, linux, windows, solaris

  /// From a name of [host-os-policy]; nil for one that is not known.
  package init?(name: String) {
    switch name {
    case "bsd", "irix", "hpux10": self = .bsd
    case "bsd-right": self = .bsdRight
    case "first", "hpux11", "macos", "vista": self = .first
    case "last": self = .last
    case "linux", "old-linux": self = .linux
    case "windows", "windows2k3": self = .windows
    case "solaris", "old-solaris": self = .solaris
    default: return nil
    }
  }

  func newWins(old: Range<Int64>, new: Range<Int64>) -> Bool {
    switch self {
    case .first: false
    case .last: true
    case .bsd: new.lowerBound < old.lowerBound
    case .bsdRight: new.lowerBound >= old.lowerBound
    case .linux: new.lowerBound <= old.lowerBound
    case .windows: new.lowerBound < old.lowerBound && new.upperBound > old.upperBound
    case .solaris: new.lowerBound < old.lowerBound && new.upperBound >= old.upperBound
    }
  }
}

/// [defrag] Limits and choices of an `IPDefragmenter`.
package struct DefragmentConfiguration: Sendable {
  /// [defrag.trackers] Datagrams in the making at once.
  package var maximumTrackers = 65_535
  /// Pieces per datagram: 64 kB in pieces of 128 bytes. Smaller ones are an attack on whoever puts them together.
  package var maximumPieces = 512
  /// [defrag.memcap] What buffered fragments may take.
  package var memoryCap = 32 << 20
  /// [defrag.timeout] Seconds from a datagram's first fragment after which it is given up.
  package var timeout = 60
  package var usesVLAN = true
  package var defaultPolicy = FragmentOverlapPolicy.bsd
  /// The longest prefix that holds the receiver's address decides.
  package var policies: [(prefix: IPPrefix, policy: FragmentOverlapPolicy)] = []

  package init() {}

  func policy(receiver: IPAddress) -> FragmentOverlapPolicy {
    var best = (length: -1, policy: defaultPolicy)
    for (prefix, policy) in policies where prefix.length > best.length && prefix.contains(receiver) {
      best = (prefix.length, policy)
    }
    return best.policy
  }
}

/// For EVE's `stats` (`defrag.*`).
package struct DefragmentCounters: Sendable, Equatable {
  package var ipv4Fragments: UInt64 = 0
  package var ipv4Reassembled: UInt64 = 0
  package var ipv6Fragments: UInt64 = 0
  package var ipv6Reassembled: UInt64 = 0
  package var timeouts: UInt64 = 0
  package var trackersHit: UInt64 = 0
  package var memoryCapHit: UInt64 = 0
  package var piecesHit: UInt64 = 0
  package var overlaps: UInt64 = 0
  package init() {}
}

/// What one fragment did.
package struct DefragmentOutcome: Sendable {
  package var events = DecodeEventList()
  /// The datagram was whole, and was handed out.
  package var isComplete = false
  package init() {}
}
