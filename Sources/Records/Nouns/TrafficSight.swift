package import Wire

/// What a sensor could see of the flows that ended since its boot. Counted once a flow, at its end.
package struct TrafficSight: Codable, Sendable, Hashable {
  package var flows: UInt64 = 0
  package var bytes: UInt64 = 0
  /// Of TLS: what is said in them no rule reads.
  package var encryptedBytes: UInt64 = 0
  /// Of flows of which only one direction was seen.
  package var oneSidedBytes: UInt64 = 0
  /// Of TCP and UDP flows of no protocol that is understood.
  package var unknownBytes: UInt64 = 0
  package init() {}
}

/// To which of our ends the flows of a time went: whose they are the hub knows, the sensor does not.
package struct TrafficEnds: Codable, Sendable, Hashable {
  package struct End: Codable, Sendable, Hashable {
    /// As the client asked for it (Host, SNI); nil: it named none.
    package var name: String?
    package var address: IPAddress
    package var port: UInt16
    package var bytes: UInt64
    package init(name: String?, address: IPAddress, port: UInt16, bytes: UInt64) {
      self.name = name
      self.address = address
      self.port = port
      self.bytes = bytes
    }
  }
  package var from: Timestamp
  package var until: Timestamp
  /// The largest first, at most `told`.
  package var ends: [End]
  /// Of ends that are not told singly: whose they are nobody can say.
  package var restBytes: UInt64
  /// Told once a minute in a heartbeat of some kilobytes.
  package static let told = 256
  package init(from: Timestamp, until: Timestamp, ends: [End], restBytes: UInt64) {
    self.from = from
    self.until = until
    self.ends = ends
    self.restBytes = restBytes
  }
}
