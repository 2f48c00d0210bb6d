/// What a packet source knows of a packet beside its bytes.
@frozen public struct PacketHeader: Hashable, Sendable {
  public var timestamp: Timestamp
  /// The bytes that were kept: the count of the span handed along.
  public var capturedLength: Int
  /// The bytes that were on the wire; not less than `capturedLength`, except where a capture file lies.
  public var wireLength: Int
  public var linkType: LinkType
  /// Index of the source's interface (pcapng holds several); 0 where there is one.
  public var interface: UInt16
  /// Counts packets of a source from 1: EVE's `pcap_cnt`.
  public var number: UInt64

  @inlinable @inline(__always)
  public init(
    timestamp: Timestamp, capturedLength: Int, wireLength: Int, linkType: LinkType, number: UInt64,
    interface: UInt16 = 0
  ) {
    self.timestamp = timestamp
    self.capturedLength = capturedLength
    self.wireLength = wireLength
    self.linkType = linkType
    self.interface = interface
    self.number = number
  }
}
