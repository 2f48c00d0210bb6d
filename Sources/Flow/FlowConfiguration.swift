package import Wire

/// Limits and choices of a `FlowTable`. Names in brackets are suricata.yaml's.
package struct FlowConfiguration: Sendable {
  /// [flow.memcap] What records, sessions and their index may take; `maximumFlows` follows from it.
  package var memoryCap = 512 << 20
  /// [flow.emergency-recovery] Per cent of `maximumFlows` that must be free before an emergency is over.
  package var emergencyRecovery = 30
  /// Chosen per process so that nobody can aim at one bucket.
  package var seed: (UInt64, UInt64) = (0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03)
  /// This table's place among the workers, so that flow ids are unique in the run.
  package var worker = 0
  package var workers = 1
  /// [vlan.use-for-tracking]
  package var usesVLAN = true
  /// [decoder.recursion-level.use-for-tracking]
  package var usesTunnelDepth = true
  /// Tell pings apart by their echo id; Suricata keeps all between two hosts as one flow.
  package var usesICMPEchoID = false
  package var timeouts = FlowTimeouts()
  package var stream = StreamConfiguration()

  package init() {}

  /// At least 64, so that the smallest cap still works.
  package var maximumFlows: Int { max(64, memoryCap / FlowTable.bytesPerFlow) }
}

/// [flow-timeouts] Seconds without a packet after which a flow ends.
package struct FlowTimeouts: Sendable {
  package struct Times: Sendable {
    package var new: Int
    package var established: Int
    package var closed: Int
    package var bypassed: Int
    package init(new: Int, established: Int, closed: Int, bypassed: Int = 100) {
      self.new = new
      self.established = established
      self.closed = closed
      self.bypassed = bypassed
    }
  }
  package var tcp = Times(new: 60, established: 600, closed: 60)
  package var udp = Times(new: 30, established: 300, closed: 0)
  package var icmp = Times(new: 30, established: 300, closed: 0)
  package var other = Times(new: 30, established: 300, closed: 0)
  package var emergencyTCP = Times(new: 10, established: 100, closed: 20, bypassed: 50)
  package var emergencyUDP = Times(new: 10, established: 100, closed: 0, bypassed: 50)
  package var emergencyICMP = Times(new: 10, established: 100, closed: 0, bypassed: 50)
  package var emergencyOther = Times(new: 10, established: 100, closed: 0, bypassed: 50)
  package init() {}
}

/// Who wins where two segments carry different bytes for the same place.
/// After Novak and Sturges, "Target-Based TCP Stream Reassembly" (2007). [host-os-policy]
package enum StreamOverlapPolicy: UInt8, Sendable, CaseIterable {
  case bsd, first, last, linux, oldLinux, solaris, windows, vista, hpux10, hpux11, irix, macos

  /// Nil for a name that is not known. `bsd-right` and `old-solaris` are kept as their nearest.
  package init?(name: String) {
    switch name {
    case "bsd": self = .bsd
    case "bsd-right", "last": self = .last
    case "first": self = .first
    case "linux": self = .linux
    case "old-linux": self = .oldLinux
    case "solaris", "old-solaris": self = .solaris
    case "windows", "windows2k3": self = .windows
    case "vista": self = .vista
    case "hpux10": self = .hpux10
    case "hpux11": self = .hpux11
    case "irix": self = .irix
    case "macos": self = .macos
    default: return nil
    }
  }
}

/// [stream.reassembly.urgent.policy] What becomes of the byte that TCP's urgent pointer marks (RFC 6093).
package enum UrgentPolicy: UInt8, Sendable {
  /// Part of the stream, as RFC 6093 asks.
  case inline
  /// Taken out: the receiver reads it apart, as most systems do by default.
  case outOfBand
  /// Told as a gap of one byte.
  case gap
  /// The whole segment is ignored.
  case drop
}

/// [stream] Choices and limits of TCP tracking and reassembly.
package struct StreamConfiguration: Sendable {
  /// [stream.checksum-validation] Segments whose checksum Decode found invalid are counted and ignored.
  package var validatesChecksums = true
  package var midstream = false
  package var asyncOneside = false
  /// [stream.reassembly.depth] Bytes delivered per direction; 0: all.
  package var depth = 1 << 20
  /// [stream.reassembly.memcap] What buffered segments of all flows may take.
  package var memoryCap = 64 << 20
  /// Bytes and pieces buffered per direction of one flow. Beyond, the hole before them is told as a gap. 256 pieces
  /// are a window of 370 kB, lost at its head; more would make an insertion slow enough to be an attack.
  package var maximumBufferedBytes = 2 << 20
  package var maximumBufferedPieces = 256
  /// Pieces per direction with `deliversWhenAcknowledged`, where data in order is buffered too.
  package var maximumUnacknowledgedPieces = 2048
  /// Hold data until the receiver has acknowledged it, as a passive Suricata does: alerts then belong to the packet
  /// with the acknowledgement, and what nobody acknowledged arrives when the flow ends. Costs a copy.
  package var deliversWhenAcknowledged = false
  package var urgent = UrgentPolicy.outOfBand
  package var checksTimestamps = true
  package var defaultPolicy = StreamOverlapPolicy.bsd
  /// The longest prefix that holds the receiver's address decides. Looked at once per direction of a flow.
  package var policies: [(prefix: IPPrefix, policy: StreamOverlapPolicy)] = []

  package init() {}
}
