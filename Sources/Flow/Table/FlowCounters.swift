/// What a table did, for EVE's `stats` (`flow.*`).
package struct FlowCounters: Sendable, Equatable {
  package var total: UInt64 = 0
  package var active: UInt64 = 0
  package var tcp: UInt64 = 0
  package var udp: UInt64 = 0
  package var icmpv4: UInt64 = 0
  package var icmpv6: UInt64 = 0
  package var other: UInt64 = 0
  package var tcpReuse: UInt64 = 0
  package var endedByTimeout: UInt64 = 0
  package var endedByForce: UInt64 = 0
  package var endedByShutdown: UInt64 = 0
  package var emergencyEntered: UInt64 = 0
  package var emergencyOver: UInt64 = 0
  /// Packets without a flow because the table was full and nobody released ended ones.
  package var memoryCapDrops: UInt64 = 0
  package var icmpErrorsAttached: UInt64 = 0
  package init() {}
}

/// What reassembly did, for EVE's `stats` (`tcp.*`).
package struct StreamCounters: Sendable, Equatable {
  package var sessions: UInt64 = 0
  package var midstreamPickups: UInt64 = 0
  package var asyncPickups: UInt64 = 0
  package var syn: UInt64 = 0
  package var synAck: UInt64 = 0
  package var reset: UInt64 = 0
  package var invalidChecksum: UInt64 = 0
  package var ignored: UInt64 = 0
  package var gaps: UInt64 = 0
  package var gapBytes: UInt64 = 0
  package var overlaps: UInt64 = 0
  package var overlapsDifferent: UInt64 = 0
  package var piecesBuffered: UInt64 = 0
  package var limitHits: UInt64 = 0
  package var memoryCapDrops: UInt64 = 0
  package var depthReached: UInt64 = 0
  package var deliveredBytes: UInt64 = 0
  package init() {}
}
