package import Wire

/// A connection that a scanner opened: what tells its traffic from that of anybody who shares its address.
package struct OwnConnection: Codable, Sendable, Hashable {
  package var lease: Int64?
  package var engine: String
  package var site: String?
  package var transport: String
  package var local: IPAddress
  package var localPort: UInt16
  package var remote: IPAddress
  package var remotePort: UInt16
  package var opened: Timestamp
  /// Nil while it is open.
  package var closed: Timestamp?
  package init(
    lease: Int64?, engine: String, site: String?, transport: String, local: IPAddress, localPort: UInt16,
    remote: IPAddress, remotePort: UInt16, opened: Timestamp, closed: Timestamp? = nil
  ) {
    self.lease = lease
    self.engine = engine
    self.site = site
    self.transport = transport
    self.local = local
    self.localPort = localPort
    self.remote = remote
    self.remotePort = remotePort
    self.opened = opened
    self.closed = closed
  }
}
